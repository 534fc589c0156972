/* SPDX-License-Identifier: Apache-2.0 */

/* Between the time of day and a player's own time, which leaves gaps out. */

/** A piece of the playlist: where it begins for the player (s), when it was recorded (ms), how long it is (s). */
export type Piece = { start: number; recorded: number; duration: number };

/** The player's time at which this instant is shown; in a gap, what comes after it. Null past the last piece. */
export function playerTime(pieces: readonly Piece[], at: number): number | null {
  const piece = pieces.find(({ recorded, duration }) => at < recorded + duration * 1000);
  return piece ? piece.start + Math.max(0, at - piece.recorded) / 1000 : null;
}

/** When what the player shows at its time was recorded. Null where nothing is. */
export function recordedTime(pieces: readonly Piece[], time: number): number | null {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.start ?? Infinity) <= time) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.recorded + Math.min(Math.max(0, time - piece.start), piece.duration) * 1000 : null;
}
