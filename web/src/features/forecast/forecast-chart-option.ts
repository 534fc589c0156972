/* SPDX-License-Identifier: Apache-2.0 */
import type { ChartOption, Palette } from '@/components/chart.tsx';
import { formatCount, known } from '@/lib/format/number.ts';
import { boundsWords, type ForecastBar } from './forecast-bars.ts';

/* Expected footfall as bars, and in front of each a thin one from its lower to its upper bound. */

export function forecastChartOption(bars: readonly ForecastBar[], palette: Palette): ChartOption {
  const quiet = palette('quiet');
  const axis = { type: 'category', data: bars.map((bar) => bar.label) } as const;
  return {
    animationDuration: 300,
    textStyle: { fontFamily: 'Inter Variable, sans-serif' },
    aria: { enabled: false },
    grid: { left: 40, right: 8, top: 12, bottom: 28 },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('ink'), opacity: 0.04 } },
      backgroundColor: palette('card'),
      borderColor: palette('line'),
      textStyle: { color: palette('ink'), fontSize: 12 },
      formatter: (shown: unknown) => {
        const index = (Array.isArray(shown) ? (shown[0] as { dataIndex?: number }) : undefined)?.dataIndex ?? -1;
        const bar = bars[index];
        return bar ? `<b>${bar.title}</b><br/>${formatCount(bar.mean)} people (${boundsWords(bar)})` : '';
      },
    },
    xAxis: [
      {
        ...axis,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette('line') } },
        axisLabel: { color: quiet, fontSize: 11, hideOverlap: true },
      },
      { ...axis, show: false },
    ],
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: quiet, fontSize: 11 },
      splitLine: { lineStyle: { color: palette('line'), type: 'dashed' } },
    },
    series: [
      {
        type: 'bar',
        name: 'Expected',
        barMaxWidth: 18,
        itemStyle: { color: palette('series-in'), opacity: 0.55, borderRadius: [3, 3, 0, 0] },
        data: bars.map((bar) => bar.mean),
      },
      bound('floor', bars, (bar) => bar.low, 'transparent'),
      bound('bounds', bars, (bar) => (known(bar.low) && known(bar.high) ? bar.high - bar.low : null), palette('ink')),
    ],
  } as ChartOption;
}

/** Stacked: what is under the lower bound is not seen. */
function bound(name: string, bars: readonly ForecastBar[], value: (bar: ForecastBar) => number | null, color: string) {
  return {
    type: 'bar',
    name,
    stack: 'bounds',
    xAxisIndex: 1,
    barWidth: 2,
    silent: true,
    itemStyle: { color, opacity: color === 'transparent' ? 0 : 0.55 },
    data: bars.map(value),
  };
}
