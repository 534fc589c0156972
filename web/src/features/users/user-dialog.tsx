/* SPDX-License-Identifier: Apache-2.0 */
import { Dialog } from '@/components/dialog.tsx';
import { useToast } from '@/components/toast.tsx';
import { UserForm, type UserValues } from './user-form.tsx';
import { type User, type UserChange, useUserMutations } from './user-queries.ts';

type UserDialogProps = { user: User | null; onClose: () => void };

export function UserDialog({ user, onClose }: UserDialogProps) {
  const { create, change } = useUserMutations();
  const toast = useToast();

  const done = (text: string) => {
    toast('success', text);
    onClose();
  };
  const submit = (values: UserValues) => {
    const { name, role, all_stores, stores, password } = values;
    if (!user)
      return create.mutate(
        { name, role, all_stores, stores, password },
        { onSuccess: () => done(`${name} was added.`) },
      );
    const body = changeOf(user, values);
    if (Object.keys(body).length === 0) return onClose();
    change.mutate({ name, body }, { onSuccess: () => done(`${name} was changed.`) });
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={user ? `Change ${user.name}` : 'Add user'}>
      <UserForm
        user={user}
        busy={create.isPending || change.isPending}
        error={create.error ?? change.error}
        onSubmit={submit}
        onCancel={onClose}
      />
    </Dialog>
  );
}

/** Only what differs is sent: each change of these ends the account's sessions. */
export function changeOf(user: User, values: UserValues): UserChange {
  const { role, all_stores, stores, password } = values;
  const sameStores = all_stores === user.all_stores && [...stores].sort().join() === [...user.stores].sort().join();
  return {
    ...(role === user.role ? {} : { role }),
    ...(sameStores ? {} : { all_stores, stores }),
    ...(password === '' ? {} : { password }),
  };
}
