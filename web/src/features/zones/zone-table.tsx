/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatDuration, formatShare, NOT_KNOWN } from '@/lib/format/number.ts';
import type { ZoneKpis, ZoneRow } from './zone-queries.ts';

type ZoneTableProps = {
  title: string;
  hint?: ReactNode;
  query: DataQuery<ZoneKpis>;
  stale?: boolean;
  /** People in each zone now; left out for past periods. */
  occupancy?: ReadonlyMap<string, number | null>;
  /** Also visits, draw, engagement with its band, and peak. */
  details?: boolean;
  eventsHref: (zone: ZoneRow) => string;
};

export function ZoneTable({ title, hint, query, stale, occupancy, details, eventsHref }: ZoneTableProps) {
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
        {(data) => <Rows zones={data.zones} occupancy={occupancy} details={details} eventsHref={eventsHref} />}
      </DataState>
    </Card>
  );
}

type RowsProps = { zones: readonly ZoneRow[] } & Pick<ZoneTableProps, 'occupancy' | 'details' | 'eventsHref'>;

/** A dead zone is one whatever its few visitors did. */
function bandOf({ band, dead }: ZoneRow): string {
  return dead ? 'dead' : (band ?? NOT_KNOWN);
}

type Column = { head: string; title?: string; onPhone?: boolean; strong?: boolean; cell: (zone: ZoneRow) => string };

function columnsOf({ occupancy, details }: Pick<ZoneTableProps, 'occupancy' | 'details'>): Column[] {
  const now: Column = { head: 'Now', onPhone: true, cell: (z) => formatCount(occupancy?.get(z.zone_id)) };
  return [
    {
      head: 'Visitors',
      title: 'People; who is not recognised counts once a visit',
      onPhone: true,
      strong: true,
      cell: (z) => formatCount(z.visitors),
    },
    ...(occupancy ? [now] : []),
    { head: 'Mean', title: 'Mean stay', onPhone: true, cell: (z) => formatDuration(z.dwell_mean_s) },
    { head: 'Median', title: 'Half of them stay shorter', cell: (z) => formatDuration(z.dwell_median_s) },
    { head: 'p90', title: 'Nine of ten stay shorter', cell: (z) => formatDuration(z.dwell_p90_s) },
    ...(details ? DETAILS : []),
  ];
}

const DETAILS: readonly Column[] = [
  { head: 'Visits', title: 'Who comes back is counted again', cell: (z) => formatCount(z.zone_visits) },
  { head: 'Draw', title: "Share of the store's visitors", cell: (z) => formatShare(z.draw_rate) },
  { head: 'Engaged', title: 'Share that stayed at least 15 s', cell: (z) => formatShare(z.engaged_share) },
  { head: 'Band', title: 'Engagement among zones of its kind, over 28 days', cell: bandOf },
  { head: 'Peak', title: 'Most people at once', cell: (z) => formatCount(z.peak_occupancy) },
];

const EDGE = 'first-of-type:pl-3 last:pr-4 sm:last:pr-6';
const HEAD = `px-3 py-2 text-right text-xs font-medium text-quiet whitespace-nowrap ${EDGE}`;
const CELL = `px-3 py-3 text-right tabular-nums whitespace-nowrap ${EDGE}`;

function Rows({ zones, eventsHref, ...kind }: RowsProps) {
  const columns = columnsOf(kind);
  const lastOnPhone = columns.findLast(({ onPhone }) => onPhone)?.head;
  const onNarrow = ({ head, onPhone }: Column) =>
    onPhone ? (head === lastOnPhone ? 'max-sm:pr-4' : '') : 'max-sm:hidden';
  const most = Math.max(1, ...zones.map((zone) => zone.visitors ?? 0));
  const sorted = [...zones].sort((a, b) => (b.visitors ?? -1) - (a.visitors ?? -1));
  return (
    <div className="overflow-x-auto border-t border-line">
      <table className="w-full sm:min-w-[480px]">
        <thead className="bg-page/60">
          <tr>
            <th scope="col" className="px-4 py-2 text-left text-xs font-medium text-quiet sm:pl-6">
              Zone
            </th>
            {columns.map((column) => (
              <th key={column.head} scope="col" title={column.title} className={`${HEAD} ${onNarrow(column)}`}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sorted.map((zone) => (
            <tr key={zone.zone_id} data-zone={zone.zone_id} className="hover:bg-page/60">
              <th scope="row" className="w-full py-3 pr-3 pl-4 text-left font-normal sm:min-w-36 sm:pl-6">
                <ZoneName zone={zone} share={(zone.visitors ?? 0) / most} href={eventsHref(zone)} />
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
  );
}

function ZoneName({ zone, share, href }: { zone: ZoneRow; share: number; href: string }) {
  return (
    <>
      <Link href={href} className="font-medium hover:text-primary-ink hover:underline">
        {zone.name}
      </Link>
      <div className="mt-1.5">
        <ProgressBar label={`Visitors of ${zone.name} against the busiest zone`} share={share} tone="zone" />
      </div>
      <p className="mt-1.5 text-xs text-quiet sm:hidden">
        median {formatDuration(zone.dwell_median_s)} · p90 {formatDuration(zone.dwell_p90_s)}
      </p>
    </>
  );
}
