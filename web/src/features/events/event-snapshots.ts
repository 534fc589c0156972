/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import type { Event } from './event-words.ts';

export type Snapshot = Schemas['Snapshot'];

/** A picture comes up to five seconds after its event. */
const AGAIN_MS = 10_000;
const MOST = 500;

/** The pictures of these events, by the event's id. Nothing is asked for what may not be had. */
export function useEventSnapshots(events: readonly Event[] | undefined): ReadonlyMap<string, Snapshot> {
  const store = useStore();
  const may = useMay('snapshots.read') && !store.simulated;
  const from = earliest(events ?? []);
  const query = useQuery({
    queryKey: ['stores', store.id, 'snapshots', from],
    enabled: may && from !== null,
    refetchInterval: AGAIN_MS,
    placeholderData: (old) => old,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/snapshots', {
          params: { path: { store: store.id }, query: { from: from!, limit: MOST } },
        }),
      ),
    select: ({ snapshots }) => new Map(snapshots.map((snapshot) => [snapshot.event_id, snapshot])),
  });
  return query.data ?? NONE;
}

const NONE: ReadonlyMap<string, Snapshot> = new Map();

/** On the full minute, so that a new event does not make another question. */
function earliest(events: readonly Event[]): string | null {
  const times = events.map((event) => Date.parse(event.ts));
  if (times.length === 0) return null;
  return new Date(Math.floor(Math.min(...times) / 60_000) * 60_000).toISOString();
}

export function thumbnailPath(store: string, snapshot: Snapshot): string {
  return `/api/v1/stores/${store}/snapshots/${snapshot.id}/thumbnail.jpg`;
}

export function stillPath(store: string, snapshot: Snapshot, boxes: boolean): string {
  return `/api/v1/stores/${store}/snapshots/${snapshot.id}/picture.jpg${boxes ? '?boxes=1' : ''}`;
}

/** How far the picture is from the moment of the event, where that matters: null = it is of it. */
export function offMoment({ ts, picture_ts }: Snapshot): string | null {
  const seconds = (Date.parse(picture_ts) - Date.parse(ts)) / 1000;
  if (Math.abs(seconds) < 0.5) return null;
  return `${Math.abs(seconds).toFixed(Math.abs(seconds) < 10 ? 1 : 0)} s ${seconds < 0 ? 'before' : 'after'}`;
}
