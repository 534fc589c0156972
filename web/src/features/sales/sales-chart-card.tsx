/* SPDX-License-Identifier: Apache-2.0 */
import { useCallback, useMemo, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { Chart, type Palette } from '@/components/chart.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { formatShare } from '@/lib/format/number.ts';
import { hasNoBar, type Metric, metricText, salesBars } from './sales-bars.ts';
import { salesChartOption, type SalesPicture } from './sales-chart-option.ts';
import type { Sales } from './sales-queries.ts';

const METRICS = [
  { value: 'revenue', label: 'Revenue' },
  { value: 'transactions', label: 'Transactions' },
  { value: 'conversion', label: 'Conversion' },
] as const;

type SalesChartCardProps = {
  query: DataQuery<Sales>;
  /** What the weeks before are called: "Last week". */
  before: string;
  zone: string;
  /** A bar was clicked: its bucket. Absent = nothing lies behind it for this user. */
  onPick?: (bucket: Sales['buckets'][number]) => void;
};

export function SalesChartCard({ query, before, zone, onPick }: SalesChartCardProps) {
  const [metric, setMetric] = useState<Metric>('revenue');
  const step = query.data?.step === 'day' ? 'day' : 'hour';
  return (
    <Card
      title={`Sales by ${step}`}
      hint={onPick ? 'Choose a bar to see its receipts' : undefined}
      actions={<Segmented<Metric> label="Figure" value={metric} options={METRICS} onChange={setMetric} />}
    >
      <DataState
        query={query}
        what="sales"
        loading={<Skeleton className="h-72 w-full" />}
        isEmpty={hasNoBar}
        empty={{
          icon: 'receipt',
          title: 'No receipt in this period',
          text: 'No point of sale told of this time, so sales are not known. Choose another period.',
        }}
      >
        {(sales) => <Picture sales={sales} metric={metric} before={before} zone={zone} onPick={onPick} />}
      </DataState>
    </Card>
  );
}

type PictureProps = Omit<SalesChartCardProps, 'query'> & { sales: Sales; metric: Metric };

function Picture({ sales, metric, before, zone, onPick }: PictureProps) {
  const picture = useMemo<SalesPicture>(
    () => ({ bars: salesBars(sales, metric, zone), metric, money: sales, before }),
    [sales, metric, before, zone],
  );
  const build = useCallback((palette: Palette) => salesChartOption(picture, palette), [picture]);
  const pick = (index: number) => {
    const bucket = sales.buckets[index];
    if (bucket) onPick?.(bucket);
  };
  return (
    <>
      <Legend before={before} provisional={picture.bars.some((bar) => bar.provisional)} />
      <Chart
        label={`Bar chart of ${metric} against ${before.toLowerCase()}; the table after it holds the figures.`}
        build={build}
        className="h-64"
        onPick={onPick && pick}
      />
      <FiguresTable {...picture} />
    </>
  );
}

function Legend({ before, provisional }: { before: string; provisional: boolean }) {
  const items = [
    ['bg-series-in', 'This period'],
    ['bg-series-out', before],
    ...(provisional
      ? [['bg-[repeating-linear-gradient(45deg,var(--series-in)_0_2px,var(--card)_2px_4px)]', 'Provisional']]
      : []),
  ];
  return (
    <ul className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-quiet" aria-hidden="true">
      {items.map(([swatch, text]) => (
        <li key={text} className="inline-flex items-center gap-1.5">
          <span className={`size-2.5 rounded-[3px] ${swatch}`} />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** The same figures for those who do not see the picture. */
function FiguresTable({ bars, metric, money, before }: SalesPicture) {
  return (
    <div className="sr-only">
      <table>
        <caption>Sales per period: {metric}</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col">This period</th>
            <th scope="col">{before}</th>
            {metric === 'conversion' && <th scope="col">Cameras alive</th>}
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.title}>
              <th scope="row">
                {bar.title}
                {bar.provisional ? ' (provisional)' : ''}
              </th>
              <td>{metricText(bar.value, metric, money)}</td>
              <td>{metricText(bar.before, metric, money)}</td>
              {metric === 'conversion' && <td>{formatShare(bar.coverage)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
