/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Scene } from '@/lib/api/cameras.ts';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { type Calibration, MIN_PAIRS } from './calibration.ts';

export type FloorPlan = Schemas['FloorPlan'];
export type PlanSize = NonNullable<FloorPlan['plan']>;

export function planKey(store: string) {
  return ['stores', store, 'floor-plan'] as const;
}

/** The plan, and what the cameras see of it. */
export function useFloorPlan(store: string) {
  return useQuery({
    queryKey: planKey(store),
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/floor-plan', { params: { path: { store } } })),
    staleTime: 30_000,
  });
}

export function usePlacement(store: string) {
  return useQuery({
    queryKey: [...planKey(store), 'placement'],
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/placement', { params: { path: { store } } })),
    staleTime: 30_000,
  });
}

/** How good the calibration on screen would be; the last answer stays until the next has come. */
export function useCalibrationCheck(store: string, image: Scene['image'], calibration: Calibration | undefined) {
  return useQuery({
    queryKey: [...planKey(store), 'check', image, calibration],
    enabled: (calibration?.pairs.length ?? 0) >= MIN_PAIRS,
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/stores/{store}/calibration/check', {
          params: { path: { store } },
          body: { image, calibration: calibration! },
        }),
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

export function planImagePath(store: string, image: string): string {
  return `/api/v1/stores/${encodeURIComponent(store)}/floor-plan/images/${image}`;
}

export function useUploadPlan(store: string) {
  return useMutation({
    mutationFn: async (file: File) =>
      bodyOf(
        api.POST('/api/v1/stores/{store}/floor-plan/images', {
          params: { path: { store } },
          body: { data: await base64(file) },
        }),
      ),
  });
}

/** What is drawn or calibrated anew changes what the plan shows. */
export function useForgetPlan(store: string): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: planKey(store) });
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
