/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMay } from '@/lib/api/session.ts';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';

export type ZoneKpis = Schemas['ZoneKpis'];
export type ZoneRow = ZoneKpis['zones'][number];

export type ZoneRange = { from: string; to: string; compare?: 'week' };

export function useZoneKpis(store: string, range: ZoneRange) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'zones', range],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/kpis/zones', { params: { path: { store }, query: range } })),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}
