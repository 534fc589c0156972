/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMay } from '@/lib/api/session.ts';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';

export type Traffic = Schemas['Traffic'];
export type TrafficStep = '5min' | 'hour' | 'day';

export type TrafficRange = { from: string; to: string; step: TrafficStep; compare?: 'week' };

export function useTraffic(store: string, range: TrafficRange | null, refetchMs: number | false = 30_000) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'traffic', range],
    enabled: may && range !== null,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/kpis/traffic', { params: { path: { store }, query: range ?? {} } })),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
}
