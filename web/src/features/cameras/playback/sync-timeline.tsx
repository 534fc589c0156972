/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { sliderOfTime } from './slider-of-time.ts';
import { RecordedBars, TimelineAxis } from './timeline-axis.tsx';
import { percent, placeOf, type Span } from './timeline-scale.ts';

export type Lane = { camera: string; name: string; recorded: readonly Span[] };

type SyncTimelineProps = {
  day: Span;
  /** What of the day is in sight. */
  span: Span;
  zone: string;
  lanes: readonly Lane[];
  at: number;
  now: number;
  onSeek: (at: number) => void;
  /** Over the lanes. */
  children?: ReactNode;
};

/** What was recorded of each camera, one below the other, and where the clock is. */
export function SyncTimeline({ day, span, zone, lanes, at, now, onSeek, children }: SyncTimelineProps) {
  return (
    <div className="grid grid-cols-[minmax(0,5.5rem)_minmax(0,1fr)] gap-x-3 select-none sm:grid-cols-[minmax(0,10rem)_minmax(0,1fr)]">
      <ul className="space-y-1">
        {lanes.map(({ camera, name }) => (
          <li key={camera} title={name} className="h-6 truncate text-[13px] leading-6 text-quiet">
            {name}
          </li>
        ))}
      </ul>
      <div>
        <div className="relative">
          <div
            {...sliderOfTime({ label: 'Time of the recordings', day, span, zone, at, onSeek })}
            className="relative cursor-pointer touch-none space-y-1 rounded-md focus-visible:outline-2 focus-visible:outline-primary"
          >
            {lanes.map(({ camera, recorded }) => (
              <div key={camera} data-lane={camera} className="relative h-6 overflow-hidden rounded-md bg-sunken">
                <RecordedBars {...{ recorded, span }} />
                {now < span.to && (
                  <div
                    className="absolute inset-y-0 right-0 bg-card/70"
                    style={{ left: percent(Math.max(0, placeOf(now, span))) }}
                  />
                )}
              </div>
            ))}
            {at >= span.from && at <= span.to && (
              <div
                className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-danger"
                style={{ left: percent(placeOf(at, span)) }}
              />
            )}
          </div>
          {children}
        </div>
        <TimelineAxis {...{ span, zone }} start={day.from} />
      </div>
    </div>
  );
}
