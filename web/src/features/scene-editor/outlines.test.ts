/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint } from '@/lib/geometry/points.ts';
import {
  addOutline,
  between,
  isRoomy,
  outlinesOf,
  rectangleOf,
  removeOutline,
  setHeight,
  setRectangle,
} from './outlines.ts';

const plan = { width_m: 20, height_m: 10 };
const none = outlinesOf({});

describe('walls and obstacles', () => {
  it('are drawn from corner to corner, in any direction', () => {
    const all = addOutline(none, 'obstacles', between(normPoint(0.5, 0.4), normPoint(0.25, 1.2)));
    expect(all.obstacles[0]).toEqual({
      height_m: 1.8,
      polygon: [
        [0.25, 0.4],
        [0.5, 0.4],
        [0.5, 1],
        [0.25, 1],
      ],
    });
    expect(rectangleOf(all.obstacles[0]!.polygon, plan)).toEqual({ x: 5, y: 4, width: 5, height: 6 });
    expect(isRoomy(normPoint(0.5, 0.5), normPoint(0.5, 0.9), plan)).toBe(false);
  });

  it('move and grow in metres, and stay on the plan', () => {
    const one = addOutline(none, 'walls', between(normPoint(0, 0), normPoint(1, 1)));
    const ref = { kind: 'walls', index: 0 } as const;
    const moved = setRectangle(one, ref, { x: 15, y: 2, width: 9, height: 3 }, plan);
    expect(rectangleOf(moved.walls[0]!.polygon, plan)).toEqual({ x: 15, y: 2, width: 5, height: 3 });
    expect(setRectangle(one, ref, { x: 1, y: 1, width: 0, height: 3 }, plan)).toBe(one);
    expect(removeOutline(moved, ref).walls).toEqual([]);
  });

  it('have heights, each its own', () => {
    const square = between(normPoint(0, 0), normPoint(0.1, 0.1));
    const two = addOutline(addOutline(none, 'obstacles', square), 'obstacles', square);
    expect(setHeight(two, 1, 0.9).obstacles.map((o) => o.height_m)).toEqual([1.8, 0.9]);
  });

  it('what is no upright rectangle has no width and height', () => {
    const corners = (...polygon: [number, number][]) => rectangleOf(polygon, plan);
    expect(corners([0, 0], [1, 0], [1, 1])).toBeNull();
    expect(corners([0, 0], [0.5, 0.1], [0.4, 0.6], [0, 0.5])).toBeNull();
    expect(corners([0, 0], [1, 1], [1, 0], [0, 1])).toBeNull();
  });
});
