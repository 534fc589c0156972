/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { countOf, directionOf, isWatched, withMark } from './marks.ts';

const span = { from: 100_000, to: 400_000 };

describe('marks', () => {
  it('has two keys for each way', () => {
    expect(['i', 'I', 'ArrowUp', 'o', 'ArrowDown', 'x', ' '].map(directionOf)).toEqual(['in', 'in', 'in', 'out', 'out', null, null]);
  });

  it('takes marks a little beyond the interval, and counts those inside', () => {
    let marks = withMark([], { at: 97_000, direction: 'in' }, span);
    marks = withMark(marks, { at: 100_000, direction: 'in' }, span);
    marks = withMark(marks, { at: 400_000, direction: 'in' }, span);
    marks = withMark(marks, { at: 403_001, direction: 'in' }, span);
    marks = withMark(marks, { at: 399_999, direction: 'out' }, span);
    expect(marks).toHaveLength(4);
    expect([countOf(marks, 'in', span), countOf(marks, 'out', span)]).toEqual([1, 1]);
  });

  it('knows when the clip was watched to its end', () => {
    expect([null, 398_999, 399_000].map((at) => isWatched(at, span))).toEqual([false, false, true]);
  });
});
