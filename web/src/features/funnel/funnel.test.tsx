/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { MockSales } from '../../../e2e/mock/mock-sales.ts';
import { show } from '../../../test/frame.tsx';
import { FunnelCard } from './funnel-card.tsx';
import type { Funnel, FunnelStep } from './funnel-queries.ts';
import { dropWords } from './funnel-words.ts';

const query = new URLSearchParams({ from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' });
const answer = new MockSales(Date.parse('2026-11-24T18:00:00Z')).answer('GET', 'kpis/funnel', query, {});
const funnel = answer?.body as Funnel;
const card = (data: Funnel) =>
  show(<FunnelCard query={{ data, error: null, isPending: false, refetch: () => undefined }} salesHref="/sales" />);
const step = (id: string) => within(document.querySelector<HTMLElement>(`[data-step="${id}"]`)!);

describe('the funnel', () => {
  it('says that who bought is not who came in, and how far receipts are linked', () => {
    card(funnel);
    expect(step('purchased').getByText('not the same people')).toBeDefined();
    expect(step('purchased').getByText('40% of who came in')).toBeDefined();
    expect(step('entered').queryByText('not the same people')).toBeNull();
    expect(screen.getByText(/^Link rate \d+%/)).toBeDefined();
    expect(step('purchased').getByRole('button', { name: 'What Purchased means' })).toBeDefined();
  });

  it('a step that can not be known is n/a and says why; it is never 0', () => {
    card(funnel);
    expect(step('engaged').getByText('n/a')).toBeDefined();
    expect(step('engaged').queryByRole('progressbar')).toBeNull();
    expect(step('in_cart').getByText('not counted yet: products are not seen')).toBeDefined();
  });

  it('without a point of sale there is no purchase to tell of', () => {
    const [entered, engaged, cart, purchased] = funnel.steps as [FunnelStep, FunnelStep, FunnelStep, FunnelStep];
    card({ ...funnel, steps: [entered, engaged, cart, { ...purchased, value: null, share: null }] });
    expect(step('purchased').getByText('no point of sale told of this period')).toBeDefined();
  });

  it('names what is lost since the last step that is known', () => {
    const steps = funnel.steps.map((s) => ({ ...s, value: s.step === 'entered' ? 100 : s.step === 'purchased' ? 40 : null }));
    expect(dropWords(steps[3]!, steps)).toBe('60 fewer than came in (60%)');
    expect(dropWords(steps[0]!, steps)).toBeNull();
    const more = steps.map((s) => (s.step === 'purchased' ? { ...s, value: 140 } : s));
    expect(dropWords(more[3]!, more)).toContain('more than came in');
  });
});
