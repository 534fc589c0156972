/* SPDX-License-Identifier: Apache-2.0 */
import { act, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useVisible } from './use-visible.ts';

let tell: (...inView: boolean[]) => void;

beforeEach(() => {
  class FakeObserver {
    constructor(told: (entries: { isIntersecting: boolean }[]) => void) {
      tell = (...inView) => act(() => told(inView.map((isIntersecting) => ({ isIntersecting }))));
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal('IntersectionObserver', FakeObserver);
});
afterEach(() => vi.unstubAllGlobals());

function Part() {
  const root = useRef<HTMLDivElement>(null);
  return <div ref={root}>{useVisible(root) ? 'seen' : 'not seen'}</div>;
}

it('knows what came last, also where several changes are told at once', () => {
  render(<Part />);
  expect(screen.getByText('not seen')).toBeDefined();
  tell(true);
  expect(screen.getByText('seen')).toBeDefined();
  tell(false, true);
  expect(screen.getByText('seen')).toBeDefined();
  tell(true, false);
  expect(screen.getByText('not seen')).toBeDefined();
});
