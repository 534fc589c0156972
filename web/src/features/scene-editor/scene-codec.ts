/* SPDX-License-Identifier: Apache-2.0 */
import type { Scene } from '@/lib/api/cameras.ts';
import type { Schemas } from '@/lib/api/client.ts';
import { type NormPoint, normPoint } from '@/lib/geometry/points.ts';
import type { Draft, LineShape, Shape, ZoneShape } from './draft.ts';

/* The scene of the API to what is drawn, and back. */

type Pair = [number, number];

export function draftOf(scene: Scene): Draft {
  const zones = scene.zones.map(({ id, name, kind, parent, polygon }): ZoneShape => ({
    ...{ key: `zone:${id}`, id, name, kind, saved: true },
    type: 'zone',
    parent: parent ?? null,
    points: polygon.map(point),
  }));
  const lines = scene.lines.map(({ id, name, kind, a, b }): LineShape => ({
    ...{ key: `line:${id}`, id, name, kind, saved: true },
    type: 'line',
    points: [point(a), point(b)],
  }));
  const lanes = scene.lanes === undefined ? {} : { lanes: scene.lanes };
  return { shapes: [...zones, ...lines], fullView: scene.full_view, ...lanes };
}

export type Drawing = Schemas['SceneDrawing'];

/** `image`: size of the picture it was drawn on. */
export function drawingOf(draft: Draft, image: Scene['image']): Drawing {
  return {
    ...{ image, full_view: draft.fullView },
    zones: draft.shapes.filter(isZone).map(({ id, name, kind, parent, points }) => ({
      ...{ id, name: name.trim(), kind },
      ...(parent === null ? {} : { parent }),
      polygon: points.map(pair),
    })),
    lines: draft.shapes.filter(isLine).map(({ id, name, kind, points: [a, b] }) => ({
      ...{ id, name: name.trim(), kind },
      a: pair(a!),
      b: pair(b!),
    })),
    ...(draft.lanes === undefined ? {} : { lanes: draft.lanes }),
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
