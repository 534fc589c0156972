/* SPDX-License-Identifier: Apache-2.0 */
import { distance, type Size, toPixel } from '@/lib/geometry/points.ts';
import { crossesItself, polygonArea } from '@/lib/geometry/shapes.ts';
import { type Draft, LIMITS, type LineShape, type Shape, type ZoneShape } from './draft.ts';

/* The rules a scene must keep, told while drawing. The server checks them again. */

export type Fault = { key: string | null; field: 'shape' | 'name' | 'id' | 'parent'; text: string };

/** A zone under a thousandth of the picture holds nobody's foot point for long. */
const LEAST_AREA = 0.001;
/** A line shorter than this share of the picture's width catches nobody. */
const LEAST_LINE = 0.02;
const SLUG = /^[a-z0-9-]{1,40}$/;

export function validate(draft: Draft, image: Size): Fault[] {
  const zones = draft.shapes.filter((s) => s.type === 'zone');
  const lines = draft.shapes.filter((s) => s.type === 'line');
  return [
    ...tooMany('zones', zones.length, LIMITS.zones),
    ...tooMany('lines', lines.length, LIMITS.lines),
    ...draft.shapes.flatMap((shape) => [
      ...nameFaults(shape),
      ...idFaults(shape, shape.type === 'zone' ? zones : lines),
      ...(shape.type === 'zone' ? zoneFaults(shape, zones) : lineFaults(shape, image)),
    ]),
  ];
}

export function faultsOf(faults: readonly Fault[], key: string, field?: Fault['field']): Fault[] {
  return faults.filter((f) => f.key === key && (field === undefined || f.field === field));
}

function tooMany(what: string, count: number, limit: number): Fault[] {
  if (count <= limit) return [];
  return [{ key: null, field: 'shape', text: `${count} ${what} on one camera; at most ${limit} are possible.` }];
}

function nameFaults({ key, name }: Shape): Fault[] {
  if (name.trim() === '') return [{ key, field: 'name', text: 'Give it a name.' }];
  if (new TextEncoder().encode(name).length > LIMITS.nameBytes) {
    return [{ key, field: 'name', text: `The name is longer than ${LIMITS.nameBytes} bytes.` }];
  }
  return [];
}

function idFaults({ key, id }: Shape, peers: readonly Shape[]): Fault[] {
  if (!SLUG.test(id)) {
    return [{ key, field: 'id', text: 'Use 1 to 40 small letters, digits and hyphens.' }];
  }
  const twin = peers.find((s) => s.key !== key && s.id === id);
  return twin ? [{ key, field: 'id', text: `“${twin.name}” has this id already.` }] : [];
}

function zoneFaults(zone: ZoneShape, zones: readonly ZoneShape[]): Fault[] {
  const { key, points, parent } = zone;
  const faults: Fault[] = [];
  if (points.length < 3) faults.push({ key, field: 'shape', text: 'A zone needs at least three corners.' });
  else if (crossesItself(points))
    faults.push({ key, field: 'shape', text: 'Its edges cross each other. Move a corner.' });
  else if (polygonArea(points) < LEAST_AREA) faults.push({ key, field: 'shape', text: 'It is too small to stand in.' });
  if (parent !== null && !zones.some((z) => z.id === parent)) {
    faults.push({ key, field: 'parent', text: `There is no zone “${parent}” on this camera.` });
  } else if (isRing(zone, zones)) {
    faults.push({ key, field: 'parent', text: 'A zone cannot lie within itself.' });
  }
  return faults;
}

function isRing(zone: ZoneShape, zones: readonly ZoneShape[]): boolean {
  let parent = zone.parent;
  for (let steps = 0; parent !== null && steps <= zones.length; steps++) {
    if (parent === zone.id) return true;
    parent = zones.find((z) => z.id === parent)?.parent ?? null;
  }
  return false;
}

function lineFaults({ key, points }: LineShape, image: Size): Fault[] {
  const [a, b] = points;
  if (!a || !b) return [{ key, field: 'shape', text: 'A line needs two ends.' }];
  if (distance(toPixel(a, image), toPixel(b, image)) < LEAST_LINE * image.w) {
    return [{ key, field: 'shape', text: 'It is too short to be crossed.' }];
  }
  return [];
}
