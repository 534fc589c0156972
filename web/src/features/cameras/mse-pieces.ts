/* SPDX-License-Identifier: Apache-2.0 */

/* What comes over the socket of a view (docs/api/openapi.yaml, openMse), and where playing should be. Pure. */

const HEADER = 16;

export type Piece =
  | { kind: 'begin'; codec: string; origin: number; mp4: Uint8Array<ArrayBuffer> }
  | { kind: 'picture'; key: boolean; ts: number; mp4: Uint8Array<ArrayBuffer> };

/** Times in ms since 1970. null: not of this form. */
export function readPiece(data: ArrayBuffer): Piece | null {
  if (data.byteLength <= HEADER) return null;
  const view = new DataView(data);
  const ms = Number(view.getBigInt64(8)) / 1000;
  if (view.getUint8(0) === 1)
    return { kind: 'picture', key: view.getUint8(1) === 1, ts: ms, mp4: new Uint8Array(data, HEADER) };
  const length = view.getUint16(2);
  if (view.getUint8(0) !== 0 || data.byteLength <= HEADER + length) return null;
  const codec = new TextDecoder().decode(new Uint8Array(data, HEADER, length));
  return { kind: 'begin', codec, origin: ms, mp4: new Uint8Array(data, HEADER + length) };
}

/** Farther behind the newest picture than this: jump there. */
const BEHIND_S = 1.5;
/** Aimed at: so much behind the newest picture, and as long as one or two pictures take, so that it does not run
 *  dry between two. */
const CLOSE_S = 0.08;
const CLOSE_STEPS = 1.5;
/** Farther behind that than this: play faster, until it is nearly there. */
const FAST_FROM_S = 0.25;
const FAST_UNTIL_S = 0.05;
const FAST = 1.1;

export type Course = { jumpTo: number | null; rate: number };

/** `now` is played, `edge` the newest picture, `step` from one newest picture to the next (media seconds);
 *  `buffered`: there is something at `now`. */
export type Place = { now: number; edge: number; step: number; buffered: boolean; rate: number };

/** Where, and how fast, to play on. */
export function courseOf({ now, edge, step, buffered, rate }: Place): Course {
  const aim = CLOSE_S + CLOSE_STEPS * step;
  const behind = edge - now;
  if (!buffered || behind > Math.max(BEHIND_S, aim + 1) || behind < -1)
    return { jumpTo: Math.max(0, edge - aim), rate: 1 };
  if (behind > aim + FAST_FROM_S) return { jumpTo: null, rate: FAST };
  return { jumpTo: null, rate: behind < aim + FAST_UNTIL_S ? 1 : rate };
}

const STEP_SHARE = 0.1;
const STEP_MAX_S = 1;

/** The step, smoothed; `by` is how much farther the newest picture is than the one before. */
export function nextStep(step: number, by: number): number {
  return step + (Math.min(by, STEP_MAX_S) - step) * STEP_SHARE;
}
