/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { formatClock } from '@/lib/format/time.ts';

/** An event is shown from a moment before it. */
const LEAD_MS = 3000;

export type Mark = { id: string; ts: number; text: string };

type DayEventsProps = { marks: readonly Mark[]; zone: string; onSeek: (at: number) => void };

/** What happened on the day; each leads to its moment. */
export function DayEvents({ marks, zone, onSeek }: DayEventsProps) {
  return (
    <Card title="Events of the day" hint="Shown from 3 s before" flush>
      {marks.length === 0 ? (
        <p className="px-4 pb-5 text-[13px] text-quiet sm:px-6">Nothing happened here, as far as is known.</p>
      ) : (
        <ul className="max-h-[36rem] divide-y divide-line overflow-y-auto border-t border-line">
          {marks.map((mark) => (
            <li key={mark.id}>
              <button
                type="button"
                onClick={() => onSeek(mark.ts - LEAD_MS)}
                className="flex w-full gap-3 px-4 py-2 text-left text-[13px] hover:bg-page/70 sm:px-6"
              >
                <span className="min-w-0 flex-1 truncate">{mark.text}</span>
                <time className="text-quiet tabular-nums">{formatClock(mark.ts, zone)}</time>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
