/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures and tracks come over two ways. Each picture gets the tracks of its own frame, or of the
 * frame nearest to it in time. Pure. */

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
  const nearest = frames.reduce((best, f) => (Math.abs(f.ts - ts) < Math.abs(best.ts - ts) ? f : best), newest);
  return Math.abs(nearest.ts - ts) <= FARTHEST_MS ? nearest : null;
}
