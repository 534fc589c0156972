/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { addDays, dayStart, isoDay } from '@/lib/format/time.ts';
import type { Span } from './timeline-scale.ts';

/** The store's day that the instant is in; `day` is the same object as long as the day is. */
export function useDay(at: number, zone: string): { date: string; day: Span } {
  const date = isoDay(at, zone);
  const day = useMemo<Span>(
    () => ({ from: dayStart(date, zone).getTime(), to: dayStart(addDays(date, 1), zone).getTime() }),
    [date, zone],
  );
  return { date, day };
}
