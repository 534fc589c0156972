/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { playerTime, recordedTime } from './playlist-clock.ts';

const pieces = [
  { start: 0, recorded: 1_000_000, duration: 4 },
  { start: 4, recorded: 1_004_000, duration: 4 },
  { start: 8, recorded: 1_060_000, duration: 2 }, // after a gap
];

describe('the clock of a playlist', () => {
  it('finds what was recorded at an instant', () => {
    expect(playerTime(pieces, 1_005_500)).toBe(5.5);
    expect(playerTime(pieces, 0)).toBe(0);
    expect(playerTime(pieces, 1_030_000)).toBe(8); // in the gap: what follows
    expect(playerTime(pieces, 1_062_000)).toBeNull();
    expect(playerTime([], 5)).toBeNull();
  });

  it('says when it was', () => {
    expect(recordedTime(pieces, 5.5)).toBe(1_005_500);
    expect(recordedTime(pieces, 8)).toBe(1_060_000);
    expect(recordedTime(pieces, 99)).toBe(1_062_000);
    expect(recordedTime([], 0)).toBeNull();
  });
});
