/* SPDX-License-Identifier: Apache-2.0 */
import type { ChartOption, Palette } from '@/components/chart.tsx';
import { formatCount, formatShare, known } from '@/lib/format/number.ts';

/* The picture of traffic by hour or day: in and out as bars, buckets that are still open hatched,
 * and under them a strip that shows in how much of each bucket the cameras were alive. */

export type TrafficBar = {
  label: string;
  title: string;
  in: number | null;
  out: number | null;
  /** 0..1; null where nothing is known of the bucket, as in the future. */
  coverage: number | null;
  provisional: boolean;
};

const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 } as const;

export function trafficChartOption(bars: readonly TrafficBar[], palette: Palette): ChartOption {
  const quiet = palette('quiet');
  const labels = bars.map((bar) => bar.label);
  return {
    animationDuration: 300,
    textStyle: { fontFamily: 'Inter Variable, sans-serif' },
    aria: { enabled: false, decal: { show: true } },
    grid: [
      { left: 40, right: 8, top: 12, bottom: 40 },
      { left: 40, right: 8, bottom: 4, height: 6 },
    ],
    tooltip: tooltip(bars, palette),
    xAxis: [
      {
        type: 'category',
        data: labels,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette('line') } },
        axisLabel: { color: quiet, fontSize: 11, hideOverlap: true },
      },
      { type: 'category', data: labels, gridIndex: 1, show: false },
    ],
    yAxis: [
      {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: quiet, fontSize: 11 },
        splitLine: { lineStyle: { color: palette('line'), type: 'dashed' } },
      },
      { type: 'value', gridIndex: 1, show: false, min: 0, max: 1 },
    ],
    series: [
      series('In', bars, (b) => b.in, palette('series-in'), palette),
      series('Out', bars, (b) => b.out, palette('series-out'), palette),
      coverageStrip(bars, palette),
    ],
  } as ChartOption;
}

function series(
  name: string,
  bars: readonly TrafficBar[],
  value: (bar: TrafficBar) => number | null,
  color: string,
  palette: Palette,
) {
  return {
    type: 'bar',
    name,
    barMaxWidth: 18,
    barGap: '12%',
    barCategoryGap: '32%',
    itemStyle: { color, borderRadius: [3, 3, 0, 0] },
    data: bars.map((bar) => ({
      value: value(bar),
      itemStyle: bar.provisional
        ? { decal: { ...HATCH, color: palette('card') }, opacity: 0.85 }
        : { decal: { symbol: 'none' } },
    })),
  };
}

function coverageStrip(bars: readonly TrafficBar[], palette: Palette) {
  return {
    type: 'bar',
    name: 'Coverage',
    xAxisIndex: 1,
    yAxisIndex: 1,
    barWidth: '86%',
    silent: true,
    data: bars.map(({ coverage }) => ({
      value: coverage === null ? null : 1,
      itemStyle: { color: coverageColor(coverage, palette), borderRadius: 2, decal: { symbol: 'none' } },
    })),
  };
}

/** The cameras were alive for some of the bucket, not (nearly) all of it. */
export function isPartly(coverage: number | null): boolean {
  return known(coverage) && coverage > 0 && coverage < 0.95;
}

function coverageColor(coverage: number | null, palette: Palette): string {
  if (!known(coverage) || coverage === 0) return palette('line');
  return isPartly(coverage) ? palette('warning') : palette('success');
}

function tooltip(bars: readonly TrafficBar[], palette: Palette) {
  return {
    trigger: 'axis',
    axisPointer: { type: 'shadow', shadowStyle: { color: palette('ink'), opacity: 0.04 } },
    backgroundColor: palette('card'),
    borderColor: palette('line'),
    textStyle: { color: palette('ink'), fontSize: 12 },
    formatter: (shown: unknown) => {
      const index = (Array.isArray(shown) ? (shown[0] as { dataIndex?: number }) : undefined)?.dataIndex ?? -1;
      const bar = bars[index];
      return bar ? tooltipText(bar) : '';
    },
  };
}

/** Figures and labels made here only: nothing a user typed goes into this HTML. */
function tooltipText(bar: TrafficBar): string {
  const rows = [
    `<b>${bar.title}</b>${bar.provisional ? ' · provisional' : ''}`,
    `In ${formatCount(bar.in)} · Out ${formatCount(bar.out)}`,
    `Cameras alive ${formatShare(bar.coverage)}`,
  ];
  return rows.join('<br/>');
}
