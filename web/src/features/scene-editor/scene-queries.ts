/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Scene, sceneKey } from '@/lib/api/cameras.ts';
import { api, bodyOf } from '@/lib/api/client.ts';
import type { Drawing } from './scene-codec.ts';

export function useVersions(store: string, camera: string, enabled: boolean) {
  return useQuery({
    queryKey: [...sceneKey(store, camera), 'versions'],
    enabled,
    queryFn: async () =>
      (
        await bodyOf(
          api.GET('/api/v1/stores/{store}/cameras/{camera}/scene/versions', { params: { path: { store, camera } } }),
        )
      ).versions,
  });
}

/** One version; it never changes. */
export function useSceneVersion(store: string, camera: string, version: number) {
  return useQuery({
    queryKey: [...sceneKey(store, camera), 'version', version],
    staleTime: Infinity,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/cameras/{camera}/scene', {
          params: { path: { store, camera }, query: { version } },
        }),
      ),
  });
}

/** Saves as a new version on top of the one it was drawn from; 412 where somebody else was first. */
export function useSaveScene(store: string, camera: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ onto, drawing }: { onto: Scene; drawing: Drawing }) =>
      bodyOf(
        api.PUT('/api/v1/stores/{store}/cameras/{camera}/scene', {
          params: { path: { store, camera }, header: { 'If-Match': `"${onto.version}"` } },
          body: drawing,
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(sceneKey(store, camera), saved);
      void client.invalidateQueries({ queryKey: [...sceneKey(store, camera), 'versions'] });
      void client.invalidateQueries({ queryKey: ['stores', store, 'kpis'] });
      void client.invalidateQueries({ queryKey: ['stores', store, 'floor-plan'] });
    },
  });
}
