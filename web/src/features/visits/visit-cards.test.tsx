/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client.ts';
import { VisitCards } from './visit-cards.tsx';

const figure = (value: number | null, provisional = false): Schemas['Figure'] => ({
  ...{ value, unit: 'people', denominator: null, definition: 'as defined', definition_version: 1 },
  ...{ coverage: 1, provisional },
});

function totals(unique: number | null, share: number | null): Schemas['TrafficTotals'] {
  const none = figure(null);
  return {
    ...{ footfall: figure(10), traffic_in: figure(10), traffic_out: figure(9), pass_bys: none, turn_backs: none },
    ...{ capture_rate: none, unique_visitors: figure(unique), known_share: figure(share) },
    ...{ visit_mean_s: figure(610, true), visit_median_s: figure(500), visit_p90_s: figure(1200) },
    bounce_rate: figure(0.04),
    ...{ groups: none, group_size_mean: none, groups_of_1: none, groups_of_2: none },
    ...{ groups_of_3: none, groups_of_4: none, groups_of_5: none },
  };
}

const show = (unique: number | null, share: number | null, days = false) =>
  render(<VisitCards totals={totals(unique, share)} open={3} days={days} compared={() => null} stale={false} href="/events" />);

it('tells who came, for how long, and who is still here', () => {
  show(9, 1);
  expect(screen.getByLabelText('Unique visitors').textContent).toBe('9');
  expect(screen.getByLabelText('Visit duration').textContent).toBe('10 min 10 s');
  expect(screen.getByText(/half under 8 min 20 s · 9 in 10 under 20 min · 3 still here/)).toBeTruthy();
  expect(screen.getByLabelText('Bounce rate').textContent).toBe('4%');
});

it('says that days are summed, and how many were recognised', () => {
  show(9, 1, true);
  expect(screen.getByText('daily uniques, summed')).toBeTruthy();
  show(9, 0.8, true);
  expect(screen.getByText('80% of those who came in were recognised')).toBeTruthy();
});

it('shows nothing where nobody is recognised', () => {
  const { container } = show(null, 0);
  expect(container.textContent).toBe('');
});
