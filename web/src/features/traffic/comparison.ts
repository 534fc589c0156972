/* SPDX-License-Identifier: Apache-2.0 */
import { type Change, changeBy, known } from '@/lib/format/number.ts';
import { type Traffic, type TrafficRange, useTraffic } from './traffic-queries.ts';

/* Today against the same weekday of last week, as the server compares it. */

const REFETCH_MS = 5 * 60_000;

export type Compared = (
  figure: 'footfall' | 'traffic_in' | 'traffic_out',
  value: number | null,
) => { change: Change; against: string } | null;

/** Silent where the figure is not known now, or the server can't tell its change. */
export function comparedWith(traffic: Traffic | undefined): Compared {
  return (figure, value) => {
    const share = traffic?.comparison?.changes[figure] ?? null;
    if (!known(value) || !known(share)) return null;
    return { change: changeBy(share), against: 'on last week' };
  };
}

export function useComparison(store: string, today: Omit<TrafficRange, 'step'>): Compared {
  return comparedWith(useTraffic(store, { ...today, step: 'hour', compare: 'week' }, REFETCH_MS).data);
}
