/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { beforeWords, comparedWith } from './comparison.ts';

const told = (changes: Record<string, number | null>, weeks = 1) => ({ weeks, changes });

describe('week over week', () => {
  it('is what the server says, and against what', () => {
    expect(comparedWith(told({ footfall: 0.25 }), true)('footfall', 10)).toEqual({
      change: { direction: 'up', share: 0.25 },
      against: 'on last week',
      good: 'up',
    });
    expect(comparedWith(told({ footfall: -0.25 }, 4), false)('footfall', 10)).toMatchObject({
      change: { direction: 'down' },
      against: 'on the 4 weeks before',
    });
  });

  it('is silent where the server can not tell, or nothing is known now', () => {
    expect(comparedWith(told({ footfall: null }), true)('footfall', 10)).toBeNull();
    expect(comparedWith(told({ footfall: 0.25 }), true)('footfall', null)).toBeNull();
    expect(comparedWith(told({ footfall: 0.25 }), true)('traffic_in', 10)).toBeNull();
    expect(comparedWith(null, true)('footfall', 10)).toBeNull();
    expect(comparedWith(undefined, true)('footfall', 10)).toBeNull();
  });

  it('knows of what less is better, and what is neither good nor bad', () => {
    const compare = comparedWith(told({ wait_mean_s: 0.1, visit_mean_s: 0.1 }), false);
    expect(compare('wait_mean_s', 40)?.good).toBe('down');
    expect(compare('visit_mean_s', 40)?.good).toBeUndefined();
  });
});

it('says what it is against', () => {
  expect([beforeWords(1, true), beforeWords(1, false), beforeWords(4, true)]).toEqual([
    'Last week',
    'The week before',
    'The 4 weeks before',
  ]);
});
