/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint as n, pixelPoint as px, roundNorm, toNorm, toPixel } from './points.ts';
import { contains, crossesItself, distanceToSegment, inwardNormal, nearestEdge, polygonArea, side } from './shapes.ts';

const square = [n(0.1, 0.1), n(0.9, 0.1), n(0.9, 0.9), n(0.1, 0.9)];

describe('side', () => {
  it('follows the formula of the scene: y down, a→b from the top to the bottom', () => {
    const a = px(384, 0);
    const b = px(384, 576);
    expect(side(a, b, px(300, 200))).toBe(1);
    expect(side(a, b, px(500, 200))).toBe(-1);
    expect(side(a, b, px(384, 50))).toBe(0);
  });

  it('the inward normal points to the plus side, whichever way the line runs', () => {
    for (const [a, b] of [
      [px(0, 0), px(10, 0)],
      [px(10, 0), px(0, 0)],
      [px(3, 9), px(-4, 2)],
      [px(0, 7), px(0, -7)],
    ] as const) {
      const normal = inwardNormal(a, b);
      const mid = px((a.x + b.x) / 2 + normal.x, (a.y + b.y) / 2 + normal.y);
      expect(side(a, b, mid)).toBe(1);
      expect(Math.hypot(normal.x, normal.y)).toBeCloseTo(1);
    }
  });
});

describe('polygons', () => {
  it('measures area as a share of the picture', () => {
    expect(polygonArea(square)).toBeCloseTo(0.64);
    expect(polygonArea([...square].reverse())).toBeCloseTo(0.64);
  });

  /* The cases of test_simple in tests/base/test_geometry.c: what the server refuses is refused here, and only that. */
  it.each<[string, boolean, [number, number][]]>([
    ['a triangle', false, [[0, 0], [1, 0], [1, 1]]],
    ['a corner that comes in', false, [[0, 0], [1, 0], [1, 1], [0.5, 0.5], [0, 1]]],
    ['a bow tie', true, [[0, 0], [1, 1], [1, 0], [0, 1]]],
    ['a corner twice', true, [[0, 0], [0, 0], [1, 0], [1, 1]]],
    ['closed by hand', true, [[0, 0], [1, 0], [1, 1], [0, 0]]],
    ['one that runs back on itself', true, [[0, 0], [1, 0], [0.5, 0], [0.5, 1]]],
    ['a corner on an edge', true, [[0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]]],
    ['a corner in a straight edge', false, [[0, 0], [0.5, 0], [1, 0], [1, 1], [0, 1]]],
    ['a corner on a slanted edge', true, [[0, 0], [0.9, 0.3], [0.9, 0.9], [0.3, 0.1], [0, 0.9]]],
    ['a corner a hair off it', false, [[0, 0], [0.9, 0.3], [0.9, 0.9], [0.3, 0.1001], [0, 0.9]]],
    ['one corner for two', true, [[0, 0], [0.5, 0.5], [1, 0], [1, 1], [0.5, 0.5], [0, 1]]],
  ])('edges that cross or touch: %s', (_, refused, corners) => {
    expect(crossesItself(corners.map(([x, y]) => n(x, y)))).toBe(refused);
  });

  it('knows what is inside', () => {
    expect(contains(square, n(0.5, 0.5))).toBe(true);
    expect(contains(square, n(0.95, 0.5))).toBe(false);
  });

  it('names the edge that a new corner belongs to', () => {
    const size = { w: 100, h: 100 };
    expect(nearestEdge(square, px(50, 12), size).edge).toBe(0);
    expect(nearestEdge(square, px(88, 50), size).edge).toBe(1);
    expect(nearestEdge(square, px(11, 60), size).edge).toBe(3);
  });
});

describe('points', () => {
  it('goes to pixels and back', () => {
    const size = { w: 768, h: 576 };
    const back = toNorm(toPixel(n(0.25, 0.75), size), size);
    expect(back.x).toBeCloseTo(0.25);
    expect(back.y).toBeCloseTo(0.75);
  });

  it('rounds away the noise', () => {
    expect(roundNorm(n(0.123456, 0.98765432))).toEqual({ x: 0.1235, y: 0.9877 });
  });

  it('measures distance to the ends of a segment too', () => {
    expect(distanceToSegment(px(-3, 4), px(0, 0), px(10, 0))).toBeCloseTo(5);
    expect(distanceToSegment(px(5, 4), px(0, 0), px(10, 0))).toBeCloseTo(4);
  });
});
