/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { ColumnsTip } from '@/components/columns-tip.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { MoreRows } from '@/components/more-rows.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { Trend } from '@/components/trend.tsx';
import { formatDuration, known } from '@/lib/format/number.ts';
import { type ZoneColumn, zoneColumns, type ZoneColumnsOf } from './zone-columns.tsx';
import type { ZoneKpis, ZoneRow } from './zone-queries.ts';

type ZoneTableProps = ZoneColumnsOf & {
  title: string;
  hint?: ReactNode;
  query: DataQuery<ZoneKpis>;
  stale?: boolean;
  /** So many rows at first. */
  shown: number;
  eventsHref: (zone: ZoneRow) => string;
};

/** Zones by their visitors, the busiest first. */
export function ZoneTable({ title, hint, query, stale, shown, eventsHref, ...kind }: ZoneTableProps) {
  const columns = zoneColumns({ ...kind, capacities: query.data?.zones.some(({ capacity }) => capacity !== null) });
  const figures = query.data?.figures;
  return (
    <Card
      title={title}
      hint={hint}
      flush
      tip={
        figures && (
          <ColumnsTip of={title} columns={columns.map(({ head, text }) => ({ head, text: text(figures) }))} />
        )
      }
    >
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
        {(data) => (
          <Rows data={data} columns={columns} shown={shown} compared={kind.compared} eventsHref={eventsHref} />
        )}
      </DataState>
    </Card>
  );
}

const EDGE = 'first-of-type:pl-3 last:pr-4 sm:last:pr-6';
const HEAD = `px-2.5 py-2 text-right text-xs font-medium text-quiet whitespace-nowrap ${EDGE}`;
const CELL = `px-2.5 py-3 text-right tabular-nums whitespace-nowrap ${EDGE}`;

type RowsProps = Pick<ZoneTableProps, 'shown' | 'compared' | 'eventsHref'> & {
  data: ZoneKpis;
  columns: readonly ZoneColumn[];
};

function Rows({ data: { zones, figures }, columns, shown, compared, eventsHref }: RowsProps) {
  const [all, setAll] = useState(false);
  const lastOnPhone = columns.findLast(({ onPhone }) => onPhone)?.head;
  const onNarrow = ({ head, onPhone }: ZoneColumn) =>
    onPhone ? (head === lastOnPhone ? 'max-sm:pr-4' : '') : 'max-sm:hidden';
  const most = Math.max(1, ...zones.map((zone) => zone.visitors ?? 0));
  const sorted = [...zones].sort((a, b) => (b.visitors ?? -1) - (a.visitors ?? -1));
  return (
    <>
      <div className="overflow-x-auto border-t border-line">
        <table className="w-full sm:min-w-[480px]">
          <thead className="bg-page/60">
            <tr>
              <th scope="col" className="px-4 py-2 text-left text-xs font-medium text-quiet sm:pl-6">
                Zone
              </th>
              {columns.map((column) => (
                <th
                  key={column.head}
                  scope="col"
                  title={column.text(figures)}
                  className={`${HEAD} ${onNarrow(column)}`}
                >
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {(all ? sorted : sorted.slice(0, shown)).map((zone) => (
              <tr key={zone.zone_id} data-zone={zone.zone_id} className="hover:bg-page/60">
                <th scope="row" className="w-full py-3 pr-3 pl-4 text-left font-normal sm:min-w-36 sm:pl-6">
                  <ZoneName
                    zone={zone}
                    share={(zone.visitors ?? 0) / most}
                    href={eventsHref(zone)}
                    compared={compared}
                  />
                </th>
                {columns.map((column) => (
                  <td
                    key={column.head}
                    className={`${CELL} ${onNarrow(column)} ${column.strong ? 'font-semibold' : ''}`}
                  >
                    {column.cell(zone)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreRows all={sorted.length} shown={shown} what="zones" open={all} onChange={setAll} />
    </>
  );
}

type ZoneNameProps = Pick<ZoneColumnsOf, 'compared'> & { zone: ZoneRow; share: number; href: string };

function ZoneName({ zone, share, href, compared }: ZoneNameProps) {
  const change = compared?.(zone)('visitors', zone.visitors);
  return (
    <>
      <Link href={href} className="font-medium hover:text-primary-ink hover:underline">
        {zone.name}
      </Link>
      <div className="mt-1.5">
        <ProgressBar label={`Visitors of ${zone.name} against the busiest zone`} share={share} tone="zone" />
      </div>
      <p className="mt-1.5 text-xs text-quiet sm:hidden">
        {known(zone.dwell_p90_s) && `9 in 10 under ${formatDuration(zone.dwell_p90_s)}`}
        {known(zone.dwell_p90_s) && change && ' · '}
        {change && <Trend {...change} />}
      </p>
    </>
  );
}
