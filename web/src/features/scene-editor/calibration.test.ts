/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint } from '@/lib/geometry/points.ts';
import {
  gradeOf,
  lengthText,
  missingPairs,
  movePair,
  place,
  toMetres,
  withHeight,
  withoutPair,
  withPair,
} from './calibration.ts';

const plan = { width_m: 20, height_m: 10 };
const pair = { image: [0.5, 0.5], plan: [10, 5] };

describe('pairs of points', () => {
  it('takes the point of one side, then that of the other, in any order', () => {
    const first = place(null, { side: 'plan', at: normPoint(0.25, 0.5) }, plan);
    expect(first).toEqual({ half: { side: 'plan', at: { x: 0.25, y: 0.5 } }, pair: null });
    const again = place(first.half, { side: 'plan', at: normPoint(0.1, 0.5) }, plan);
    expect(again.half?.at.x).toBe(0.1);
    const done = place(again.half, { side: 'image', at: normPoint(0.33333, 0.9) }, plan);
    expect(done).toEqual({ half: null, pair: { image: [0.3333, 0.9], plan: [2, 5] } });
    const other = place({ side: 'image', at: normPoint(0.5, 0.5) }, { side: 'plan', at: normPoint(0.5, 0.5) }, plan);
    expect(other.pair).toEqual(pair);
  });

  it('keeps points on the plan, to the centimetre', () => {
    expect(toMetres(normPoint(1.2, -0.1), plan)).toEqual([20, 0]);
    expect(toMetres(normPoint(0.33333, 0.33333), plan)).toEqual([6.67, 3.33]);
  });

  it('moves, removes, and ends without any', () => {
    const two = withPair(withPair(undefined, pair), { image: [0.1, 0.1], plan: [1, 1] });
    expect(movePair(two, 1, { side: 'plan', at: normPoint(0.5, 0.1) }, plan).pairs[1]).toEqual({
      image: [0.1, 0.1],
      plan: [10, 1],
    });
    expect(movePair(two, 0, { side: 'image', at: normPoint(2, 0.1) }, plan).pairs[0]?.image).toEqual([1, 0.1]);
    expect(withoutPair(two, 0)?.pairs).toHaveLength(1);
    expect(withoutPair({ pairs: [pair] }, 0)).toBeUndefined();
    expect(withHeight(withHeight(two, 3), null)).toEqual(two);
  });

  it('says what is missing', () => {
    expect(missingPairs(undefined)).toMatch(/^4 pairs of points are needed\. A pair is a point in the picture and the same spot/);
    expect(missingPairs({ pairs: [pair, pair, pair] })).toMatch(/^3 of 4 pairs of points; 1 more is needed\./);
    expect(missingPairs({ pairs: [pair, pair, pair, pair] })).toBeNull();
  });

  it('grades the error', () => {
    const of = (rms_m: number | null) => gradeOf({ rms_m, worst_m: rms_m, suspect: null });
    expect([of(null), of(0.05), of(0.2), of(0.31)]).toEqual(['untold', 'good', 'fair', 'poor']);
    expect([lengthText(0.124), lengthText(1.44)]).toEqual(['12 cm', '1.4 m']);
  });
});
