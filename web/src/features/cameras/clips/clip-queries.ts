/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';
import { recordingsQuery } from '../playback/recording-queries.ts';
import type { Span } from '../playback/timeline-scale.ts';
import { type Content, contentOf, faultOf, hoursOf } from './clip-span.ts';

export type Clip = Schemas['Export'];

const BUSY_MS = 1000;
const CALM_MS = 30_000;

const clipsKey = (store: string) => ['stores', store, 'exports'] as const;

export function isUnderWay({ state }: Clip): boolean {
  return state === 'waiting' || state === 'working';
}

/** The store's clips, newest first; while one is being made, its progress. */
export function useClips(store: string) {
  return useQuery({
    queryKey: clipsKey(store),
    queryFn: async () =>
      (await bodyOf(api.GET('/api/v1/stores/{store}/exports', { params: { path: { store } } }))).exports,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? BUSY_MS : CALM_MS),
  });
}

/** What was asked for: those that are made now, and why others are not. */
export type Started = { made: Clip[]; refused: { camera: string; reason: string }[] };

export function useClipMutations(store: string) {
  const client = useQueryClient();
  const startOne = (camera: string, { from, to }: Span) => {
    const body = { camera, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return bodyOf(api.POST('/api/v1/stores/{store}/exports', { params: { path: { store } }, body }));
  };
  const start = useMutation({
    mutationFn: async ({ cameras, span }: { cameras: readonly string[]; span: Span }): Promise<Started> => {
      const started: Started = { made: [], refused: [] };
      for (const camera of cameras) {
        try {
          started.made.push(await startOne(camera, span));
        } catch (error) {
          started.refused.push({ camera, reason: problemText(error) });
        }
      }
      return started;
    },
    onSuccess: async ({ made }) => {
      await client.cancelQueries({ queryKey: clipsKey(store) });
      client.setQueryData<Clip[]>(clipsKey(store), (old = []) => [...made.toReversed(), ...old]);
    },
    onSettled: () => client.invalidateQueries({ queryKey: clipsKey(store) }),
  });
  const remove = useMutation({
    mutationFn: (id: Clip['id']) =>
      bodyOf(api.DELETE('/api/v1/stores/{store}/exports/{export}', { params: { path: { store, export: String(id) } } })),
    onSettled: () => client.invalidateQueries({ queryKey: clipsKey(store) }),
  });
  return { start, remove };
}

/** What was recorded of each camera in the span; null where that is not known (yet). */
export function useContents(store: string, cameras: readonly string[], span: Span, now: number) {
  const hours = hoursOf(span);
  const enabled = faultOf(span, now) === null;
  return useQueries({
    queries: cameras.map((camera) => ({ ...recordingsQuery(store, camera, hours, now < hours.to), enabled })),
    combine: (all) => all.map(({ data }): Content | null => (enabled && data ? contentOf(data, span, now) : null)),
  });
}

export function clipPath(store: string, { id }: Clip): string {
  return `/api/v1/stores/${encodeURIComponent(store)}/exports/${id}/video.mp4`;
}
