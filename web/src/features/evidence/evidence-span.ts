/* SPDX-License-Identifier: Apache-2.0 */
import { dayStart, formatClock, isoDay } from '@/lib/format/time.ts';

/* What the form asks for, a moment on the store's clock with some time around it, as a span. */

export type Moment = {
  /** "2026-03-29" and "10:15:00", as the store's clock shows it. */
  day: string;
  time: string;
  /** Seconds. */
  before: number;
  after: number;
};

export const AROUND = [
  { value: '0', label: 'Nothing' },
  { value: '10', label: '10 s' },
  { value: '30', label: '30 s' },
  { value: '60', label: '1 min' },
  { value: '300', label: '5 min' },
  { value: '900', label: '15 min' },
  { value: '3600', label: '1 h' },
] as const;

export function momentAt(at: number, zone: string): Moment {
  return { day: isoDay(at, zone), time: formatClock(at, zone), before: 30, after: 60 };
}

/** Null where that is no time of day. On the day the clocks change, the hour that is there. */
export function instantOf({ day, time }: Moment, zone: string): number | null {
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

export function spanOf(moment: Moment, zone: string): { from: string; to: string } | null {
  const at = instantOf(moment, zone);
  if (at === null || moment.before + moment.after === 0) return null;
  return { from: new Date(at - moment.before * 1000).toISOString(), to: new Date(at + moment.after * 1000).toISOString() };
}
