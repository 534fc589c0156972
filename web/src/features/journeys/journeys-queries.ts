/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type Journeys = Schemas['Journeys'];

export function useJourneys(store: string, range: { from: string; to: string }) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'journeys', range],
    enabled: may,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/kpis/journeys', { params: { path: { store }, query: range } })),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
}
