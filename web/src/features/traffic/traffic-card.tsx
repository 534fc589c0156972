/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useCallback, useMemo } from 'react';
import { Card } from '@/components/card.tsx';
import { Chart, type Palette } from '@/components/chart.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { formatCount, formatShare } from '@/lib/format/number.ts';
import { hasNothing, trafficBars } from './traffic-bars.ts';
import { isPartly, type TrafficBar, trafficChartOption } from './traffic-chart-option.ts';
import type { Traffic } from './traffic-queries.ts';

type TrafficCardProps = {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  query: DataQuery<Traffic>;
  stale?: boolean;
  zone: string;
  /** A bar was clicked: the bucket it stands for. */
  onPick?: (bucket: Traffic['buckets'][number]) => void;
  className?: string;
};

export function TrafficCard({ title, hint, actions, query, stale, zone, onPick, className }: TrafficCardProps) {
  return (
    <Card title={title} hint={hint} actions={actions} className={className}>
      <DataState
        query={query}
        what="traffic"
        stale={stale}
        loading={<Skeleton className="h-72 w-full" />}
        isEmpty={hasNothing}
        empty={{
          icon: 'people',
          title: 'No traffic in this period',
          text: 'No camera with a counting line was alive then. Draw an entrance line in Settings to count people.',
        }}
      >
        {(traffic) => <TrafficPicture traffic={traffic} zone={zone} onPick={onPick} />}
      </DataState>
    </Card>
  );
}

function TrafficPicture({
  traffic,
  zone,
  onPick,
}: {
  traffic: Traffic;
  zone: string;
  onPick?: TrafficCardProps['onPick'];
}) {
  const bars = useMemo(() => trafficBars(traffic, zone), [traffic, zone]);
  const build = useCallback((palette: Palette) => trafficChartOption(bars, palette), [bars]);
  const pick = (index: number) => {
    const bucket = traffic.buckets[index];
    if (bucket) onPick?.(bucket);
  };
  return (
    <>
      <Legend
        provisional={bars.some((bar) => bar.provisional)}
        partly={bars.some((bar) => isPartly(bar.coverage))}
      />
      <Chart
        label="Bar chart of people in and out; the table after it holds the figures."
        build={build}
        className="h-64"
        onPick={onPick && pick}
      />
      <FiguresTable bars={bars} />
    </>
  );
}

function Legend({ provisional, partly }: { provisional: boolean; partly: boolean }) {
  return (
    <ul className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-quiet" aria-hidden="true">
      <LegendItem swatch="bg-series-in" text="In" />
      <LegendItem swatch="bg-series-out" text="Out" />
      {provisional && (
        <LegendItem
          swatch="bg-[repeating-linear-gradient(45deg,var(--series-in)_0_2px,var(--card)_2px_4px)]"
          text="Provisional"
        />
      )}
      <LegendItem swatch="h-1.5! bg-success" text="Cameras alive" />
      {partly && <LegendItem swatch="h-1.5! bg-warning" text="Alive part of the time" />}
    </ul>
  );
}

function LegendItem({ swatch, text }: { swatch: string; text: string }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <span className={`size-2.5 rounded-[3px] ${swatch}`} />
      {text}
    </li>
  );
}

/** The same figures for those who do not see the picture. */
function FiguresTable({ bars }: { bars: readonly TrafficBar[] }) {
  return (
    <div className="sr-only">
      <table>
        <caption>Traffic per period</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col">In</th>
            <th scope="col">Out</th>
            <th scope="col">Cameras alive</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.title}>
              <th scope="row">
                {bar.title}
                {bar.provisional ? ' (provisional)' : ''}
              </th>
              <td>{formatCount(bar.in)}</td>
              <td>{formatCount(bar.out)}</td>
              <td>{formatShare(bar.coverage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
