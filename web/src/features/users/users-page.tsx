/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useMe } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { UserDialog } from './user-dialog.tsx';
import { type User, useUserMutations, useUsers } from './user-queries.ts';
import { UserRow } from './user-row.tsx';

export function UsersPage() {
  const store = useStore();
  const me = useMe().data;
  const query = useUsers();
  const { change, remove } = useUserMutations();
  const toast = useToast();
  const [open, setOpen] = useState<User | 'new' | null>(null);
  const mayWrite = me?.permissions.includes('users.write') ?? false;
  const said = (text: string) => ({
    onSuccess: () => toast('success', text),
    onError: (error: unknown) => toast('danger', problemText(error)),
  });

  const disable = (user: User) =>
    change.mutate(
      { name: user.name, body: { disabled: !user.disabled } },
      said(user.disabled ? `${user.name} may log in again.` : `${user.name} can no longer log in.`),
    );
  const drop = (user: User) => {
    if (window.confirm(`Remove the account “${user.name}”? The audit log keeps what it did.`))
      remove.mutate(user.name, said(`${user.name} was removed.`));
  };

  return (
    <div className="mx-auto max-w-4xl space-y-4">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/settings`, text: 'Settings' }]} here="Users" />
      <Card
        title="Users"
        hint="Who may log in, and what they may do"
        flush
        actions={
          mayWrite && (
            <Button size="sm" variant="primary" icon="plus" onClick={() => setOpen('new')}>
              Add user
            </Button>
          )
        }
      >
        <DataState
          query={query}
          what="users"
          loading={<Skeleton className="mx-6 mb-6 h-40" />}
          isEmpty={(users) => users.length === 0}
          empty={{ icon: 'user', title: 'No users', text: 'Add the people who work with this dashboard.' }}
        >
          {(users) => (
            <ul className="divide-y divide-line border-t border-line">
              {users.map((user) => (
                <UserRow
                  key={user.name}
                  user={user}
                  own={user.name === me?.name}
                  mayWrite={mayWrite}
                  timeZone={store.time_zone}
                  onEdit={setOpen}
                  onDisable={disable}
                  onRemove={drop}
                />
              ))}
            </ul>
          )}
        </DataState>
      </Card>
      {open && <UserDialog user={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </div>
  );
}
