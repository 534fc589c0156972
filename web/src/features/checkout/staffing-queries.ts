/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type Staffing = Schemas['Staffing'];
export type StaffingPool = Schemas['StaffingPool'];

/** It changes once an hour, when an hour of the past is added. */
const REFETCH_MS = 10 * 60_000;

export function useStaffing(store: string, days: number) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'staffing', days],
    enabled: may,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/kpis/staffing', { params: { path: { store }, query: { days } } })),
    refetchInterval: REFETCH_MS,
  });
}
