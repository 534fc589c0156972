/* SPDX-License-Identifier: Apache-2.0 */
import { AdviceCard } from '@/features/advice/advice-card.tsx';
import { useRecommendations } from '@/features/advice/advice-queries.ts';
import { useMe } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';

export function AdviceSection() {
  const store = useStore();
  const user = useMe().data?.name ?? '';
  return <AdviceCard query={useRecommendations(store.id)} store={store} user={user} />;
}
