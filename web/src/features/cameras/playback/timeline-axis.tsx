/* SPDX-License-Identifier: Apache-2.0 */
import { useRef } from 'react';
import { formatHour } from '@/lib/format/time.ts';
import { useElementSize } from '@/lib/use-element-size.ts';
import { joined, marksFor, percent, placeOf, SLACK, type Span, ticks, visible } from './timeline-scale.ts';

/** What was recorded, as bars that fill the height of what they are in. */
export function RecordedBars({ recorded, span }: { recorded: readonly Span[]; span: Span }) {
  return joined(recorded, SLACK).map((stretch) => {
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
  });
}

/** Hours below a timeline, as many as find room. `start` is a midnight of the store. */
export function TimelineAxis({ span, start, zone }: { span: Span; start: number; zone: string }) {
  const root = useRef<HTMLDivElement>(null);
  const { w } = useElementSize(root);
  return (
    <div ref={root} aria-hidden="true" className="relative mt-1 h-4 text-[11px] leading-4 text-quiet tabular-nums">
      {ticks(span, start, marksFor(w)).map((tick) => (
        <span
          key={tick}
          className="absolute -translate-x-1/2"
          style={{ left: `clamp(1rem, ${percent(placeOf(tick, span))}, calc(100% - 1rem))` }}
        >
          {formatHour(tick, zone)}
        </span>
      ))}
    </div>
  );
}
