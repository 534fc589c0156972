/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { zoneColumns } from './zone-columns.tsx';

const heads = (capacities: boolean) => zoneColumns({ details: true, capacities }).map(({ head }) => head);

it('tells how full zones were only where one has a capacity', () => {
  expect(heads(true).slice(-2)).toEqual(['Of capacity', 'Too full']);
  expect(heads(false).at(-1)).toBe('Peak');
});
