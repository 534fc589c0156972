/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Scene, sceneKey, snapshotPath } from '@/lib/api/cameras.ts';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { toProblem } from '@/lib/api/problem.ts';
import { useMay } from '@/lib/api/session.ts';

export type HeatMap = Schemas['HeatMap'];
export type HeatPeriod = Schemas['HeatPeriod'];
export type HeatStep = HeatMap['step'];

/** The floor plan has the scene of a camera that is none. */
export const PLAN = 'floor-plan';

export type HeatQuestion = {
  /** `PLAN`, or a camera's id. */
  subject: string;
  from: string;
  to: string;
  step: HeatStep;
};

export function useHeatMap(store: string, question: HeatQuestion | null) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'heatmap', question],
    enabled: may && question !== null,
    queryFn: () => {
      const { subject, ...range } = question!;
      const query = subject === PLAN ? range : { ...range, camera: subject };
      return bodyOf(api.GET('/api/v1/stores/{store}/kpis/heatmap', { params: { path: { store }, query } }));
    },
    refetchInterval: 60_000,
    placeholderData: (old, before) =>
      (before?.queryKey[4] as HeatQuestion | null)?.subject === question?.subject ? keepPreviousData(old) : undefined,
  });
}

/** What is drawn on the plan or on a camera's picture; null where nothing is, or it may not be seen. */
export function useDrawing(store: string, subject: string): Scene | null {
  const may = useMay('scenes.read');
  const query = useQuery({
    queryKey: sceneKey(store, subject),
    enabled: may,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/cameras/{camera}/scene', { params: { path: { store, camera: subject } } }),
      ),
    staleTime: 60_000,
    retry: false,
  });
  return query.data ?? null;
}

/** A still of the camera, to lie under its heat map; null for the plan and where there is none. */
export function useBackdrop(store: string, subject: string): string | null {
  const may = useMay('pictures.read');
  const query = useQuery({
    queryKey: ['stores', store, 'heat-still', subject],
    enabled: may && subject !== PLAN,
    queryFn: async () => {
      const response = await fetch(snapshotPath(store, subject, 960), { cache: 'no-store' });
      if (!response.ok) throw toProblem(response.status, await response.json().catch(() => null));
      return URL.createObjectURL(await response.blob());
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const url = query.data;
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  return url ?? null;
}
