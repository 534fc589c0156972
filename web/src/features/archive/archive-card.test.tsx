/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { ArchiveCard } from './archive-card.tsx';
import { type ArchiveState, kindWords, policyWords, waitingWords } from './archive-state.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');

function state(part: Partial<ArchiveState> = {}): ArchiveState {
  return {
    state: 'idle',
    place: 'the bucket video at https://s3.example.net',
    waiting: { files: 0, bytes: 0, oldest: null },
    stored: { files: 2880, bytes: 216_000_000_000, only_there: 864 },
    kinds: {
      recordings: { waiting: 0, waiting_bytes: 0, stored: 1920, stored_bytes: 215_000_000_000 },
      snapshots: { waiting: 0, waiting_bytes: 0, stored: 957, stored_bytes: 287_000_000 },
      evidence: { waiting: 0, waiting_bytes: 0, stored: 3, stored_bytes: 713_000_000 },
    },
    sending: null,
    sent_files: 12,
    sent_bytes: 901_000_000,
    deleted: 0,
    unreadable: 0,
    lost: 0,
    lost_snapshots: 0,
    last_error: '',
    failing_since: null,
    last_stored: null,
    policy: { target: 's3', recordings: 'all', snapshots: 'all', evidence: true, cameras: null, keep_local: true, keep_s: 2_592_000, after_s: 0, bandwidth_mbit: 0, hours: null },
    ...part,
  };
}

function open(archive: ArchiveState, trial?: object) {
  show(<ArchiveCard store="demo" />, {
    answer: (path) => {
      if (path.endsWith('/archive/test'))
        return trial ? { status: 200, body: trial } : refused(503, 'Too much to do; try again in a moment.');
      return path.endsWith('/archive') ? { status: 200, body: archive } : undefined;
    },
  });
}

describe('ArchiveCard', () => {
  it('says what is stored, and by which rule', async () => {
    open(state());
    expect(await screen.findByText('Up to date')).toBeDefined();
    expect(screen.getByText(/216 GB in 2880 files stored, 864 of them only there/)).toBeDefined();
    expect(screen.getByText('Kept there for 30 days, and here as recordings are.')).toBeDefined();
    const kinds = within(screen.getByRole('list', { name: 'Stored in the archive' })).getAllByRole('listitem');
    expect(kinds.map((kind) => kind.textContent)).toEqual([
      '1,920 recordings, 215 GB',
      '957 pictures of events, 287 MB',
      '3 bundles of evidence, 713 MB',
    ]);
  });

  it('says why it fails', async () => {
    open(state({ state: 'failed', last_error: 'there is no such bucket', lost: 3, lost_snapshots: 2, waiting: { files: 5, bytes: 10, oldest: '2026-11-24T09:00:00Z' } }));
    expect((await screen.findByRole('alert')).textContent).toContain('there is no such bucket');
    expect(screen.getByText('Failing')).toBeDefined();
    expect(screen.getByText(/3 recordings were deleted here before/)).toBeDefined();
    expect(screen.getByText(/2 pictures were deleted here before/)).toBeDefined();
  });

  it('says how to make one where there is none', async () => {
    open({ state: 'off' });
    expect(await screen.findByText(/Set archive.target/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Try the archive' })).toBeNull();
  });

  it('tries it step by step', async () => {
    open(state(), {
      works: false,
      place: 'x',
      steps: [
        { name: 'find', state: 'done', took_s: 0.012, fault: null },
        { name: 'write', state: 'failed', took_s: 0.2, fault: 'access is refused' },
        { name: 'read', state: 'skipped', took_s: 0, fault: null },
      ],
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Try the archive' }));
    expect(await screen.findByText('The archive does not work.')).toBeDefined();
    const rows = screen.getAllByRole('listitem').map((row) => row.textContent);
    expect(rows).toEqual(expect.arrayContaining(['Find it12 ms', 'Writeaccess is refused', 'Readnot tried']));
  });

  it('says when it could not be tried', async () => {
    open(state());
    await userEvent.click(await screen.findByRole('button', { name: 'Try the archive' }));
    expect(within(await screen.findByRole('alert')).getByText(/Too much to do/)).toBeDefined();
  });
});

describe('words', () => {
  it('of what waits', () => {
    expect(waitingWords(state(), NOW)).toBeNull();
    expect(waitingWords(state({ waiting: { files: 1, bytes: 75e6, oldest: '2026-11-24T08:00:00Z' } }), NOW)).toBe(
      '1 file waits, 75.0 MB; the oldest for 2 h',
    );
  });

  it('of each kind, where there is something of it', () => {
    const none = { waiting: 0, waiting_bytes: 0, stored: 0, stored_bytes: 0 };
    expect(
      kindWords(state({ kinds: { recordings: none, snapshots: { ...none, waiting: 12 }, evidence: { ...none, stored: 1, stored_bytes: 5e6 } } })),
    ).toEqual(['0 pictures of events, 0 B; 12 wait', '1 bundle of evidence, 5.0 MB']);
  });

  it('of the policy', () => {
    expect(
      policyWords({ target: 'folder', recordings: 'events', snapshots: 'held', evidence: false, cameras: 'till', keep_local: false, keep_s: 0, after_s: 0, bandwidth_mbit: 5, hours: '22:00-06:00' }),
    ).toEqual([
      'Recordings in which something happened are archived, of till, and what is held.',
      'Pictures of events that are held are archived; bundles of evidence are not.',
      'Kept there for ever; deleted here once stored there.',
      'Sent from 22:00 to 06:00 only.',
      'Sent at 5 Mbit/s at most.',
    ]);
  });
});
