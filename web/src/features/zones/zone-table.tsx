/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatDuration, known } from '@/lib/format/number.ts';
import type { ZoneKpis, ZoneRow } from './zone-queries.ts';

type ZoneTableProps = {
  title: string;
  hint?: ReactNode;
  query: DataQuery<ZoneKpis>;
  stale?: boolean;
  /** People in each zone now; left out for past periods. */
  occupancy?: ReadonlyMap<string, number | null>;
  eventsHref: (zone: ZoneRow) => string;
};

export function ZoneTable({ title, hint, query, stale, occupancy, eventsHref }: ZoneTableProps) {
  return (
    <Card title={title} hint={hint} flush>
      <DataState
        query={query}
        what="zones"
        stale={stale}
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={(data) => data.zones.length === 0}
        empty={{
          icon: 'zone',
          title: 'No zone yet',
          text: 'Draw zones on the camera pictures in Settings to see who stays where, and for how long.',
        }}
      >
        {(data) => <Rows zones={data.zones} occupancy={occupancy} eventsHref={eventsHref} />}
      </DataState>
    </Card>
  );
}

type RowsProps = { zones: readonly ZoneRow[] } & Pick<ZoneTableProps, 'occupancy' | 'eventsHref'>;

const HEAD = 'px-3 py-2 text-right text-xs font-medium text-quiet whitespace-nowrap';
const CELL = 'px-3 py-3 text-right tabular-nums whitespace-nowrap';

function Rows({ zones, occupancy, eventsHref }: RowsProps) {
  const most = Math.max(1, ...zones.map((zone) => zone.visitors ?? 0));
  const sorted = [...zones].sort((a, b) => (b.visitors ?? -1) - (a.visitors ?? -1));
  return (
    <div className="overflow-x-auto border-t border-line">
      <table className="w-full sm:min-w-[480px]">
        <thead className="bg-page/60">
          <tr>
            <th scope="col" className={`${HEAD} pl-4! text-left! sm:pl-6!`}>
              Zone
            </th>
            <th scope="col" className={HEAD}>
              Visitors
            </th>
            {occupancy && (
              <th scope="col" className={HEAD}>
                Now
              </th>
            )}
            <th scope="col" className={HEAD}>
              Mean
            </th>
            <th scope="col" className={`${HEAD} max-sm:hidden`}>
              Median
            </th>
            <th scope="col" className={`${HEAD} pr-6! max-sm:hidden`} title="Nine of ten stay shorter">
              p90
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sorted.map((zone) => (
            <tr key={zone.zone_id} data-zone={zone.zone_id} className="hover:bg-page/60">
              <th scope="row" className="w-full sm:min-w-36 py-3 pr-3 pl-4 text-left font-normal sm:pl-6">
                <Link href={eventsHref(zone)} className="font-medium hover:text-primary-ink hover:underline">
                  {zone.name}
                </Link>
                <div className="mt-1.5">
                  <ProgressBar
                    label={`Visitors of ${zone.name} against the busiest zone`}
                    share={(zone.visitors ?? 0) / most}
                    tone="zone"
                  />
                </div>
                <p className="mt-1.5 text-xs text-quiet sm:hidden">
                  median {formatDuration(zone.dwell_median_s)} · p90 {formatDuration(zone.dwell_p90_s)}
                </p>
              </th>
              <td className={`${CELL} font-semibold`}>{formatCount(zone.visitors)}</td>
              {occupancy && <td className={CELL}>{formatCount(occupancy.get(zone.zone_id))}</td>}
              <td className={`${CELL} max-sm:pr-4!`}>{formatDuration(zone.dwell_mean_s)}</td>
              <td className={`${CELL} max-sm:hidden`}>{formatDuration(zone.dwell_median_s)}</td>
              <td className={`${CELL} pr-6! max-sm:hidden`}>{formatDuration(zone.dwell_p90_s)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function totalVisitors(zones: readonly ZoneRow[]): number | null {
  const some = zones.filter((zone) => known(zone.visitors));
  return some.length === 0 ? null : some.reduce((sum, zone) => sum + (zone.visitors ?? 0), 0);
}

/** Mean stay over all zone visits: each zone weighs by its visits, means are never averaged. */
export function meanDwell(zones: readonly ZoneRow[]): number | null {
  const some = zones.filter((zone) => known(zone.visitors) && known(zone.dwell_mean_s));
  const visits = some.reduce((sum, zone) => sum + (zone.visitors ?? 0), 0);
  return visits === 0
    ? null
    : some.reduce((sum, zone) => sum + (zone.dwell_mean_s ?? 0) * (zone.visitors ?? 0), 0) / visits;
}
