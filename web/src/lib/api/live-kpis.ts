/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { useTopic } from '@/lib/live/use-topic.ts';
import { useMay } from './session.ts';
import { api, bodyOf, type Schemas } from './client.ts';

export type LiveKpis = Schemas['LiveKpis'];
export type Figure = Schemas['Figure'];

/** The figures of now: fetched once, then kept current by the store's topic. */
export function useLiveKpis(store: string) {
  const may = useMay('kpis.read');
  const topic = useTopic(may ? `store/${store}/kpi` : null);
  const query = useQuery({
    queryKey: ['stores', store, 'kpis', 'live'],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/kpis/live', { params: { path: { store } } })),
  });
  const pushed = topic.data as LiveKpis | null;
  const newer = pushed && (topic.fresh || !query.data) ? pushed : (query.data ?? pushed ?? undefined);
  return { ...query, data: newer, error: newer ? null : query.error, stale: pushed !== null && !topic.fresh };
}
