/* SPDX-License-Identifier: Apache-2.0 */
import { Dialog } from '@/components/dialog.tsx';
import { formatMoney, type Money } from '@/lib/format/money.ts';
import { NOT_KNOWN } from '@/lib/format/number.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { amountText } from './receipt-row.tsx';
import type { Receipt } from './sales-queries.ts';
import { KINDS, laneLabel, type LaneName, linkWords, piecesWords } from './sales-words.ts';

type ReceiptDialogProps = {
  receipt: Receipt | null;
  money: Money | null;
  terminal: (id: string) => string;
  laneName: LaneName;
  zone: string;
  onClose: () => void;
};

/** One receipt with its lines. */
export function ReceiptDialog({ receipt, money, terminal, laneName, zone, onClose }: ReceiptDialogProps) {
  if (!receipt) return null;
  const facts: [string, string][] = [
    ['Completed', formatDateTime(receipt.ts, zone)],
    ['Terminal', terminal(receipt.terminal_id)],
    ['Lane', laneLabel(receipt.lane_id, laneName)],
    ['Seen at the till', linkWords(receipt, zone)],
    ['Pieces', piecesWords(receipt.items_count)],
    ['Came by', { api: 'API', csv: 'CSV file', sim: 'Simulated' }[receipt.source]],
    ['Received', formatDateTime(receipt.received_at, zone)],
  ];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${KINDS[receipt.kind].label} ${receipt.receipt}`}
      description={receipt.kind === 'no-sale' ? 'The drawer was opened without a sale' : amountText(receipt, money)}
    >
      {receipt.items.length > 0 ? (
        <Lines receipt={receipt} money={money} />
      ) : (
        <p className="text-[13px] text-quiet">The point of sale did not tell what was bought.</p>
      )}
      <dl className="mt-4 divide-y divide-line border-t border-line text-[13px]">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-6 py-2">
            <dt className="shrink-0 text-quiet">{name}</dt>
            <dd className="min-w-0 text-right break-words tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

const quantityFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });

function Lines({ receipt, money }: { receipt: Receipt; money: Money | null }) {
  const text = (minor: number) => (money ? formatMoney(minor, money) : NOT_KNOWN);
  return (
    <table className="w-full text-[13px]">
      <caption className="sr-only">Lines of the receipt</caption>
      <thead>
        <tr className="text-xs text-quiet">
          <th scope="col" className="pb-1 text-left font-medium">
            Product
          </th>
          <th scope="col" className="pb-1 pl-3 text-right font-medium">
            Quantity
          </th>
          <th scope="col" className="pb-1 pl-3 text-right font-medium">
            Amount
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {receipt.items.map((item, i) => (
          <tr key={i} className="align-top">
            <th scope="row" className="py-2 text-left font-normal break-words">
              {item.name ?? item.sku}
              <span className="block text-xs text-quiet">
                SKU {item.sku} · {text(item.unit_price_minor)} each
                {item.discount_minor !== 0 && ` · ${text(item.discount_minor)} off`}
              </span>
            </th>
            <td className="py-2 pl-3 text-right tabular-nums">{quantityFormat.format(item.quantity)}</td>
            <td className="py-2 pl-3 text-right tabular-nums">{text(item.amount_minor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
