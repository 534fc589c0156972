/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint as n } from '@/lib/geometry/points.ts';
import { type Draft, emptyDraft, type LineShape, type Shape, type ZoneShape } from './draft.ts';
import { validate } from './validation.ts';

const image = { w: 768, h: 576 };

function zone(over: Partial<ZoneShape> = {}): ZoneShape {
  const points = [n(0.1, 0.1), n(0.5, 0.1), n(0.5, 0.5), n(0.1, 0.5)];
  return {
    key: over.id ?? 'a',
    id: 'a',
    name: 'A',
    saved: false,
    type: 'zone',
    kind: 'general',
    parent: null,
    capacity: '',
    points,
    ...over,
  };
}

function line(over: Partial<LineShape> = {}): LineShape {
  return {
    key: `line:${over.id ?? 'l'}`,
    id: 'l',
    name: 'L',
    saved: false,
    type: 'line',
    kind: 'entrance',
    points: [n(0.2, 0.2), n(0.8, 0.2)],
    ...over,
  };
}

function faults(...shapes: Shape[]): string[] {
  const draft: Draft = { ...emptyDraft, shapes };
  return validate(draft, image).map((f) => `${f.field}: ${f.text}`);
}

describe('validate', () => {
  it('has nothing to say about a good scene', () => {
    const place = zone({ id: 'c', points: [n(0.1, 0.1), n(0.12, 0.1), n(0.12, 0.12)] });
    expect(faults(zone(), zone({ id: 'b', parent: 'a' }), place, line(), line({ id: 'a' }))).toEqual([]);
  });

  it.each([
    ['crossing edges', zone({ points: [n(0.1, 0.1), n(0.5, 0.5), n(0.5, 0.1), n(0.1, 0.5)] }), 'cross or touch'],
    ['a corner twice', zone({ points: [n(0.1, 0.1), n(0.1, 0.1), n(0.5, 0.1), n(0.5, 0.5)] }), 'stands there twice'],
    ['a tiny zone', zone({ points: [n(0.1, 0.1), n(0.104, 0.1), n(0.104, 0.104)] }), 'too small'],
    ['two corners', zone({ points: [n(0.1, 0.1), n(0.5, 0.5)] }), 'at least three corners'],
    ['no name', zone({ name: '  ' }), 'Give it a name'],
    ['a long name', zone({ name: 'é'.repeat(41) }), 'longer than 80 bytes'],
    ['a bad id', zone({ id: 'Not A Slug' }), 'small letters'],
    ['an empty id', line({ id: '' }), 'small letters'],
    ['a parent that is not there', zone({ parent: 'nowhere' }), 'no zone “nowhere”'],
    ['itself as parent', zone({ parent: 'a' }), 'within itself'],
    ['a capacity of nobody', zone({ capacity: '0' }), 'whole number of people'],
    ['a capacity below nobody', zone({ capacity: '-3' }), 'whole number of people'],
    ['half a person', zone({ capacity: '2.5' }), 'whole number of people'],
    ['words for a number', zone({ capacity: 'ten' }), 'whole number of people'],
    ['more than anybody can count', zone({ capacity: '10001' }), '1 to 10000'],
    ['a capacity where nobody is seen', zone({ kind: 'fitting', capacity: '4' }), 'curtains'],
    ['a short line', line({ points: [n(0.5, 0.5), n(0.51, 0.5)] }), 'too short'],
  ])('names %s', (_, shape, text) => {
    const found = faults(shape);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(text);
  });

  it('names ids used twice, but a line may share one with a zone', () => {
    expect(faults(zone(), zone({ key: 'k2' }))).toHaveLength(2);
    expect(faults(zone({ id: 'x' }), line({ id: 'x' }))).toEqual([]);
  });

  it('names a ring of parents', () => {
    expect(faults(zone({ id: 'a', parent: 'b' }), zone({ id: 'b', parent: 'a' })).join()).toContain('within itself');
  });

  it('names too many', () => {
    const many = Array.from({ length: 33 }, (_, i) => line({ id: `l${i}` }));
    expect(faults(...many)).toEqual(['shape: 33 lines on one camera; at most 32 are possible.']);
  });
});
