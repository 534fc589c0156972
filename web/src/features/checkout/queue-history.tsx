/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, EmptyNote, Skeleton } from '@/components/data-state.tsx';
import { SelectField } from '@/components/field.tsx';
import { PeriodChart } from '@/components/period-chart.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { hasNothing, isBlank, PICTURES, queueBars, seriesOf, type Shown } from './queue-bars.ts';
import type { QueueKpis, QueuePeriod, QueueRow } from './queue-queries.ts';
import { linesOf } from './queue-sums.ts';

type QueueHistoryProps = {
  query: DataQuery<QueueKpis>;
  zone: string;
  /** What the weeks before are called, where they are shown: "last week". */
  before: string | null;
  /** Id of the line that is shown; of one that is not there, the busiest. */
  line: string;
  onLine: (line: string) => void;
  /** A bar was clicked. */
  onPick?: (row: QueueRow, period: QueuePeriod) => void;
};

const SHOWN = [
  { value: 'wait', label: 'Wait', hint: 'Mean wait, and what nine in ten wait less than' },
  { value: 'length', label: 'Length', hint: 'People in line: mean and most' },
  { value: 'people', label: 'People', hint: 'Joined, served and abandoned' },
] as const;

/** One line of people by hour or day. A percentile of several lines is no sum of theirs. */
export function QueueHistory({ query, zone, before, line, onLine, onPick }: QueueHistoryProps) {
  const [shown, setShown] = useState<Shown>('wait');
  const lines = linesOf(query.data?.rows ?? []);
  const [kept, keep] = useState('');
  const byId = (id: string) => lines.find((one) => one.lane_id === id);
  const row = byId(line) ?? byId(kept) ?? busiest(lines);
  if (row && row.lane_id !== kept) keep(row.lane_id);
  return (
    <Card
      title={query.data?.step === 'day' ? 'Queue by day' : 'Queue by hour'}
      hint="Choose a bar to see its events"
      actions={
        <>
          {lines.length > 1 && row && (
            <SelectField
              label="Line"
              hideLabel
              compact
              value={row.lane_id}
              options={lines.map(({ lane_id, name, group }) => ({
                value: lane_id,
                label: group ? `Shared line ${name}` : name,
              }))}
              onChange={onLine}
            />
          )}
          <Segmented<Shown> label="What is shown" value={shown} options={SHOWN} onChange={setShown} />
        </>
      }
    >
      <DataState
        query={query}
        what="the history"
        loading={<Skeleton className="h-72 w-full" />}
        isEmpty={() => row === undefined || hasNothing(row)}
        empty={{
          icon: 'checkout',
          title: 'Nothing seen in this period',
          text: 'No camera with a lane was alive then.',
        }}
      >
        {(data) => row && <Picture row={row} kpis={data} {...{ zone, before, shown, onPick }} />}
      </DataState>
    </Card>
  );
}

/** Where most people joined. Once shown it stays, whichever overtakes it. */
function busiest(lines: readonly QueueRow[]): QueueRow | undefined {
  return lines.toSorted((a, b) => (b.total.joined ?? -1) - (a.total.joined ?? -1))[0];
}

type PictureProps = Pick<QueueHistoryProps, 'zone' | 'before' | 'onPick'> & {
  row: QueueRow;
  kpis: QueueKpis;
  shown: Shown;
};

function Picture({ row, kpis, zone, before, shown, onPick }: PictureProps) {
  const bars = useMemo(() => queueBars(row, kpis, zone), [row, kpis, zone]);
  const series = useMemo(() => seriesOf(shown, before), [shown, before]);
  const pick = (index: number) => {
    const period = row.periods[index];
    if (period) onPick?.(row, period);
  };
  const { what, caption, tick, none } = PICTURES[shown];
  if (isBlank(bars, shown)) return <EmptyNote icon="clock" title="No figures yet" text={none} />;
  return <PeriodChart {...{ what, caption, tick, bars, series }} onPick={onPick && pick} />;
}
