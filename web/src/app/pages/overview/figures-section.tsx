/* SPDX-License-Identifier: Apache-2.0 */
import { TrafficCards } from '@/features/traffic/traffic-cards.tsx';
import { useTraffic } from '@/features/traffic/traffic-queries.ts';
import { ZoneCards } from '@/features/zones/zone-cards.tsx';
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useStore } from '@/lib/api/stores.ts';
import { comparedWith } from '@/lib/comparison.ts';
import type { Range } from './use-today.ts';

const COMPARE_MS = 5 * 60_000;

export function FiguresSection({ today }: { today: Range }) {
  const store = useStore();
  const live = useLiveKpis(store.id);
  const zones = useZoneKpis(store.id, today);
  const week = useTraffic(store.id, { ...today, step: 'hour', compare: 'week' }, COMPARE_MS).data?.comparison;
  const path = (rest: string) => `/stores/${store.id}${rest}`;
  return (
    <section aria-label="Today's figures" className="grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-3 xl:grid-cols-6">
      <TrafficCards
        query={live}
        compared={comparedWith(week, true)}
        links={{ traffic: path('/customers'), cameras: path('/cameras') }}
      />
      <ZoneCards query={zones} stale={live.stale} href={path('/customers')} />
    </section>
  );
}
