/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { changeOf } from './user-dialog.tsx';
import type { User } from './user-queries.ts';
import { UsersPage } from './users-page.tsx';

const mia: User = {
  ...{ name: 'mia', role: 'manager', all_stores: false, stores: ['mock'], disabled: false, initial_password: false },
  created_at: '2026-01-01T00:00:00Z',
  last_login_at: null,
};

async function choose(user: string, item: RegExp) {
  await userEvent.click(await screen.findByRole('button', { name: `Actions for ${user}` }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
}

describe('UsersPage', () => {
  it('adds an account', async () => {
    const { world } = show(<UsersPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Add user' }));
    const dialog = within(await screen.findByRole('dialog'));
    const add = dialog.getByRole('button', { name: 'Add user' });
    await userEvent.type(dialog.getByLabelText('User name'), 'Mia!');
    expect(dialog.getByText(/Small letters, digits/)).toBeDefined();
    await userEvent.clear(dialog.getByLabelText('User name'));
    await userEvent.type(dialog.getByLabelText('User name'), 'mia');
    await userEvent.selectOptions(dialog.getByLabelText('Role'), 'manager');
    await userEvent.type(dialog.getByLabelText('First password'), 'short');
    expect(add).toHaveProperty('disabled', true);
    await userEvent.type(dialog.getByLabelText('First password'), ' no longer');
    await userEvent.click(dialog.getByLabelText('All stores, also later ones'));
    await userEvent.click(add);
    expect(await screen.findByText('mia was added.')).toBeDefined();
    expect(world.users[0]).toMatchObject({ name: 'mia', role: 'manager', all_stores: true });
  });

  it('disables an account, but never one’s own', async () => {
    const { world } = show(<UsersPage />);
    world.users.push({ ...mia });
    await choose('mia', /Disable/);
    expect(await screen.findByText('mia can no longer log in.')).toBeDefined();
    expect(world.users[0]?.disabled).toBe(true);
    await userEvent.click(await screen.findByRole('button', { name: 'Actions for admin' }));
    expect((await screen.findByRole('menuitem', { name: 'Remove' })).getAttribute('aria-disabled')).toBe('true');
  });

  it('says why the server refused', async () => {
    const answer = (_path: string, request: Request) =>
      request.method === 'PATCH' ? refused(409, 'The last enabled admin stays.') : undefined;
    const { world } = show(<UsersPage />, { answer });
    world.users.push({ ...mia });
    await choose('mia', /Disable/);
    expect(await screen.findByText('The last enabled admin stays.')).toBeDefined();
  });

  it('loading and error', async () => {
    show(<UsersPage />, { answer: () => refused(500, 'The disk is full.') });
    expect(screen.getByRole('status', { name: 'Loading users' })).toBeDefined();
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.');
  });
});

describe('changeOf', () => {
  const same = { name: 'mia', role: mia.role, all_stores: false, stores: ['mock'], password: '' };
  it('sends only what differs', () => {
    expect(changeOf(mia, same)).toEqual({});
    expect(changeOf(mia, { ...same, role: 'viewer' })).toEqual({ role: 'viewer' });
    expect(changeOf(mia, { ...same, all_stores: true, stores: [] })).toEqual({ all_stores: true, stores: [] });
    expect(changeOf(mia, { ...same, password: 'correct horse' })).toEqual({ password: 'correct horse' });
  });
});
