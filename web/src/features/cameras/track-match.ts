/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures and tracks come over two ways. Each picture gets the tracks of the moment at which it was
 * taken: those of its own frame, or what lies between two frames. Live video is there before the tracks
 * of its frame are: for a moment people are taken to walk on as they did. Pure. */

export type TrackBox = {
  id: number;
  /** Tentative tracks are drawn faintly and count nowhere. */
  confirmed: boolean;
  /** Shares of the picture. */
  x: number;
  y: number;
  w: number;
  h: number;
};

export type TrackFrame = { ts: number; boxes: readonly TrackBox[] };

const KEPT = 60;
/** Farther apart than this, boxes would stand beside the people. */
const FARTHEST_MS = 500;
/** How far ahead people are taken to walk on. */
const AHEAD_MS = 350;

/** Newest last; bounded. */
export function keepFrame(frames: readonly TrackFrame[], frame: TrackFrame): TrackFrame[] {
  const last = frames[frames.length - 1];
  const goesBack = last !== undefined && frame.ts < last.ts;
  return goesBack ? [frame] : [...frames.slice(-(KEPT - 1)), frame];
}

/** Tracks for a picture taken at `ts`; the newest where the picture does not tell its time. */
export function matchFrame(frames: readonly TrackFrame[], ts: number | null): TrackFrame | null {
  const newest = frames[frames.length - 1];
  if (!newest || ts === null) return newest ?? null;
  const next = frames.findIndex((frame) => frame.ts >= ts);
  if (next < 0) return walkOn(frames[frames.length - 2], newest, ts);
  const after = frames[next]!;
  const before = frames[next - 1];
  if (before && after.ts - before.ts <= FARTHEST_MS) return between(before, after, ts);
  const nearest = before && ts - before.ts < after.ts - ts ? before : after;
  return Math.abs(nearest.ts - ts) <= FARTHEST_MS ? nearest : null;
}

function walkOn(before: TrackFrame | undefined, newest: TrackFrame, ts: number): TrackFrame | null {
  if (ts - newest.ts > FARTHEST_MS) return null;
  if (!before || newest.ts - before.ts > FARTHEST_MS) return newest;
  return { ts, boxes: moved(before, newest, Math.min(ts, newest.ts + AHEAD_MS), newest) };
}

function between(before: TrackFrame, after: TrackFrame, ts: number): TrackFrame {
  if (after.ts === ts) return after;
  const nearer = ts - before.ts < after.ts - ts ? before : after;
  return { ts, boxes: moved(before, after, ts, nearer) };
}

/** The boxes of `shown` where they are at `ts`, on the straight line through two frames. */
function moved(from: TrackFrame, to: TrackFrame, ts: number, shown: TrackFrame): TrackBox[] {
  const share = (ts - from.ts) / (to.ts - from.ts);
  const starts = new Map(from.boxes.map((box) => [box.id, box]));
  const ends = new Map(to.boxes.map((box) => [box.id, box]));
  return shown.boxes.map((box) => {
    const a = starts.get(box.id);
    const b = ends.get(box.id);
    if (!a || !b) return box;
    const at = (key: 'x' | 'y' | 'w' | 'h') => a[key] + (b[key] - a[key]) * share;
    return { ...box, x: at('x'), y: at('y'), w: Math.max(0, at('w')), h: Math.max(0, at('h')) };
  });
}
