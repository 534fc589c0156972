/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { checkoutScene } from '../../../e2e/mock/mock-queues.ts';
import { normPoint as n } from '@/lib/geometry/points.ts';
import type { Draft } from './draft.ts';
import * as edit from './edits.ts';
import { draftOf } from './scene-codec.ts';
import { validate } from './validation.ts';

/* The same rules as iv_scene_check_lane of the server. */

const image = { w: 768, h: 576 };
const good = draftOf({
  ...{ version: 1, hash: 'x', image, full_view: false, zones: [], lines: [] },
  lanes: checkoutScene(),
});
const [one, two] = ['lane:till-1', 'lane:till-2'];
const corners = [n(0.1, 0.1), n(0.3, 0.1), n(0.3, 0.3)];

const faults = (draft: Draft) => validate(draft, image).map((f) => `${f.key} ${f.field}: ${f.text}`);
const lane = (draft: Draft, index: number, over: Partial<Draft['lanes'][number]>): Draft => ({
  ...draft,
  lanes: draft.lanes.map((l, i) => (i === index ? { ...l, ...over } : l)),
});

describe('lanes', () => {
  it('has nothing to say about two tills with one line', () => {
    expect(faults(good)).toEqual([]);
  });

  it.each<[string, Draft, string]>([
    ['no service area', edit.deleteShape(good, `${two}:service`), `${two} shape: Draw the service area`],
    ['a lane without queue and group', edit.setGroup(good, two, null), `${two} shape: Draw the queue, or choose`],
    [
      'two queues of one group',
      edit.putArea(good, two, 'queue', corners),
      `${two} shape: “tills” has its queue on “Till 1”`,
    ],
    [
      'a path without a queue',
      edit.putArea(good, two, 'path', corners.slice(0, 2)),
      `${two}:path shape: Draw the queue`,
    ],
    [
      'the same point twice',
      edit.putArea(good, one, 'path', [n(0.2, 0.6), n(0.2, 0.6)]),
      `${one}:path shape: Two of its`,
    ],
    [
      'a tiny area',
      edit.putArea(
        good,
        two,
        'staff',
        corners.map((p) => n(p.x / 200, p.y / 200)),
      ),
      `${two}:staff shape: It is too small`,
    ],
    ['an id used twice', lane(good, 1, { id: 'till-1' }), `${two} id: “Till 1” has this id`],
    ['the id of a group', lane(good, 1, { id: 'tills' }), `${two} id: A line that lanes share`],
    ['a bad group', lane(edit.setGroup(good, one, null), 1, { group: 'Not A Slug' }), `${two} group: Use 1 to 40`],
    ['no name', lane(good, 1, { name: ' ' }), `${two} name: Give it a name`],
  ])('names %s', (_, draft, text) => {
    expect(faults(draft).join('\n')).toContain(text);
  });

  it('names a group whose queue is not drawn, at each of its lanes', () => {
    const found = faults(edit.deleteShape(good, `${one}:queue`));
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('Draw the queue of “tills” on one of its lanes.');
  });

  it('names too many', () => {
    let many = good;
    for (let i = 0; i < 15; i++)
      many = edit.putArea(edit.setGroup(edit.addLane(many, `k${i}`), `k${i}`, 'tills'), `k${i}`, 'service', corners);
    expect(faults(many)).toEqual(['null shape: 17 lanes on one camera; at most 16 are possible.']);
  });
});
