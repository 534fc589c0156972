/* SPDX-License-Identifier: Apache-2.0 */
import { dayStart, formatClock, isoDay } from './time.ts';

/* What form fields hold, a day and a time on the store's clock, as an instant. */

/** "2026-03-29" and "10:15:00", as the store's clock shows it. */
export type ClockTime = { day: string; time: string };

export function clockTimeOf(at: number, zone: string): ClockTime {
  return { day: isoDay(at, zone), time: formatClock(at, zone) };
}

/** Null where that is no time of day. On the day the clocks change, the hour that is there. */
export function instantOf({ day, time }: ClockTime, zone: string): number | null {
  const parts = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(time);
  if (!parts || !/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  const wanted = seconds(parts);
  const at = dayStart(day, zone).getTime() + wanted * 1000;
  if (Number.isNaN(at)) return null;
  const shown = /^(\d\d):(\d\d):(\d\d)$/.exec(formatClock(at, zone));
  return shown ? at + (wanted - seconds(shown)) * 1000 : at;
}

function seconds(parts: RegExpExecArray): number {
  return Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0);
}
