/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Route } from 'wouter';
import { refused, show } from '../../../test/frame.tsx';
import { EditorPage } from './editor-page.tsx';
import { coverageOf, figuresOf } from './what-if-figures.ts';

const page = (
  <Route path="/stores/:store/settings/cameras/:camera">
    <EditorPage />
  </Route>
);
const path = '/stores/mock/settings/cameras/entrance';
const SLOW = { timeout: 5000 };

async function ask() {
  await userEvent.click(await screen.findByRole('button', { name: 'What would this have counted?' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Count again' }));
}

describe('what-if', () => {
  it('shows what was recorded beside what the drawing would have counted, and what is missing', async () => {
    const { world } = show(page, { path });
    await ask();
    const table = await screen.findByRole('table', {}, SLOW);
    expect(within(table).getByText('52').textContent).toContain('(differs)');
    expect(within(table).getByText(/nothing recorded: nobody, or not drawn then/)).toBeDefined();
    expect(within(table).getAllByText('n/a')).toHaveLength(4);
    expect(screen.getByText(/cover 12 h of 24 h.*too low/)).toBeDefined();
    expect(world.whatIfs.wishes[0]).toMatchObject({ camera_id: 'entrance', cameras: [{ id: 'entrance' }] });
    await userEvent.click(screen.getByRole('button', { name: 'All what-ifs' }));
    await userEvent.click(await screen.findByRole('button', { name: /^Delete/ }));
    await screen.findByText('No what-if yet');
    expect(world.whatIfs.all).toEqual([]);
  }, 10_000);

  it('says that there are no trajectories, instead of zeros', async () => {
    const { world } = show(page, { path });
    world.whatIfs.covered_s = 0;
    await ask();
    await screen.findByText('No trajectories in this span', {}, SLOW);
    expect(screen.queryByRole('table')).toBeNull();
  }, 10_000);

  it('tells why one failed', async () => {
    const { world } = show(page, { path });
    world.whatIfs.reason = 'the database is full';
    await ask();
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toContain('the database is full');
  }, 10_000);

  it('tells why one was refused', async () => {
    const full = refused(409, 'Eight wait already.');
    show(page, { path, answer: (at, { method }) => (at.endsWith('/replays') && method === 'POST' ? full : undefined) });
    await ask();
    expect((await screen.findByRole('alert')).textContent).toContain('Eight wait already.');
  });

  it('is given up while it is worked out', async () => {
    const { world } = show(page, { path });
    await ask();
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    await screen.findByText('No what-if yet');
    expect(world.whatIfs.all).toEqual([]);
  });
});

describe('figures', () => {
  it('of a thing that is gone are not known', () => {
    const row = { camera_id: 'a', kind: 'zone', id: 'z', recorded: { visits: 5, visitors: 3, dwell_mean_s: null }, replayed: null } as const;
    expect(figuresOf(row, false).map(({ recorded, replayed }) => [recorded, replayed])).toEqual([
      ['5', 'n/a'],
      ['3', 'n/a'],
      ['n/a', 'n/a'],
    ]);
  });

  it('cover what they cover', () => {
    expect(coverageOf(3600, '2026-11-24T00:00:00Z', '2026-11-24T01:00:00Z').short).toBe(false);
    expect(coverageOf(1800, '2026-11-24T00:00:00Z', '2026-11-24T01:00:00Z').text).toBe('30 min of 1 h');
  });
});
