/* SPDX-License-Identifier: Apache-2.0 */
import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { changeBy } from '@/lib/format/number.ts';
import { Trend } from './trend.tsx';

const words = (share: number) =>
  render(<Trend change={changeBy(share)} against="on last week" good="up" />).container.textContent;

it('what hardly changed is 0%, never rounded up to 1%', () => {
  expect(words(0.004)).toBe('unchanged 0%on last week');
  expect(words(-0.012)).toBe('down 1%on last week');
});
