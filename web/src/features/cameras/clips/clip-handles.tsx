/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { formatClock } from '@/lib/format/time.ts';
import { percent, placeOf, type Span, timeAt } from '../playback/timeline-scale.ts';
import { type Edge, withEdge } from './clip-span.ts';

const KEYS: Record<string, number> = { ArrowLeft: -1000, ArrowRight: 1000, PageDown: -60_000, PageUp: 60_000 };

type ClipHandlesProps = {
  clip: Span;
  /** What of the day the timeline shows, and how far the handles may go. */
  span: Span;
  bounds: Span;
  zone: string;
  /** `at`: where the edge is now. */
  onChange: (clip: Span, at: number) => void;
};

/** Over a timeline, in a box of its size: what will be the clip, between two handles. */
export function ClipHandles({ clip, span, bounds, zone, onChange }: ClipHandlesProps) {
  const left = within(placeOf(clip.from, span));
  const right = Math.max(left, within(placeOf(clip.to, span)));
  const move = (edge: Edge, at: number) => {
    const next = withEdge(clip, edge, at, bounds);
    onChange(next, next[edge]);
  };
  return (
    <div data-clip className="pointer-events-none absolute inset-0">
      <div className="absolute inset-y-0 left-0 rounded-l-lg bg-card/60" style={{ width: percent(left) }} />
      <div className="absolute inset-y-0 right-0 rounded-r-lg bg-card/60" style={{ width: percent(1 - right) }} />
      <div
        className="absolute inset-y-0 border-y-2 border-ink"
        style={{ left: percent(left), width: percent(right - left) }}
      />
      <Handle edge="from" label="Beginning of the clip" place={left} {...{ clip, span, bounds, zone }} onMove={move} />
      <Handle edge="to" label="End of the clip" place={right} {...{ clip, span, bounds, zone }} onMove={move} />
    </div>
  );
}

function within(place: number): number {
  return Math.min(1, Math.max(0, place));
}

type HandleProps = Omit<ClipHandlesProps, 'onChange'> & {
  edge: Edge;
  label: string;
  /** 0..1 of the timeline. */
  place: number;
  onMove: (edge: Edge, at: number) => void;
};

/** Beside the edge, not on it: two handles close together can still be told apart. */
function Handle({ edge, label, place, clip, span, bounds, zone, onMove }: HandleProps) {
  /* Where the pointer took it, from the edge (px). */
  const grip = useRef(0);
  const at = clip[edge];
  const box = (event: PointerEvent<HTMLDivElement>) => event.currentTarget.parentElement!.getBoundingClientRect();
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = box(event);
    grip.current = event.clientX - left - place * width;
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const { left, width } = box(event);
    onMove(edge, timeAt((event.clientX - grip.current - left) / width, span));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onMove(edge, at + by);
  };
  const [first, last] = edge === 'from' ? [bounds.from, clip.to] : [clip.from, bounds.to];
  return (
    <div
      {...{ onPointerDown, onPointerMove, onKeyDown }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={Math.min(first, at)}
      aria-valuemax={Math.max(last, at)}
      aria-valuenow={at}
      aria-valuetext={formatClock(at, zone)}
      className={`pointer-events-auto absolute inset-y-0 w-6 cursor-ew-resize touch-none focus-visible:outline-2 focus-visible:outline-primary ${edge === 'from' ? '-translate-x-full' : ''}`}
      style={{ left: percent(place) }}
    >
      <span
        className={`absolute inset-y-0 grid w-2.5 place-items-center bg-ink ${edge === 'from' ? 'right-0 rounded-l-md' : 'left-0 rounded-r-md'}`}
      >
        <span className="h-4 w-0.5 rounded-full bg-card" />
      </span>
    </div>
  );
}
