/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { joined, marksFor, placeOf, ticks, timeAt, visible, windowAround, windowKept } from './timeline-scale.ts';

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

  it('does not move while one moves within it', () => {
    const last = { from: 11 * HOUR, to: 13 * HOUR };
    expect(windowKept(last, 12.9 * HOUR, 2 * HOUR, day)).toBe(last);
    expect(windowKept(last, 14 * HOUR, 2 * HOUR, day)).toEqual({ from: 13 * HOUR, to: 15 * HOUR });
    expect(windowKept(last, 12 * HOUR, HOUR, day)).toEqual({ from: 11.5 * HOUR, to: 12.5 * HOUR });
    expect(windowKept(last, 12 * HOUR, 2 * HOUR, { from: 12 * HOUR, to: 36 * HOUR })).toEqual({ from: 12 * HOUR, to: 14 * HOUR });
    expect(windowKept(null, 12 * HOUR, 99 * HOUR, day)).toEqual(day);
  });

  it('has no more marks than find room', () => {
    expect(marksFor(1200)).toBe(8);
    expect(marksFor(320)).toBe(6);
    expect(marksFor(20)).toBe(1);
    expect(marksFor(0)).toBe(8);
  });

  it('has marks at round times of the store', () => {
    expect(ticks(day, 0, 8)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24].map((h) => h * HOUR));
    expect(ticks({ from: 11.4 * HOUR, to: 12.6 * HOUR }, 0, 3)).toEqual([11.5 * HOUR, 12 * HOUR, 12.5 * HOUR]);
    expect(ticks(day, 0, marksFor(320))).toEqual([0, 6, 12, 18, 24].map((h) => h * HOUR));
    expect(ticks({ from: 0, to: HOUR }, 0.25 * HOUR, 2)).toEqual([0.25 * HOUR, 0.75 * HOUR]);
  });
});
