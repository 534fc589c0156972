/* SPDX-License-Identifier: Apache-2.0 */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { useMay } from '@/lib/api/session.ts';

export type Sales = Schemas['SalesKpis'];
export type Baskets = Schemas['BasketKpis'];
export type Rule = Schemas['BasketRule'];
export type Product = Schemas['BasketProduct'];
export type Terminal = Schemas['Terminal'];
export type Receipt = Schemas['Transaction'];
export type ReceiptKind = Schemas['TransactionKind'];

type Range = { from: string; to: string };
type SalesRange = Range & { step: Sales['step']; compare?: 'week' };

const BASKETS_FRESH_MS = 5 * 60_000;

/** Sums of a period. */
export function useSales(store: string, range: SalesRange, refetchMs: number | false = 30_000) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'sales', range],
    enabled: may,
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/kpis/sales', { params: { path: { store }, query: range } })),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
}

/** What is bought together; the server looks at every receipt of the period, so seldom. */
export function useBaskets(store: string, range: Range) {
  const may = useMay('kpis.read');
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'baskets', range],
    enabled: may,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/kpis/baskets', { params: { path: { store }, query: range } })),
    staleTime: BASKETS_FRESH_MS,
    placeholderData: keepPreviousData,
  });
}

/** What goes best with these products; asks for nothing while there are none. */
export function useHint(store: string, range: Range, skus: readonly string[]) {
  return useQuery({
    queryKey: ['stores', store, 'kpis', 'baskets', range, skus],
    enabled: skus.length > 0,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/kpis/baskets', {
          params: { path: { store }, query: { ...range, sku: [...skus], limit: 1 } },
        }),
      ),
    staleTime: BASKETS_FRESH_MS,
  });
}

export function useTerminals(store: string) {
  const may = useMay('sales.read');
  return useQuery({
    queryKey: ['stores', store, 'terminals'],
    enabled: may,
    queryFn: async () =>
      (await bodyOf(api.GET('/api/v1/stores/{store}/terminals', { params: { path: { store } } }))).terminals,
  });
}

/** Says at which lane a terminal stands. Its earlier receipts may come along, so figures are fetched anew. */
export function useMapTerminal(store: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (terminal: { id: string; name: string; lane_id: string | null }) =>
      bodyOf(
        api.PUT('/api/v1/stores/{store}/terminals', {
          params: { path: { store } },
          body: { terminals: [terminal] },
        }),
      ),
    onSuccess: () =>
      Promise.all(
        [['terminals'], ['transactions'], ['kpis', 'sales']].map((part) =>
          client.invalidateQueries({ queryKey: ['stores', store, ...part] }),
        ),
      ),
  });
}

export type ReceiptFilter = {
  from?: string;
  to?: string;
  terminal?: string;
  kind?: ReceiptKind;
  receipt?: string;
  sku?: string;
  /** Whether its service at a till is known; receipts of which that can't be told are neither. */
  linked?: boolean;
};

/** Receipts newest first, older ones page by page. */
export function useReceipts(store: string, filter: ReceiptFilter, limit: number) {
  const may = useMay('sales.read');
  const query = useInfiniteQuery({
    queryKey: ['stores', store, 'transactions', filter, limit],
    enabled: may,
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/transactions', {
          params: { path: { store }, query: { ...filter, limit, cursor: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  return { ...query, data: query.data?.pages.flatMap((page) => page.transactions) };
}
