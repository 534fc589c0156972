/* SPDX-License-Identifier: Apache-2.0 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttled } from './throttled.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, then once at the end of each period in which it was called', () => {
  const action = vi.fn();
  const t = throttled(3000, action);
  t.run();
  expect(action).toHaveBeenCalledTimes(1);
  t.run();
  t.run();
  expect(action).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3000);
  expect(action).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(9000);
  expect(action).toHaveBeenCalledTimes(2);
  t.run();
  expect(action).toHaveBeenCalledTimes(3);
});

it('never runs after it was stopped', () => {
  const action = vi.fn();
  const t = throttled(3000, action);
  t.run();
  t.run();
  t.stop();
  vi.advanceTimersByTime(9000);
  expect(action).toHaveBeenCalledTimes(1);
});
