/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { snapshotPath } from '@/lib/api/cameras.ts';
import { toProblem } from '@/lib/api/problem.ts';

/** One picture to draw on, of a camera that has any. It stays the same until a new one is asked for. */
export function useStill(store: string, camera: string, has = true) {
  const query = useQuery({
    queryKey: ['stores', store, 'still', camera],
    enabled: has,
    queryFn: async () => {
      const response = await fetch(snapshotPath(store, camera), { cache: 'no-store' });
      if (!response.ok) throw toProblem(response.status, await response.json().catch(() => null));
      return URL.createObjectURL(await response.blob());
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const url = query.data;
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  return query;
}
