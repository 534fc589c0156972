/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { DataState, EmptyNote, Skeleton } from '@/components/data-state.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { coverageOf, figuresOf, isNewRow } from './what-if-figures.ts';
import { isBusy, useWhatIf, type WhatIfRow, type WhatIfWhole } from './what-if-queries.ts';

type WhatIfResultProps = {
  store: string;
  id: number;
  /** Gives it up; undefined where one may not. */
  onCancel?: () => void;
};

/** One what-if: how far it is, why it failed, or its figures. */
export function WhatIfResult({ store, id, onCancel }: WhatIfResultProps) {
  const query = useWhatIf(store, id);
  return (
    <DataState query={query} what="this what-if" loading={<Skeleton className="h-32 w-full" />}>
      {(one) =>
        isBusy(one) ? (
          <div className="space-y-3" role="status">
            <p className="text-[13px] text-quiet">
              {one.state === 'waiting' ? 'Waiting for its turn…' : 'Counting again…'}
            </p>
            <ProgressBar label="Counting again" share={one.progress} />
            {onCancel && (
              <Button size="sm" onClick={onCancel}>
                Cancel
              </Button>
            )}
          </div>
        ) : one.state === 'failed' || !one.result ? (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
            This what-if failed: {one.reason ?? 'the server gave no reason.'}
          </p>
        ) : (
          <Comparison one={one} />
        )
      }
    </DataState>
  );
}

function Comparison({ one }: { one: WhatIfWhole }) {
  const { cameras, rows } = one.result!;
  const covered = Math.max(0, ...cameras.map((camera) => camera.covered_s));
  const bad = cameras.reduce((sum, camera) => sum + camera.bad_pieces, 0);
  if (covered === 0)
    return (
      <EmptyNote
        icon="history"
        title="No trajectories in this span"
        text="Nothing can be counted again: this camera kept no trajectories then, or they were deleted because they were too old."
      />
    );
  const { text, short } = coverageOf(covered, one.from, one.to);
  return (
    <div className="space-y-3">
      <p
        className={`rounded-lg px-3 py-2 text-[13px] ${short ? 'bg-warning-soft text-warning-ink' : 'bg-sunken text-on-sunken'}`}
      >
        Trajectories cover {text}.
        {short && ' What happened in the rest is not in the new figures: they may be too low.'}
        {bad > 0 && ` ${bad} damaged ${bad === 1 ? 'piece was' : 'pieces were'} left out.`}
      </p>
      {rows.length === 0 ? (
        <p className="text-[13px] text-quiet">There is no line, zone or lane to compare.</p>
      ) : (
        <table className="w-full text-[13px]">
          <thead className="text-xs text-quiet">
            <tr>
              {['Figure', 'Recorded', 'New drawing'].map((head, i) => (
                <th key={head} scope="col" className={`py-1.5 font-medium ${i === 0 ? 'text-left' : 'pl-3 text-right'}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          {rows.map((row) => (
            <RowGroup key={`${row.kind}:${row.id}`} row={row} isNew={isNewRow(row)} />
          ))}
        </table>
      )}
    </div>
  );
}

const KIND_WORDS = { line: 'Line', zone: 'Zone', lane: 'Lane' } as const;

function RowGroup({ row, isNew }: { row: WhatIfRow; isNew: boolean }) {
  const note = row.replayed === null ? ' · not in the new drawing' : isNew ? ' · nothing recorded: nobody, or not drawn then' : '';
  return (
    <tbody className="border-t border-line">
      <tr>
        <th scope="rowgroup" colSpan={3} className="pt-2.5 pb-1 text-left font-semibold wrap-anywhere">
          {KIND_WORDS[row.kind]} {row.id}
          <span className="font-normal text-quiet">{note}</span>
        </th>
      </tr>
      {figuresOf(row, isNew).map(({ label, recorded, replayed, differs }) => (
        <tr key={label}>
          <th scope="row" className="py-1 text-left font-normal text-quiet">
            {label}
          </th>
          <td className="py-1 pl-3 text-right tabular-nums">{recorded}</td>
          <td className={`py-1 pl-3 text-right tabular-nums ${differs ? 'font-semibold text-primary-ink' : ''}`}>
            {replayed}
            {differs && <span className="sr-only"> (differs)</span>}
          </td>
        </tr>
      ))}
    </tbody>
  );
}
