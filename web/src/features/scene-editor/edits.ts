/* SPDX-License-Identifier: Apache-2.0 */
import { clampNorm, type NormPoint, normPoint, roundNorm } from '@/lib/geometry/points.ts';
import {
  areaKey,
  type Draft,
  freeId,
  freeName,
  groupsOf,
  isNamed,
  type LaneDraft,
  type LanePart,
  limitsOf,
  type LineKind,
  masksOf,
  type Measures,
  type NamedShape,
  type Shape,
  type ZoneKind,
} from './draft.ts';
import { slugOf } from '@/lib/slug.ts';

/* Pure changes of a draft. Each gives the same draft back when there is nothing to change. */

function replace(draft: Draft, key: string, change: (shape: Shape) => Shape): Draft {
  return { ...draft, shapes: draft.shapes.map((s) => (s.key === key ? change(s) : s)) };
}

function replaceLane(draft: Draft, key: string, change: (lane: LaneDraft) => LaneDraft): Draft {
  return { ...draft, lanes: draft.lanes.map((l) => (l.key === key ? change(l) : l)) };
}

const tidy = (p: NormPoint) => roundNorm(clampNorm(p));

export function addShape(draft: Draft, key: string, type: NamedShape['type'], points: readonly NormPoint[]): Draft {
  const name = freeName(draft, type);
  const common = { key, name, id: freeId(draft, type, name), saved: false, points: points.map(tidy) };
  const shape: Shape =
    type === 'zone' ? { ...common, type, kind: 'general', parent: null, capacity: '' } : { ...common, type, kind: 'entrance' };
  return { ...draft, shapes: [...draft.shapes, shape] };
}

export function addMask(draft: Draft, key: string, points: readonly NormPoint[]): Draft {
  const taken = new Set(masksOf(draft).map((mask) => mask.name));
  let n = 1;
  while (taken.has(`Mask ${n}`)) n++;
  return { ...draft, shapes: [...draft.shapes, { type: 'mask', key, name: `Mask ${n}`, points: points.map(tidy) }] };
}

export function addLane(draft: Draft, key: string): Draft {
  const name = freeName(draft, 'lane');
  const lane: LaneDraft = {
    key,
    name,
    id: freeId(draft, 'lane', name),
    saved: false,
    group: null,
    selfCheckout: false,
  };
  return { ...draft, lanes: [...draft.lanes, lane] };
}

/** Draws a part of a lane, in place of what was there. */
export function putArea(draft: Draft, lane: string, part: LanePart, points: readonly NormPoint[]): Draft {
  const key = areaKey(lane, part);
  const shape: Shape = { type: 'area', key, lane, part, points: points.map(tidy) };
  return { ...draft, shapes: [...draft.shapes.filter((s) => s.key !== key), shape] };
}

/** Of a lane, all of it; of its queue, the path too. */
export function deleteShape(draft: Draft, key: string): Draft {
  if (draft.lanes.some((lane) => lane.key === key)) {
    const shapes = draft.shapes.filter((s) => s.type !== 'area' || s.lane !== key);
    return { ...draft, shapes, lanes: draft.lanes.filter((lane) => lane.key !== key) };
  }
  const gone = draft.shapes.find((s) => s.key === key);
  if (!gone) return draft;
  const path = gone.type === 'area' && gone.part === 'queue' ? areaKey(gone.lane, 'path') : key;
  const shapes = draft.shapes
    .filter((s) => s.key !== key && s.key !== path)
    .map((s) =>
      s.type === 'zone' && gone.type === 'zone' && s.parent === gone.id ? { ...s, parent: gone.parent } : s,
    );
  return { ...draft, shapes };
}

export function moveCorner(draft: Draft, key: string, corner: number, to: NormPoint): Draft {
  return replace(draft, key, (s) => ({ ...s, points: s.points.map((p, i) => (i === corner ? tidy(to) : p)) }));
}

/** Moves the whole shape, or all areas of a lane, as far as all corners stay on the picture. */
export function moveShape(draft: Draft, key: string, dx: number, dy: number): Draft {
  const isMoved = (s: Shape) => s.key === key || (s.type === 'area' && s.lane === key);
  const points = draft.shapes.filter(isMoved).flatMap((s) => s.points);
  if (points.length === 0) return draft;
  const x = within(
    dx,
    points.map((p) => p.x),
  );
  const y = within(
    dy,
    points.map((p) => p.y),
  );
  const moved = (p: NormPoint) => roundNorm(normPoint(p.x + x, p.y + y));
  return { ...draft, shapes: draft.shapes.map((s) => (isMoved(s) ? { ...s, points: s.points.map(moved) } : s)) };
}

export function insertCorner(draft: Draft, key: string, edge: number, at: NormPoint): Draft {
  return replace(draft, key, (s) =>
    s.points.length >= limitsOf(s)[1]
      ? s
      : { ...s, points: [...s.points.slice(0, edge + 1), tidy(at), ...s.points.slice(edge + 1)] },
  );
}

/** An area keeps at least three corners, a line or path its two ends. */
export function deleteCorner(draft: Draft, key: string, corner: number): Draft {
  return replace(draft, key, (s) =>
    s.points.length > limitsOf(s)[0] ? { ...s, points: s.points.filter((_, i) => i !== corner) } : s,
  );
}

/** Swaps in and out of a line; of a path, the head and the tail. */
export function flipLine(draft: Draft, key: string): Draft {
  return replace(draft, key, (s) =>
    s.type === 'line' || (s.type === 'area' && s.part === 'path') ? { ...s, points: [...s.points].reverse() } : s,
  );
}

/** While a shape or lane was never saved its id follows the name. */
export function renameShape(draft: Draft, key: string, name: string): Draft {
  const named = replace(draft, key, (s) => {
    if (!isNamed(s)) return s;
    return s.saved ? { ...s, name } : { ...s, name, id: freeId(draft, s.type, name, key) };
  });
  return replaceLane(named, key, (l) =>
    l.saved ? { ...l, name } : { ...l, name, id: freeId(draft, 'lane', name, key) },
  );
}

export function setKind(draft: Draft, key: string, kind: string): Draft {
  return replace(draft, key, (s) => {
    if (!isNamed(s)) return s;
    return s.type === 'zone' ? { ...s, kind: kind as ZoneKind } : { ...s, kind: kind as LineKind };
  });
}

export function setParent(draft: Draft, key: string, parent: string | null): Draft {
  return replace(draft, key, (s) => (s.type === 'zone' ? { ...s, parent } : s));
}

export function setCapacity(draft: Draft, key: string, capacity: string): Draft {
  return replace(draft, key, (s) => (s.type === 'zone' ? { ...s, capacity } : s));
}

export function setId(draft: Draft, key: string, id: string): Draft {
  const changed = replace(draft, key, (s) => (!isNamed(s) || s.saved ? s : { ...s, id }));
  return replaceLane(changed, key, (l) => (l.saved ? l : { ...l, id }));
}

/** Whose line the lane serves; null = its own. */
export function setGroup(draft: Draft, key: string, group: string | null): Draft {
  return replaceLane(draft, key, (l) => ({ ...l, group }));
}

export function newGroup(draft: Draft, key: string): Draft {
  return setGroup(draft, key, freeId(draft, 'group', 'Line 1'));
}

/** Renames a line that lanes share, on all of them. Saved ones stay, and so do those whose new name
 * says nothing or is taken. */
export function renameGroup(draft: Draft, group: string, name: string): Draft {
  const id = slugOf(name);
  const taken = groupsOf(draft).includes(id);
  if (id === '' || taken || draft.savedGroups.includes(group)) return draft;
  return { ...draft, lanes: draft.lanes.map((l) => (l.group === group ? { ...l, group: id } : l)) };
}

export function setSelfCheckout(draft: Draft, key: string, selfCheckout: boolean): Draft {
  return replaceLane(draft, key, (l) => ({ ...l, selfCheckout }));
}

function within(delta: number, values: readonly number[]): number {
  return Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), delta));
}

export function setCalibration(draft: Draft, calibration: Measures['calibration']): Draft {
  const { calibration: _, ...rest } = draft.measures;
  return { ...draft, measures: calibration ? { ...rest, calibration } : rest };
}
