/* SPDX-License-Identifier: Apache-2.0 */
import type { DataQuery } from '@/components/data-state.tsx';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card.tsx';
import { formatCount, formatDuration } from '@/lib/format/number.ts';
import type { ZoneKpis } from './zone-queries.ts';
import { meanDwell, totalVisitors } from './zone-table.tsx';

/** Zone visits and dwell of today as cards; an error of theirs shows in the zone table. */
export function ZoneCards({ query, href }: { query: DataQuery<ZoneKpis>; href: string }) {
  const zones = query.data?.zones;
  if (!zones && !query.error) return Array.from({ length: 2 }, (_, i) => <KpiSkeleton key={i} />);
  const visits = zones ? totalVisitors(zones) : null;
  const provisional = zones?.some((zone) => zone.provisional);
  const stale = Boolean(query.error);
  return (
    <>
      <KpiCard
        icon="zone"
        name="Zone visits today"
        value={formatCount(visits)}
        unit="visits"
        provisional={provisional}
        stale={stale}
        href={href}
        note={zones && zones.length > 0 ? `in ${zones.length} ${zones.length === 1 ? 'zone' : 'zones'}` : 'no zone drawn yet'}
        definition="Visitors inside each zone for at least its shortest dwell, added over the zones. A visitor of two zones counts in both."
      />
      <KpiCard
        icon="clock"
        name="Mean dwell"
        value={formatDuration(zones ? meanDwell(zones) : null)}
        provisional={provisional}
        stale={stale}
        href={href}
        note="per zone visit"
        definition="Time inside a zone per visit, over all zones of today. Longer visits weigh as one visit each."
      />
    </>
  );
}
