/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type Recommendations = Schemas['RecommendationList'];
export type Recommendation = Schemas['Recommendation'];

/** They are of whole days, and cost the server some answers. */
const FRESH_MS = 30 * 60_000;

export function useRecommendations(store: string) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'recommendations'],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/recommendations', { params: { path: { store } } })),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });
}
