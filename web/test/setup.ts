/* SPDX-License-Identifier: Apache-2.0 */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

/* What the browser has and the test DOM lacks. */
class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', NoObserver);
vi.stubGlobal('IntersectionObserver', NoObserver);

/* Charts need a real canvas; the browser tests draw them. */
vi.mock('@/components/echarts-core.ts', () => ({
  init: () => ({ setOption() {}, on() {}, resize() {}, dispose() {} }),
}));

/* What was not found, without the whole page after it; with time enough for a busy machine. */
configure({ asyncUtilTimeout: 5000, getElementError: (message) => new Error(message?.split('\n')[0]) });

afterEach(cleanup);
