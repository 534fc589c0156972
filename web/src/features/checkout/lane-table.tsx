/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { ColumnsTip } from '@/components/columns-tip.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { isPartly } from '@/components/period-chart-option.ts';
import { formatCount, formatDecimal, formatDuration, formatShare, known, NOT_KNOWN } from '@/lib/format/number.ts';
import type { QueueKpis, QueueRow } from './queue-queries.ts';
import { inOrder } from './queue-sums.ts';

type LaneTableProps = {
  query: DataQuery<QueueKpis>;
  /** The events behind a row. */
  eventsHref: (row: QueueRow) => string;
};

/** Lanes and shared lines of the period: how much they did, and how they kept people waiting. */
export function LaneTable({ query, eventsHref }: LaneTableProps) {
  return (
    <Card
      title="Lanes"
      hint="Services of each lane, waits of each line"
      flush
      tip={
        query.data && (
          <ColumnsTip
            of="Lanes"
            columns={COLUMNS.map(({ head, figure }) => ({ head, text: query.data!.figures[figure].definition }))}
          />
        )
      }
    >
      <DataState
        query={query}
        what="lanes"
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={(data) => data.rows.length === 0}
        empty={{
          icon: 'checkout',
          title: 'No lane yet',
          text: 'Draw lanes on the camera pictures in Settings to see what they do.',
        }}
      >
        {(data) => <Rows data={data} eventsHref={eventsHref} />}
      </DataState>
    </Card>
  );
}

type Column = {
  head: string;
  figure: keyof QueueKpis['figures'];
  onPhone?: boolean;
  strong?: boolean;
  cell: (row: QueueRow['total']) => string;
};

const COLUMNS: readonly Column[] = [
  { head: 'Served', figure: 'served', onPhone: true, strong: true, cell: (t) => formatCount(t.served) },
  { head: 'Served per hour', figure: 'served_per_open_hour', cell: (t) => formatDecimal(t.served_per_open_hour) },
  { head: 'Mean service', figure: 'service_mean_s', onPhone: true, cell: (t) => formatDuration(t.service_mean_s) },
  { head: 'Open for', figure: 'open_hours', cell: (t) => formatDuration(hours(t.open_hours)) },
  { head: 'Mean wait', figure: 'wait_mean_s', cell: (t) => formatDuration(t.wait_mean_s) },
  { head: '9 in 10 under', figure: 'wait_p90_s', cell: (t) => formatDuration(t.wait_p90_s) },
  { head: 'In target', figure: 'service_level', cell: (t) => formatShare(t.service_level) },
  { head: 'Gave up', figure: 'abandonment_rate', onPhone: true, cell: (t) => formatShare(t.abandonment_rate) },
];

function hours(value: number | null): number | null {
  return known(value) ? value * 3600 : null;
}

const PAD = 'px-1.5 sm:px-3 last:pr-4 sm:last:pr-6';
const HEAD = `py-2 text-right text-xs font-medium text-quiet whitespace-nowrap ${PAD}`;
const CELL = `py-3 text-right tabular-nums whitespace-nowrap ${PAD}`;

function Rows({ data, eventsHref }: { data: QueueKpis } & Pick<LaneTableProps, 'eventsHref'>) {
  const selfGroups = new Set(data.rows.filter((row) => row.group && row.self_checkout).map((row) => row.lane_id));
  return (
    <div className="overflow-x-auto border-t border-line">
      <table className="w-full sm:min-w-[720px]">
        <thead className="bg-page/60">
          <tr>
            <th scope="col" className="px-4 py-2 text-left text-xs font-medium text-quiet sm:pl-6">
              Lane
            </th>
            {COLUMNS.map(({ head, figure, onPhone }) => (
              <th
                key={head}
                scope="col"
                title={sentence(data.figures[figure].definition)}
                className={`${HEAD} ${onPhone ? '' : 'max-sm:hidden'}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {inOrder(data.rows).map((row) => (
            <tr key={row.lane_id} data-lane={row.lane_id} className="hover:bg-page/60">
              <th
                scope="row"
                className={`w-full py-3 pr-3 text-left font-normal ${row.group_id ? 'pl-8 sm:pl-12' : 'pl-4 sm:pl-6'}`}
              >
                <LaneName row={row} href={eventsHref(row)} alike={selfGroups.has(row.group_id ?? '')} />
              </th>
              {COLUMNS.map(({ head, onPhone, strong, cell }) => (
                <Cell key={head} text={cell(row.total)} hidden={!onPhone} strong={strong} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ text, hidden, strong }: { text: string; hidden: boolean; strong?: boolean }) {
  const tone = text === NOT_KNOWN ? 'text-quiet' : strong ? 'font-semibold' : '';
  return <td className={`${CELL} ${hidden ? 'max-sm:hidden' : ''} ${tone}`}>{text}</td>;
}

/** `alike`: the row of its line says already that it is a self-checkout. */
function LaneName({ row, href, alike }: { row: QueueRow; href: string; alike: boolean }) {
  const { name, group, group_id, self_checkout, total } = row;
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link href={href} className={`hover:text-primary-ink hover:underline ${group_id ? '' : 'font-medium'}`}>
          {name}
        </Link>
        {group && <Badge>shared line</Badge>}
        {self_checkout && !alike && <Badge>self-checkout</Badge>}
      </span>
      <span className="mt-1 block text-xs text-quiet sm:hidden">
        {[
          known(total.served_per_open_hour) && `${formatDecimal(total.served_per_open_hour)} per hour`,
          !group_id && known(total.wait_mean_s) && `mean wait ${formatDuration(total.wait_mean_s)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {isPartly(total.coverage) && (
        <span className="mt-1 block text-xs text-warning-ink">seen {formatShare(total.coverage)} of the time</span>
      )}
    </>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
