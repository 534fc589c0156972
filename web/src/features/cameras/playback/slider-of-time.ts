/* SPDX-License-Identifier: Apache-2.0 */
import type { ComponentProps, KeyboardEvent, PointerEvent } from 'react';
import { formatClock } from '@/lib/format/time.ts';
import { type Span, timeAt } from './timeline-scale.ts';

const KEYS: Record<string, number> = { ArrowLeft: -5000, ArrowRight: 5000, PageDown: -60_000, PageUp: 60_000 };

type SliderOptions = { label: string; day: Span; span: Span; zone: string; at: number | null; onSeek: (at: number) => void };

/** What makes an element whose width is `span` a slider of the day's time: by pointer, and by keys. */
export function sliderOfTime({ label, day, span, zone, at, onSeek }: SliderOptions): ComponentProps<'div'> {
  const seekTo = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek(timeAt((event.clientX - box.left) / box.width, span));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined || at === null) return;
    event.preventDefault();
    onSeek(Math.min(day.to, Math.max(day.from, at + by)));
  };
  return {
    role: 'slider',
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': day.from,
    'aria-valuemax': day.to,
    'aria-valuenow': at ?? day.from,
    'aria-valuetext': at === null ? 'nothing is shown' : formatClock(at, zone),
    onPointerDown: (event) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      seekTo(event);
    },
    onPointerMove: (event) => event.buttons === 1 && seekTo(event),
    onKeyDown,
  };
}
