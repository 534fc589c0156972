/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useMemo } from 'react';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { PeriodChart } from '@/components/period-chart.tsx';
import { hasNothing, seriesWith, trafficBars } from './traffic-bars.ts';
import type { Traffic } from './traffic-queries.ts';

type TrafficCardProps = {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  query: DataQuery<Traffic>;
  stale?: boolean;
  zone: string;
  /** What the weeks before are called, where they are shown: "last week". */
  before?: string | null;
  /** A bar was clicked: the bucket it stands for. */
  onPick?: (bucket: Traffic['buckets'][number]) => void;
  className?: string;
};

export function TrafficCard(props: TrafficCardProps) {
  const { title, hint, actions, query, stale, zone, before = null, onPick, className } = props;
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
        {(traffic) => <TrafficPicture traffic={traffic} zone={zone} before={before} onPick={onPick} />}
      </DataState>
    </Card>
  );
}

type TrafficPictureProps = {
  traffic: Traffic;
  zone: string;
  before: string | null;
  onPick?: TrafficCardProps['onPick'];
};

function TrafficPicture({ traffic, zone, before, onPick }: TrafficPictureProps) {
  const bars = useMemo(() => trafficBars(traffic, zone), [traffic, zone]);
  const series = useMemo(() => seriesWith(before), [before]);
  const pick = (index: number) => {
    const bucket = traffic.buckets[index];
    if (bucket) onPick?.(bucket);
  };
  return (
    <PeriodChart
      what="people in and out"
      caption="Traffic per period"
      bars={bars}
      series={series}
      onPick={onPick && pick}
    />
  );
}
