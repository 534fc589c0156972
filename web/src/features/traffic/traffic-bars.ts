/* SPDX-License-Identifier: Apache-2.0 */
import { type PeriodBar, type PeriodSeries, periodWords } from '@/components/period-chart-option.ts';
import { formatCount } from '@/lib/format/number.ts';
import type { Traffic } from './traffic-queries.ts';

/* From the answer of the API to the bars of the chart. */

export type TrafficBar = PeriodBar & { in: number | null; out: number | null };

export const TRAFFIC_SERIES: readonly PeriodSeries<TrafficBar>[] = [
  { name: 'In', color: 'series-in', value: (bar) => bar.in, text: (bar) => formatCount(bar.in) },
  { name: 'Out', color: 'series-out', value: (bar) => bar.out, text: (bar) => formatCount(bar.out) },
];

export function trafficBars(traffic: Traffic, zone: string): TrafficBar[] {
  return traffic.buckets.map((bucket) => ({
    ...periodWords(bucket.start, bucket.end, traffic.step, zone),
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
