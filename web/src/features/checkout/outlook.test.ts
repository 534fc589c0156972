/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { adviceWords, lanesWords, type OutlookPool, poolName, scoreWords, unknownWords } from './outlook-words.ts';
import { basisWords, isUnknown, staffingRows } from './staffing-hours.ts';
import type { Staffing } from './staffing-queries.ts';

const pool: OutlookPool = {
  queues: [
    { queue_id: 'lane-1', foretold_wait_5m_s: 200, foretold_wait_10m_s: 400, long_chance: 0.7 },
    { queue_id: 'lane-2', foretold_wait_5m_s: null, foretold_wait_10m_s: null, long_chance: 0 },
  ],
  ...{ lanes_open: 1, lanes_total: 2, lanes_unseen: 0, foretold_wait_5m_s: 200, foretold_wait_10m_s: 400, long_chance: 0.7 },
  ...{ arrivals_15m: 12, called_at: null },
  advice: {
    ...{ action: 'open', lanes: 2, lane_ids: ['lane-2'], enough: true },
    ...{ within_s: 240, worst_wait_s: 540, then_wait_s: 120, reason: '' },
  },
};
const name = (id: string) => id.replace('lane-', 'Lane ');

describe('advice', () => {
  it('says which lane, until when, and for what', () => {
    const words = adviceWords(pool, name, 300, 0);
    expect(words?.title).toBe('Open Lane 2 within 4 min');
    expect(words?.text).toContain('9 min');
  });
  it('says now when the wait is too long already, and when it is not enough', () => {
    const words = adviceWords({ ...pool, advice: { ...pool.advice!, within_s: 0, enough: false } }, name, 300, 0);
    expect(words?.title).toBe('Open Lane 2 now');
    expect(words?.text).toContain('passes the target');
  });
  it('has no wait to tell of while no lane is open', () => {
    const shut = { ...pool, lanes_open: 0, advice: { ...pool.advice!, within_s: 0, worst_wait_s: null, then_wait_s: 4 } };
    expect(adviceWords(shut, name, 300, 0)?.text).toBe('No lane is open; with it a foretold wait of up to 4.0 s.');
    const idle = adviceWords({ ...shut, advice: { ...shut.advice, action: 'keep', then_wait_s: null } }, name, 300, 0);
    expect(idle).toMatchObject({ title: 'No lane is needed', text: 'No lane is open.' });
  });
  it('asks for no lane while nobody waits and nobody is expected', () => {
    const shut = { ...pool, lanes_open: 0, arrivals_15m: 0.2, advice: { ...pool.advice!, worst_wait_s: null } };
    expect(adviceWords(shut, name, 300, 0)?.title).toBe('No lane is needed');
    expect(adviceWords(shut, name, 300, 1)?.title).toMatch(/^Open /);
    expect(adviceWords({ ...shut, arrivals_15m: null }, name, 300, 0)?.title).toMatch(/^Open /);
  });
  it('is none for self-checkouts', () => {
    expect(adviceWords({ ...pool, advice: null }, name, 300, 0)).toBeNull();
  });
  it('a single line gives the pool its name', () => {
    expect(poolName(pool, name)).toBe('Staffed lanes');
    expect(poolName({ ...pool, queues: [pool.queues[0]!] }, name)).toBe('Lane 1');
  });
});

describe('score', () => {
  const score = { since: null, calls: 0, hits: 0, false_calls: 0, pending: 0, long_queues: 0, foretold: 0 };
  it('says shares with what they are of', () => {
    const words = scoreWords({ ...score, calls: 50, hits: 40, false_calls: 10, long_queues: 60, foretold: 45 }, 0);
    expect(words).toContain('80% of 50 calls');
    expect(words).toContain('75% of 60 long queues');
  });
  it('claims nothing when nothing happened', () => {
    expect(scoreWords(score, 0)).toBe('So far: no queue got long, and none was foretold to.');
    const now = Date.parse('2026-11-24T09:00:00Z');
    const since = (days: number) => ({ ...score, since: new Date(now - days * 86_400_000).toISOString(), long_queues: 2 });
    expect(scoreWords(since(28), now)).toBe('Last 28 days: no long queue was foretold, and 2 queues got long.');
    expect(scoreWords(since(2), now)).toMatch(/^Since it first looked ahead \(2 d ago\): no long/);
  });
});

describe('lanes that are not seen', () => {
  it('are told, and nothing is said to be open', () => {
    const unseen = { ...pool, lanes_open: null, lanes_unseen: 1, long_chance: null, advice: null };
    expect(lanesWords(unseen)).toBe('1 of 2 lanes not seen');
    expect(lanesWords({ ...unseen, lanes_unseen: 2 })).toBe('Lanes not seen');
    expect(unknownWords(unseen)).toContain('no picture');
    expect(lanesWords(pool)).toBe('1 of 2 lanes open');
    expect(unknownWords(pool)).toContain('learning');
  });
});

describe('staffing', () => {
  const hour = {
    ...{ start: '2026-11-24T08:00:00Z', end: '2026-11-24T09:00:00Z', arrivals: 63.2, low: 52, high: 75 },
    ...{ lanes: 3, lanes_high: 4, lanes_even_split: 5, service_level: 0.86, wait_mean_s: 120 },
  };
  const staffing: Staffing = {
    ...{ from: hour.start, to: hour.end, time_zone: 'UTC', target_s: 300, level: 0.8 },
    figure: { unit: 'lanes', denominator: null, definition: '', definition_version: 1 },
    pools: [
      {
        ...{ group_id: null, pooled: false, self_checkout: false, lanes_total: 2, served: 900, service_s: 70 },
        ...{ known_hours: 900, test_days: 20, wape: 0.12, covered: 0.8 },
        hours: [hour, { ...hour, start: '2026-11-24T02:00:00Z', arrivals: 0, lanes: 0 }],
      },
    ],
  };
  it('leaves out hours in which nobody comes, and says when lanes are missing', () => {
    const rows = staffingRows(staffing.pools[0]!, 'UTC');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ lanes: 3, lanesWord: '3 (busy: 4), only 2 there', arrivals: '63 (52 to 75)' });
  });
  it('says what it stands on', () => {
    expect(basisWords(staffing, staffing.pools[0]!)).toContain('80% wait at most 5 min');
  });
  it('is unknown without lanes', () => {
    const none = { ...hour, lanes: null };
    expect(isUnknown({ ...staffing, pools: [{ ...staffing.pools[0]!, hours: [none] }] })).toBe(true);
    expect(isUnknown(staffing)).toBe(false);
  });
});
