/* SPDX-License-Identifier: Apache-2.0 */
import { type NormPoint, normPoint, type PixelPoint, pixelPoint, type Size, toPixel } from './points.ts';

/* What the editor and the overlays need to know about polygons and directed lines. */

/** Sign of the side of a→b that p lies on: +1, 0 or -1. Going `in` is going from -1 to +1. */
export function side(a: PixelPoint, b: PixelPoint, p: PixelPoint): -1 | 0 | 1 {
  const cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  return cross > 0 ? 1 : cross < 0 ? -1 : 0;
}

/** Unit vector across a→b that points to the side people are on once they went `in` (+). */
export function inwardNormal(a: PixelPoint, b: PixelPoint): PixelPoint {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return pixelPoint(0, 0);
  return pixelPoint(-(b.y - a.y) / length, (b.x - a.x) / length);
}

/** Shoelace area as a share of the picture, never negative. */
export function polygonArea(points: readonly NormPoint[]): number {
  let twice = 0;
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length] ?? p;
    twice += p.x * q.y - q.x * p.y;
  });
  return Math.abs(twice) / 2;
}

export function centroid(points: readonly NormPoint[]): NormPoint {
  if (points.length === 0) return normPoint(0.5, 0.5);
  const sum = points.reduce((s, p) => ({ x: s.x + p.x, y: s.y + p.y }), { x: 0, y: 0 });
  return normPoint(sum.x / points.length, sum.y / points.length);
}

/** True where two edges that are not neighbours touch or cross, or a corner follows itself: what the
 * server refuses (iv_polygon_is_simple). It keeps corners in single precision, so they are looked at in
 * it, and both say the same of a corner that lies on an edge or nearly so. */
export function crossesItself(corners: readonly NormPoint[]): boolean {
  const points = corners.map(({ x, y }) => normPoint(Math.fround(x), Math.fround(y)));
  const n = points.length;
  const end = (i: number) => points[(i + 1) % n]!;
  return points.some(
    (a, i) =>
      (a.x === end(i).x && a.y === end(i).y) ||
      points.some((c, k) => k >= i + 2 && (k + 1) % n !== i && segmentsTouch(a, end(i), c, end(k))),
  );
}

/** True when the closed segments a-b and c-d share a point. */
function segmentsTouch(a: NormPoint, b: NormPoint, c: NormPoint, d: NormPoint): boolean {
  const [sideC, sideD, sideA, sideB] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (sideC * sideD < 0 && sideA * sideB < 0) return true;
  return (
    (sideC === 0 && within(a, b, c)) ||
    (sideD === 0 && within(a, b, d)) ||
    (sideA === 0 && within(c, d, a)) ||
    (sideB === 0 && within(c, d, b))
  );
}

export function contains(points: readonly NormPoint[], p: NormPoint): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i]!;
    const b = points[j]!;
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** Distance in pixels from p to the segment a-b. */
export function distanceToSegment(p: PixelPoint, a: PixelPoint, b: PixelPoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** Index of the edge nearest to p, where a new corner would go. */
export function nearestEdge(
  points: readonly NormPoint[],
  p: PixelPoint,
  size: Size,
): { edge: number; distance: number } {
  let best = { edge: 0, distance: Infinity };
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length] ?? a;
    const d = distanceToSegment(p, toPixel(a, size), toPixel(b, size));
    if (d < best.distance) best = { edge: i, distance: d };
  });
  return best;
}

function turn(a: NormPoint, b: NormPoint, c: NormPoint): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

function within(a: NormPoint, b: NormPoint, p: NormPoint): boolean {
  return (
    p.x >= Math.min(a.x, b.x) && p.x <= Math.max(a.x, b.x) && p.y >= Math.min(a.y, b.y) && p.y <= Math.max(a.y, b.y)
  );
}
