/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { EmptyNote } from '@/components/data-state.tsx';
import { Dialog } from '@/components/dialog.tsx';
import { useStore } from '@/lib/api/stores.ts';
import { CONNECT_TEXT } from './sales-words.ts';

/** Instead of figures where no point of sale has told of anything yet. */
export function ConnectNote() {
  return <EmptyNote icon="receipt" title="Connect your point of sale" text={CONNECT_TEXT} action={<ConnectButton />} />;
}

export function ConnectButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" icon="info" onClick={() => setOpen(true)}>
        How to connect
      </Button>
      <ConnectDialog open={open} onOpenChange={setOpen} />
    </>
  );
}

const CODE = 'block overflow-x-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-5 text-ink';

const EXAMPLE = `{"terminal_id": "POS-1", "receipt": "10442",
 "ts": "2026-11-24T09:11:58Z", "kind": "sale",
 "amount_minor": 1148, "currency": "EUR",
 "items": [{"sku": "4001", "name": "Pasta",
   "quantity": 2, "unit_price_minor": 199}]}`;

function ConnectDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const store = useStore();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Connect your point of sale" description={CONNECT_TEXT}>
      <ol className="space-y-4 text-[13px] leading-5 text-quiet">
        <li>
          <h3 className="mb-1 font-medium text-ink">Let it send each receipt</h3>
          <code className={CODE}>POST /api/v1/stores/{store.id}/transactions</code>
          <pre tabIndex={0} role="region" aria-label="Example of a receipt" className={`mt-2 ${CODE}`}>
            {EXAMPLE}
          </pre>
          <p className="mt-1">The same receipt sent twice counts once.</p>
        </li>
        <li>
          <h3 className="mb-1 font-medium text-ink">Or let InvEye read CSV files</h3>
          <code className={CODE}>inveye sales import receipts.csv -c store.yaml</code>
          <p className="mt-1">
            With <code className="text-ink">sales.csv_folder</code> in the configuration, files are read as they appear
            in that folder.
          </p>
        </li>
      </ol>
      <p className="mt-4 text-[13px] leading-5 text-quiet">
        The page <code className="text-ink">docs/sales.md</code> that comes with InvEye describes every field.
      </p>
    </Dialog>
  );
}
