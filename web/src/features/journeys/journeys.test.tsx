/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { journeysOf } from '../../../e2e/mock/mock-journeys.ts';
import { show } from '../../../test/frame.tsx';
import type { Journeys } from './journeys-queries.ts';
import { JourneysSection } from './journeys-section.tsx';

const journeys = journeysOf(new URLSearchParams());
const section = (data: Journeys) =>
  show(<JourneysSection query={{ data, error: null, isPending: false, refetch: () => undefined }} />);
const withFigure = (name: keyof Journeys['figures'], value: number | null): Journeys => ({
  ...journeys,
  figures: { ...journeys.figures, [name]: { ...journeys.figures[name], value } },
});

describe('journeys', () => {
  it('says how much is known, and tells of a zone that is focused', () => {
    section(journeys);
    expect(screen.getByText(/^100 visits · 90% of those who came in were recognised · 4 still going on/)).toBeDefined();
    fireEvent.focus(screen.getByRole('img', { name: 'Coffee as step 1: 60 visits, 60%' }));
    expect(screen.getByText('Coffee as step 1: 60 visits, 60% of all')).toBeDefined();
    expect(screen.getByRole('table', { name: 'Steps of visits from zone to zone' })).toBeDefined();
    expect(screen.getByText('Coffee → Tills')).toBeDefined();
    expect(screen.getByText('carts and products are not seen')).toBeDefined();
  });

  it('without floor plan, zones or receipts it says what is missing, and never 0', () => {
    section(withFigure('closed_visits', null));
    expect(screen.getByText('Journeys are not known')).toBeDefined();
    expect(screen.queryByText('Most common paths')).toBeNull();
  });

  it('no zones', () => {
    section({ ...journeys, zones: [], links: [] });
    expect(screen.getByText('No visit came to a zone')).toBeDefined();
  });

  it('no receipts', () => {
    section(withFigure('visit_conversion', null));
    expect(screen.getByText('Conversion is not known')).toBeDefined();
  });
});
