/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { crossing } from '../../../e2e/mock/mock-world.ts';
import { visitWords } from './visit-words.ts';

const event = (kind: string, attrs: Record<string, string | number | boolean> = {}) => ({
  ...crossing(1, 'in'),
  kind,
  attrs,
  visitor_id: '2026-03-23/CUST-0042',
});

it('says who, by the number of the day', () => {
  expect(visitWords(event('visit.started'))?.text).toBe('Visitor CUST-0042 came in');
  expect(visitWords(event('visit.reentered', { away_s: 90 }))?.text).toBe('Visitor CUST-0042 came back after 1 min 30 s');
  expect(visitWords(event('visit.closed', { duration_s: 600 }))?.text).toBe('Visitor CUST-0042 was in the store for 10 min');
  expect(visitWords(event('visit.turned_back'))?.text).toBe('Visitor CUST-0042 turned back');
});

it('tells no duration of a visit that was cut short', () => {
  expect(visitWords(event('visit.closed', { duration_s: 600, cut: true }))?.text).not.toContain('10 min');
});

it('leaves other kinds alone', () => {
  expect(visitWords(event('line.crossed'))).toBeNull();
});
