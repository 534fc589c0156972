/* SPDX-License-Identifier: Apache-2.0 */
import { clampNorm, type NormPoint, normPoint, roundNorm } from '@/lib/geometry/points.ts';
import { type Draft, freeId, freeName, LIMITS, type LineKind, type Shape, type ZoneKind } from './draft.ts';

/* Pure changes of a draft. Each gives the same draft back when there is nothing to change. */

function replace(draft: Draft, key: string, change: (shape: Shape) => Shape): Draft {
  return { ...draft, shapes: draft.shapes.map((s) => (s.key === key ? change(s) : s)) };
}

const tidy = (p: NormPoint) => roundNorm(clampNorm(p));

export function addShape(draft: Draft, key: string, type: Shape['type'], points: readonly NormPoint[]): Draft {
  const name = freeName(draft, type);
  const common = { key, name, id: freeId(draft, type, name), saved: false, points: points.map(tidy) };
  const shape: Shape =
    type === 'zone' ? { ...common, type, kind: 'general', parent: null } : { ...common, type, kind: 'entrance' };
  return { ...draft, shapes: [...draft.shapes, shape] };
}

export function deleteShape(draft: Draft, key: string): Draft {
  const gone = draft.shapes.find((s) => s.key === key);
  if (!gone) return draft;
  const shapes = draft.shapes
    .filter((s) => s.key !== key)
    .map((s) =>
      s.type === 'zone' && gone.type === 'zone' && s.parent === gone.id ? { ...s, parent: gone.parent } : s,
    );
  return { ...draft, shapes };
}

export function moveCorner(draft: Draft, key: string, corner: number, to: NormPoint): Draft {
  return replace(draft, key, (s) => ({ ...s, points: s.points.map((p, i) => (i === corner ? tidy(to) : p)) }));
}

/** Moves the whole shape, as far as all its corners stay on the picture. */
export function moveShape(draft: Draft, key: string, dx: number, dy: number): Draft {
  return replace(draft, key, (s) => {
    const x = within(
      dx,
      s.points.map((p) => p.x),
    );
    const y = within(
      dy,
      s.points.map((p) => p.y),
    );
    return { ...s, points: s.points.map((p) => roundNorm(normPoint(p.x + x, p.y + y))) };
  });
}

export function insertCorner(draft: Draft, key: string, edge: number, at: NormPoint): Draft {
  return replace(draft, key, (s) => {
    if (s.type !== 'zone' || s.points.length >= LIMITS.corners) return s;
    return { ...s, points: [...s.points.slice(0, edge + 1), tidy(at), ...s.points.slice(edge + 1)] };
  });
}

/** A zone keeps at least three corners, a line its two ends. */
export function deleteCorner(draft: Draft, key: string, corner: number): Draft {
  return replace(draft, key, (s) =>
    s.type === 'zone' && s.points.length > 3 ? { ...s, points: s.points.filter((_, i) => i !== corner) } : s,
  );
}

/** Swaps in and out. */
export function flipLine(draft: Draft, key: string): Draft {
  return replace(draft, key, (s) => (s.type === 'line' ? { ...s, points: [...s.points].reverse() } : s));
}

/** While a shape was never saved its id follows the name. */
export function renameShape(draft: Draft, key: string, name: string): Draft {
  return replace(draft, key, (s) => (s.saved ? { ...s, name } : { ...s, name, id: freeId(draft, s.type, name, key) }));
}

export function setKind(draft: Draft, key: string, kind: string): Draft {
  return replace(draft, key, (s) =>
    s.type === 'zone' ? { ...s, kind: kind as ZoneKind } : { ...s, kind: kind as LineKind },
  );
}

export function setParent(draft: Draft, key: string, parent: string | null): Draft {
  return replace(draft, key, (s) => (s.type === 'zone' ? { ...s, parent } : s));
}

export function setId(draft: Draft, key: string, id: string): Draft {
  return replace(draft, key, (s) => (s.saved ? s : { ...s, id }));
}

function within(delta: number, values: readonly number[]): number {
  return Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), delta));
}
