/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import type { Scene } from '@/lib/api/cameras.ts';
import { differences, outlines } from './scene-diff.ts';

const triangle = [
  [0, 0],
  [0.5, 0],
  [0.5, 0.5],
];
const base: Scene = {
  ...{ version: 1, hash: 'a', image: { w: 640, h: 480 }, full_view: false },
  zones: [
    { id: 'a', name: 'Shelf', kind: 'product', polygon: triangle },
    { id: 'b', name: 'Mat', kind: 'entrance', polygon: triangle },
  ],
  lines: [{ id: 'door', name: 'Door', kind: 'entrance', a: [0, 0], b: [1, 1] }],
  lanes: [
    { id: 'till', name: 'Till', self_checkout: false, queue: { polygon: triangle }, service: { polygon: triangle } },
  ],
};

describe('differences of two versions', () => {
  it('finds none in the same drawing', () => {
    expect(differences(base, { ...base, version: 2, hash: 'b' })).toEqual([]);
    expect(outlines(base, base, 'after').every((o) => o.change === null)).toBe(true);
  });

  it('names what was added, removed, moved and changed', () => {
    const after: Scene = {
      ...base,
      full_view: true,
      zones: [
        { id: 'a', name: 'Long shelf', kind: 'product', capacity: 12, polygon: [...triangle.slice(0, 2), [0.5, 0.7]] },
        { id: 'c', name: 'New', kind: 'general', polygon: triangle },
      ],
      lines: [{ id: 'door', name: 'Door', kind: 'pass-by', a: [0, 0], b: [1, 1] }],
      lanes: [{ ...base.lanes![0]!, exit: { polygon: triangle }, queue: { polygon: [...triangle, [0, 0.5]] } }],
      calibration: { pairs: Array.from({ length: 5 }, () => ({ image: [0, 0], plan: [0, 0] })) },
    };
    expect(differences(base, after)).toEqual([
      { change: 'removed', what: 'Zone', name: 'Mat', detail: '' },
      { change: 'moved', what: 'Zone', name: 'Long shelf', detail: 'by up to 20 % of the picture' },
      { change: 'changed', what: 'Zone', name: 'Long shelf', detail: 'name “Shelf” → “Long shelf”; capacity none → “12”' },
      { change: 'added', what: 'Zone', name: 'New', detail: '' },
      { change: 'changed', what: 'Line', name: 'Door', detail: 'kind “entrance” → “pass-by”' },
      { change: 'moved', what: 'Lane', name: 'Till', detail: 'queue: 3 → 4 corners; exit: drawn' },
      { change: 'changed', what: '', name: 'Calibration', detail: 'none → 5 pairs of points' },
      { change: 'changed', what: '', name: 'Sees the whole store', detail: 'no → yes' },
    ]);
    const drawn = Object.fromEntries(outlines(after, base, 'after').map((o) => [o.key, o.change]));
    expect(drawn).toMatchObject({
      'zone:a:zone': 'moved',
      'zone:c:zone': 'added',
      'line:door:line': null,
      'lane:till:exit': 'added',
    });
    expect(outlines(base, after, 'before').find((o) => o.key === 'zone:b:zone')?.change).toBe('removed');
  });

  it('tells the floor plan by its size and picture', () => {
    const plan = (width_m: number, image?: string): Scene => ({
      ...base,
      plan: { width_m, height_m: 8, ...(image && { image }) },
    });
    expect(differences(plan(12), plan(13, 'a')).map((d) => d.name)).toEqual([
      'Size of the plan',
      'Picture of the plan',
    ]);
  });
});
