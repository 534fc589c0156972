/* SPDX-License-Identifier: Apache-2.0 */
import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useNow } from './use-now.ts';

const FIVE_MIN_MS = 5 * 60_000;
const at = (time: string) => Date.parse(`2026-11-25T${time}Z`);

beforeEach(() => void vi.useFakeTimers({ now: at('23:29:10') }));
afterEach(() => vi.useRealTimers());

function Clock() {
  return <p>{useNow(FIVE_MIN_MS)}</p>;
}

it('moves on at the very boundary, whenever it was opened', () => {
  const { container } = render(<Clock />);
  const shown = () => Number(container.textContent);
  expect(shown()).toBe(at('23:25:00'));
  act(() => vi.advanceTimersByTime(49_999));
  expect(shown()).toBe(at('23:25:00'));
  act(() => vi.advanceTimersByTime(1));
  expect(shown()).toBe(at('23:30:00'));
  act(() => vi.advanceTimersByTime(FIVE_MIN_MS));
  expect(shown()).toBe(at('23:35:00'));
});
