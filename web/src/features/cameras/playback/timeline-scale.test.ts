/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { joined, placeOf, ticks, timeAt, visible, windowAround } from './timeline-scale.ts';

const HOUR = 3_600_000;
const day = { from: 0, to: 24 * HOUR };

describe('the timeline', () => {
  it('finds places and times, and keeps to its ends', () => {
    expect(placeOf(6 * HOUR, day)).toBe(0.25);
    expect(timeAt(0.25, day)).toBe(6 * HOUR);
    expect(timeAt(-1, day)).toBe(0);
    expect(timeAt(2, day)).toBe(24 * HOUR);
  });

  it('shows what is in sight of a stretch', () => {
    expect(visible({ from: -HOUR, to: 12 * HOUR }, day)).toEqual({ left: 0, width: 0.5 });
    expect(visible({ from: 24 * HOUR, to: 25 * HOUR }, day)).toBeNull();
  });

  it('joins files that follow on, and those that overlap', () => {
    const files = [
      { from: 0, to: 100 },
      { from: 100, to: 200 },
      { from: 150, to: 180 },
      { from: 1300, to: 1400 },
    ];
    expect(joined(files, 1000)).toEqual([
      { from: 0, to: 200 },
      { from: 1300, to: 1400 },
    ]);
  });

  it('looks closer without leaving the day', () => {
    expect(windowAround(12 * HOUR, 2 * HOUR, day)).toEqual({ from: 11 * HOUR, to: 13 * HOUR });
    expect(windowAround(0, 2 * HOUR, day)).toEqual({ from: 0, to: 2 * HOUR });
    expect(windowAround(24 * HOUR, 2 * HOUR, day)).toEqual({ from: 22 * HOUR, to: 24 * HOUR });
    expect(windowAround(5, 99 * HOUR, day)).toEqual(day);
  });

  it('has marks at round times of the store', () => {
    expect(ticks(day, 0, 8)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24].map((h) => h * HOUR));
    expect(ticks({ from: 11.4 * HOUR, to: 12.6 * HOUR }, 0, 3)).toEqual([11.5 * HOUR, 12 * HOUR, 12.5 * HOUR]);
    expect(ticks({ from: 0, to: HOUR }, 0.25 * HOUR, 2)).toEqual([0.25 * HOUR, 0.75 * HOUR]);
  });
});
