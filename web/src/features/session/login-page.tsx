/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { BrandMark } from '@/components/brand.tsx';
import { Button } from '@/components/button.tsx';
import { TextField } from '@/components/field.tsx';
import { Icon } from '@/components/icon.tsx';
import { api, bodyOf } from '@/lib/api/client.ts';
import { isStatus, problemText } from '@/lib/api/problem.ts';
import { ME_KEY } from '@/lib/api/query-client.ts';

export function LoginPage() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const client = useQueryClient();
  const login = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/login', { body: { username, password } })),
    onSuccess: ({ user }) => client.setQueryData(ME_KEY, user),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };

  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-8 flex flex-col items-center text-center">
          <BrandMark className="size-12" />
          <h1 className="mt-4 text-xl font-semibold tracking-tight">Log in to InvEye</h1>
          <p className="mt-1 text-quiet">Video analytics · real time</p>
        </div>
        <form onSubmit={submit} className="space-y-4 rounded-card border border-line bg-card p-6 shadow-card">
          <TextField
            label="User name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {login.error && (
            <p
              role="alert"
              className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-[13px] leading-5 text-danger-ink"
            >
              <Icon name="warning" className="mt-0.5 size-4" />
              {loginFault(login.error)}
            </p>
          )}
          <Button type="submit" variant="primary" busy={login.isPending} className="w-full">
            Log in
          </Button>
        </form>
        <p className="mt-6 text-center text-[13px] leading-5 text-quiet">
          The first password is printed where InvEye was started. An administrator can set a new one with{' '}
          <code className="rounded bg-sunken px-1 py-0.5 text-xs whitespace-nowrap text-on-sunken">
            inveye user passwd
          </code>
          .
        </p>
      </div>
    </main>
  );
}

function loginFault(error: unknown): string {
  return isStatus(error, 401) ? 'User name or password is wrong.' : problemText(error);
}
