/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import type { Names } from '@/lib/api/names.ts';
import { type Event, EVENT_KINDS, eventWords } from './event-words.ts';

const names: Names = {
  camera: () => 'Door camera',
  line: () => 'Main door',
  zone: () => 'Bakery',
  lane: () => 'Till 1',
} as Names;

const event = (kind: string, attrs: Event['attrs'], more: Partial<Event> = {}): Event => ({
  ...{ id: '018f0000-0000-7000-8000-000000000000', store_id: 's', kind, ts: '2026-03-02T10:00:00.000Z' },
  ...{ attrs, schema: 1, ...more },
});

describe('events of several people', () => {
  it('tells a group by its size', () => {
    const words = eventWords(event('group.entered', { size: 3, tracklets: '4 5 6' }), names);
    expect(words.text).toBe('A group of 3 came in over Main door');
    expect(words.place).toBe('Door camera');
  });

  it('tells when a zone is too full, and for how long it was', () => {
    const crowd = { people: 12, capacity: 10 };
    const began = eventWords(event('zone.over_capacity.started', crowd), names);
    expect(began).toMatchObject({ tone: 'danger', text: 'Bakery too full: 12 of 10 people' });
    const ended = eventWords(event('zone.over_capacity', crowd, { end_ts: '2026-03-02T10:01:30.000Z' }), names);
    expect(ended.text).toBe('Bakery was too full for 1 min 30 s: up to 12 of 10 people');
    const cut = eventWords(event('zone.over_capacity', { ...crowd, reason: 'the scene was changed' }), names);
    expect(cut.text).toContain('(the scene was changed)');
  });

  it('offers them in the filter', () => {
    const kinds = EVENT_KINDS.map(({ value }) => value);
    expect(kinds).toEqual(
      expect.arrayContaining(['group.entered', 'zone.over_capacity.started', 'zone.over_capacity']),
    );
  });
});
