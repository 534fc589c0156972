/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';

export type Evidence = Schemas['Evidence'];
export type EvidenceWish = Schemas['EvidenceWish'];

const MOST = 500;
/** While a bundle is made, its progress is asked for. */
const BUSY_MS = 1000;

export function useEvidence(store: string) {
  return useQuery({
    queryKey: ['stores', store, 'evidence'],
    queryFn: async () =>
      (
        await bodyOf(
          api.GET('/api/v1/stores/{store}/evidence', { params: { path: { store }, query: { limit: MOST } } }),
        )
      ).evidence,
    refetchInterval: (query) => (query.state.data?.some(({ state }) => state === 'waiting') ? BUSY_MS : false),
  });
}

export function useEvidenceKey(enabled: boolean) {
  return useQuery({
    queryKey: ['evidence', 'key'],
    queryFn: () => bodyOf(api.GET('/api/v1/evidence/key')),
    staleTime: Infinity,
    enabled,
  });
}

export function useEvidenceMutations(store: string) {
  const client = useQueryClient();
  const onSuccess = () => void client.invalidateQueries({ queryKey: ['stores', store, 'evidence'] });
  const path = (id: number) => ({ path: { store, case: String(id) } });
  const keep = useMutation({
    mutationFn: (body: EvidenceWish) =>
      bodyOf(api.POST('/api/v1/stores/{store}/evidence', { params: { path: { store } }, body })),
    onSuccess,
  });
  const again = useMutation({
    mutationFn: (id: number) =>
      bodyOf(api.POST('/api/v1/stores/{store}/evidence/{case}/bundle', { params: path(id) })),
    onSuccess,
  });
  const release = useMutation({
    mutationFn: ({ id, reason }: { id: number; reason: string }) =>
      bodyOf(api.POST('/api/v1/stores/{store}/evidence/{case}/release', { params: path(id), body: { reason } })),
    onSuccess,
  });
  return { keep, again, release };
}

export function bundlePath(store: string, { id }: Evidence): string {
  return `/api/v1/stores/${store}/evidence/${id}/bundle.zip`;
}
