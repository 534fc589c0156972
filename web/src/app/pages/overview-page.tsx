/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { Card } from '@/components/card.tsx';
import { CameraGrid, MoreCameras } from '@/features/cameras/camera-grid.tsx';
import { PictureSwitches, usePictureOptions } from '@/features/cameras/picture-options.tsx';
import { EventFeed } from '@/features/events/event-feed.tsx';
import { useComparison } from '@/features/traffic/comparison.ts';
import { TrafficCard } from '@/features/traffic/traffic-card.tsx';
import { TrafficCards } from '@/features/traffic/traffic-cards.tsx';
import { useTraffic } from '@/features/traffic/traffic-queries.ts';
import { ZoneCards } from '@/features/zones/zone-cards.tsx';
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { ZoneTable } from '@/features/zones/zone-table.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useLiveKpis } from '@/lib/api/live-kpis.ts';
import { useStore } from '@/lib/api/stores.ts';
import { addDays, dayStart, formatLongDay, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';

export function OverviewPage() {
  const store = useStore();
  const now = useNow(5 * 60_000);
  const day = isoDay(now, store.time_zone);
  const range = useMemo(
    () => ({ from: dayStart(day, store.time_zone).toISOString(), to: dayStart(addDays(day, 1), store.time_zone).toISOString() }),
    [day, store.time_zone],
  );
  const live = useLiveKpis(store.id);
  const cameras = useCameras(store.id);
  const traffic = useTraffic(store.id, useMemo(() => ({ ...range, step: 'hour' as const }), [range]));
  const zones = useZoneKpis(store.id, range);
  const compared = useComparison(store.id, store.time_zone, now);
  const [show, setShow] = usePictureOptions();
  const [, go] = useLocation();
  const path = (rest: string) => `/stores/${store.id}${rest}`;
  const occupancy = new Map((live.data?.zones ?? []).map((zone) => [zone.zone_id, zone.occupancy] as const));

  return (
    <div className="space-y-4 sm:space-y-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-[15px] font-semibold tracking-tight">{store.name}</h2>
        <p className="text-[13px] text-quiet">{formatLongDay(now, store.time_zone)}</p>
      </div>
      <section aria-label="Today's figures" className="grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-3 2xl:grid-cols-6">
        <TrafficCards query={live} compared={compared} links={{ traffic: path('/customers'), cameras: path('/cameras') }} />
        <ZoneCards query={zones} href={path('/customers')} />
      </section>
      <div className="grid gap-4 sm:gap-6 xl:grid-cols-3">
        <Card
          title="Cameras"
          className="xl:col-span-2"
          actions={
            <>
              <PictureSwitches show={show} onChange={setShow} />
              <MoreCameras href={path('/cameras')} count={(cameras.data?.length ?? 0) - 4} />
            </>
          }
        >
          <CameraGrid store={store.id} query={cameras} size={4} show={show} href={(camera) => path(`/cameras?camera=${camera.id}`)} />
        </Card>
        <div className="relative min-h-[420px]">
          <EventFeed className="h-full max-h-[640px] xl:absolute xl:inset-0 xl:max-h-none" />
        </div>
      </div>
      <div className="grid gap-4 sm:gap-6 xl:grid-cols-2">
        <TrafficCard
          title="Traffic by hour"
          hint="People in and out over entrance lines"
          query={traffic}
          zone={store.time_zone}
          onPick={(bucket) => go(path(`/events?kind=line.crossed&from=${bucket.start}&to=${bucket.end}`))}
        />
        <ZoneTable
          title="Zones today"
          hint="Visitors, and how long they stay"
          query={zones}
          occupancy={occupancy}
          stale={live.stale}
          eventsHref={(zone) => path(`/events?kind=zone.visit&camera=${zone.camera_ids[0] ?? ''}&from=${range.from}`)}
        />
      </div>
    </div>
  );
}
