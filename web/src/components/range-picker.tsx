/* SPDX-License-Identifier: Apache-2.0 */
import { addDays, isoDay } from '@/lib/format/time.ts';
import { Segmented } from './segmented.tsx';

/** Whole days of the store, both included. */
export type DayRange = { from: string; to: string };

const PRESETS = [
  { value: 'today', label: 'Today', days: 1, back: 0 },
  { value: 'yesterday', label: 'Yesterday', days: 1, back: 1 },
  { value: '7', label: '7 days', days: 7, back: 0 },
  { value: '28', label: '28 days', days: 28, back: 0 },
] as const;

type Preset = (typeof PRESETS)[number]['value'] | '';

export function presetRange(preset: string, today: string): DayRange | null {
  const found = PRESETS.find((p) => p.value === preset);
  if (!found) return null;
  const to = addDays(today, -found.back);
  return { from: addDays(to, 1 - found.days), to };
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The days in a page's address (`from`, `to`); without them, today. */
export function readRange(params: URLSearchParams, today: string): DayRange {
  const from = params.get('from') ?? '';
  const to = params.get('to') ?? '';
  if (DAY.test(from) && DAY.test(to) && from <= to) return { from, to };
  return { from: today, to: today };
}

/** Up to two days are shown by hour, more by day. */
export function stepOf({ from, to }: DayRange): 'hour' | 'day' {
  return addDays(from, 2) > to ? 'hour' : 'day';
}

type RangePickerProps = { range: DayRange; timezone: string; now: number; onChange: (range: DayRange) => void };

export function RangePicker({ range, timezone, now, onChange }: RangePickerProps) {
  const today = isoDay(now, timezone);
  const current = PRESETS.find(({ value }) => {
    const r = presetRange(value, today);
    return r?.from === range.from && r.to === range.to;
  });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented<Preset>
        label="Period"
        value={current?.value ?? ''}
        options={PRESETS}
        onChange={(value) => onChange(presetRange(value, today) ?? range)}
      />
      <div className="flex items-center gap-1.5 text-[13px] text-quiet">
        <DateInput
          label="First day"
          value={range.from}
          max={range.to}
          onChange={(from) => onChange({ ...range, from })}
        />
        <span aria-hidden="true">–</span>
        <DateInput
          label="Last day"
          value={range.to}
          min={range.from}
          max={today}
          onChange={(to) => onChange({ ...range, to })}
        />
      </div>
    </div>
  );
}

type DateInputProps = { label: string; value: string; min?: string; max?: string; onChange: (day: string) => void };

function DateInput({ label, value, min, max, onChange }: DateInputProps) {
  return (
    <input
      type="date"
      aria-label={label}
      value={value}
      min={min}
      max={max}
      onChange={(event) => DAY.test(event.target.value) && onChange(event.target.value)}
      className="h-9 rounded-lg border border-line-strong bg-card px-2 text-[13px] text-ink"
    />
  );
}
