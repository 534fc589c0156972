/* SPDX-License-Identifier: Apache-2.0 */
import { changeOf, type Change, known } from '@/lib/format/number.ts';
import { isoDay } from '@/lib/format/time.ts';
import { weeksBefore } from '@/lib/week-before.ts';
import { type Traffic, type TrafficRange, useTraffic } from './traffic-queries.ts';

/* Today against the same weekday of last week. */

export function sameTimeLastWeek(now: number, zone: string): TrafficRange | null {
  const today = isoDay(now, zone);
  const before = weeksBefore({ from: today, to: today }, now, zone);
  return before && { from: before.from, to: before.to, step: 'hour' };
}

export type Compared = (
  figure: 'footfall' | 'traffic_in' | 'traffic_out',
  value: number | null,
) => { change: Change; against: string } | null;

/** Below this the cameras saw too little of that day to compare with it. */
const LEAST_COVERAGE = 0.9;

export function comparedWith(before: Traffic | undefined): Compared {
  return (figure, value) => {
    const then = before?.totals[figure];
    if (!then || !known(then.coverage) || then.coverage < LEAST_COVERAGE) return null;
    const change = changeOf(value, then.value);
    return change && { change, against: 'on last week' };
  };
}

export function useComparison(store: string, zone: string, now: number): Compared {
  const range = sameTimeLastWeek(now, zone);
  return comparedWith(useTraffic(store, range, false).data);
}
