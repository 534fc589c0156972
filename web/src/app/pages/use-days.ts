/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type DayRange, presetRange, readRange, stepOf } from '@/components/range-picker.tsx';
import { useStore } from '@/lib/api/stores.ts';
import { addDays, dayStart, isoDay } from '@/lib/format/time.ts';

/** The days a page shows, kept in its address; those of the preset where it names none. From the midnight of the store to that of the next. */
export function useDays(now: number, preset: string) {
  const store = useStore();
  const [params, setParams] = useSearchParams();
  const today = isoDay(now, store.time_zone);
  const given = params.has('from') || params.has('to');
  const { from, to } = (given ? null : presetRange(preset, today)) ?? readRange(params, today);
  const days = useMemo(() => ({ from, to }), [from, to]);
  const range = useMemo(
    () => ({
      from: dayStart(from, store.time_zone).toISOString(),
      to: dayStart(addDays(to, 1), store.time_zone).toISOString(),
    }),
    [from, to, store.time_zone],
  );
  const choose = (next: DayRange) =>
    setParams(
      (old) => {
        const params = new URLSearchParams(old);
        params.set('from', next.from);
        params.set('to', next.to);
        return params;
      },
      { replace: true },
    );
  return { days, range, step: stepOf(days), today, choose };
}
