/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { clockTimeOf, instantOf } from './store-clock.ts';

const ZONE = 'Europe/Berlin';

it.each([
  '2026-11-24T09:05:07Z',
  '2026-03-29T00:59:59Z', // the hour before the clocks go on
  '2026-03-29T01:00:00Z',
  '2026-03-29T20:00:00Z',
  '2026-10-25T20:00:00Z', // after they went back
  '2026-12-31T23:30:00Z',
])('%s on the clock of the store is that instant again', (text) => {
  const at = Date.parse(text);
  expect(instantOf(clockTimeOf(at, ZONE), ZONE)).toBe(at);
});

it('is none where the fields are no time', () => {
  const moment = clockTimeOf(Date.parse('2026-11-24T09:05:00Z'), ZONE);
  expect(instantOf({ ...moment, time: '' }, ZONE)).toBeNull();
  expect(instantOf({ ...moment, day: 'x' }, ZONE)).toBeNull();
  expect(instantOf({ ...moment, time: '10:05' }, ZONE)).toBe(Date.parse('2026-11-24T09:05:00Z'));
});
