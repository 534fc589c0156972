/* SPDX-License-Identifier: Apache-2.0 */
import { type Change, changeBy, known } from './format/number.ts';
import { daysBetween, formatHour, isoDay } from './format/time.ts';

/* Week over week as the server compares (compare=week): what has passed of the period against the
 * same weekdays up to the same minute. Here it only gets its words. */

export type Comparison = { weeks: number; changes: Readonly<Record<string, number | null>> };

/** What a card says of a change. `good`: whether more is better; left out where it is neither. */
export type Compared = { change: Change; against: string; good?: 'up' | 'down' };
export type Compare = (figure: string, value: number | null) => Compared | null;

const LESS_IS_BETTER = new Set([
  ...['turn_backs', 'bounce_rate', 'wait_mean_s', 'wait_median_s', 'wait_p90_s', 'abandonment_rate'],
  ...['abandoned', 'length_mean', 'length_max', 'refunds', 'refunds_minor', 'voids', 'no_sales'],
]);
const NEITHER = new Set(['traffic_out', 'visit_mean_s', 'dwell_mean_s', 'service_mean_s', 'open_hours', 'pass_bys']);

/** Silent where the figure is not known now, or the server can't tell its change. */
export function comparedWith(comparison: Comparison | null | undefined, isToday: boolean): Compare {
  return (figure, value) => {
    const share = comparison?.changes[figure] ?? null;
    if (!comparison || !known(value) || !known(share)) return null;
    const good = NEITHER.has(figure) ? undefined : LESS_IS_BETTER.has(figure) ? 'down' : 'up';
    return { change: changeBy(share), against: `on ${lowerFirst(beforeWords(comparison.weeks, isToday))}`, good };
  };
}

/** "Last week", "The week before", "The 4 weeks before". */
export function beforeWords(weeks: number, isToday: boolean): string {
  if (weeks > 1) return `The ${weeks} weeks before`;
  return isToday ? 'Last week' : 'The week before';
}

/** Where a bucket stands in its period, by the clock on the wall: weeks differ in their hours where
 * the clocks change. */
export function placeIn(start: string, from: string, step: string, zone: string): string {
  const day = daysBetween(isoDay(from, zone), isoDay(start, zone));
  return step === 'day' ? String(day) : `${day} ${formatHour(start, zone)}`;
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
