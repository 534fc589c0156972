/* SPDX-License-Identifier: Apache-2.0 */

/* Where instants lie on the timeline. All times are milliseconds since 1970. */

export type Span = { from: number; to: number };

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

const STEPS = [1, 5, 10, 30, 60, 180, 360].map((minutes) => minutes * 60_000);

/** Marks at round times of the store, at most `most` stretches apart. `start` is a midnight of the store. */
export function ticks(span: Span, start: number, most: number): number[] {
  const step = STEPS.find((s) => (span.to - span.from) / s <= most) ?? 12 * 3_600_000;
  const first = start + Math.ceil((span.from - start) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((span.to - first) / step) + 1) }, (_, i) => first + i * step);
}
