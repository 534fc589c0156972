/* SPDX-License-Identifier: Apache-2.0 */

/* Where instants lie on the timeline. All times are milliseconds since 1970. */

export type Span = { from: number; to: number };

/** A stretch that was recorded, and how much it takes on the disk. */
export type Recorded = Span & { bytes: number };

/** 0 to 1 within the span, or beyond it. */
export function placeOf(at: number, { from, to }: Span): number {
  return (at - from) / (to - from);
}

export function timeAt(place: number, { from, to }: Span): number {
  return from + Math.min(1, Math.max(0, place)) * (to - from);
}

/** The part of a stretch that is in sight; null when none is. */
export function visible(stretch: Span, span: Span): { left: number; width: number } | null {
  const from = Math.max(stretch.from, span.from);
  const to = Math.min(stretch.to, span.to);
  return from < to ? { left: placeOf(from, span), width: (to - from) / (span.to - span.from) } : null;
}

/** Files less apart than this (ms) are one stretch. */
export const SLACK = 1500;

/** Files that follow on from each other are one stretch. */
export function joined(stretches: readonly Span[], slack: number): Span[] {
  const all: Span[] = [];
  for (const stretch of stretches) {
    const last = all.at(-1);
    if (last && stretch.from - last.to <= slack) last.to = Math.max(last.to, stretch.to);
    else all.push({ ...stretch });
  }
  return all;
}

/** `length` long, around `at`, and within `whole`. */
export function windowAround(at: number, length: number, whole: Span): Span {
  if (length >= whole.to - whole.from) return whole;
  const from = Math.min(Math.max(at - length / 2, whole.from), whole.to - length);
  return { from, to: from + length };
}

/** Like `windowAround`, but stays where it was while `at` is in it: it does not run away from a pointer. */
export function windowKept(last: Span | null, at: number, length: number, whole: Span): Span {
  const kept = last && last.to - last.from === Math.min(length, whole.to - whole.from);
  const inside = kept && last.from >= whole.from && last.to <= whole.to && at >= last.from && at <= last.to;
  return inside ? last : windowAround(at, length, whole);
}

export const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

const MARK_PX = 52; // "00:00" and air
const MARKS_MAX = 8;

/** How many stretches between marks a timeline of this width (px) has room for; 0: not measured yet. */
export function marksFor(width: number): number {
  return width === 0 ? MARKS_MAX : Math.min(MARKS_MAX, Math.max(1, Math.floor(width / MARK_PX)));
}

const STEPS = [1, 5, 10, 30, 60, 180, 360].map((minutes) => minutes * 60_000);

/** Marks at round times of the store, at most `most` stretches apart. `start` is a midnight of the store. */
export function ticks(span: Span, start: number, most: number): number[] {
  const step = STEPS.find((s) => (span.to - span.from) / s <= most) ?? 12 * 3_600_000;
  const first = start + Math.ceil((span.from - start) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((span.to - first) / step) + 1) }, (_, i) => first + i * step);
}
