/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';
import { readSyncAddress, syncAddress } from './sync-address.ts';
import { SyncView } from './sync-view.tsx';

/** The recordings of several cameras; the address says which, and when: `?cameras=a,b&at=...`. */
export function SyncPage() {
  const store = useStore().id;
  const query = useCameras(store);
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const { cameras: named, at } = readSyncAddress(params);
  const [start] = useState(() => at ?? Date.now() - 60_000);
  return (
    <DataState
      query={query}
      what="cameras"
      loading={<Skeleton className="aspect-video" />}
      isEmpty={(all) => all.length === 0}
      empty={{ icon: 'camera', title: 'No camera yet', text: 'Recordings of cameras appear here.' }}
    >
      {(cameras) => (
        <SyncView
          {...{ cameras, start }}
          chosen={named.filter((id) => cameras.some((camera) => camera.id === id))}
          onChange={(chosen, now) => go(syncAddress(store, { cameras: [...chosen], at: now }), { replace: true })}
        />
      )}
    </DataState>
  );
}
