/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { beforeWords, weeksBefore } from './week-before.ts';

const NOW = Date.parse('2026-11-24T09:13:40Z'); // 10:13 in Berlin, a Tuesday
const of = (from: string, to: string, now = NOW) => weeksBefore({ from, to }, now, 'Europe/Berlin');

describe('weeksBefore', () => {
  it('today: the same weekday up to the same five minutes, in store time', () => {
    expect(of('2026-11-24', '2026-11-24')).toEqual({
      from: '2026-11-16T23:00:00.000Z',
      to: '2026-11-17T09:10:00.000Z',
      weeks: 1,
    });
  });

  it('a day that is over: the whole day', () => {
    expect(of('2026-11-23', '2026-11-23')).toMatchObject({
      from: '2026-11-15T23:00:00.000Z',
      to: '2026-11-16T23:00:00.000Z',
    });
  });

  it('longer periods: the same weekdays before them, none of them twice', () => {
    expect(of('2026-11-18', '2026-11-24')).toMatchObject({ from: '2026-11-10T23:00:00.000Z', weeks: 1 });
    expect(of('2026-10-28', '2026-11-24')).toEqual({
      from: '2026-09-29T22:00:00.000Z', // summer time still
      to: '2026-10-27T09:10:00.000Z',
      weeks: 4,
    });
    expect(of('2026-11-16', '2026-11-23')?.weeks).toBe(2);
  });

  it('nothing to compare with in the first minutes of a day, nor in the future', () => {
    expect(of('2026-11-24', '2026-11-24', Date.parse('2026-11-23T23:03:00Z'))).toBeNull();
    expect(of('2026-12-01', '2026-12-02')).toBeNull();
  });
});

it('says what it is against', () => {
  expect([beforeWords(1, true), beforeWords(1, false), beforeWords(4, true)]).toEqual([
    'Last week',
    'The week before',
    'The 4 weeks before',
  ]);
});
