/* SPDX-License-Identifier: Apache-2.0 */
import { formatCount, formatDuration, known, NOT_KNOWN } from '@/lib/format/number.ts';
import type { WhatIfRow } from './what-if-queries.ts';

/* What was recorded beside what a drawing would have counted, for people. */

type Column = { key: string; label: string; seconds?: true };

const COLUMNS: Record<WhatIfRow['kind'], readonly Column[]> = {
  line: [
    { key: 'crossed_in', label: 'In' },
    { key: 'crossed_out', label: 'Out' },
    { key: 'turn_backs', label: 'Turned back' },
    { key: 'pass_bys', label: 'Passed by' },
  ],
  zone: [
    { key: 'visits', label: 'Visits' },
    { key: 'visitors', label: 'Visitors' },
    { key: 'dwell_mean_s', label: 'Mean dwell', seconds: true },
  ],
  lane: [
    { key: 'joined', label: 'Joined' },
    { key: 'wait_mean_s', label: 'Mean wait', seconds: true },
    { key: 'served', label: 'Served' },
    { key: 'abandoned', label: 'Left the queue' },
  ],
};

export type Figure = { label: string; recorded: string; replayed: string; differs: boolean };

/** `isNew`: nothing was drawn there, so that its recorded zeros are no counts. */
export function figuresOf({ kind, recorded, replayed }: WhatIfRow, isNew: boolean): Figure[] {
  return COLUMNS[kind].map(({ key, label, seconds }) => {
    const format = seconds ? formatDuration : formatCount;
    const before = isNew ? null : recorded[key];
    const after = replayed?.[key];
    const texts = { recorded: format(before), replayed: format(after) };
    const differs = known(before) && known(after) && texts.recorded !== texts.replayed;
    return { label, ...texts, differs };
  });
}

/** Nothing was counted under this id in the span. Whether it was drawn at all then nobody tells, so its zeros
 *  may be no counts, even where it is drawn now. */
export function isNewRow(row: WhatIfRow): boolean {
  return Object.values(row.recorded).every((value) => !value);
}

export type Coverage = { share: number; text: string; short: boolean };

/** How much of the span there are trajectories of. */
export function coverageOf(covered: number, from: string, to: string): Coverage {
  const span = (Date.parse(to) - Date.parse(from)) / 1000;
  const share = span > 0 ? Math.min(1, covered / span) : 0;
  const text = covered > 0 ? `${formatDuration(covered)} of ${formatDuration(span)}` : NOT_KNOWN;
  return { share, text, short: share < 0.99 };
}
