/* SPDX-License-Identifier: Apache-2.0 */
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { ZoneTable } from '@/features/zones/zone-table.tsx';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useStore } from '@/lib/api/stores.ts';
import { TrafficSection } from './traffic-section.tsx';
import type { Range } from './use-today.ts';

export function ChartsSection({ today }: { today: Range }) {
  const store = useStore();
  const live = useLiveKpis(store.id);
  const zones = useZoneKpis(store.id, today);
  const events = (query: Record<string, string>) =>
    `/stores/${store.id}/events?${new URLSearchParams(query).toString()}`;
  const occupancy = new Map((live.data?.zones ?? []).map((zone) => [zone.zone_id, zone.occupancy] as const));
  return (
    <div className="grid grid-cols-1 gap-4 sm:gap-6 xl:grid-cols-2">
      <TrafficSection today={today} />
      <ZoneTable
        title="Zones today"
        hint="The busiest, and how long people stay"
        query={zones}
        shown={8}
        occupancy={occupancy}
        stale={live.stale}
        eventsHref={(zone) => events({ kind: 'zone.visit', camera: zone.camera_ids[0] ?? '', from: today.from })}
      />
    </div>
  );
}
