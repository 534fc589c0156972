/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type Funnel = Schemas['Funnel'];
export type FunnelStep = Schemas['FunnelStep'];

export function useFunnel(store: string, range: { from: string; to: string }) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'funnel', range],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/kpis/funnel', { params: { path: { store }, query: range } })),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}
