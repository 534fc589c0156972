/* SPDX-License-Identifier: Apache-2.0 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import type { Span } from './timeline-scale.ts';

export type Recording = Schemas['Recording'];

const PAGES_MAX = 20;
const EVENTS_MAX = 500;

const iso = (at: number) => new Date(at).toISOString();

/** Stretches that were recorded of the camera, by time. */
export function useRecordings(store: string, camera: string, span: Span, grows: boolean) {
  return useQuery(recordingsQuery(store, camera, span, grows));
}

export function recordingsQuery(store: string, camera: string, span: Span, grows: boolean) {
  return queryOptions({
    queryKey: ['stores', store, 'recordings', camera, span.from, span.to],
    queryFn: async (): Promise<Span[]> => {
      const all: Span[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES_MAX; page++) {
        const query = { from: iso(span.from), to: iso(span.to), limit: 500, cursor };
        const body = await bodyOf(
          api.GET('/api/v1/stores/{store}/cameras/{camera}/recordings', { params: { path: { store, camera }, query } }),
        );
        all.push(...body.recordings.map(({ start, end }) => ({ from: Date.parse(start), to: Date.parse(end) })));
        if (body.next_cursor === null) break;
        cursor = body.next_cursor;
      }
      return all;
    },
    refetchInterval: grows ? 15_000 : false,
  });
}

/** What happened before the camera, newest first; at most so many. */
export function useCameraEvents(store: string, camera: string, span: Span, may: boolean) {
  return useQuery({
    queryKey: ['stores', store, 'playback-events', camera, span.from, span.to],
    queryFn: async () => {
      const query = { camera, from: iso(span.from), to: iso(span.to), limit: EVENTS_MAX };
      return (await bodyOf(api.GET('/api/v1/stores/{store}/events', { params: { path: { store }, query } }))).events;
    },
    enabled: may,
    refetchInterval: 30_000,
  });
}

export function playlistPath(store: string, camera: string, span: Span): string {
  const path = `/api/v1/stores/${encodeURIComponent(store)}/cameras/${encodeURIComponent(camera)}/recordings/playlist.m3u8`;
  return `${path}?from=${encodeURIComponent(iso(span.from))}&to=${encodeURIComponent(iso(span.to))}`;
}
