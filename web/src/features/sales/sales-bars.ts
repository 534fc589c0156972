/* SPDX-License-Identifier: Apache-2.0 */
import { periodWords } from '@/components/period-chart-option.ts';
import { formatMoney, formatMoneyTick, type Money } from '@/lib/format/money.ts';
import { formatCount, formatShare } from '@/lib/format/number.ts';
import { daysBetween, formatHour, isoDay } from '@/lib/format/time.ts';
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
  const then = sales.comparison && { from: sales.comparison.from, step: sales.step };
  const earlier = new Map(
    sales.comparison?.buckets.map((bucket) => [then && placeOf(bucket.start, then, zone), bucket[field]]),
  );
  return sales.buckets.map((bucket) => ({
    ...periodWords(bucket.start, bucket.end, sales.step, zone),
    value: bucket[field],
    before: earlier.get(placeOf(bucket.start, sales, zone)) ?? null,
    coverage: metric === 'conversion' ? bucket.coverage : null,
    provisional: bucket.provisional,
  }));
}

/** Where a bucket stands in its period, by the clock on the wall: weeks differ in their hours where
 * the clocks change. */
function placeOf(start: string, { from, step }: Pick<Sales, 'from' | 'step'>, zone: string): string {
  const day = daysBetween(isoDay(from, zone), isoDay(start, zone));
  return step === 'day' ? String(day) : `${day} ${formatHour(start, zone)}`;
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
