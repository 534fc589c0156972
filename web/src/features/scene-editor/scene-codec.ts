/* SPDX-License-Identifier: Apache-2.0 */
import type { Scene } from '@/lib/api/cameras.ts';
import type { Schemas } from '@/lib/api/client.ts';
import { type NormPoint, normPoint } from '@/lib/geometry/points.ts';
import {
  areaKey,
  areaOf,
  type AreaShape,
  type Draft,
  groupsOf,
  type LaneDraft,
  type LanePart,
  type LineShape,
  type MaskShape,
  masksOf,
  type Measures,
  type Shape,
  type ZoneShape,
} from './draft.ts';

/* The scene of the API to what is drawn, and back. */

type Pair = [number, number];
type Lane = Schemas['Lane'];

export function draftOf(scene: Scene): Draft {
  const zones = scene.zones.map(({ id, name, kind, parent, capacity, polygon }): ZoneShape => ({
    ...{ key: `zone:${id}`, id, name, kind, saved: true },
    type: 'zone',
    parent: parent ?? null,
    capacity: capacity === undefined ? '' : String(capacity),
    points: polygon.map(point),
  }));
  const lines = scene.lines.map(({ id, name, kind, a, b }): LineShape => ({
    ...{ key: `line:${id}`, id, name, kind, saved: true },
    type: 'line',
    points: [point(a), point(b)],
  }));
  const lanes = (scene.lanes ?? []).map((lane): LaneDraft => ({
    ...{ key: `lane:${lane.id}`, id: lane.id, name: lane.name, saved: true },
    group: lane.group ?? null,
    selfCheckout: lane.self_checkout ?? false,
  }));
  const masks = (scene.masks ?? []).map(({ polygon }, i): MaskShape => ({
    ...{ type: 'mask', key: `mask:${i}`, name: `Mask ${i + 1}` },
    points: polygon.map(point),
  }));
  const shapes = [...zones, ...lines, ...(scene.lanes ?? []).flatMap(areasOf), ...masks];
  const draft = { shapes, lanes, savedGroups: [], fullView: scene.full_view, measures: measuresOf(scene) };
  return { ...draft, savedGroups: groupsOf(draft) };
}

function measuresOf({ calibration, plan, walls, obstacles }: Scene): Measures {
  return {
    ...(calibration && { calibration }),
    ...(plan && { plan }),
    ...(walls && { walls }),
    ...(obstacles && { obstacles }),
  };
}

function areasOf({ id, queue, service, staff, exit }: Lane): AreaShape[] {
  const lane = `lane:${id}`;
  const parts: [LanePart, readonly (readonly number[])[] | undefined][] = [
    ['queue', queue?.polygon],
    ['service', service.polygon],
    ['exit', exit?.polygon],
    ['staff', staff?.polygon],
    ['path', queue?.path],
  ];
  return parts.flatMap(([part, points]) =>
    points ? [{ type: 'area', key: areaKey(lane, part), lane, part, points: points.map(point) }] : [],
  );
}

export type Drawing = Schemas['SceneDrawing'];

/** `image`: size of the picture it was drawn on. */
export function drawingOf(draft: Draft, image: Scene['image']): Drawing {
  return {
    ...{ image, full_view: draft.fullView },
    zones: draft.shapes.filter(isZone).map(({ id, name, kind, parent, capacity, points }) => ({
      ...{ id, name: name.trim(), kind },
      ...(parent === null ? {} : { parent }),
      ...(capacity.trim() === '' ? {} : { capacity: Number(capacity) }),
      polygon: points.map(pair),
    })),
    lines: draft.shapes.filter(isLine).map(({ id, name, kind, points: [a, b] }) => ({
      ...{ id, name: name.trim(), kind },
      a: pair(a!),
      b: pair(b!),
    })),
    ...(draft.lanes.length === 0 ? {} : { lanes: draft.lanes.map((lane) => laneOut(draft, lane)) }),
    ...(draft.measures.plan ? {} : { masks: masksOf(draft).map(({ points }) => ({ polygon: points.map(pair) })) }),
    ...draft.measures,
  };
}

function laneOut(draft: Draft, { key, id, name, group, selfCheckout }: LaneDraft): Lane {
  const points = (part: LanePart) => areaOf(draft, key, part)?.points.map(pair);
  const area = (part: LanePart) => {
    const polygon = points(part);
    return polygon ? { [part]: { polygon } } : {};
  };
  const [queue, path] = [points('queue'), points('path')];
  return {
    ...{ id, name: name.trim(), self_checkout: selfCheckout },
    ...(group === null ? {} : { group }),
    ...(queue ? { queue: { polygon: queue, ...(path ? { path } : {}) } } : {}),
    service: { polygon: points('service') ?? [] },
    ...area('staff'),
    ...area('exit'),
  };
}

function isZone(shape: Shape): shape is ZoneShape {
  return shape.type === 'zone';
}

function isLine(shape: Shape): shape is LineShape {
  return shape.type === 'line';
}

function point(p: readonly number[]): NormPoint {
  return normPoint(p[0] ?? 0, p[1] ?? 0);
}

function pair(p: NormPoint): Pair {
  return [p.x, p.y];
}
