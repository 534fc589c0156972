/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { formatClock, formatHour } from '@/lib/format/time.ts';
import { joined, placeOf, type Span, ticks, timeAt, visible } from './timeline-scale.ts';

type TimelineProps = {
  /** The day, and what of it is in sight. */
  day: Span;
  span: Span;
  zone: string;
  recorded: readonly Span[];
  events: readonly { id: string; ts: number; text: string }[];
  at: number | null;
  now: number;
  onSeek: (at: number) => void;
};

const SLACK = 1500;
const KEYS: Record<string, number> = { ArrowLeft: -5000, ArrowRight: 5000, PageDown: -60_000, PageUp: 60_000 };
const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

/** What was recorded, what is missing, what happened, and where one is; a slider of time. */
export function Timeline({ day, span, zone, recorded, events, at, now, onSeek }: TimelineProps) {
  const bar = useRef<HTMLDivElement>(null);
  const stretches = joined(recorded, SLACK);
  const seekTo = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect();
    if (box) onSeek(timeAt((event.clientX - box.left) / box.width, span));
  };
  const onKey = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined || at === null) return;
    event.preventDefault();
    onSeek(Math.min(day.to, Math.max(day.from, at + by)));
  };
  return (
    <div className="select-none">
      <div
        ref={bar}
        role="slider"
        tabIndex={0}
        aria-label="Time of the recording"
        aria-valuemin={day.from}
        aria-valuemax={day.to}
        aria-valuenow={at ?? day.from}
        aria-valuetext={at === null ? 'nothing is shown' : formatClock(at, zone)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seekTo(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && seekTo(event)}
        onKeyDown={onKey}
        className="relative h-14 cursor-pointer touch-none overflow-hidden rounded-lg bg-sunken focus-visible:outline-2 focus-visible:outline-primary"
      >
        {stretches.map((stretch) => {
          const part = visible(stretch, span);
          return (
            part && (
              <div
                key={stretch.from}
                data-recorded={stretch.from}
                className="absolute inset-y-0 bg-primary/55"
                style={{ left: percent(part.left), width: percent(part.width), minWidth: 2 }}
              />
            )
          );
        })}
        {now < span.to && (
          <div className="absolute inset-y-0 right-0 bg-card/70" style={{ left: percent(Math.max(0, placeOf(now, span))) }} />
        )}
        {events.map((event) =>
          event.ts >= span.from && event.ts < span.to ? (
            <div
              key={event.id}
              title={`${formatClock(event.ts, zone)} ${event.text}`}
              className="absolute bottom-0 h-3 w-0.5 bg-warning"
              style={{ left: percent(placeOf(event.ts, span)) }}
            />
          ) : null,
        )}
        {at !== null && at >= span.from && at <= span.to && (
          <div className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-danger" style={{ left: percent(placeOf(at, span)) }} />
        )}
      </div>
      <div aria-hidden="true" className="relative mt-1 h-4 text-[11px] leading-4 text-quiet tabular-nums">
        {ticks(span, day.from, 8).map((tick) => (
          <span
            key={tick}
            className="absolute -translate-x-1/2 first:translate-x-0 last:-translate-x-full"
            style={{ left: percent(placeOf(tick, span)) }}
          >
            {formatHour(tick, zone)}
          </span>
        ))}
      </div>
    </div>
  );
}
