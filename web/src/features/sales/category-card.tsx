/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { formatMoney } from '@/lib/format/money.ts';
import { formatCount } from '@/lib/format/number.ts';
import type { Sales } from './sales-queries.ts';
import { type SalesColumn, SalesTable } from './sales-table.tsx';

type Category = Sales['categories'][number];

const label = (row: Category) => row.category ?? 'Without a category';

/** What was sold, by the categories that the product list names. */
export function CategoryCard({ query }: { query: DataQuery<Sales> }) {
  return (
    <Card title="Categories" hint="From the lines of the receipts" flush>
      <DataState
        query={query}
        what="categories"
        loading={<Skeleton className="mx-6 mb-6 h-48" />}
        isEmpty={(sales) => sales.categories.length === 0}
        empty={{
          icon: 'layers',
          title: 'No lines',
          text: 'No receipt of this period tells what was bought.',
        }}
      >
        {(sales) => (
          <SalesTable<Category>
            head="Category"
            rows={sales.categories}
            columns={columnsOf(sales)}
            keyOf={label}
            nameOf={label}
            labelOf={label}
            amountOf={(row) => row.revenue_minor}
          />
        )}
      </DataState>
    </Card>
  );
}

function columnsOf(sales: Sales): SalesColumn<Category>[] {
  return [
    {
      head: 'Revenue',
      title: 'Lines of sales less those of refunds; what is taken off a receipt as a whole is not in it',
      onPhone: true,
      strong: true,
      cell: (row) => formatMoney(row.revenue_minor, sales),
    },
    {
      head: 'Pieces',
      title: 'Pieces sold; a weighed line is one',
      onPhone: true,
      cell: (row) => formatCount(row.items),
    },
    { head: 'Refunds', title: 'Given back', cell: (row) => formatMoney(row.refunds_minor, sales) },
  ];
}
