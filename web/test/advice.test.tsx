/* SPDX-License-Identifier: Apache-2.0 */
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdviceSection } from '@/app/pages/overview/advice-section.tsx';
import { refused, show } from './frame.tsx';

describe('recommendations on the overview', () => {
  beforeEach(() => localStorage.clear());

  it('tells each with its numbers and where to look', async () => {
    show(<AdviceSection />);
    expect(await screen.findByText(/Shelf 9 drew 12 visitors/)).toBeDefined();
    expect(screen.getAllByRole('link', { name: 'Look' })[0]!.getAttribute('href')).toBe('/stores/mock/customers');
  });

  it('puts one aside, and takes it back', async () => {
    show(<AdviceSection />);
    await userEvent.click(await screen.findByRole('button', { name: /Put aside: Shelf 9/ }));
    expect(screen.queryByText(/Shelf 9 drew/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show 1 put aside' }));
    expect(screen.getByText(/Shelf 9 drew/)).toBeDefined();
  });

  it('says when nothing was found, and when the server does not answer', async () => {
    const body = { from: '2026-05-01T00:00:00Z', to: '2026-05-08T00:00:00Z', time_zone: 'UTC', recommendations: [] };
    const answer = (path: string) => (path.endsWith('/recommendations') ? { status: 200, body } : undefined);
    const { unmount } = show(<AdviceSection />, { answer });
    expect(await screen.findByText('Nothing to recommend.')).toBeDefined();
    unmount();
    const fails = (path: string) => (path.endsWith('/recommendations') ? refused(500, 'It broke.') : undefined);
    show(<AdviceSection />, { answer: fails });
    expect(await screen.findByRole('button', { name: /again/i })).toBeDefined();
  });
});
