/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import type { Money } from '@/lib/format/money.ts';
import { ReceiptDialog } from './receipt-dialog.tsx';
import { ReceiptRow } from './receipt-row.tsx';
import type { Receipt, Terminal } from './sales-queries.ts';
import { type LaneName, terminalLabel } from './sales-words.ts';

type ReceiptListProps = {
  query: DataQuery<readonly Receipt[]> & {
    hasNextPage?: boolean;
    isFetchingNextPage?: boolean;
    fetchNextPage?: () => unknown;
  };
  money: Money | null;
  terminals: readonly Terminal[];
  laneName: LaneName;
  zone: string;
  /** Why the list may be empty. */
  emptyText: string;
  /** Only the newest: older ones are not asked for. */
  short?: boolean;
};

export function ReceiptList({ query, money, terminals, laneName, zone, emptyText, short }: ReceiptListProps) {
  const [open, setOpen] = useState<Receipt | null>(null);
  const names = new Map(terminals.map((terminal) => [terminal.id, terminalLabel(terminal)]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return (
    <>
      <DataState
        query={query}
        what="receipts"
        loading={<Skeleton className="mx-6 mb-6 h-64" />}
        isEmpty={(receipts) => receipts.length === 0}
        empty={{ icon: 'receipt', title: 'No receipt', text: emptyText }}
      >
        {(receipts) => (
          <>
            <ol className="divide-y divide-line border-t border-line">
              {receipts.map((receipt) => (
                <li key={receipt.id}>
                  <ReceiptRow
                    receipt={receipt}
                    money={money}
                    terminal={nameOf(receipt.terminal_id)}
                    laneName={laneName}
                    zone={zone}
                    onOpen={setOpen}
                  />
                </li>
              ))}
            </ol>
            {query.hasNextPage && !short && (
              <div className="border-t border-line p-3 text-center">
                <Button
                  size="sm"
                  variant="ghost"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage?.()}
                >
                  Load older receipts
                </Button>
              </div>
            )}
          </>
        )}
      </DataState>
      <ReceiptDialog
        receipt={open}
        money={money}
        terminal={nameOf}
        laneName={laneName}
        zone={zone}
        onClose={() => setOpen(null)}
      />
    </>
  );
}
