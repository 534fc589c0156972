/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { KpiSkeleton } from '@/components/kpi-card.tsx';
import { RangePicker } from '@/components/range-picker.tsx';
import { ForecastCard } from '@/features/forecast/forecast-card.tsx';
import { useForecast } from '@/features/forecast/forecast-queries.ts';
import { FunnelCard } from '@/features/funnel/funnel-card.tsx';
import { useFunnel } from '@/features/funnel/funnel-queries.ts';
import { GroupCard } from '@/features/groups/group-card.tsx';
import { HeatPanel } from '@/features/heatmap/heat-panel.tsx';
import { useJourneys } from '@/features/journeys/journeys-queries.ts';
import { JourneysSection } from '@/features/journeys/journeys-section.tsx';
import { LineTable } from '@/features/traffic/line-table.tsx';
import { PeriodCards } from '@/features/traffic/period-cards.tsx';
import { TrafficCard } from '@/features/traffic/traffic-card.tsx';
import { type Traffic, useTraffic } from '@/features/traffic/traffic-queries.ts';
import { VisitCards } from '@/features/visits/visit-cards.tsx';
import { zoneCompare } from '@/features/zones/zone-compare.ts';
import { useZoneKpis } from '@/features/zones/zone-queries.ts';
import { ZoneTable } from '@/features/zones/zone-table.tsx';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { beforeWords, comparedWith, lowerFirst } from '@/lib/comparison.ts';
import { formatDay, formatHour } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { useDays } from './use-days.ts';

const FORECAST_DAYS = 3;

/** Footfall and zones over any days: the breakdown behind the cards of the overview. */
export function CustomersPage() {
  const store = useStore();
  const now = useNow(60_000);
  const names = useNames(store.id);
  const [, go] = useLocation();
  const { days, range, step, today, choose } = useDays(now, 'today');
  const traffic = useTraffic(
    store.id,
    useMemo(() => ({ ...range, step, compare: 'week' }), [range, step]),
  );
  const zones = useZoneKpis(
    store.id,
    useMemo(() => ({ ...range, compare: 'week' }), [range]),
  );
  const funnel = useFunnel(store.id, range);
  const journeys = useJourneys(store.id, range);
  const isToday = days.from === today;
  const week = traffic.data?.comparison;
  const compared = comparedWith(week, isToday);
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
        onChange={choose}
      />
      <section aria-labelledby="figures" className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <h2 id="figures" className="sr-only">
          Figures of the period
        </h2>
        {traffic.data ? (
          <>
            <PeriodCards
              totals={traffic.data.totals}
              compared={compared}
              stale={Boolean(traffic.error)}
              href={events({ kind: 'line.crossed' })}
            />
            <VisitCards
              totals={traffic.data.totals}
              open={traffic.data.open_visits}
              days={days.from !== days.to}
              compared={compared}
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
        before={week ? lowerFirst(beforeWords(week.weeks, isToday)) : null}
        onPick={(bucket) => go(events({ kind: 'line.crossed', from: bucket.start, to: bucket.end }))}
      />
      <div className="grid grid-cols-1 gap-4 sm:gap-6">
        {traffic.data && (
          <GroupCard
            totals={traffic.data.totals}
            stale={Boolean(traffic.error)}
            href={events({ kind: 'group.entered' })}
          />
        )}
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
          shown={12}
          compared={zones.data?.comparison ? zoneCompare(zones.data.comparison, isToday) : undefined}
          eventsHref={(zone) => events({ kind: 'zone.visit', camera: zone.camera_ids[0] ?? '' })}
        />
      </div>
      <FunnelCard query={funnel} salesHref={`/stores/${store.id}/sales?${new URLSearchParams(days).toString()}`} />
      <JourneysSection query={journeys} />
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
