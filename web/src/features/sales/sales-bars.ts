/* SPDX-License-Identifier: Apache-2.0 */
import { periodWords } from '@/components/period-chart-option.ts';
import { placeIn } from '@/lib/comparison.ts';
import { formatMoney, formatMoneyTick, type Money } from '@/lib/format/money.ts';
import { formatCount, formatShare } from '@/lib/format/number.ts';
import type { Sales } from './sales-queries.ts';

/* From the answers of the API to the bars of the chart. Pure. */

export type Metric = 'revenue' | 'transactions' | 'conversion';

export type SalesBar = {
  label: string;
  title: string;
  value: number | null;
  /** The same hour or day of the weeks before; null = not known, or not come to yet. */
  before: number | null;
  coverage: number | null;
  provisional: boolean;
};

const FIELDS = { revenue: 'revenue_minor', transactions: 'transactions', conversion: 'conversion_rate' } as const;

export function salesBars(sales: Sales, metric: Metric, zone: string): SalesBar[] {
  const field = FIELDS[metric];
  const { from, step, comparison: then } = sales;
  const earlier = new Map(then?.buckets.map((b) => [placeIn(b.start, then.from, step, zone), b[field]]));
  return sales.buckets.map((bucket) => ({
    ...periodWords(bucket.start, bucket.end, step, zone),
    value: bucket[field],
    before: earlier.get(placeIn(bucket.start, from, step, zone)) ?? null,
    coverage: metric === 'conversion' ? bucket.coverage : null,
    provisional: bucket.provisional,
  }));
}

/** Nothing to chart: no point of sale told of any of it. */
export function hasNoBar(sales: Sales): boolean {
  return sales.buckets.every((bucket) => bucket.revenue_minor === null);
}

export function metricText(value: number | null, metric: Metric, money: Money): string {
  if (metric === 'transactions') return formatCount(value);
  if (metric === 'conversion') return formatShare(value);
  return formatMoney(value, money);
}

export function tickText(value: number, metric: Metric, money: Money): string {
  return metric === 'revenue' ? formatMoneyTick(value, money) : metricText(value, metric, money);
}
