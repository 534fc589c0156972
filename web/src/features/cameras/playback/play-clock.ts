/* SPDX-License-Identifier: Apache-2.0 */
import type { Piece } from './playlist-clock.ts';
import type { Span } from './timeline-scale.ts';

/* One clock for several cameras, and who must be where. Pure: time is an argument.
 * The clock is the time of day at which pictures were taken (ms since 1970); `now` is a steady time of
 * the page (ms). A player's own time (s) leaves gaps out and differs from camera to camera. */

export type PlayClock = {
  /** What the clock said at `since`. */
  at: number;
  since: number;
  speed: number;
  running: boolean;
};

export function readClock({ at, since, speed, running }: PlayClock, now: number): number {
  return running ? at + (now - since) * speed : at;
}

/** What is not changed goes on from where it is. */
export function setClock(clock: PlayClock, now: number, change: Partial<Omit<PlayClock, 'since'>>): PlayClock {
  return { ...clock, at: readClock(clock, now), since: now, ...change };
}

/* ---- where a camera is ---- */

/** In a recording, at this time of its player; or in a gap, and what comes after it. */
export type Place = { recorded: true; time: number } | { recorded: false; next: { time: number; at: number } | null };

/** Between two files pictures are a little apart. */
const SEAM_MS = 500;

/** `pieces` by time; O(log n). */
export function placeAt(pieces: readonly Piece[], at: number): Place {
  const i = lastBegun(pieces, at);
  const piece = pieces[i];
  const next = pieces[i + 1];
  if (piece && at < piece.recorded + piece.duration * 1000) {
    return { recorded: true, time: piece.start + (at - piece.recorded) / 1000 };
  }
  if (!next) return { recorded: false, next: null };
  const seam = piece !== undefined && next.recorded - (piece.recorded + piece.duration * 1000) <= SEAM_MS;
  return seam ? { recorded: true, time: next.start } : { recorded: false, next: { time: next.start, at: next.recorded } };
}

function lastBegun(pieces: readonly Piece[], at: number): number {
  let low = -1;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.recorded ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function isRecorded(recorded: readonly Span[], at: number): boolean {
  return recorded.some(({ from, to }) => at >= from && at < to);
}

/** The next beginning of a recording after this instant; null when there is none. */
export function nextBeginning(recorded: readonly Span[], at: number): number | null {
  return recorded.reduce<number | null>((best, { from }) => (from > at && from < (best ?? Infinity) ? from : best), null);
}

/* ---- keeping in step ---- */

const STEADY_S = 0.04; // about a picture: not worth a correction
const PAUSED_S = 0.02;
const FAR_S = 1;
const NUDGE = 0.2; // of the speed (s of drift a second), at most

/** How fast a player that is so far ahead of the clock (s; behind is negative) must go; null: it must jump. */
export function paceOf(ahead: number, speed: number): number | null {
  /* At a high speed a jump takes long in recorded time: one that lands late must not call for the next. */
  if (Math.abs(ahead) > FAR_S * Math.max(1, speed / 2)) return null;
  if (Math.abs(ahead) <= STEADY_S * Math.max(1, speed)) return speed;
  const most = NUDGE * Math.max(1, speed);
  return Math.round((speed + Math.min(most, Math.max(-most, -ahead))) * 100) / 100;
}

/** Whether a player that stands still shows another picture than that of the clock. */
export function isOff(ahead: number): boolean {
  return Math.abs(ahead) > PAUSED_S;
}

/** What the clock hears of a camera: nothing to show, in step, or still loading. */
export type Standing = 'gap' | 'ready' | 'busy';

/** For so long those that are ready wait for those that are not, after a jump. */
export const MOMENT_MS = 700;

/** Whether the clock must stand still; `waited`: for how long it did since the last jump. */
export function mustWait(standings: readonly Standing[], waited: number): boolean {
  if (!standings.includes('busy')) return false;
  return !standings.includes('ready') || waited < MOMENT_MS;
}

/* ---- what is loaded ---- */

const HOUR = 3_600_000;

/** The hour around the instant: as much as is loaded of each camera at a time. */
export function hourOf(at: number): Span {
  const from = Math.floor(at / HOUR) * HOUR;
  return { from, to: from + HOUR };
}
