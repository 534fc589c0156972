/* SPDX-License-Identifier: Apache-2.0 */
import { distance, type Size, toPixel } from '@/lib/geometry/points.ts';
import { missingPairs } from './calibration.ts';
import { type Draft, LIMITS, type LineShape, type MaskShape, masksOf, type NamedShape, type ZoneShape } from './draft.ts';
import { laneFaults } from './lane-validation.ts';
import { nameFault, polygonFault, slugFault } from './rules.ts';

/* The rules a scene must keep, told while drawing. The server checks them again. */

export type Fault = { key: string | null; field: 'shape' | 'name' | 'id' | 'parent' | 'capacity' | 'group'; text: string };

/** A line shorter than this share of the picture's width catches nobody. */
const LEAST_LINE = 0.02;

export function validate(draft: Draft, image: Size): Fault[] {
  const zones = draft.shapes.filter((s) => s.type === 'zone');
  const lines = draft.shapes.filter((s) => s.type === 'line');
  return [
    ...tooMany('zones', zones.length, LIMITS.zones),
    ...tooMany('lines', lines.length, LIMITS.lines),
    ...tooMany('lanes', draft.lanes.length, LIMITS.lanes),
    ...zones.flatMap((zone) => [...namedFaults(zone, zones), ...zoneFaults(zone, zones)]),
    ...lines.flatMap((line) => [...namedFaults(line, lines), ...lineFaults(line, image)]),
    ...draft.lanes.flatMap((lane) => laneFaults(lane, draft)),
    ...tooMany('masks', masksOf(draft).length, LIMITS.masks),
    ...masksOf(draft).flatMap(maskFaults),
    ...calibrationFaults(draft),
  ];
}

export function faultsOf(faults: readonly Fault[], key: string, field?: Fault['field']): Fault[] {
  return faults.filter((f) => f.key === key && (field === undefined || f.field === field));
}

function calibrationFaults({ measures: { calibration } }: Draft): Fault[] {
  const missing = calibration ? missingPairs(calibration) : null;
  return missing === null ? [] : [{ key: null, field: 'shape', text: `Calibration: ${missing}` }];
}

function tooMany(what: string, count: number, limit: number): Fault[] {
  if (count <= limit) return [];
  return [{ key: null, field: 'shape', text: `${count} ${what} on one camera; at most ${limit} are possible.` }];
}

function maskFaults({ key, points }: MaskShape): Fault[] {
  const text = polygonFault(points);
  return text === null ? [] : [{ key, field: 'shape', text }];
}

function namedFaults({ key, id, name }: NamedShape, peers: readonly NamedShape[]): Fault[] {
  const twin = peers.find((s) => s.key !== key && s.id === id);
  const found: [Fault['field'], string | null][] = [
    ['name', nameFault(name)],
    ['id', slugFault(id) ?? (twin ? `“${twin.name}” has this id already.` : null)],
  ];
  return found.flatMap(([field, text]) => (text === null ? [] : [{ key, field, text }]));
}

function zoneFaults(zone: ZoneShape, zones: readonly ZoneShape[]): Fault[] {
  const { key, points, parent } = zone;
  const faults: Fault[] = [];
  const shape = polygonFault(points);
  if (shape !== null) faults.push({ key, field: 'shape', text: shape });
  if (parent !== null && !zones.some((z) => z.id === parent)) {
    faults.push({ key, field: 'parent', text: `There is no zone “${parent}” on this camera.` });
  } else if (isRing(zone, zones)) {
    faults.push({ key, field: 'parent', text: 'A zone cannot lie within itself.' });
  }
  const capacity = capacityFault(zone);
  if (capacity !== null) faults.push({ key, field: 'capacity', text: capacity });
  return faults;
}

function capacityFault({ capacity, kind }: ZoneShape): string | null {
  const text = capacity.trim();
  if (text === '') return null;
  if (kind === 'fitting') return 'Nobody is seen behind the curtains of a fitting zone: leave it empty.';
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > LIMITS.capacity)
    return `A whole number of people, 1 to ${LIMITS.capacity}; or leave it empty.`;
  return null;
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
