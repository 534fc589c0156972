/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from 'vitest';
import { zoneRow } from '../../../e2e/mock/mock-world.ts';
import { meanDwell, totalVisits } from './zone-sums.ts';

it('weighs the mean dwell by visits: means are never averaged', () => {
  const rows = [
    { ...zoneRow('a', 'A', 9), dwell_mean_s: 10 },
    { ...zoneRow('b', 'B', 1), dwell_mean_s: 110 },
  ];
  expect(meanDwell(rows)).toBe(20);
  expect(totalVisits(rows)).toBe(10);
});

it('what no camera could see is not known, and not 0', () => {
  expect(meanDwell([zoneRow('a', 'A', null)])).toBeNull();
  expect(totalVisits([zoneRow('a', 'A', null)])).toBeNull();
  expect(totalVisits([])).toBeNull();
  expect(totalVisits([zoneRow('a', 'A', 0)])).toBe(0);
});
