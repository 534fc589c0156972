/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import type { Drawing } from './scene-codec.ts';

export type WhatIf = Schemas['Replay'];
export type WhatIfWhole = Schemas['ReplayWhole'];
export type WhatIfRow = Schemas['ReplayRow'];

/** While one is worked out, its progress is asked for. */
const BUSY_MS = 1000;

const keyOf = (store: string) => ['stores', store, 'replays'];

export function isBusy({ state }: Pick<WhatIf, 'state'>): boolean {
  return state === 'waiting' || state === 'working';
}

/** Those of one camera, newest first. */
export function useWhatIfs(store: string, camera: string) {
  return useQuery({
    queryKey: [...keyOf(store), 'list'],
    queryFn: async () =>
      (await bodyOf(api.GET('/api/v1/stores/{store}/replays', { params: { path: { store } } }))).replays,
    select: (all) => all.filter((one) => one.camera_id === camera),
    refetchInterval: (query) => (query.state.data?.some(isBusy) ? BUSY_MS : false),
  });
}

export function useWhatIf(store: string, id: number) {
  return useQuery({
    queryKey: [...keyOf(store), id],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/replays/{replay}', { params: { path: { store, replay: String(id) } } }),
      ),
    refetchInterval: (query) => (query.state.data && isBusy(query.state.data) ? BUSY_MS : false),
  });
}

export function useAskWhatIf(store: string, camera: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ from, to, drawing }: { from: string; to: string; drawing: Drawing }) =>
      bodyOf(
        api.POST('/api/v1/stores/{store}/replays', {
          params: { path: { store } },
          /* The document says of a drawing only that it is an object. */
          body: { from, to, camera_id: camera, cameras: [{ id: camera, scene: drawing as unknown as Record<string, never> }] },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(store) }),
  });
}

/** Forgets one, or gives up one that is being worked out. */
export function useDeleteWhatIf(store: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      bodyOf(
        api.DELETE('/api/v1/stores/{store}/replays/{replay}', { params: { path: { store, replay: String(id) } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: [...keyOf(store), 'list'] }),
  });
}
