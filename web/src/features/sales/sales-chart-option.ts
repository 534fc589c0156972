/* SPDX-License-Identifier: Apache-2.0 */
import type { ChartOption, Palette } from '@/components/chart.tsx';
import type { Money } from '@/lib/format/money.ts';
import { formatShare, known } from '@/lib/format/number.ts';
import { type Metric, metricText, type SalesBar, tickText } from './sales-bars.ts';

/* The picture of sales by hour or day: this period beside the weeks before; what is still open is
 * hatched. */

const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 } as const;

export type SalesPicture = { bars: readonly SalesBar[]; metric: Metric; money: Money; before: string };

export function salesChartOption({ bars, metric, money, before }: SalesPicture, palette: Palette): ChartOption {
  const quiet = palette('quiet');
  return {
    animationDuration: 300,
    textStyle: { fontFamily: 'Inter Variable, sans-serif' },
    aria: { enabled: false, decal: { show: true } },
    grid: { left: 56, right: 8, top: 12, bottom: 28 },
    tooltip: tooltip({ bars, metric, money, before }, palette),
    xAxis: {
      type: 'category',
      data: bars.map((bar) => bar.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line') } },
      axisLabel: { color: quiet, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: metric === 'transactions' ? 1 : undefined,
      axisLabel: { color: quiet, fontSize: 11, formatter: (value: number) => tickText(value, metric, money) },
      splitLine: { lineStyle: { color: palette('line'), type: 'dashed' } },
    },
    series: [
      bar(
        before,
        palette('series-out'),
        bars.map((b) => ({ value: b.before, itemStyle: { decal: { symbol: 'none' } } })),
      ),
      bar(
        'This period',
        palette('series-in'),
        bars.map((b) => ({ value: b.value, itemStyle: styleOf(b, palette) })),
      ),
    ],
  } as ChartOption;
}

function bar(name: string, color: string, data: readonly object[]) {
  return {
    type: 'bar',
    name,
    barMaxWidth: 18,
    barGap: '12%',
    barCategoryGap: '32%',
    itemStyle: { color, borderRadius: [3, 3, 0, 0] },
    data,
  };
}

function styleOf({ provisional }: SalesBar, palette: Palette): object {
  return provisional ? { decal: { ...HATCH, color: palette('card') }, opacity: 0.85 } : { decal: { symbol: 'none' } };
}

function tooltip(picture: SalesPicture, palette: Palette) {
  return {
    trigger: 'axis',
    axisPointer: { type: 'shadow', shadowStyle: { color: palette('ink'), opacity: 0.04 } },
    backgroundColor: palette('card'),
    borderColor: palette('line'),
    textStyle: { color: palette('ink'), fontSize: 12 },
    formatter: (shown: unknown) => {
      const index = (Array.isArray(shown) ? (shown[0] as { dataIndex?: number }) : undefined)?.dataIndex ?? -1;
      const found = picture.bars[index];
      return found ? tooltipText(found, picture) : '';
    },
  };
}

/** Figures and labels made here only: nothing a user typed goes into this HTML. */
function tooltipText(shown: SalesBar, { metric, money, before }: SalesPicture): string {
  const rows = [
    `<b>${shown.title}</b>${shown.provisional ? ' · provisional' : ''}`,
    metricText(shown.value, metric, money),
    `${before}: ${metricText(shown.before, metric, money)}`,
    ...(known(shown.coverage) ? [`Cameras alive ${formatShare(shown.coverage)}`] : []),
  ];
  return rows.join('<br/>');
}
