/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import type { Mark } from './marks.ts';

export type Audit = Schemas['CountAudit'];
export type Interval = Schemas['CountInterval'];
export type LineAccuracy = Schemas['LineAccuracy'];
export type Figures = Schemas['CountFigures'];
export type Share = Schemas['CountShare'];

const auditsKey = (store: string) => ['stores', store, 'count-audits'] as const;

/** The audits, newest first, and what they say of each line. */
export function useAudits(store: string) {
  return useQuery({
    queryKey: auditsKey(store),
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/audits', { params: { path: { store } } })),
  });
}

export function useAuditMutations(store: string) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: auditsKey(store) });
  const plan = useMutation({
    mutationFn: (body: Schemas['CountAuditPlan']) =>
      bodyOf(api.POST('/api/v1/stores/{store}/audits', { params: { path: { store } }, body })),
    onSettled,
  });
  const settle = useMutation({
    mutationFn: ({ audit, interval, marks }: { audit: number; interval: number; marks: readonly Mark[] | null }) =>
      bodyOf(
        api.PUT('/api/v1/stores/{store}/audits/{audit}/intervals/{interval}', {
          params: { path: { store, audit: String(audit), interval: String(interval) } },
          body: marks ? { state: 'counted', marks: marks.map(asSent) } : { state: 'void' },
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (audit: number) =>
      bodyOf(api.DELETE('/api/v1/stores/{store}/audits/{audit}', { params: { path: { store, audit: String(audit) } } })),
    onSettled,
  });
  return { plan, settle, remove };
}

function asSent({ at, direction }: Mark) {
  return { ts: new Date(at).toISOString(), direction };
}
