/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { crossing } from '../../../e2e/mock/mock-world.ts';
import { type EventPages, hasGrown, readPushed, withNew } from './event-pages.ts';
import { matches } from './event-queries.ts';
import { eventWords } from './event-words.ts';

const names = {
  camera: (id = '') => `cam ${id}`,
  zone: (id = '') => `zone ${id}`,
  line: (_ = '', id = '') => `line ${id}`,
  lane: (id = '') => `lane ${id}`,
};
const at = (n: number, ts: number) => crossing(n, 'in', ts);
const pages = (...lists: number[][]): EventPages => ({
  pages: lists.map((list, i) => ({ events: list.map((ts) => at(ts, ts)), next_cursor: String(i) })),
  pageParams: lists.map(() => null),
});
const stamps = (p: EventPages | undefined) => p?.pages.map((page) => page.events.map((e) => Date.parse(e.ts)));

describe('withNew', () => {
  it('puts new events on top, newest first', () => {
    expect(stamps(withNew(pages([30, 20], [10]), [at(40, 40), at(50, 50)]))).toEqual([[50, 40, 30, 20], [10]]);
  });

  it('sorts a late one in, and keeps each id once', () => {
    expect(stamps(withNew(pages([30, 20]), [at(25, 25), at(30, 30), at(25, 25)]))).toEqual([[30, 25, 20]]);
  });

  it('gives the same object back when nothing is new', () => {
    const old = pages([30]);
    expect(withNew(old, [at(30, 30)])).toBe(old);
    expect(withNew(undefined, [at(1, 1)])).toBeUndefined();
  });

  it('says when a page left open grew too long, but not while older pages hang on it', () => {
    const long = Array.from({ length: 501 }, (_, i) => i);
    expect(hasGrown(pages(long))).toBe(true);
    expect(hasGrown(pages(long, [1]))).toBe(false);
    expect(hasGrown(pages(long.slice(1)))).toBe(false);
  });
});

describe('readPushed', () => {
  it('takes events and drops what is none', () => {
    expect(readPushed({ events: [at(1, 1), { id: 3 }, null] })).toHaveLength(1);
    expect(readPushed(null)).toEqual([]);
    expect(readPushed('x')).toEqual([]);
  });
});

describe('matches', () => {
  const event = at(1, 1000);
  it('keeps to the filter of the page', () => {
    expect(matches(event, {})).toBe(true);
    expect(matches(event, { kind: 'zone.visit' })).toBe(false);
    expect(matches(event, { camera: 'entrance', from: new Date(1000).toISOString() })).toBe(true);
    expect(matches(event, { to: new Date(1000).toISOString() })).toBe(false);
  });
  it('leaves samples out, as the server does', () => {
    expect(matches({ ...event, kind: 'camera.sample' }, {})).toBe(false);
  });
});

describe('eventWords', () => {
  const base = crossing(1, 'in');
  it.each([
    [base, 'In over line door'],
    [{ ...base, attrs: { direction: 'out', turn_back: true } }, 'Out over line door and turned back'],
    [{ ...base, kind: 'line.passed_by', attrs: {} }, 'Walked past, over line door'],
    [{ ...base, kind: 'zone.visit.started', zone_id: 'a', attrs: {} }, 'Entered zone a'],
    [{ ...base, kind: 'zone.visit', zone_id: 'a', attrs: { dwell_s: 75 } }, 'Stayed 1 min 15 s in zone a'],
    [
      { ...base, kind: 'camera.state', attrs: { state: 'offline', reason: 'no pictures' } },
      'Camera offline: no pictures',
    ],
    [
      { ...base, kind: 'recording.shortened', attrs: { reason: 'the disk has too little room', kept_s: 7200, wanted_s: 604800 } },
      'Recordings cut short: the disk has too little room, they reach back 2 h of 7 days',
    ],
    [{ ...base, kind: 'robot.sang', attrs: {} }, 'Robot sang'],
  ])('%#: reads well', (event, text) => {
    expect(eventWords(event, names).text).toBe(text);
  });

  it('a visit without its dwell takes it from its ends', () => {
    const visit = {
      ...base,
      kind: 'zone.visit',
      zone_id: 'a',
      ts: '2026-01-01T10:00:00Z',
      end_ts: '2026-01-01T10:00:30Z',
      attrs: {},
    };
    expect(eventWords(visit, names).text).toBe('Stayed 30 s in zone a');
  });
});
