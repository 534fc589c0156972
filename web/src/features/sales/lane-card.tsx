/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { ColumnsTip } from '@/components/columns-tip.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { formatMoney } from '@/lib/format/money.ts';
import { formatCount, formatDecimal, formatShare } from '@/lib/format/number.ts';
import type { Sales } from './sales-queries.ts';
import { type SalesColumn, SalesTable } from './sales-table.tsx';
import { laneLabel, type LaneName, terminalLabel } from './sales-words.ts';

type Row = Sales['lanes'][number];
type TerminalRow = Sales['terminals'][number];

const SPLITS = [
  { value: 'lanes', label: 'Lanes' },
  { value: 'terminals', label: 'Terminals' },
] as const;
type Split = (typeof SPLITS)[number]['value'];

type LaneCardProps = {
  query: DataQuery<Sales>;
  laneName: LaneName;
  /** A way to map terminals, for those who may. */
  mapping?: ReactNode;
};

/** Who sold what: by lane, or by terminal. */
export function LaneCard({ query, laneName, mapping }: LaneCardProps) {
  const [split, setSplit] = useState<Split>('lanes');
  return (
    <Card
      title="Lanes and terminals"
      hint={query.data && unmappedWords(query.data.unmapped_receipts)}
      flush
      tip={
        query.data && (
          <ColumnsTip
            of="Lanes and terminals"
            columns={columnsOf<Row>(query.data).map(({ head, title = '' }) => ({ head, text: title }))}
          />
        )
      }
      actions={
        <>
          {mapping}
          <Segmented<Split> label="Rows" value={split} options={SPLITS} onChange={setSplit} />
        </>
      }
    >
      <DataState
        query={query}
        what="lanes"
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={(sales) => sales.terminals.length === 0}
        empty={{ icon: 'receipt', title: 'No receipt', text: 'No terminal told of a receipt in this period.' }}
      >
        {(sales) =>
          split === 'lanes' ? (
            <Lanes sales={sales} laneName={laneName} />
          ) : (
            <Terminals sales={sales} laneName={laneName} />
          )
        }
      </DataState>
    </Card>
  );
}

function unmappedWords(receipts: number): string {
  if (receipts === 0) return 'Receipts count for the lane their terminal stands at';
  return `${formatCount(receipts)} ${receipts === 1 ? 'receipt counts' : 'receipts count'} for no lane: their terminal is not mapped`;
}

function columnsOf<T extends Row | TerminalRow>(sales: Sales): SalesColumn<T>[] {
  const meaning = (figure: keyof Sales['totals']) => sales.totals[figure].definition;
  return [
    {
      head: 'Revenue',
      title: meaning('revenue_minor'),
      onPhone: true,
      strong: true,
      cell: (row) => formatMoney(row.revenue_minor, sales),
    },
    {
      head: 'Receipts',
      title: meaning('transactions'),
      onPhone: true,
      cell: (row) => formatCount(row.transactions),
    },
    {
      head: 'Average',
      title: meaning('average_value_minor'),
      cell: (row) => formatMoney(row.average_value_minor, sales),
    },
    { head: 'Units', title: meaning('units_per_transaction'), cell: (row) => formatDecimal(row.units_per_transaction) },
    { head: 'Linked', title: meaning('link_rate'), cell: (row) => formatShare(row.link_rate) },
    { head: 'Refunds', title: meaning('refunds'), cell: (row) => formatCount(row.refunds) },
    { head: 'Voids', title: meaning('voids'), cell: (row) => formatCount(row.voids) },
    { head: 'Drawer opened', title: meaning('no_sales'), cell: (row) => formatCount(row.no_sales) },
  ];
}

/** lane-2 before lane-10. */
const byNumber = new Intl.Collator('en-GB', { numeric: true });

type RowsProps = { sales: Sales; laneName: LaneName };

function Lanes({ sales, laneName }: RowsProps) {
  const label = (row: Row) => laneLabel(row.lane_id, laneName);
  return (
    <SalesTable<Row>
      head="Lane"
      rows={[...sales.lanes].sort((a, b) => byNumber.compare(label(a), label(b)))}
      columns={columnsOf<Row>(sales)}
      keyOf={(row) => row.lane_id ?? ''}
      nameOf={label}
      labelOf={label}
      amountOf={(row) => row.revenue_minor}
    />
  );
}

function Terminals({ sales, laneName }: RowsProps) {
  const label = (row: TerminalRow) => terminalLabel({ id: row.terminal_id, name: row.name });
  return (
    <SalesTable<TerminalRow>
      head="Terminal"
      rows={sales.terminals}
      columns={columnsOf<TerminalRow>(sales)}
      keyOf={(row) => `${row.terminal_id}/${row.lane_id ?? ''}`}
      nameOf={(row) => (
        <>
          {label(row)} <span className="text-xs font-normal text-quiet">{laneLabel(row.lane_id, laneName)}</span>
        </>
      )}
      labelOf={label}
      amountOf={(row) => row.revenue_minor}
    />
  );
}
