/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { captureTime } from './whep.ts';

const rtpOf = (ms: number) => Math.floor(ms * 90) % 2 ** 32;

describe('captureTime', () => {
  const now = Date.parse('2026-03-01T12:00:00.000Z');
  it('finds the moment of capture, whatever the turn of the counter', () => {
    for (let hours = 0; hours < 30; hours++) {
      const taken = now + hours * 3_600_000 + 123;
      expect(captureTime(rtpOf(taken), taken + 40)).toBeCloseTo(taken, 1);
      expect(captureTime(rtpOf(taken), taken - 40)).toBeCloseTo(taken, 1);
    }
  });
  it('does not mind a clock that is hours wrong', () => {
    expect(captureTime(rtpOf(now), now + 6 * 3_600_000)).toBeCloseTo(now, 1);
    expect(captureTime(rtpOf(now), now - 6 * 3_600_000)).toBeCloseTo(now, 1);
  });
});
