/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { DialogButtons } from '@/components/dialog.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { useStores } from '@/lib/api/stores.ts';
import { problemText } from '@/lib/api/problem.ts';
import { ROLES, roleLabel, roleText } from '@/lib/api/session.ts';
import { StorePicker } from './store-picker.tsx';
import type { User } from './user-queries.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const PASSWORD_LEAST = 10;

export type UserValues = { name: string; role: User['role']; all_stores: boolean; stores: string[]; password: string };

type UserFormProps = {
  /** The account to change; null for a new one. */
  user: User | null;
  busy: boolean;
  error: unknown;
  onSubmit: (values: UserValues) => void;
  onCancel: () => void;
};

export function UserForm({ user, busy, error, onSubmit, onCancel }: UserFormProps) {
  const stores = useStores().data ?? [];
  const [values, setValues] = useState<UserValues>({
    name: user?.name ?? '',
    role: user?.role ?? 'viewer',
    all_stores: user?.all_stores ?? false,
    stores: user?.stores ?? stores.map((store) => store.id),
    password: '',
  });
  const set = (part: Partial<UserValues>) => setValues((old) => ({ ...old, ...part }));
  const badName = values.name !== '' && !NAME.test(values.name);
  const shortPassword = values.password !== '' && values.password.length < PASSWORD_LEAST;
  const bound = values.all_stores || values.stores.length > 0;
  const ready = NAME.test(values.name) && bound && !shortPassword && (user !== null || values.password !== '');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSubmit(values);
  };

  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        label="User name"
        autoCapitalize="none"
        autoComplete="off"
        disabled={user !== null}
        value={values.name}
        error={badName ? 'Small letters, digits, dots, hyphens; begins with a letter or digit.' : undefined}
        onChange={(event) => set({ name: event.target.value })}
      />
      <SelectField
        label="Role"
        value={values.role}
        hint={roleText(values.role)}
        options={ROLES.map((role) => ({ value: role, label: roleLabel(role) }))}
        onChange={(role) => set({ role: role as User['role'] })}
      />
      <StorePicker
        stores={stores}
        all={values.all_stores}
        chosen={values.stores}
        onChange={(all_stores, chosen) => set({ all_stores, stores: chosen })}
      />
      <TextField
        label={user ? 'New password' : 'First password'}
        type="password"
        autoComplete="new-password"
        value={values.password}
        hint={
          user
            ? 'Leave empty to keep the present one.'
            : `At least ${PASSWORD_LEAST} characters; they are asked to change it.`
        }
        error={shortPassword ? `At least ${PASSWORD_LEAST} characters.` : undefined}
        onChange={(event) => set({ password: event.target.value })}
      />
      {error !== null && error !== undefined && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
          {problemText(error)}
        </p>
      )}
      <DialogButtons>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!ready} busy={busy}>
          {user ? 'Save' : 'Add user'}
        </Button>
      </DialogButtons>
    </form>
  );
}
