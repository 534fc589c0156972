/* SPDX-License-Identifier: Apache-2.0 */
import { type ClockTime, clockTimeOf, instantOf } from '@/lib/format/store-clock.ts';

/* What the form asks for, a moment on the store's clock with some time around it, as a span. */

export type Moment = ClockTime & {
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
  return { ...clockTimeOf(at, zone), before: 30, after: 60 };
}

export function spanOf(moment: Moment, zone: string): { from: string; to: string } | null {
  const at = instantOf(moment, zone);
  if (at === null || moment.before + moment.after === 0) return null;
  return { from: new Date(at - moment.before * 1000).toISOString(), to: new Date(at + moment.after * 1000).toISOString() };
}
