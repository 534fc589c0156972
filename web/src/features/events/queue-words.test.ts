/* SPDX-License-Identifier: Apache-2.0 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { crossing } from '../../../e2e/mock/mock-world.ts';
import { type Event, EVENT_KINDS, eventWords } from './event-words.ts';

const names = {
  camera: (id = '') => `camera ${id}`,
  zone: (id = '') => id,
  line: (_ = '', id = '') => id,
  lane: (id = '') => ({ tills: 'Tills', 'till-1': 'Till 1' })[id] ?? id,
};

const words = (kind: string, attrs: Event['attrs'], lane_id = 'tills') =>
  eventWords({ ...crossing(1, 'in'), kind, attrs, lane_id }, names);

it.each<[string, Event['attrs'], string, string]>([
  ['queue.joined', { position: 3 }, 'Joined the line of Tills as number 3', 'neutral'],
  ['queue.joined', {}, 'Joined the line of Tills', 'neutral'],
  ['queue.wait', { wait_s: 95, lane: 'till-1' }, 'Waited 1 min 35 s for Till 1', 'neutral'],
  ['queue.wait', { wait_s: 95 }, 'Waited 1 min 35 s for Tills', 'neutral'],
  ['queue.service', { service_s: 40 }, 'Served at Tills in 40 s', 'success'],
  ['queue.abandoned', { wait_s: 240 }, 'Gave up at Tills after 4 min', 'warning'],
  ['queue.left', { wait_s: 4, reason: 'left again' }, 'No longer in the line of Tills: left again', 'neutral'],
  ['queue.long.foretold', { chance: 0.7 }, 'Long queue foretold for Tills within 15 min: 70% likely', 'warning'],
  ['queue.long.started', { wait_s: 500 }, 'Long queue at Tills: 8 min 20 s', 'danger'],
  ['queue.long', { wait_s: 610 }, 'Long queue at Tills over, at most 10 min 10 s', 'warning'],
  ['lane.state', { state: 'open', reason: 'staff came' }, 'Tills opened: staff came', 'success'],
  ['lane.state', { state: 'closed' }, 'Tills closed', 'neutral'],
  ['queue.wait', {}, 'Waited n/a for Tills', 'neutral'],
])('%s %j reads as people say it', (kind, attrs, text, tone) => {
  expect(words(kind, attrs)).toMatchObject({ text, tone, place: 'camera entrance' });
});

it('every kind that there is reads in words, never as its id', () => {
  const page = readFileSync('../docs/events.md', 'utf8');
  const kinds = [...page.matchAll(/^### (\S+)$/gm)].map(([, kind]) => kind!);
  expect(kinds.length).toBeGreaterThan(20);
  const asked = new Set(EVENT_KINDS.map(({ value }) => value));
  for (const kind of kinds) {
    expect(kind.endsWith('.sample') || asked.has(kind), `${kind} has no name for the filter`).toBe(true);
    expect(words(kind, {}).text).not.toContain(kind);
  }
  expect(words('stock.shelf_empty', {}).text).toBe('Stock shelf empty');
});

it('each kind has a name for the filter, and no sample is among them', () => {
  const kinds = EVENT_KINDS.map(({ value }) => value);
  expect(kinds).toContain('queue.long.started');
  expect(kinds.filter((kind) => kind.endsWith('.sample'))).toEqual([]);
  expect(new Set(kinds).size).toBe(kinds.length);
});
