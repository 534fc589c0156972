/* SPDX-License-Identifier: Apache-2.0 */
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { LoginPage } from './login-page.tsx';

async function logIn() {
  await userEvent.type(screen.getByLabelText('User name'), 'admin');
  await userEvent.type(screen.getByLabelText('Password'), 'secret words');
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
}

describe('LoginPage', () => {
  it('logs in', async () => {
    const sent: unknown[] = [];
    const answer = (path: string) => {
      if (path !== '/login') return undefined;
      sent.push(path);
      return { status: 200, body: { user: { name: 'mia' } } };
    };
    const { client } = show(<LoginPage />, { answer });
    client.setQueryData(['me'], null);
    await logIn();
    await waitFor(() => expect(client.getQueryData(['me'])).toMatchObject({ name: 'mia' }));
    expect(sent).toHaveLength(1);
  });

  it('a wrong password says so, and not which of the two was wrong', async () => {
    show(<LoginPage />, { answer: () => refused(401, 'Log in and try again.') });
    await logIn();
    expect((await screen.findByRole('alert')).textContent).toBe('User name or password is wrong.');
  });

  it('too many tries: when to try again', async () => {
    show(<LoginPage />, { answer: () => refused(429, 'Try again in 32 seconds.') });
    await logIn();
    expect((await screen.findByRole('alert')).textContent).toBe('Try again in 32 seconds.');
  });

  it('no server: what to do', async () => {
    show(<LoginPage />);
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
    await logIn();
    expect((await screen.findByRole('alert')).textContent).toContain('Check that InvEye is running');
  });
});
