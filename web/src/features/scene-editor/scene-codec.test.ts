/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import type { Scene } from '@/lib/api/cameras.ts';
import { checkoutScene } from '../../../e2e/mock/mock-queues.ts';
import { ApiProblem } from '@/lib/api/problem.ts';
import { draftOf, drawingOf } from './scene-codec.ts';
import { serverFaults } from './server-faults.ts';

const scene: Scene = {
  ...{ version: 3, hash: 'x', image: { w: 768, h: 576 }, full_view: true },
  zones: [
    {
      id: 'floor',
      name: 'Floor',
      kind: 'general',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    },
    {
      id: 'shelf',
      name: 'Shelf',
      kind: 'product',
      parent: 'floor',
      capacity: 12,
      polygon: [
        [0.1, 0.2],
        [0.5, 0.2],
        [0.5, 0.7],
      ],
    },
  ],
  lines: [{ id: 'door', name: 'Door', kind: 'entrance', a: [0.5, 0], b: [0.5, 1] }],
  lanes: checkoutScene(),
};

describe('scene and draft', () => {
  it('goes there and back unchanged', () => {
    const { image, full_view, zones, lines, lanes } = scene;
    expect(drawingOf(draftOf(scene), scene.image)).toEqual({ image, full_view, zones, lines, lanes, masks: [] });
  });

  it('keeps a calibration, and what a floor plan has', () => {
    const { version: _v, hash: _h, ...drawn } = scene;
    const pairs = [1, 2, 3, 4].map((n) => ({ image: [n / 10, 0.5], plan: [n, 2.125] }));
    const camera = { ...drawn, masks: [], calibration: { height_m: 3, pairs } };
    expect(drawingOf(draftOf({ ...camera, version: 1, hash: '' }), scene.image)).toEqual(camera);
    const outline = {
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    };
    const plan = {
      ...drawn,
      plan: { width_m: 12, height_m: 8 },
      walls: [outline],
      obstacles: [{ ...outline, height_m: 1.8 }],
    };
    expect(drawingOf(draftOf({ ...plan, version: 1, hash: '' }), scene.image)).toEqual(plan);
  });

  it('says nothing of lanes where there are none, as a server from before lanes does', () => {
    const { lanes: _, ...before } = scene;
    expect(drawingOf(draftOf(before), before.image)).not.toHaveProperty('lanes');
  });

  it('what came from the server is saved, and keeps its id', () => {
    const { shapes, lanes } = draftOf(scene);
    expect([...shapes, ...lanes].every((s) => s.key !== '' && ('saved' in s ? s.saved : s.type === 'area'))).toBe(true);
  });
});

describe('serverFaults', () => {
  const draft = draftOf(scene);
  it('puts each fault to the shape and field it points at', () => {
    const problem = new ApiProblem(422, 'Not acceptable', undefined, [
      { pointer: '/zones/1/polygon/0', detail: 'outside' },
      { pointer: '/lines/0/name', detail: 'empty' },
      { pointer: '/image', detail: 'odd' },
      { pointer: '/lanes/0/queue/polygon/3/0', detail: 'far out' },
      { pointer: '/lanes/0/queue/path/1', detail: 'twice' },
      { pointer: '/lanes/1/queue', detail: 'missing' },
      { pointer: '/lanes/1/group', detail: 'is a lane' },
    ]);
    expect(serverFaults(problem, draft)).toEqual([
      { key: 'zone:shelf', field: 'shape', text: 'outside' },
      { key: 'line:door', field: 'name', text: 'empty' },
      { key: null, field: 'shape', text: 'odd' },
      { key: 'lane:till-1:queue', field: 'shape', text: 'far out' },
      { key: 'lane:till-1:path', field: 'shape', text: 'twice' },
      { key: 'lane:till-2', field: 'shape', text: 'missing' },
      { key: 'lane:till-2', field: 'group', text: 'is a lane' },
    ]);
  });
  it('has nothing to say of other failures', () => {
    expect(serverFaults(new ApiProblem(412, 'Changed meanwhile'), draft)).toEqual([]);
    expect(serverFaults(null, draft)).toEqual([]);
  });
});
