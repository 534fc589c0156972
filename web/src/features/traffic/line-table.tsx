/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount } from '@/lib/format/number.ts';

export type LineRow = { line_id: string; camera_id: string; name: string; kind: string; in: number | null; out: number | null };

type LineTableProps = {
  title: string;
  hint?: string;
  query: DataQuery<readonly LineRow[]>;
  stale?: boolean;
  cameraName: (id: string) => string;
  /** The events behind a row. */
  eventsHref: (row: LineRow) => string;
};

/** In and out per line: the breakdown of traffic. */
export function LineTable({ title, hint, query, stale, cameraName, eventsHref }: LineTableProps) {
  return (
    <Card title={title} hint={hint} flush>
      <DataState
        query={query}
        what="lines"
        stale={stale}
        loading={<Skeleton className="mx-6 mb-6 h-32" />}
        isEmpty={(rows) => rows.length === 0}
        empty={{
          icon: 'line',
          title: 'No line yet',
          text: 'Draw a line across the entrance in Settings to count people in and out.',
        }}
      >
        {(rows) => <Rows rows={rows} cameraName={cameraName} eventsHref={eventsHref} />}
      </DataState>
    </Card>
  );
}

type RowsProps = Pick<LineTableProps, 'cameraName' | 'eventsHref'> & { rows: readonly LineRow[] };

function Rows({ rows, cameraName, eventsHref }: RowsProps) {
  const most = Math.max(1, ...rows.map(crossings));
  return (
    <ul className="divide-y divide-line border-t border-line">
      {rows.map((row) => (
        <li
          key={`${row.camera_id}/${row.line_id}`}
          data-line={row.line_id}
          className="grid grid-cols-[minmax(0,1fr)_6.5rem] items-center gap-x-4 sm:gap-x-6 gap-y-2 px-4 py-3 sm:px-6"
        >
          <div className="min-w-0">
            <p className="flex items-center gap-2">
              <span className="truncate font-medium">{row.name}</span>
              <Badge>{row.kind}</Badge>
            </p>
            <p className="truncate text-xs text-quiet">{cameraName(row.camera_id)}</p>
          </div>
          <dl className="flex justify-end gap-5 text-right tabular-nums">
            <InOut label="In" value={row.in} />
            <InOut label="Out" value={row.out} />
          </dl>
          <ProgressBar label={`Share of ${row.name}`} share={crossings(row) / most} />
          <Link href={eventsHref(row)} className="text-right text-[13px] font-medium text-primary-ink hover:underline">
            Events
          </Link>
        </li>
      ))}
    </ul>
  );
}

function crossings(row: LineRow): number {
  return (row.in ?? 0) + (row.out ?? 0);
}

function InOut({ label, value }: { label: string; value: number | null }) {
  return (
    <div>
      <dt className="text-xs text-quiet">{label}</dt>
      <dd className="font-semibold" data-direction={label.toLowerCase()}>
        {formatCount(value)}
      </dd>
    </div>
  );
}
