/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { addDays } from '@/lib/format/time.ts';

type DayChooserProps = { date: string; today: string; onChoose: (date: string) => void };

const DAY = /^\d{4}-\d\d-\d\d$/;

export function DayChooser({ date, today, onChoose }: DayChooserProps) {
  return (
    <div className="flex items-center gap-2">
      <Button size="sm" icon="chevronLeft" aria-label="The day before" onClick={() => onChoose(addDays(date, -1))} />
      <input
        type="date"
        aria-label="Day"
        value={date}
        max={today}
        onChange={(event) => DAY.test(event.target.value) && onChoose(event.target.value)}
        className="h-9 rounded-lg border border-line-strong bg-card px-2 text-[13px] text-ink"
      />
      <Button
        size="sm"
        icon="chevronRight"
        aria-label="The day after"
        disabled={date >= today}
        onClick={() => onChoose(addDays(date, 1))}
      />
    </div>
  );
}
