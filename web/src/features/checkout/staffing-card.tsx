/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount } from '@/lib/format/number.ts';
import { basisWords, isUnknown, poolsToStaff, type StaffingRow, staffingRows } from './staffing-hours.ts';
import type { Staffing, StaffingPool } from './staffing-queries.ts';

type StaffingCardProps = { query: DataQuery<Staffing>; zone: string };

/** How many lanes the next hours need. */
export function StaffingCard({ query, zone }: StaffingCardProps) {
  const known = query.data?.pools[0]?.known_hours ?? 0;
  return (
    <Card title="Lanes by hour" hint="Lanes that the foretold arrivals need" flush>
      <DataState
        query={query}
        what="the plan of lanes"
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={isUnknown}
        empty={{
          icon: 'clock',
          title: 'Too little history for a plan',
          text: `It begins after two weeks of counting at the tills. So far ${formatCount(known)} hours are known.`,
        }}
      >
        {(staffing) =>
          poolsToStaff(staffing).map((pool) => (
            <Plan key={pool.group_id ?? ''} staffing={staffing} pool={pool} zone={zone} />
          ))
        }
      </DataState>
    </Card>
  );
}

type PlanProps = { staffing: Staffing; pool: StaffingPool; zone: string };

function Plan({ staffing, pool, zone }: PlanProps) {
  const rows = staffingRows(pool, zone);
  const most = Math.max(pool.lanes_total, ...rows.map((row) => row.lanes ?? 0));
  return (
    <div className="border-t border-line">
      <p className="px-4 py-2 text-xs text-quiet sm:px-6" title={staffing.figure.definition}>
        {pool.group_id ? `${pool.group_id}: ` : ''}
        {basisWords(staffing, pool)}
      </p>
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Lanes needed by hour">
        <table className="w-full text-sm tabular-nums">
          <thead className="sticky top-0 bg-card text-left text-xs text-quiet">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium sm:px-6">
                Hour
              </th>
              <th scope="col" className="py-2 pr-4 font-medium">
                Lanes
              </th>
              <th scope="col" className="py-2 pr-4 font-medium max-sm:hidden">
                Arrivals
              </th>
              <th scope="col" className="py-2 pr-4 text-right font-medium sm:pr-6">
                Mean wait
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <Row key={row.key} row={row} most={most} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Row({ row, most }: { row: StaffingRow; most: number }) {
  return (
    <tr>
      <th scope="row" className="px-4 py-2 text-left font-normal sm:px-6 sm:whitespace-nowrap">
        <span className="text-quiet max-sm:block">{row.day}</span> {row.hour}
      </th>
      <td className="w-1/3 py-2 pr-4">
        <span className="font-semibold">{row.lanesWord}</span>
        <ProgressBar label={`Lanes, ${row.day} ${row.hour}`} share={(row.lanes ?? 0) / most} tone="primary" />
      </td>
      <td className="py-2 pr-4 whitespace-nowrap max-sm:hidden">{row.arrivals}</td>
      <td className="py-2 pr-4 text-right whitespace-nowrap sm:pr-6">{row.wait}</td>
    </tr>
  );
}
