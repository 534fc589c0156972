/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type QueueKpis = Schemas['QueueKpis'];
export type QueueRow = Schemas['QueueRow'];
export type QueuePeriod = Schemas['QueuePeriod'];
export type LiveQueue = Schemas['LiveQueue'];
export type LiveLane = Schemas['LiveLane'];

export type QueueRange = { from: string; to: string; step: QueueKpis['step']; compare?: 'week' };

export function useQueueKpis(store: string, range: QueueRange) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'queues', range],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/kpis/queues', { params: { path: { store }, query: range } })),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}
