/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, Suspense, useEffect } from 'react';
import { Skeleton } from '@/components/data-state.tsx';
import { InitialPasswordNote } from '@/features/session/initial-password-note.tsx';
import type { Me } from '@/lib/api/session.ts';
import { useFreshKpis } from '@/lib/api/use-fresh-kpis.ts';
import { useStore } from '@/lib/api/stores.ts';
import { BottomNavigation, SideNavigation } from './navigation.tsx';
import { SimulatedNote } from './simulated-note.tsx';
import { TopBar } from './top-bar.tsx';

export function Shell({ title, user, children }: { title: string; user: Me; children: ReactNode }) {
  const store = useStore();
  useFreshKpis(store.id);
  useEffect(() => {
    document.title = `${title} · ${store.name}${store.simulated ? ' (simulated)' : ''} · InvEye`;
  }, [title, store.name, store.simulated]);
  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-primary-fill px-4 py-2 text-white focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <TopBar title={title} user={user} />
      <div className="flex min-h-[calc(100dvh-64px)] w-full">
        <SideNavigation user={user} />
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 px-4 pt-4 pb-24 outline-none sm:px-6 sm:pt-6 md:pb-10"
        >
          <div className="mx-auto w-full max-w-[1600px]">
            {store.simulated && <SimulatedNote name={store.name} />}
            {user.initial_password && <InitialPasswordNote />}
            <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
          </div>
        </main>
      </div>
      <BottomNavigation user={user} />
    </>
  );
}

export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading the page" className="space-y-6">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-28 w-full rounded-card" />
      <Skeleton className="h-80 w-full rounded-card" />
    </div>
  );
}
