/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';

/* What the figures of groups say of sizes. */

export type GroupTotals = Pick<
  Schemas['TrafficTotals'],
  | 'groups'
  | 'group_size_mean'
  | 'groups_of_1'
  | 'groups_of_2'
  | 'groups_of_3'
  | 'groups_of_4'
  | 'groups_of_5'
>;

export type SizeRow = {
  label: string;
  groups: number;
  /** Of the largest groups what is left of all people. */
  people: number;
  /** Of all groups, 0..1. */
  share: number;
};

const LABELS = ['Alone', '2 people', '3 people', '4 people', '5 or more'] as const;

function countsOf(totals: GroupTotals): number[] {
  const { groups_of_1, groups_of_2, groups_of_3, groups_of_4, groups_of_5 } = totals;
  return [groups_of_1, groups_of_2, groups_of_3, groups_of_4, groups_of_5].map(({ value }) => value ?? 0);
}

function peopleOf({ groups, group_size_mean: mean }: GroupTotals): number {
  return Math.round((groups.value ?? 0) * (mean.value ?? 0));
}

export function groupSizes(totals: GroupTotals): SizeRow[] {
  const counts = countsOf(totals);
  const all = counts.reduce((sum, n) => sum + n, 0);
  const upToFour = counts.slice(0, 4).reduce((sum, n, i) => sum + n * (i + 1), 0);
  return LABELS.map((label, i) => {
    const groups = counts[i] ?? 0;
    return {
      ...{ label, groups, share: all > 0 ? groups / all : 0 },
      people: i < 4 ? groups * (i + 1) : Math.max(0, peopleOf(totals) - upToFour),
    };
  });
}

/** Share of the people who came in that came with somebody; null = nobody came. */
export function peopleTogether(totals: GroupTotals): number | null {
  const people = peopleOf(totals);
  return people > 0 ? 1 - (countsOf(totals)[0] ?? 0) / people : null;
}
