/* SPDX-License-Identifier: Apache-2.0 */
import { formatDay, formatHour } from '@/lib/format/time.ts';
import type { TrafficBar } from './traffic-chart-option.ts';
import type { Traffic, TrafficStep } from './traffic-queries.ts';

/* From the answer of the API to the bars of the chart. */

export function trafficBars(traffic: Traffic, zone: string): TrafficBar[] {
  return traffic.buckets.map((bucket) => ({
    ...barWords(bucket.start, bucket.end, traffic.step, zone),
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

function barWords(from: string, to: string, step: TrafficStep, zone: string): { label: string; title: string } {
  if (step === 'day') return { label: formatDay(from, zone), title: formatDay(from, zone) };
  const label = formatHour(from, zone);
  return { label, title: `${formatDay(from, zone)}, ${label} to ${formatHour(to, zone)}` };
}
