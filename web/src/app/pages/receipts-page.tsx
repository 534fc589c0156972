/* SPDX-License-Identifier: Apache-2.0 */
import { useSearchParams } from 'wouter';
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { DefinitionTip } from '@/components/definition-tip.tsx';
import { RangePicker } from '@/components/range-picker.tsx';
import { type FilterKey, ReceiptFilters } from '@/features/sales/receipt-filters.tsx';
import { ReceiptList } from '@/features/sales/receipt-list.tsx';
import { type ReceiptFilter, useReceipts, useSales, useTerminals } from '@/features/sales/sales-queries.ts';
import { isKind } from '@/features/sales/sales-words.ts';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatShare, known } from '@/lib/format/number.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { useDays } from './use-days.ts';

const PAGE = 50;

/** Every receipt of some days. The filters live in the address. */
export function ReceiptsPage() {
  const store = useStore();
  const now = useNow(60_000);
  const [params, setParams] = useSearchParams();
  const { days, range, choose } = useDays(now, '28');
  const part = { since: params.get('since') ?? '', until: params.get('until') ?? '' };
  const filter = readFilter(params, { from: part.since || range.from, to: part.until || range.to });
  const receipts = useReceipts(store.id, filter, PAGE);
  const names = useNames(store.id);
  const terminals = useTerminals(store.id).data ?? [];
  const sales = useSales(store.id, { ...range, step: 'day' }, false).data ?? null;
  const link = sales?.totals.link_rate;

  const change = (changed: Partial<Record<FilterKey | 'since' | 'until', string>>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [key, value] of Object.entries(changed)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );

  return (
    <div className="space-y-4 sm:space-y-6">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/sales`, text: 'Sales' }]} here="Receipts" />
      {part.since && part.until ? (
        <TimePart part={part} zone={store.time_zone} onClear={() => change({ since: '', until: '' })} />
      ) : (
        <RangePicker range={days} timezone={store.time_zone} now={now} onChange={choose} />
      )}
      <Card
        title="Receipts"
        hint={link ? `Newest first · ${linkHint(link.value)}` : 'Newest first'}
        flush
        tip={
          link && (
            <DefinitionTip subject="Link rate">
              <DefinitionNote figure={link} />
            </DefinitionTip>
          )
        }
      >
        <ReceiptFilters filter={filter} terminals={terminals} onChange={change} />
        <ReceiptList
          query={receipts}
          money={sales}
          terminals={terminals}
          laneName={names.lane}
          zone={store.time_zone}
          emptyText="No receipt of this time fits the filter. Number and SKU must be given whole."
        />
      </Card>
    </div>
  );
}

/** Of the days that are chosen, whatever else the list is narrowed to. */
function linkHint(rate: number | null): string {
  return known(rate)
    ? `${formatShare(rate)} of the sales of these days are linked to a service at a till`
    : 'no sale of these days could be looked for at a till';
}

function readFilter(params: URLSearchParams, range: { from: string; to: string }): ReceiptFilter {
  const text = (key: string) => params.get(key) || undefined;
  const kind = params.get('kind') ?? '';
  const linked = params.get('linked');
  return {
    ...range,
    terminal: text('terminal'),
    kind: isKind(kind) ? kind : undefined,
    receipt: text('receipt'),
    sku: text('sku'),
    linked: linked === 'true' || linked === 'false' ? linked === 'true' : undefined,
  };
}

type TimePartProps = { part: { since: string; until: string }; zone: string; onClear: () => void };

/** The hour that was chosen in a chart, with a way back to whole days. */
function TimePart({ part, zone, onClear }: TimePartProps) {
  const text = `${formatDateTime(part.since, zone)} to ${formatDateTime(part.until, zone)}`;
  return (
    <Button size="sm" icon="close" onClick={onClear} aria-label={`Remove filter ${text}`}>
      {text}
    </Button>
  );
}
