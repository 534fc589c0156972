/* SPDX-License-Identifier: Apache-2.0 */
import { changeOf, type Change, known } from '@/lib/format/number.ts';
import { beforeWords, type Before } from '@/lib/week-before.ts';
import type { Sales } from './sales-queries.ts';

export type Total = keyof Sales['totals'];
export type Compared = (figure: Total, value: number | null) => { change: Change; against: string } | null;

/** Below this the cameras saw too little for what is divided by footfall. */
export const LEAST_COVERAGE = 0.9;

/** Against the totals of the weeks before; silent where those are not known or not covered. */
export function comparedWith(then: Sales | undefined, before: Before | null, isToday: boolean): Compared {
  return (figure, value) => {
    const old = then?.totals[figure];
    if (!old || !before || (known(old.coverage) && old.coverage < LEAST_COVERAGE)) return null;
    const change = changeOf(value, old.value);
    return change && { change, against: `on ${lowerFirst(beforeWords(before.weeks, isToday))}` };
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
