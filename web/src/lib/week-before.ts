/* SPDX-License-Identifier: Apache-2.0 */
import { addDays, dayStart, isoDay } from './format/time.ts';

/* Week over week: the same weekdays, up to the same minute (here: the same five minutes). */

const FIVE_MIN_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

type Days = { from: string; to: string };

export type Before = { from: string; to: string; /** How many weeks earlier. */ weeks: number };

/** The same days, earlier by as many weeks as they span; null while nothing of them has passed. */
export function weeksBefore(days: Days, now: number, zone: string): Before | null {
  const weeks = Math.ceil((daysBetween(days.from, days.to) + 1) / 7);
  const earlier = (day: string) => dayStart(addDays(day, -7 * weeks), zone).getTime();
  const today = isoDay(now, zone);
  const intoDay = Math.floor((now - dayStart(today, zone).getTime()) / FIVE_MIN_MS) * FIVE_MIN_MS;
  const from = earlier(days.from);
  const to = days.to < today ? earlier(addDays(days.to, 1)) : earlier(today) + intoDay;
  if (to <= from) return null;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), weeks };
}

/** "Last week", "The 4 weeks before". */
export function beforeWords(weeks: number, isToday: boolean): string {
  if (weeks > 1) return `The ${weeks} weeks before`;
  return isToday ? 'Last week' : 'The week before';
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}
