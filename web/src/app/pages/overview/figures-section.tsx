/* SPDX-License-Identifier: Apache-2.0 */
import { useComparison } from '@/features/traffic/comparison.ts';
import { TrafficCards } from '@/features/traffic/traffic-cards.tsx';
import { ZoneCards } from '@/features/zones/zone-cards.tsx';
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useStore } from '@/lib/api/stores.ts';
import type { Range } from './use-today.ts';

export function FiguresSection({ today }: { today: Range }) {
  const store = useStore();
  const live = useLiveKpis(store.id);
  const zones = useZoneKpis(store.id, today);
  const compared = useComparison(store.id, today);
  const path = (rest: string) => `/stores/${store.id}${rest}`;
  return (
    <section aria-label="Today's figures" className="grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-3 xl:grid-cols-6">
      <TrafficCards
        query={live}
        compared={compared}
        links={{ traffic: path('/customers'), cameras: path('/cameras') }}
      />
      <ZoneCards query={zones} stale={live.stale} href={path('/customers')} />
    </section>
  );
}
