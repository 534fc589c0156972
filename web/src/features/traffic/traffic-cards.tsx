/* SPDX-License-Identifier: Apache-2.0 */
import { type DataQuery, ErrorNote } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card.tsx';
import type { Figure, LiveKpis } from '@/lib/api/live-kpis.ts';
import type { Compare } from '@/lib/comparison.ts';
import { formatCount, known } from '@/lib/format/number.ts';

type TrafficCardsProps = {
  query: DataQuery<LiveKpis> & { stale: boolean };
  compared: Compare;
  /** Pages behind the cards. */
  links: { traffic: string; cameras: string };
};

/** The cards of people in and out and in the store, for a grid that the page lays out. */
export function TrafficCards({ query, compared, links }: TrafficCardsProps) {
  const { data, stale } = query;
  if (!data) {
    if (query.error) {
      return (
        <div className="col-span-full rounded-card border border-line bg-card">
          <ErrorNote what="today's figures" error={query.error} retry={query.refetch} />
        </div>
      );
    }
    return Array.from({ length: 4 }, (_, i) => <KpiSkeleton key={i} />);
  }
  const count = (figure: Figure) => ({
    value: formatCount(figure.value),
    provisional: figure.provisional,
    definition: <DefinitionNote figure={figure} />,
    stale,
  });
  return (
    <>
      <KpiCard
        icon="people"
        name="Footfall today"
        unit="people"
        {...count(data.footfall_today)}
        change={compared('footfall', data.footfall_today.value)}
        href={links.traffic}
      />
      <KpiCard
        icon="arrowIn"
        name="Traffic in"
        unit="today"
        {...count(data.traffic_in)}
        change={compared('traffic_in', data.traffic_in.value)}
        href={links.traffic}
      />
      <KpiCard
        icon="arrowOut"
        name="Traffic out"
        unit="today"
        {...count(data.traffic_out)}
        change={compared('traffic_out', data.traffic_out.value)}
        href={links.traffic}
      />
      <KpiCard
        icon="store"
        name="In store now"
        unit="people"
        {...count(data.occupancy)}
        provisional={false}
        note={data.occupancy.source || (known(data.occupancy.value) ? undefined : 'no camera sees the whole store')}
        href={links.cameras}
      />
    </>
  );
}
