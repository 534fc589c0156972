/* SPDX-License-Identifier: Apache-2.0 */
import { clampNorm, type NormPoint, normPoint, roundNorm } from '@/lib/geometry/points.ts';
import type { Measures } from './draft.ts';

/* Walls and obstacles of the floor plan: what limits the floor, and what hides it from cameras. */

export type OutlineKind = 'walls' | 'obstacles';
export type OutlineRef = { readonly kind: OutlineKind; readonly index: number };
export type Outlines = {
  readonly walls: NonNullable<Measures['walls']>;
  readonly obstacles: NonNullable<Measures['obstacles']>;
};
type Metres = { readonly width_m: number; readonly height_m: number };
/** Metres from the plan's top left corner. */
export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export const OUTLINE_LIMITS = { walls: 16, obstacles: 256 } as const;
/** Of a shelf that nobody measured. */
export const USUAL_HEIGHT_M = 1.8;
const LEAST_M = 0.05;

export function outlinesOf({ walls = [], obstacles = [] }: Measures): Outlines {
  return { walls, obstacles };
}

export function addOutline(all: Outlines, kind: OutlineKind, polygon: readonly NormPoint[]): Outlines {
  const points = polygon.map((p) => {
    const { x, y } = roundNorm(clampNorm(p));
    return [x, y];
  });
  return kind === 'walls'
    ? { ...all, walls: [...all.walls, { polygon: points }] }
    : { ...all, obstacles: [...all.obstacles, { polygon: points, height_m: USUAL_HEIGHT_M }] };
}

export function removeOutline(all: Outlines, { kind, index }: OutlineRef): Outlines {
  return { ...all, [kind]: all[kind].filter((_, i) => i !== index) };
}

export function setHeight(all: Outlines, index: number, height_m: number): Outlines {
  return { ...all, obstacles: all.obstacles.map((o, i) => (i === index ? { ...o, height_m } : o)) };
}

/** Corners of the rectangle between two opposite ones. */
export function between(a: NormPoint, b: NormPoint): NormPoint[] {
  const [x0, x1] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [y0, y1] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return [normPoint(x0, y0), normPoint(x1, y0), normPoint(x1, y1), normPoint(x0, y1)];
}

/** Large enough to be meant. */
export function isRoomy(a: NormPoint, b: NormPoint, plan: Metres): boolean {
  return Math.abs(a.x - b.x) * plan.width_m >= LEAST_M && Math.abs(a.y - b.y) * plan.height_m >= LEAST_M;
}

/** Its place and size in metres; null where it is no upright rectangle. */
export function rectangleOf(polygon: readonly (readonly number[])[], plan: Metres): Rectangle | null {
  const xs = new Set(polygon.map(([x]) => x));
  const ys = new Set(polygon.map(([, y]) => y));
  const edges = polygon.every(([x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length] ?? [];
    return x === u || y === v;
  });
  if (polygon.length !== 4 || xs.size !== 2 || ys.size !== 2 || !edges) return null;
  const [x0, x1, y0, y1] = [Math.min(...nums(xs)), Math.max(...nums(xs)), Math.min(...nums(ys)), Math.max(...nums(ys))];
  return {
    ...{ x: x0 * plan.width_m, y: y0 * plan.height_m },
    ...{ width: (x1 - x0) * plan.width_m, height: (y1 - y0) * plan.height_m },
  };
}

/** The outline as another rectangle, kept on the plan. */
export function setRectangle(all: Outlines, { kind, index }: OutlineRef, r: Rectangle, plan: Metres): Outlines {
  const at = (x: number, y: number) => clampNorm(normPoint(x / plan.width_m, y / plan.height_m));
  const [a, b] = [at(r.x, r.y), at(r.x + r.width, r.y + r.height)];
  if (!isRoomy(a, b, plan)) return all;
  const polygon = between(a, b).map((p) => {
    const { x, y } = roundNorm(p);
    return [x, y];
  });
  return { ...all, [kind]: all[kind].map((o, i) => (i === index ? { ...o, polygon } : o)) };
}

function nums(set: ReadonlySet<number | undefined>): number[] {
  return [...set].map((v) => v ?? 0);
}
