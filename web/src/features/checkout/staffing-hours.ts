/* SPDX-License-Identifier: Apache-2.0 */
import { formatCount, formatDuration, formatShare, known } from '@/lib/format/number.ts';
import { formatDay, formatHour } from '@/lib/format/time.ts';
import type { Staffing, StaffingPool } from './staffing-queries.ts';

/* From the plan of the API to the rows of the table. */

export type StaffingRow = {
  key: string;
  day: string;
  hour: string;
  arrivals: string;
  /** null: more than all there are, or not known. */
  lanes: number | null;
  lanesWord: string;
  wait: string;
};

/** Hours in which nobody is expected (the store is closed) need no lane, and no row. */
const WORTH_SHOWING = 0.5;

export function poolsToStaff(staffing: Staffing): StaffingPool[] {
  return staffing.pools.filter((pool) => !pool.self_checkout);
}

export function isUnknown(staffing: Staffing): boolean {
  return poolsToStaff(staffing).every((pool) => pool.hours.every((hour) => !known(hour.lanes)));
}

export function staffingRows(pool: StaffingPool, zone: string): StaffingRow[] {
  return pool.hours.flatMap((hour) => {
    if (!known(hour.arrivals) || hour.arrivals < WORTH_SHOWING) return [];
    return [
      {
        key: hour.start,
        day: formatDay(hour.start, zone),
        hour: `${formatHour(hour.start, zone)} to ${formatHour(hour.end, zone)}`,
        arrivals:
          known(hour.low) && known(hour.high)
            ? `${formatCount(hour.arrivals)} (${formatCount(hour.low)} to ${formatCount(hour.high)})`
            : formatCount(hour.arrivals),
        lanes: hour.lanes,
        lanesWord: lanesWord(hour.lanes, hour.lanes_high, pool.lanes_total),
        wait: formatDuration(hour.wait_mean_s),
      },
    ];
  });
}

function lanesWord(lanes: number | null, high: number | null, total: number): string {
  if (!known(lanes)) return formatCount(null);
  const more = known(high) && high > lanes ? ` (busy: ${formatCount(high)})` : '';
  return `${formatCount(lanes)}${more}${lanes > total ? `, only ${formatCount(total)} there` : ''}`;
}

/** What the plan stands on, in a sentence. */
export function basisWords({ target_s, level }: Staffing, { service_s, wape }: StaffingPool): string {
  const trust = known(wape) ? `arrivals were off by ${formatShare(wape)} on average` : 'not tested yet';
  return `${formatShare(level)} wait at most ${formatDuration(target_s)}; ${formatDuration(service_s)} a customer; ${trust}`;
}
