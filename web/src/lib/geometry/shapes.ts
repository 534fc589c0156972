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

/** True where two edges that are not neighbours touch or cross. */
export function crossesItself(points: readonly NormPoint[]): boolean {
  const n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === n - 1);
      if (neighbours) continue;
      if (segmentsTouch(points[i]!, points[(i + 1) % n]!, points[j]!, points[(j + 1) % n]!)) return true;
    }
  }
  return false;
}

export function segmentsTouch(a: NormPoint, b: NormPoint, c: NormPoint, d: NormPoint): boolean {
  const o1 = turn(a, b, c);
  const o2 = turn(a, b, d);
  const o3 = turn(c, d, a);
  const o4 = turn(c, d, b);
  if (o1 !== o2 && o3 !== o4) return true;
  return (
    (o1 === 0 && within(a, b, c)) ||
    (o2 === 0 && within(a, b, d)) ||
    (o3 === 0 && within(c, d, a)) ||
    (o4 === 0 && within(c, d, b))
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

function turn(a: NormPoint, b: NormPoint, c: NormPoint): -1 | 0 | 1 {
  const v = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  return Math.abs(v) < 1e-12 ? 0 : v > 0 ? 1 : -1;
}

function within(a: NormPoint, b: NormPoint, p: NormPoint): boolean {
  return (
    p.x >= Math.min(a.x, b.x) && p.x <= Math.max(a.x, b.x) && p.y >= Math.min(a.y, b.y) && p.y <= Math.max(a.y, b.y)
  );
}
