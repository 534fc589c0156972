/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon } from '@/components/icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '@/components/menu.tsx';
import { useToast } from '@/components/toast.tsx';
import { api, bodyOf } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';
import { ME_KEY } from '@/lib/api/query-client.ts';
import { roleLabel, type Me } from '@/lib/api/session.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '@/lib/theme/theme.ts';
import { ChangePasswordDialog } from './change-password-dialog.tsx';

const THEMES = [
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
  { value: 'system', label: 'Like the system', icon: 'monitor' },
] as const;

export function UserMenu({ user }: { user: Me }) {
  const [changing, setChanging] = useState(false);
  const theme = useThemeChoice();
  const client = useQueryClient();
  const toast = useToast();
  const logout = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/logout')),
    onSuccess: () => {
      client.setQueryData(ME_KEY, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME_KEY[0] });
    },
    onError: (error) => toast('danger', problemText(error)),
  });
  const trigger = (
    <button type="button" className="inline-flex h-10 items-center gap-2 rounded-lg pr-1 pl-1 hover:bg-sunken sm:pr-2">
      <span className="sr-only">Account of {user.name}</span>
      <span
        aria-hidden="true"
        className="grid size-8 place-items-center rounded-full bg-primary-soft text-[13px] font-semibold text-primary-ink uppercase"
      >
        {user.name.slice(0, 2)}
      </span>
      <Icon name="chevronDown" className="hidden size-4 text-quiet sm:block" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        <div className="px-2.5 py-2">
          <p className="truncate font-medium">{user.name}</p>
          <p className="text-xs text-quiet">{roleLabel(user.role)}</p>
        </div>
        <MenuSeparator />
        <MenuLabel>Appearance</MenuLabel>
        <MenuChoice
          label="Appearance"
          value={theme}
          options={THEMES}
          onChange={(value) => chooseTheme(value as ThemeChoice)}
        />
        <MenuSeparator />
        <MenuItem icon="key" onSelect={() => setChanging(true)}>
          Change password
        </MenuItem>
        <MenuItem icon="logout" onSelect={() => logout.mutate()}>
          Log out
        </MenuItem>
      </Menu>
      <ChangePasswordDialog open={changing} onOpenChange={setChanging} />
    </>
  );
}
