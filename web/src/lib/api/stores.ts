/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { api, bodyOf, type Schemas } from './client.ts';

export type Store = Schemas['Store'];

export function useStores() {
  return useQuery({
    queryKey: ['stores'],
    queryFn: async () => (await bodyOf(api.GET('/api/v1/stores'))).stores,
    staleTime: 5 * 60_000,
  });
}

export const StoreContext = createContext<Store | null>(null);

/** The store whose pages are open. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('StoreContext is missing above this component');
  return store;
}
