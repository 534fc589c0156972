/* SPDX-License-Identifier: Apache-2.0 */
import { changeOf, type Change, known } from '@/lib/format/number.ts';
import { addDays, dayStart, isoDay } from '@/lib/format/time.ts';
import { type Traffic, type TrafficRange, useTraffic } from './traffic-queries.ts';

/* Week over week: the same weekday, up to the same minute (here: the same five minutes). */

const FIVE_MIN_MS = 5 * 60_000;

export function sameTimeLastWeek(now: number, zone: string): TrafficRange | null {
  const today = isoDay(now, zone);
  const intoDay = Math.floor((now - dayStart(today, zone).getTime()) / FIVE_MIN_MS) * FIVE_MIN_MS;
  if (intoDay <= 0) return null;
  const from = dayStart(addDays(today, -7), zone).getTime();
  return { from: new Date(from).toISOString(), to: new Date(from + intoDay).toISOString(), step: 'hour' };
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
