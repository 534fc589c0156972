/* SPDX-License-Identifier: Apache-2.0 */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { clip, doneWith } from '../../../../e2e/mock/mock-clips.ts';
import { refused, show } from '../../../../test/frame.tsx';
import { ClipsPage } from './clips-page.tsx';
import type { Clip } from './clip-queries.ts';

const span = { from: '2026-11-24T23:59:30.000Z', to: '2026-11-25T00:00:30.000Z' };

function open(clips: Clip[], fail = 0, simulated = false) {
  return show(<ClipsPage />, {
    simulated,
    answer: (path, request) => {
      if (!path.endsWith('/exports')) return undefined;
      if (fail) return refused(fail, 'It was refused.');
      return request.method === 'GET' ? { status: 200, body: { exports: clips } } : undefined;
    },
  });
}

describe('ClipsPage', () => {
  it('says of what a clip is, whose, what it lacks, how long it is kept, and gives its file', async () => {
    const gaps = [{ start: '2026-11-24T23:59:40.000Z', end: '2026-11-24T23:59:50.000Z' }];
    const start = '2026-11-24T23:59:28.000Z';
    open([clip({ id: 3, ...span, ...doneWith(span), start, gaps, requested_by: 'mia', requested_at: '2026-11-25T08:00:00.000Z' })]);
    const row = within(await screen.findByRole('article', { name: 'Clip 3' }));
    expect(await row.findByRole('heading', { name: '3 Entrance, 24 Nov, 23:59:30 to 25 Nov, 00:00:30' })).toBeDefined();
    expect(row.getByText('1 min, 3.6 MB · asked for by mia, 25 Nov, 08:00:00')).toBeDefined();
    expect(row.getByText('The file shows 24 Nov, 23:59:28 to 25 Nov, 00:00:30.')).toBeDefined();
    expect(row.getByText('Not recorded: 23:59:40 to 23:59:50 (10 s).')).toBeDefined();
    expect(row.getByText(/^Kept until /)).toBeDefined();
    expect(row.getByText(/^9f86d08/)).toBeDefined();
    expect(row.getByRole('link', { name: 'Download' }).getAttribute('href')).toMatch(/\/exports\/3\/video\.mp4$/);
    expect(row.getByRole('link', { name: 'Watch' }).getAttribute('href')).toContain('/entrance/recordings?at=2026-11-24');
    expect(row.queryByRole('button', { name: 'Cancel' })).toBeNull();
  });

  it('shows what waits, fails and is gone, each with what can be done', async () => {
    open([
      clip({ id: 4, state: 'waiting' }),
      clip({ id: 3, state: 'working', progress: 0.4 }),
      clip({ id: 2, state: 'failed', reason: 'the disk is full' }),
      clip({ id: 1, state: 'expired' }),
    ]);
    const row = async (id: number) => within(await screen.findByRole('article', { name: `Clip ${id}` }));
    expect((await row(3)).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
    for (const id of [3, 4]) expect((await row(id)).getByRole('button', { name: 'Cancel' })).toBeDefined();
    expect((await row(2)).getByText('The disk is full.')).toBeDefined();
    expect((await row(1)).getByText(/is deleted/)).toBeDefined();
    expect(screen.queryByRole('link', { name: 'Download' })).toBeNull();
  });

  it('asks before it deletes', async () => {
    const { world } = show(<ClipsPage />);
    world.clips.clips = [clip({ id: 3, ...doneWith(span) })];
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete this clip?' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('No clip is saved')).toBeDefined();
    expect(world.clips.clips).toEqual([]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('empty, simulated, and refused', async () => {
    open([]).unmount();
    const second = open([], 0, true);
    expect(await screen.findByText('A simulated store has no recordings.')).toBeDefined();
    second.unmount();
    open([], 403);
    expect((await screen.findByRole('alert')).textContent).toContain('It was refused.');
  });
});
