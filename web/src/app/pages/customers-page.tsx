/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { KpiSkeleton } from '@/components/kpi-card.tsx';
import { RangePicker, readRange, stepOf } from '@/components/range-picker.tsx';
import { ForecastCard } from '@/features/forecast/forecast-card.tsx';
import { useForecast } from '@/features/forecast/forecast-queries.ts';
import { HeatPanel } from '@/features/heatmap/heat-panel.tsx';
import { LineTable } from '@/features/traffic/line-table.tsx';
import { PeriodCards } from '@/features/traffic/period-cards.tsx';
import { TrafficCard } from '@/features/traffic/traffic-card.tsx';
import { type Traffic, useTraffic } from '@/features/traffic/traffic-queries.ts';
import { VisitCards } from '@/features/visits/visit-cards.tsx';
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { ZoneTable } from '@/features/zones/zone-table.tsx';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { addDays, dayStart, formatDay, formatHour, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';

const FORECAST_DAYS = 3;

/** Footfall and zones over any days: the breakdown behind the cards of the overview. */
export function CustomersPage() {
  const store = useStore();
  const now = useNow(60_000);
  const names = useNames(store.id);
  const [params, setParams] = useSearchParams();
  const [, go] = useLocation();
  const days = readRange(params, isoDay(now, store.time_zone));
  const range = useMemo(
    () => ({
      from: dayStart(days.from, store.time_zone).toISOString(),
      to: dayStart(addDays(days.to, 1), store.time_zone).toISOString(),
    }),
    [days.from, days.to, store.time_zone],
  );
  const step = stepOf(days);
  const traffic = useTraffic(
    store.id,
    useMemo(() => ({ ...range, step }), [range, step]),
  );
  const zones = useZoneKpis(store.id, range);
  const forecast = useForecast(store.id, FORECAST_DAYS);
  const events = (query: Record<string, string>) =>
    `/stores/${store.id}/events?${new URLSearchParams({ ...range, ...query }).toString()}`;
  const lines = { ...traffic, data: traffic.data?.lines };

  return (
    <div className="space-y-4 sm:space-y-6">
      <RangePicker
        range={days}
        timezone={store.time_zone}
        now={now}
        onChange={({ from, to }) => setParams({ from, to }, { replace: true })}
      />
      <section aria-labelledby="figures" className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <h2 id="figures" className="sr-only">
          Figures of the period
        </h2>
        {traffic.data ? (
          <>
            <PeriodCards
              totals={traffic.data.totals}
              stale={Boolean(traffic.error)}
              href={events({ kind: 'line.crossed' })}
            />
            <VisitCards
              totals={traffic.data.totals}
              open={traffic.data.open_visits}
              days={days.from !== days.to}
              stale={Boolean(traffic.error)}
              href={events({ kind: 'visit.closed' })}
            />
          </>
        ) : (
          !traffic.error && Array.from({ length: 3 }, (_, i) => <KpiSkeleton key={i} />)
        )}
      </section>
      <TrafficCard
        title={step === 'hour' ? 'Traffic by hour' : 'Traffic by day'}
        hint={peakText(traffic.data?.peak_hours, store.time_zone)}
        query={traffic}
        zone={store.time_zone}
        onPick={(bucket) => go(events({ kind: 'line.crossed', from: bucket.start, to: bucket.end }))}
      />
      <div className="grid grid-cols-1 gap-4 sm:gap-6">
        <LineTable
          title="Lines"
          hint="Where people went in and out"
          query={lines}
          cameraName={names.camera}
          eventsHref={(row) => events({ kind: 'line.crossed', camera: row.camera_id })}
        />
        <ZoneTable
          title="Zones"
          hint="Who came, and how long people stayed"
          query={zones}
          details
          eventsHref={(zone) => events({ kind: 'zone.visit', camera: zone.camera_ids[0] ?? '' })}
        />
      </div>
      <HeatPanel store={store.id} range={range} zone={store.time_zone} />
      <ForecastCard query={forecast} zone={store.time_zone} />
    </div>
  );
}

function peakText(hours: Traffic['peak_hours'] | undefined, zone: string): string {
  if (!hours || hours.length === 0) return 'Choose a bar to see its events';
  const shown = hours.slice(0, 3).map(({ start }) => `${formatDay(start, zone)} ${formatHour(start, zone)}`);
  return `Peak ${hours.length === 1 ? 'hour' : 'hours'}: ${shown.join(', ')}${hours.length > 3 ? ', …' : ''}`;
}
