/* SPDX-License-Identifier: Apache-2.0 */
import { Link, useLocation } from 'wouter';
import { Icon } from '@/components/icon.tsx';
import { Menu, MenuItem } from '@/components/menu.tsx';
import { useStore } from '@/lib/api/stores.ts';
import type { Me } from '@/lib/api/session.ts';
import { type AppRoute, routesOf, storePath } from '../routes.tsx';

type Entry = AppRoute & { nav: NonNullable<AppRoute['nav']> };

function entriesOf(user: Me): Entry[] {
  return routesOf(user).filter((route): route is Entry => route.nav !== undefined);
}

function useCurrent(): (path: string) => boolean {
  const store = useStore();
  const [location] = useLocation();
  return (path) => {
    const full = storePath(store.id, path);
    return location === full || location.startsWith(`${full}/`);
  };
}

/** At the left from tablets on: icons with labels, only icons where it is narrow. */
export function SideNavigation({ user }: { user: Me }) {
  const store = useStore();
  const isCurrent = useCurrent();
  return (
    <nav aria-label="Main" className="hidden w-[72px] shrink-0 border-r border-line bg-card px-3 md:block xl:w-56">
      <ul className="sticky top-16 space-y-1 py-4">
        {entriesOf(user).map(({ path, nav }) => (
          <li key={path}>
            <Link
              href={storePath(store.id, path)}
              aria-current={isCurrent(path) ? 'page' : undefined}
              title={nav.label}
              className="flex h-10 items-center justify-center gap-3 rounded-lg px-3 font-medium text-quiet transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-primary-soft aria-[current=page]:text-primary-ink xl:justify-start"
            >
              <Icon name={nav.icon} className="size-5" />
              <span className="sr-only xl:not-sr-only">{nav.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** As many as keep their names on a small phone. */
const BOTTOM_MOST = 5;
const BOTTOM_ITEM =
  'flex h-15 w-full flex-col items-center justify-center gap-1 text-[11px] leading-3 font-medium text-quiet aria-[current=page]:text-primary-ink data-current:text-primary-ink';

/** Along the bottom on phones, in reach of the thumb; what does not fit is behind "More". */
export function BottomNavigation({ user }: { user: Me }) {
  const store = useStore();
  const isCurrent = useCurrent();
  const entries = entriesOf(user);
  const shown = entries.length > BOTTOM_MOST ? entries.slice(0, BOTTOM_MOST - 1) : entries;
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex">
        {shown.map(({ path, nav }) => (
          <li key={path} className="min-w-0 flex-1">
            <Link
              href={storePath(store.id, path)}
              aria-current={isCurrent(path) ? 'page' : undefined}
              className={BOTTOM_ITEM}
            >
              <Icon name={nav.icon} className="size-[22px]" />
              <span className="max-w-full truncate px-0.5">{nav.label}</span>
            </Link>
          </li>
        ))}
        {shown.length < entries.length && <More entries={entries.slice(shown.length)} isCurrent={isCurrent} />}
      </ul>
    </nav>
  );
}

function More({ entries, isCurrent }: { entries: readonly Entry[]; isCurrent: (path: string) => boolean }) {
  const store = useStore();
  const [, go] = useLocation();
  const current = entries.find(({ path }) => isCurrent(path));
  return (
    <li className="min-w-0 flex-1">
      <Menu
        trigger={
          <button type="button" data-current={current ? '' : undefined} className={BOTTOM_ITEM}>
            <Icon name="more" className="size-[22px]" />
            More
          </button>
        }
      >
        {entries.map(({ path, nav }) => (
          <MenuItem key={path} icon={nav.icon} onSelect={() => go(storePath(store.id, path))}>
            {nav.label}
          </MenuItem>
        ))}
      </Menu>
    </li>
  );
}
