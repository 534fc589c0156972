/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import { Icon } from '@/components/icon.tsx';
import { formatMoney, type Money } from '@/lib/format/money.ts';
import { NOT_KNOWN } from '@/lib/format/number.ts';
import { formatDay, formatHour } from '@/lib/format/time.ts';
import type { Receipt } from './sales-queries.ts';
import { KINDS, laneLabel, type LaneName, piecesWords } from './sales-words.ts';

const ICON_TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-quiet',
  primary: 'bg-primary-soft text-primary-ink',
  success: 'bg-success-soft text-success-ink',
  warning: 'bg-warning-soft text-warning-ink',
  danger: 'bg-danger-soft text-danger-ink',
};

type ReceiptRowProps = {
  receipt: Receipt;
  /** Null while it is not known how many digits the minor unit has. */
  money: Money | null;
  terminal: string;
  laneName: LaneName;
  zone: string;
  onOpen: (receipt: Receipt) => void;
};

export function ReceiptRow({ receipt, money, terminal, laneName, zone, onOpen }: ReceiptRowProps) {
  const { label, icon, tone } = KINDS[receipt.kind];
  return (
    <button
      type="button"
      data-receipt={receipt.receipt}
      onClick={() => onOpen(receipt)}
      className="flex w-full items-center gap-3 px-4 py-2.5 text-left hover:bg-page/70 sm:px-6"
    >
      <span className={`grid size-8 shrink-0 place-items-center rounded-lg ${ICON_TONES[tone]}`}>
        <Icon name={icon} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[13px] leading-5 font-medium">
          {label} {receipt.receipt}
        </span>
        <span className="block text-xs leading-4 break-words text-quiet">
          {receipt.linked === false && (
            <span className="font-medium text-warning-ink" title="Nobody was seen being served at its till at that time">
              not linked
            </span>
          )}
          {receipt.linked === false && ' · '}
          {placeWords(receipt, terminal, laneName)}
        </span>
      </span>
      <span className="shrink-0 text-right tabular-nums">
        <span className="block text-[13px] leading-5 font-medium">{amountText(receipt, money)}</span>
        <time dateTime={receipt.ts} className="block text-xs leading-4 text-quiet">
          {formatDay(receipt.ts, zone)}, {formatHour(receipt.ts, zone)}
        </time>
      </span>
    </button>
  );
}

function placeWords({ kind, lane_id, items_count }: Receipt, terminal: string, laneName: LaneName): string {
  const words = [terminal, laneLabel(lane_id, laneName)];
  if (kind !== 'no-sale') words.push(piecesWords(items_count));
  return words.join(' · ');
}

/** As on the receipt; a refund takes money out, an opened drawer has no amount. */
export function amountText({ kind, amount_minor: amount }: Receipt, money: Money | null): string {
  if (kind === 'no-sale') return '';
  return money ? formatMoney(kind === 'refund' ? -amount : amount, money) : NOT_KNOWN;
}
