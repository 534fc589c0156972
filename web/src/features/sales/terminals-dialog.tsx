/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { Dialog } from '@/components/dialog.tsx';
import { formatDateTime } from '@/lib/format/time.ts';
import { ConnectNote } from './connect-note.tsx';
import { LaneSelect } from './lane-select.tsx';
import type { Terminal } from './sales-queries.ts';
import { laneLabel, type LaneName, terminalLabel } from './sales-words.ts';

type TerminalsProps = {
  store: string;
  zone: string;
  query: DataQuery<readonly Terminal[]>;
  /** Lanes that are drawn, or that sales were counted for; those of the terminals are known anyway. */
  lanes: readonly string[];
  laneName: LaneName;
  mayWrite: boolean;
};

/** A button that says how many terminals wait for a lane, and the list behind it. */
export function TerminalsButton(props: TerminalsProps) {
  const [open, setOpen] = useState(false);
  const waiting = props.query.data?.filter(({ lane_id }) => lane_id === null).length ?? 0;
  return (
    <>
      <Button size="sm" icon={waiting > 0 ? 'warning' : 'settings'} onClick={() => setOpen(true)}>
        {waiting > 0 ? `${waiting} without a lane` : 'Map terminals'}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Terminals"
        description="Which terminal stands at which lane. One that had no lane takes its earlier receipts along."
      >
        <TerminalList {...props} />
      </Dialog>
    </>
  );
}

export function TerminalList({ store, zone, query, lanes, laneName, mayWrite }: TerminalsProps) {
  return (
    <DataState query={query} what="terminals" loading={<Skeleton className="h-32 w-full" />}>
      {(terminals) => {
        if (terminals.length === 0) return <ConnectNote />;
        const known = knownLanes(terminals, lanes);
        return (
          <ul className="divide-y divide-line">
            {[...terminals].sort(unmappedFirst).map((terminal) => (
              <li
                key={terminal.id}
                data-terminal={terminal.id}
                className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5"
              >
                <div className="min-w-0">
                  <p className="font-medium break-words">{terminalLabel(terminal)}</p>
                  <p className="text-xs text-quiet">{lastWords(terminal, zone)}</p>
                </div>
                {mayWrite ? (
                  <LaneSelect store={store} terminal={terminal} lanes={known} laneName={laneName} />
                ) : (
                  <Badge tone={terminal.lane_id === null ? 'warning' : 'neutral'}>
                    {laneLabel(terminal.lane_id, laneName)}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
        );
      }}
    </DataState>
  );
}

function lastWords({ last_receipt_ts: last }: Terminal, zone: string): string {
  return last === null ? 'No receipt yet' : `Last receipt ${formatDateTime(last, zone)}`;
}

function knownLanes(terminals: readonly Terminal[], counted: readonly string[]): string[] {
  const all = [...counted, ...terminals.flatMap(({ lane_id }) => lane_id ?? [])];
  return [...new Set(all)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function unmappedFirst(a: Terminal, b: Terminal): number {
  return Number(a.lane_id !== null) - Number(b.lane_id !== null) || a.id.localeCompare(b.id, 'en', { numeric: true });
}
