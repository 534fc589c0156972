/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client.ts';
import { GroupCard } from './group-card.tsx';
import { groupSizes, type GroupTotals, peopleTogether } from './group-sizes.ts';

const figure = (value: number | null): Schemas['Figure'] => ({
  ...{ value, unit: 'groups', denominator: null, definition: 'as defined', definition_version: 1 },
  ...{ coverage: 1, provisional: false },
});

/** 10 alone, 4 pairs, 1 of three, 1 of seven: 28 people in 16 groups. */
const totals: GroupTotals = {
  ...{ groups: figure(16), group_size_mean: figure(28 / 16) },
  ...{ groups_of_1: figure(10), groups_of_2: figure(4), groups_of_3: figure(1) },
  ...{ groups_of_4: figure(0), groups_of_5: figure(1) },
};

const none = Object.fromEntries(Object.keys(totals).map((key) => [key, figure(null)])) as GroupTotals;

it('shares groups and people out by size', () => {
  expect(groupSizes(totals).map(({ groups, people }) => [groups, people])).toEqual([
    [10, 10],
    [4, 8],
    [1, 3],
    [0, 0],
    [1, 7],
  ]);
  expect(groupSizes(totals)[0]?.share).toBe(10 / 16);
  expect(peopleTogether(totals)).toBeCloseTo(18 / 28);
  expect(peopleTogether(none)).toBeNull();
});

it('shows groups, their mean size and how many came together', () => {
  render(<GroupCard totals={totals} stale={false} href="/events?kind=group.entered" />);
  expect(screen.getByText('16')).toBeTruthy();
  expect(screen.getByText('1.8')).toBeTruthy();
  expect(screen.getByText('64%')).toBeTruthy();
  expect(screen.getByRole('row', { name: /2 people/ }).textContent).toContain('8 people');
  expect(screen.getByRole('link', { name: 'Events' }).getAttribute('href')).toBe('/events?kind=group.entered');
});

it('says n/a in words, and that nobody came', () => {
  const { rerender } = render(<GroupCard totals={none} stale={false} href="/events" />);
  expect(screen.getByText('Groups are not known')).toBeTruthy();
  rerender(<GroupCard totals={{ ...none, groups: figure(0) }} stale={false} href="/events" />);
  expect(screen.getByText('Nobody came in')).toBeTruthy();
});
