/* SPDX-License-Identifier: Apache-2.0 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, isStatus } from './problem.ts';

export const ME_KEY = ['me'] as const;

/** A 401 anywhere means that the session ended: forget who we were, and the login page shows. */
export function makeQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isStatus(error, 401)) client.setQueryData(ME_KEY, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => !(error instanceof ApiProblem && error.status < 500) && count < 2,
      },
    },
  });
  return client;
}

/** What was fetched for a topic is fetched again: messages of it were missed. */
export function refetchTopic(client: QueryClient, topic: string): void {
  const [, store, what] = topic.split('/');
  const part = what === 'kpi' ? 'kpis' : what;
  if (topic.startsWith('store/')) void client.invalidateQueries({ queryKey: ['stores', store, part] });
}
