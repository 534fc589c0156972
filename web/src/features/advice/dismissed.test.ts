/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { adviceKey, stillDismissed } from './dismissed.ts';

describe('dismissed recommendations', () => {
  it('are told apart by rule and subject', () => {
    expect(adviceKey({ rule: 'dead-zone', subject: { id: 'a', name: 'A' } })).toBe('dead-zone/a');
    expect(adviceKey({ rule: 'cross-sell', subject: { id: '', name: 'A + B' } })).toBe('cross-sell/A + B');
    expect(adviceKey({ rule: 'conversion-fell', subject: null })).toBe('conversion-fell/');
  });

  it('come back after a week, and nonsense is none', () => {
    const now = 10 * 86_400_000;
    const stored = { old: now - 7 * 86_400_000, young: now - 86_400_000, future: now + 1, bad: 'x' };
    expect(stillDismissed(stored, now)).toEqual({ young: now - 86_400_000 });
    expect(stillDismissed(null, now)).toEqual({});
    expect(stillDismissed('x', now)).toEqual({});
  });
});
