/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import type { ReceiptFilter, Terminal } from './sales-queries.ts';
import { isKind, KINDS, terminalLabel } from './sales-words.ts';

export type FilterKey = 'terminal' | 'kind' | 'receipt' | 'sku' | 'linked';

type ReceiptFiltersProps = {
  filter: ReceiptFilter;
  terminals: readonly Terminal[];
  /** '' takes the filter away. */
  onChange: (change: Partial<Record<FilterKey, string>>) => void;
};

const LINK_OPTIONS = [
  { value: '', label: 'Linked or not' },
  { value: 'true', label: 'Linked to a service' },
  { value: 'false', label: 'Not linked' },
];
const KIND_OPTIONS = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }));

/** Number and SKU are matched whole, so they are sent with Enter or the button, not with each key. */
export function ReceiptFilters({ filter, terminals, onChange }: ReceiptFiltersProps) {
  const key = `${filter.receipt ?? ''}\n${filter.sku ?? ''}`;
  return (
    <div className="flex flex-wrap items-end gap-2 px-4 pb-4 sm:px-6">
      <SelectField
        label="Terminal"
        hideLabel
        compact
        className="max-w-48"
        value={filter.terminal ?? ''}
        options={[
          { value: '', label: 'All terminals' },
          ...terminals.map((terminal) => ({ value: terminal.id, label: terminalLabel(terminal) })),
        ]}
        onChange={(terminal) => onChange({ terminal })}
      />
      <SelectField
        label="Kind"
        hideLabel
        compact
        value={filter.kind ?? ''}
        options={[{ value: '', label: 'All kinds' }, ...KIND_OPTIONS]}
        onChange={(kind) => onChange({ kind: isKind(kind) ? kind : '' })}
      />
      <SelectField
        label="Link to a service at the till"
        hideLabel
        compact
        value={filter.linked === undefined ? '' : String(filter.linked)}
        options={LINK_OPTIONS}
        onChange={(linked) => onChange({ linked })}
      />
      <SearchFields key={key} filter={filter} onChange={onChange} />
    </div>
  );
}

function SearchFields({ filter, onChange }: Omit<ReceiptFiltersProps, 'terminals'>) {
  const [receipt, setReceipt] = useState(filter.receipt ?? '');
  const [sku, setSku] = useState(filter.sku ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ receipt: receipt.trim(), sku: sku.trim() });
  };
  return (
    <form onSubmit={submit} role="search" aria-label="Receipts" className="flex flex-wrap items-center gap-2">
      <TextField
        label="Receipt number"
        hideLabel
        placeholder="Receipt number"
        maxLength={64}
        className="h-8! w-36! text-[13px]"
        value={receipt}
        onChange={(event) => setReceipt(event.target.value)}
      />
      <TextField
        label="SKU"
        hideLabel
        placeholder="SKU"
        maxLength={64}
        className="h-8! w-28! text-[13px]"
        value={sku}
        onChange={(event) => setSku(event.target.value)}
      />
      <Button type="submit" size="sm" icon="search">
        Find
      </Button>
      {(filter.receipt || filter.sku) && (
        <Button size="sm" variant="ghost" onClick={() => onChange({ receipt: '', sku: '' })}>
          Clear
        </Button>
      )}
    </form>
  );
}
