/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import {
  hourOf,
  isOff,
  isRecorded,
  MOMENT_MS,
  mustWait,
  nextBeginning,
  paceOf,
  placeAt,
  type PlayClock,
  readClock,
  setClock,
} from './play-clock.ts';

describe('the clock', () => {
  const stopped: PlayClock = { at: 1000, since: 50, speed: 1, running: false };

  it('stands, runs at its speed, and goes on from where it is when that changes', () => {
    expect(readClock(stopped, 9999)).toBe(1000);
    const running = setClock(stopped, 100, { running: true });
    expect(readClock(running, 600)).toBe(1500);
    const faster = setClock(running, 600, { speed: 4 });
    expect(readClock(faster, 600)).toBe(1500);
    expect(readClock(faster, 850)).toBe(2500);
    expect(readClock(setClock(faster, 850, { at: 70_000 }), 860)).toBe(70_040);
  });
});

describe('where a camera is', () => {
  /* Media time leaves the gap out. */
  const pieces = [
    { start: 0, recorded: 10_000, duration: 4 },
    { start: 4, recorded: 14_100, duration: 4 }, // another file, 100 ms later
    { start: 8, recorded: 60_000, duration: 2 },
  ];

  it('is in a recording', () => {
    expect(placeAt(pieces, 10_000)).toEqual({ recorded: true, time: 0 });
    expect(placeAt(pieces, 12_500)).toEqual({ recorded: true, time: 2.5 });
    expect(placeAt(pieces, 61_999)).toEqual({ recorded: true, time: 9.999 });
  });

  it('takes the seam between two files for no gap', () => {
    expect(placeAt(pieces, 14_050)).toEqual({ recorded: true, time: 4 });
  });

  it('is in a gap, with what comes next', () => {
    expect(placeAt(pieces, 0)).toEqual({ recorded: false, next: { time: 0, at: 10_000 } });
    expect(placeAt(pieces, 18_100)).toEqual({ recorded: false, next: { time: 8, at: 60_000 } });
    expect(placeAt(pieces, 62_000)).toEqual({ recorded: false, next: null });
    expect(placeAt([], 5)).toEqual({ recorded: false, next: null });
  });

  it('finds the place among many', () => {
    const many = Array.from({ length: 3600 }, (_, i) => ({ start: i, recorded: i * 1000, duration: 1 }));
    for (const at of [0, 999, 1000, 1_799_500, 3_599_999]) expect(placeAt(many, at)).toEqual({ recorded: true, time: at / 1000 });
  });

  it('knows the next recording of the day', () => {
    const day = [
      { from: 100, to: 200 },
      { from: 400, to: 500 },
    ];
    expect(isRecorded(day, 199)).toBe(true);
    expect(isRecorded(day, 200)).toBe(false);
    expect(nextBeginning(day, 100)).toBe(400);
    expect(nextBeginning(day, 400)).toBeNull();
  });
});

describe('keeping in step', () => {
  it('leaves alone what is within a picture', () => {
    expect(paceOf(0.03, 1)).toBe(1);
    expect(paceOf(-0.04, 1)).toBe(1);
    expect(paceOf(0.3, 8)).toBe(8);
    expect(isOff(0.01)).toBe(false);
    expect(isOff(-0.03)).toBe(true);
  });

  it('goes slower when ahead, faster when behind, never by more than a fifth', () => {
    expect(paceOf(0.1, 1)).toBe(0.9);
    expect(paceOf(-0.1, 1)).toBe(1.1);
    expect(paceOf(0.9, 1)).toBe(0.8);
    expect(paceOf(-0.9, 2)).toBe(2.4);
  });

  it('jumps when it is far off; farther at a high speed', () => {
    expect(paceOf(1.01, 1)).toBeNull();
    expect(paceOf(-1.01, 0.5)).toBeNull();
    expect(paceOf(-3.9, 8)).not.toBeNull();
    expect(paceOf(-4.1, 8)).toBeNull();
  });

  it('brings any drift below 200 ms within four seconds', () => {
    for (const speed of [0.5, 1, 2, 4, 8])
      for (const begun of [-0.99, 0.99]) {
        let ahead = begun;
        for (let s = 0; s < 4; s += 0.04) ahead += ((paceOf(ahead, speed) ?? speed) - speed) * 0.04;
        expect(Math.abs(ahead) / Math.max(1, speed)).toBeLessThan(0.2 + 1e-9);
      }
  });

  it('waits a moment for one, and as long as it takes for all', () => {
    expect(mustWait(['ready', 'gap'], 0)).toBe(false);
    expect(mustWait(['ready', 'busy'], MOMENT_MS - 1)).toBe(true);
    expect(mustWait(['ready', 'busy'], MOMENT_MS)).toBe(false);
    expect(mustWait(['busy', 'gap'], 60_000)).toBe(true);
  });
});

it('loads an hour at a time', () => {
  expect(hourOf(3_600_000 * 2 + 5)).toEqual({ from: 7_200_000, to: 10_800_000 });
});
