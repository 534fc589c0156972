/* SPDX-License-Identifier: Apache-2.0 */
import { Badge } from '@/components/badge.tsx';
import { IconButton } from '@/components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '@/components/menu.tsx';
import { roleLabel } from '@/lib/api/session.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import type { User } from './user-queries.ts';

type UserRowProps = {
  user: User;
  /** The one who looks: cannot disable or remove himself. */
  own: boolean;
  mayWrite: boolean;
  timeZone: string;
  onEdit: (user: User) => void;
  onDisable: (user: User) => void;
  onRemove: (user: User) => void;
};

export function UserRow({ user, own, mayWrite, timeZone, onEdit, onDisable, onRemove }: UserRowProps) {
  return (
    <li data-user={user.name} className="flex items-center gap-3 px-4 py-3 sm:px-6">
      <span className="grid size-9 shrink-0 place-items-center rounded-full bg-sunken text-[13px] font-semibold text-on-sunken uppercase">
        {user.name.slice(0, 2)}
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className={`truncate font-medium ${user.disabled ? 'text-quiet line-through' : ''}`}>{user.name}</span>
          {own && <Badge tone="primary">you</Badge>}
          {user.disabled && <Badge tone="warning">disabled</Badge>}
        </p>
        <p className="truncate text-[13px] text-quiet">
          {roleLabel(user.role)} · {user.all_stores ? 'all stores' : user.stores.join(', ') || 'no store'}
        </p>
      </div>
      <p className="hidden text-right text-xs leading-4 text-quiet sm:block">
        Last login
        <br />
        {user.last_login_at ? formatDateTime(user.last_login_at, timeZone) : 'never'}
      </p>
      {mayWrite && (
        <Menu trigger={<IconButton icon="more" label={`Actions for ${user.name}`} small />}>
          <MenuItem icon="pencil" onSelect={() => onEdit(user)}>
            Change role, stores, password
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={user.disabled ? 'check' : 'offline'} disabled={own} onSelect={() => onDisable(user)}>
            {user.disabled ? 'Enable' : 'Disable'}
          </MenuItem>
          <MenuItem icon="trash" danger disabled={own} onSelect={() => onRemove(user)}>
            Remove
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}
