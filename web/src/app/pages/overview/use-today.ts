/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { addDays, dayStart, isoDay } from '@/lib/format/time.ts';

export type Range = { from: string; to: string };

/** The store's present day, from its midnight to the next. */
export function useToday(now: number, zone: string): Range {
  const day = isoDay(now, zone);
  return useMemo(
    () => ({ from: dayStart(day, zone).toISOString(), to: dayStart(addDays(day, 1), zone).toISOString() }),
    [day, zone],
  );
}
