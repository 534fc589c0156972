/* SPDX-License-Identifier: Apache-2.0 */
import type { TrackBox, TrackFrame } from './track-match.ts';

/* The message of topic camera/{id}/tracks, checked field by field: it comes from the wire. */

export function readTrackFrame(data: unknown): TrackFrame | null {
  if (typeof data !== 'object' || data === null) return null;
  const { ts, tracks } = data as { ts?: unknown; tracks?: unknown };
  const at = typeof ts === 'string' ? Date.parse(ts) : NaN;
  if (Number.isNaN(at) || !Array.isArray(tracks)) return null;
  return { ts: at, boxes: tracks.map(readBox).filter((box) => box !== null) };
}

function readBox(track: unknown): TrackBox | null {
  if (typeof track !== 'object' || track === null) return null;
  const { id, state, box } = track as { id?: unknown; state?: unknown; box?: unknown };
  if (typeof id !== 'number' || !Array.isArray(box) || box.length !== 4 || !box.every((v) => typeof v === 'number'))
    return null;
  if (state !== 'confirmed' && state !== 'tentative') return null; // lost ones are only foretold
  const [x0, y0, x1, y1] = box as [number, number, number, number];
  return { id, confirmed: state === 'confirmed', x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}
