/* SPDX-License-Identifier: Apache-2.0 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import type { Recorded, Span } from './timeline-scale.ts';

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
    queryFn: async (): Promise<Recorded[]> => {
      const all: Recorded[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES_MAX; page++) {
        const query = { from: iso(span.from), to: iso(span.to), limit: 500, cursor };
        const body = await bodyOf(
          api.GET('/api/v1/stores/{store}/cameras/{camera}/recordings', { params: { path: { store, camera }, query } }),
        );
        all.push(...body.recordings.map(({ start, end, bytes }) => ({ from: Date.parse(start), to: Date.parse(end), bytes })));
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

function recordingsPath(store: string, camera: string): string {
  return `/api/v1/stores/${encodeURIComponent(store)}/cameras/${encodeURIComponent(camera)}/recordings`;
}

/** The picture that was shown then, at its full size or so wide (px) at least. */
export function stillPath(store: string, camera: string, at: number, width?: number): string {
  /* Times are told in ms, cut off: at the very beginning of a recording that is a little before it. */
  const wanted = encodeURIComponent(iso(Math.floor(at) + 1));
  return `${recordingsPath(store, camera)}/still.jpg?at=${wanted}${width ? `&width=${width}` : ''}`;
}

export function playlistPath(store: string, camera: string, span: Span): string {
  return `${recordingsPath(store, camera)}/playlist.m3u8?from=${encodeURIComponent(iso(span.from))}&to=${encodeURIComponent(iso(span.to))}`;
}
