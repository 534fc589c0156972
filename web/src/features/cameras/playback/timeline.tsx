/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { formatClock } from '@/lib/format/time.ts';
import { sliderOfTime } from './slider-of-time.ts';
import { RecordedBars, TimelineAxis } from './timeline-axis.tsx';
import { percent, placeOf, type Span } from './timeline-scale.ts';

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
  /** Over it. */
  children?: ReactNode;
};

/** What was recorded, what is missing, what happened, and where one is; a slider of time. */
export function Timeline({ day, span, zone, recorded, events, at, now, onSeek, children }: TimelineProps) {
  return (
    <div className="select-none">
      <div className="relative">
        <div
          {...sliderOfTime({ label: 'Time of the recording', day, span, zone, at, onSeek })}
          className="relative h-14 cursor-pointer touch-none overflow-hidden rounded-lg bg-sunken focus-visible:outline-2 focus-visible:outline-primary"
        >
          <RecordedBars {...{ recorded, span }} />
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
        {children}
      </div>
      <TimelineAxis {...{ span, zone }} start={day.from} />
    </div>
  );
}
