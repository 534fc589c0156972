/* SPDX-License-Identifier: Apache-2.0 */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { ME_KEY } from '@/lib/api/query-client.ts';
import { EvidencePage } from './evidence-page.tsx';
import type { Evidence } from './evidence-queries.ts';

const item = (more: Partial<Evidence> = {}): Evidence => ({
  id: 7,
  title: 'Bag taken',
  note: 'For the police',
  camera_id: 'entrance',
  event_id: null,
  from: '2026-11-24T09:05:00.000Z',
  to: '2026-11-24T09:07:00.000Z',
  kept_at: '2026-11-24T10:00:00.000Z',
  kept_by: 'mia',
  state: 'ready',
  progress: null,
  trouble: '',
  bundle: { made_at: '2026-11-24T10:00:04.000Z', bytes: 31_400_000, sha256: '00', clips: 1, stills: 2, events: 0, archived: true },
  release: null,
  ...more,
});

let asked: string[];
beforeEach(() => {
  asked = [];
});

function open(items: Evidence[], { path = '/stores/mock/evidence', may = true, fail = 0, simulated = false } = {}) {
  const shown = show(<EvidencePage />, {
    path,
    simulated,
    answer: (at, request) => {
      if (at.endsWith('/evidence/key'))
        return { status: 200, body: { algorithm: 'Ed25519', pem: '', fingerprint: 'abcd1234'.repeat(8) } };
      if (!at.includes('/evidence')) return undefined;
      if (request.method === 'POST') {
        asked.push(at);
        return fail ? refused(fail, 'It was refused.') : { status: at.endsWith('/evidence') ? 201 : 200, body: items[0] ?? item() };
      }
      return fail ? refused(fail, 'It was refused.') : { status: 200, body: { evidence: items, next_cursor: null } };
    },
  });
  const permissions = [...shown.world.me.permissions, 'evidence.read', 'recordings.read'] as typeof shown.world.me.permissions;
  if (may) permissions.push('evidence.write', 'evidence.release');
  shown.client.setQueryData(ME_KEY, { ...shown.world.me, permissions });
  return shown;
}

describe('EvidencePage', () => {
  it('says what is kept, by whom, and gives its bundle', async () => {
    open([item()]);
    const row = within(await screen.findByRole('article', { name: 'Evidence 7' }));
    expect(row.getByText('Ready')).toBeDefined();
    expect(row.getByText('1 clip, 2 pictures, 31.4 MB, in the archive too')).toBeDefined();
    expect(row.getByText(/^Kept by mia/)).toBeDefined();
    expect(row.getByRole('link', { name: 'Download bundle' }).getAttribute('href')).toBe(
      '/api/v1/stores/mock/evidence/7/bundle.zip',
    );
    expect(row.getByRole('link', { name: 'Watch' }).getAttribute('href')).toContain('at=2026-11-24T09:05:00.000Z');
    expect((await screen.findByLabelText('Fingerprint')).textContent).toMatch(/^abcd 1234 abcd/);
  });

  it('shows progress, trouble and who released it', async () => {
    open([
      item({ id: 4, state: 'waiting', progress: 0.4, bundle: null }),
      item({ id: 3, state: 'waiting', bundle: null }),
      item({ id: 2, state: 'failed', trouble: 'nothing was recorded', bundle: null }),
      item({ id: 1, state: 'released', bundle: null, release: { at: item().to, by: 'noor', reason: 'Over' } }),
    ]);
    const bar = await screen.findByRole('progressbar', { name: 'Bundle of evidence 4' });
    expect(bar.getAttribute('aria-valuenow')).toBe('40');
    expect(screen.getByText(/as soon as this time is recorded/)).toBeDefined();
    expect(screen.getByText('No bundle: nothing was recorded.')).toBeDefined();
    expect(screen.getByText(/^Released by noor.*: Over$/)).toBeDefined();
    const released = within(screen.getByRole('article', { name: 'Evidence 1' }));
    expect(released.queryByRole('button')).toBeNull();
  });

  it('keeps what another page has chosen', async () => {
    const { location } = open([], {
      path: '/stores/mock/evidence?keep=2026-11-24T09:05:00Z&camera=aisle&title=In%20over%20Door&event=019ab3c0-0000-7000-8000-000000000001',
    });
    const dialog = within(await screen.findByRole('dialog'));
    expect((dialog.getByLabelText('Title') as HTMLInputElement).value).toBe('In over Door');
    await userEvent.click(dialog.getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(asked).toEqual(['/stores/mock/evidence']));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(location.history?.at(-1)).toBe('/stores/mock/evidence');
  });

  it('asks why before it lets go', async () => {
    open([item()]);
    await userEvent.click(await screen.findByRole('button', { name: 'Release' }));
    const dialog = within(await screen.findByRole('dialog'));
    const release = dialog.getByRole('button', { name: 'Release' }) as HTMLButtonElement;
    expect(release.disabled).toBe(true);
    await userEvent.type(dialog.getByLabelText('Why'), 'Over');
    await userEvent.click(release);
    await waitFor(() => expect(asked).toEqual(['/stores/mock/evidence/7/release']));
  });

  it('offers nothing that may not be done', async () => {
    open([item()], { may: false });
    const row = within(await screen.findByRole('article', { name: 'Evidence 7' }));
    await waitFor(() => expect(row.queryByRole('button')).toBeNull());
    expect(row.getByRole('link', { name: 'Download bundle' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Keep' })).toBeNull();
  });

  it('empty, simulated, and refused', async () => {
    const first = open([]);
    expect(await screen.findByText('Nothing is kept as evidence')).toBeDefined();
    first.unmount();
    const second = open([], { simulated: true });
    expect(await screen.findByText('A simulated store has no pictures.')).toBeDefined();
    second.unmount();
    open([], { fail: 503 });
    expect((await screen.findByRole('alert')).textContent).toContain('It was refused.');
  });
});
