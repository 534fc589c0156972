/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { momentAt, spanOf } from './evidence-span.ts';

const ZONE = 'Europe/Berlin';

it('the span that is kept is around the moment', () => {
  const moment = { ...momentAt(Date.parse('2026-11-24T09:05:00Z'), ZONE), before: 10, after: 60 };
  expect(spanOf(moment, ZONE)).toEqual({ from: '2026-11-24T09:04:50.000Z', to: '2026-11-24T09:06:00.000Z' });
  expect(spanOf({ ...moment, before: 0, after: 0 }, ZONE)).toBeNull();
});
