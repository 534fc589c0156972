/* SPDX-License-Identifier: Apache-2.0 */
import { type PeriodBar, type PeriodSeries, periodWords } from '@/components/period-chart-option.ts';
import { placeIn } from '@/lib/comparison.ts';
import { formatCount } from '@/lib/format/number.ts';
import type { Traffic } from './traffic-queries.ts';

/* From the answer of the API to the bars of the chart. */

export type TrafficBar = PeriodBar & {
  in: number | null;
  out: number | null;
  /** In at the same hour or day of the weeks before; null = not known, not asked for, or not come to yet. */
  before: number | null;
};

export const TRAFFIC_SERIES: readonly PeriodSeries<TrafficBar>[] = [
  { name: 'In', color: 'series-in', value: (bar) => bar.in, text: (bar) => formatCount(bar.in) },
  { name: 'Out', color: 'series-out', value: (bar) => bar.out, text: (bar) => formatCount(bar.out) },
];

/** With people in of the weeks before as a line, called `before`: "last week". */
export function seriesWith(before: string | null): readonly PeriodSeries<TrafficBar>[] {
  if (before === null) return TRAFFIC_SERIES;
  const name = `In, ${before}`;
  return [
    ...TRAFFIC_SERIES,
    { name, color: 'series-before', line: true, value: (bar) => bar.before, text: (bar) => formatCount(bar.before) },
  ];
}

export function trafficBars(traffic: Traffic, zone: string): TrafficBar[] {
  const { from, step, comparison: then } = traffic;
  const earlier = new Map(then?.buckets.map((b) => [placeIn(b.start, then.from, step, zone), b.traffic_in]));
  return traffic.buckets.map((bucket) => ({
    ...periodWords(bucket.start, bucket.end, step, zone),
    before: earlier.get(placeIn(bucket.start, from, step, zone)) ?? null,
    in: bucket.traffic_in,
    out: bucket.traffic_out,
    coverage: bucket.coverage,
    provisional: bucket.provisional,
  }));
}

/** True while no camera of the range has been alive: there is nothing to chart. */
export function hasNothing(traffic: Traffic): boolean {
  return traffic.buckets.every((bucket) => !bucket.coverage && !bucket.traffic_in && !bucket.traffic_out);
}
