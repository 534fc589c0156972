/* SPDX-License-Identifier: Apache-2.0 */
import { joined, placeOf, type Recorded, SLACK, type Span, visible } from '../playback/timeline-scale.ts';

/* The span that is to be a clip, and what of it was recorded. Times are milliseconds since 1970; a clip
 * is chosen in whole seconds. */

export type Edge = 'from' | 'to';

const SECOND = 1000;
const AROUND = 30 * SECOND;
/** The longest day there is; no clip is longer. */
const LONGEST = 25 * 3600 * SECOND;
/** What was recorded later than this before now may not be told yet. */
const UNTOLD = 20 * SECOND;

const down = (at: number) => Math.floor(at / SECOND) * SECOND;

/** The minute around the instant, as far as it has come. */
export function minuteAround(at: number, now: number): Span {
  const to = Math.min(down(at) + AROUND, down(now));
  return { from: to - 2 * AROUND, to };
}

/** The edge is moved there as far as the other one and the bounds let it. */
export function withEdge(clip: Span, edge: Edge, at: number, bounds: Span): Span {
  const wanted = Math.round(at / SECOND) * SECOND;
  if (edge === 'from') return { ...clip, from: Math.min(Math.max(wanted, bounds.from), clip.to - SECOND) };
  return { ...clip, to: Math.max(Math.min(wanted, down(bounds.to)), clip.from + SECOND) };
}

/** Why that can be no clip; null: it can. */
export function faultOf({ from, to }: Span, now: number): string | null {
  if (from >= to) return 'The end must be after the beginning.';
  if (to > now) return 'That time has not come yet.';
  return to - from > LONGEST ? 'A clip is 25 h long at most.' : null;
}

/** Whole hours around the clip: asked for once, while its edges move. */
export function hoursOf({ from, to }: Span): Span {
  const hour = 3600 * SECOND;
  return { from: Math.floor(from / hour) * hour, to: Math.ceil(to / hour) * hour };
}

export type Content = {
  /** Nothing of it was recorded, and nothing will be. */
  nothing: boolean;
  /** On the disk: about as much as the clip. */
  bytes: number;
  gaps: Span[];
};

/** `recorded` by time. */
export function contentOf(recorded: readonly Recorded[], clip: Span, now: number): Content {
  const parts = recorded.flatMap((piece) => {
    if (!visible(piece, clip)) return [];
    const [from, to] = [Math.max(piece.from, clip.from), Math.min(piece.to, clip.to)];
    return [{ from, to, bytes: piece.bytes * (placeOf(to, piece) - placeOf(from, piece)) }];
  });
  const stretches = joined(parts, SLACK);
  const told = now - UNTOLD;
  return {
    nothing: stretches.length === 0 && clip.to <= told,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) * growth(stretches, clip, told),
    gaps: gapsOf(stretches, { from: clip.from, to: Math.min(clip.to, told) }),
  };
}

/** Between and around them; the end is no gap as long as it is not told. */
function gapsOf(stretches: readonly Span[], { from, to }: Span): Span[] {
  const ends = [from, ...stretches.map((stretch) => stretch.to)];
  const beginnings = [...stretches.map((stretch) => stretch.from), to];
  return ends.flatMap((end, i) => (beginnings[i]! - end > SLACK ? [{ from: end, to: beginnings[i]! }] : []));
}

/** By how much what is told of them grows, where the last is still being recorded. */
function growth(stretches: readonly Span[], clip: Span, told: number): number {
  const end = stretches.at(-1)?.to ?? 0;
  const known = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  return end >= told && known > 0 ? (known + clip.to - end) / known : 1;
}
