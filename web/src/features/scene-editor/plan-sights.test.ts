/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { smallPlan } from '../../../e2e/mock/mock-floor.ts';
import { normPoint } from '@/lib/geometry/points.ts';
import type { Draft } from './draft.ts';
import { unseenOf } from './plan-sights.ts';
import { draftOf } from './scene-codec.ts';

const corners: [number, number][] = [
  [0.1, 0.1],
  [0.2, 0.1],
  [0.2, 0.2],
];
const saved = draftOf({
  ...smallPlan(),
  lines: [{ id: 'door', name: 'Door', kind: 'entrance', a: [0.1, 0.1], b: [0.3, 0.1] }],
  lanes: [
    { id: 'a', name: 'A', group: 'tills', self_checkout: false, queue: { polygon: corners }, service: { polygon: corners } },
    { id: 'b', name: 'B', group: 'tills', self_checkout: false, service: { polygon: corners } },
  ],
});

describe('what no camera sees', () => {
  it('is found by its key, areas of lanes too, the shared line where it is drawn', () => {
    const unseen = unseenOf(saved, saved, [
      { part: 'zone', id: 'coffee', cameras: [] },
      { part: 'line', id: 'door', cameras: ['entrance'] },
      { part: 'queue', id: 'a', cameras: [] },
      { part: 'service', id: 'a', cameras: ['entrance'] },
      { part: 'queue', id: 'b', cameras: [] },
      { part: 'service', id: 'b', cameras: [] },
    ]);
    expect([...unseen.keys()]).toEqual(['zone:coffee', 'lane:a:queue', 'lane:b:service']);
  });

  it('is not judged once it was moved or deleted', () => {
    const seen = [{ part: 'line' as const, id: 'door', cameras: [] }];
    const moved: Draft = {
      ...saved,
      shapes: saved.shapes.map((s) => (s.key === 'line:door' ? { ...s, points: [normPoint(0, 0), normPoint(1, 1)] } : s)),
    };
    expect(unseenOf(saved, saved, seen).size).toBe(1);
    expect(unseenOf(moved, saved, seen).size).toBe(0);
    expect(unseenOf({ ...saved, shapes: [] }, saved, seen).size).toBe(0);
  });
});
