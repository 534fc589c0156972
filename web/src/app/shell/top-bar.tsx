/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { BrandMark } from '@/components/brand.tsx';
import { LiveBadge } from '@/components/live-badge.tsx';
import { SearchBox } from '@/features/search/search-box.tsx';
import { UserMenu } from '@/features/session/user-menu.tsx';
import type { Me } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { storePath } from '../routes.tsx';

export function TopBar({ title, user }: { title: string; user: Me }) {
  const store = useStore();
  return (
    <header className="sticky top-0 z-30 flex h-16 items-center gap-3 border-b border-line bg-card px-4 sm:px-6 md:pl-5">
      <Link
        href={storePath(store.id, '/overview')}
        aria-label="InvEye, to the overview"
        className="inline-flex items-center gap-2.5 rounded-lg xl:w-[188px]"
      >
        <BrandMark />
        <span className="hidden text-[17px] font-semibold tracking-tight xl:inline">InvEye</span>
      </Link>
      <div className="min-w-0 flex-1 xl:border-l xl:border-line xl:pl-6">
        <h1 className="truncate text-[17px] leading-6 font-semibold tracking-tight">{title}</h1>
        <p className="truncate text-xs leading-4 text-quiet">
          <span className="sm:hidden">{store.name}</span>
          <span className="hidden sm:inline">Video analytics · real time</span>
        </p>
      </div>
      <SearchBox />
      <LiveBadge />
      <UserMenu user={user} />
    </header>
  );
}
