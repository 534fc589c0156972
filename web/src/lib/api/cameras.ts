/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { useTopic } from '@/lib/live/use-topic.ts';
import { useMay } from './session.ts';
import { api, bodyOf, type Schemas } from './client.ts';

export type Camera = Schemas['Camera'];
export type Scene = Schemas['Scene'];

/** The store's cameras with their health; the topic brings changes of it. */
export function useCameras(store: string) {
  const may = useMay('cameras.read');
  const topic = useTopic(may ? `store/${store}/cameras` : null);
  const query = useQuery({
    queryKey: ['stores', store, 'cameras'],
    queryFn: async () =>
      (await bodyOf(api.GET('/api/v1/stores/{store}/cameras', { params: { path: { store } } }))).cameras,
    enabled: may,
    refetchInterval: 15_000,
  });
  const pushed = topic.fresh ? (topic.data as { cameras: Camera[] } | null)?.cameras : undefined;
  return { ...query, data: pushed ?? query.data, stale: topic.data !== null && !topic.fresh };
}

export function sceneKey(store: string, camera: string) {
  return ['stores', store, 'scenes', camera] as const;
}

export function useScene(store: string, camera: string) {
  return useQuery({
    queryKey: sceneKey(store, camera),
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/cameras/{camera}/scene', { params: { path: { store, camera } } })),
    staleTime: 60_000,
  });
}

export type StreamName = Schemas['CameraStream']['name'];

/** Where live video is asked for: by WebRTC (WHEP), or as fragmented MP4 (MSE). */
export function livePath(store: string, camera: string, stream: StreamName, by: 'whep' | 'mse' = 'whep'): string {
  return `/api/v1/stores/${encodeURIComponent(store)}/cameras/${encodeURIComponent(camera)}/${by}?stream=${stream}`;
}

export function snapshotPath(store: string, camera: string, width?: number): string {
  const size = width ? `&width=${width}` : '';
  return `/api/v1/stores/${encodeURIComponent(store)}/cameras/${encodeURIComponent(camera)}/snapshot.jpg?boxes=0${size}`;
}
