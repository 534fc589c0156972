/* SPDX-License-Identifier: Apache-2.0 */
import type { DataQuery } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card.tsx';
import { formatCount, formatDuration } from '@/lib/format/number.ts';
import type { ZoneKpis } from './zone-queries.ts';
import { meanDwell, totalVisits } from './zone-sums.ts';

/** Zone visits and dwell of today as cards; an error of theirs shows in the zone table. */
type ZoneCardsProps = { query: DataQuery<ZoneKpis>; /** The live link is lost. */ stale: boolean; href: string };

export function ZoneCards({ query, stale: lost, href }: ZoneCardsProps) {
  const zones = query.data?.zones;
  if (!zones && !query.error) return Array.from({ length: 2 }, (_, i) => <KpiSkeleton key={i} />);
  const visits = zones ? totalVisits(zones) : null;
  const provisional = zones?.some((zone) => zone.provisional);
  const stale = zones !== undefined && (lost || Boolean(query.error));
  return (
    <>
      <KpiCard
        icon="zone"
        name="Zone visits"
        value={formatCount(visits)}
        unit="visits"
        provisional={provisional}
        stale={stale}
        href={href}
        note={zones ? inZones(zones.length) : 'could not be loaded'}
        definition={<Meaning data={query.data} figure="zone_visits" />}
      />
      <KpiCard
        icon="clock"
        name="Mean dwell"
        value={formatDuration(zones ? meanDwell(zones) : null)}
        provisional={provisional}
        stale={stale}
        href={href}
        note={zones ? 'per zone visit' : 'could not be loaded'}
        definition={<Meaning data={query.data} figure="dwell_mean_s" />}
      />
    </>
  );
}

function inZones(count: number): string {
  return count === 0 ? 'no zone drawn yet' : `in ${count} ${count === 1 ? 'zone' : 'zones'}`;
}

/** The server's own words for the figure; coverage is that of the zone that was seen least. */
function Meaning({ data, figure }: { data: ZoneKpis | undefined; figure: 'zone_visits' | 'dwell_mean_s' }) {
  if (!data) return <p>The figures could not be loaded.</p>;
  const covered = data.zones.flatMap((zone) => (zone.coverage === null ? [] : [zone.coverage]));
  const coverage = covered.length > 0 ? Math.min(...covered) : null;
  const provisional = data.zones.some((zone) => zone.provisional);
  return (
    <>
      <p className="mb-2 text-ink">All zones together.</p>
      <DefinitionNote figure={{ ...data.figures[figure], coverage, provisional }} />
    </>
  );
}
