/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { instantOf, momentAt, spanOf } from './evidence-span.ts';

const ZONE = 'Europe/Berlin';

describe('the span that is kept', () => {
  it.each([
    '2026-11-24T09:05:07Z',
    '2026-03-29T00:59:59Z', // the hour before the clocks go on
    '2026-03-29T01:00:00Z',
    '2026-03-29T20:00:00Z',
    '2026-10-25T20:00:00Z', // after they went back
    '2026-12-31T23:30:00Z',
  ])('%s on the clock of the store is that instant again', (text) => {
    const at = Date.parse(text);
    expect(instantOf(momentAt(at, ZONE), ZONE)).toBe(at);
  });

  it('is around the moment', () => {
    const moment = { ...momentAt(Date.parse('2026-11-24T09:05:00Z'), ZONE), before: 10, after: 60 };
    expect(spanOf(moment, ZONE)).toEqual({ from: '2026-11-24T09:04:50.000Z', to: '2026-11-24T09:06:00.000Z' });
    expect(spanOf({ ...moment, before: 0, after: 0 }, ZONE)).toBeNull();
  });

  it('is none where the fields are no time', () => {
    const moment = momentAt(Date.parse('2026-11-24T09:05:00Z'), ZONE);
    expect(instantOf({ ...moment, time: '' }, ZONE)).toBeNull();
    expect(instantOf({ ...moment, day: 'x' }, ZONE)).toBeNull();
    expect(instantOf({ ...moment, time: '10:05' }, ZONE)).toBe(Date.parse('2026-11-24T09:05:00Z'));
  });
});
