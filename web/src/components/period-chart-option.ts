/* SPDX-License-Identifier: Apache-2.0 */
import { formatShare, known } from '@/lib/format/number.ts';
import { formatDay, formatHour } from '@/lib/format/time.ts';
import type { ChartOption, Palette } from './chart.tsx';

/* Figures by hour or day as bars: periods that are still open hatched, and under them a strip that
 * shows in how much of each period the cameras were alive. */

export type PeriodBar = {
  label: string;
  title: string;
  /** 0..1; null where nothing is known of the period, as in the future. */
  coverage: number | null;
  provisional: boolean;
};

export type PeriodSeries<Bar extends PeriodBar> = {
  name: string;
  /** Name of a colour token. */
  color: string;
  /** A dashed line instead of bars: what the bars are compared with. */
  line?: boolean;
  value: (bar: Bar) => number | null;
  /** The figure as it is read in the tool-tip and in the table. */
  text: (bar: Bar) => string;
};

/** Share of the coverage from which on a period counts as seen. */
const NEARLY_ALL = 0.95;
const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 } as const;

/** Names of a period: short under its bar, whole in the tool-tip. */
export function periodWords(from: string, to: string, step: string, zone: string): { label: string; title: string } {
  if (step === 'day') return { label: formatDay(from, zone), title: formatDay(from, zone) };
  const label = formatHour(from, zone);
  return { label, title: `${formatDay(from, zone)}, ${label} to ${formatHour(to, zone)}` };
}

/** The cameras were alive for some of the period, not (nearly) all of it. */
export function isPartly(coverage: number | null): boolean {
  return known(coverage) && coverage > 0 && coverage < NEARLY_ALL;
}

/** Up to here whole steps would leave the axis without a figure in between. */
const FEW = 2;

/** `tick`: the words for a figure of the axis, where it is no count. */
export function periodChartOption<Bar extends PeriodBar>(
  bars: readonly Bar[],
  series: readonly PeriodSeries<Bar>[],
  palette: Palette,
  tick?: (value: number) => string,
): ChartOption {
  const quiet = palette('quiet');
  const labels = bars.map((bar) => bar.label);
  const left = tick ? 64 : 40;
  const most = Math.max(0, ...bars.flatMap((bar) => series.map(({ value }) => value(bar) ?? 0)));
  return {
    animationDuration: 300,
    textStyle: { fontFamily: 'Inter Variable, sans-serif' },
    aria: { enabled: false, decal: { show: true } },
    grid: [
      { left, right: 8, top: 12, bottom: 40 },
      { left, right: 8, bottom: 4, height: 6 },
    ],
    tooltip: tooltip(bars, series, palette),
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
        minInterval: tick && most < FEW ? undefined : 1,
        axisLabel: { color: quiet, fontSize: 11, formatter: tick },
        splitLine: { lineStyle: { color: palette('line'), type: 'dashed' } },
      },
      { type: 'value', gridIndex: 1, show: false, min: 0, max: 1 },
    ],
    series: [
      ...series.map((one) => (one.line ? lineOf(one, bars, palette) : barsOf(one, bars, palette))),
      coverageStrip(bars, palette),
    ],
  } as ChartOption;
}

function barsOf<Bar extends PeriodBar>(
  { name, color, value }: PeriodSeries<Bar>,
  bars: readonly Bar[],
  palette: Palette,
) {
  return {
    type: 'bar',
    name,
    barMaxWidth: 18,
    barGap: '12%',
    barCategoryGap: '32%',
    itemStyle: { color: palette(color), borderRadius: [3, 3, 0, 0] },
    data: bars.map((bar) => ({
      value: value(bar),
      itemStyle: bar.provisional
        ? { decal: { ...HATCH, color: palette('card') }, opacity: 0.85 }
        : { decal: { symbol: 'none' } },
    })),
  };
}

function lineOf<Bar extends PeriodBar>(
  { name, color, value }: PeriodSeries<Bar>,
  bars: readonly Bar[],
  palette: Palette,
) {
  return {
    type: 'line',
    name,
    symbol: 'circle',
    symbolSize: 5,
    lineStyle: { color: palette(color), width: 2, type: [4, 3] },
    itemStyle: { color: palette(color), decal: { symbol: 'none' } },
    silent: true,
    z: 3,
    data: bars.map((bar) => value(bar)),
  };
}

function coverageStrip(bars: readonly PeriodBar[], palette: Palette) {
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

function coverageColor(coverage: number | null, palette: Palette): string {
  if (!known(coverage) || coverage === 0) return palette('line');
  return isPartly(coverage) ? palette('warning') : palette('success');
}

function tooltip<Bar extends PeriodBar>(bars: readonly Bar[], series: readonly PeriodSeries<Bar>[], palette: Palette) {
  return {
    trigger: 'axis',
    axisPointer: { type: 'shadow', shadowStyle: { color: palette('ink'), opacity: 0.04 } },
    backgroundColor: palette('card'),
    borderColor: palette('line'),
    textStyle: { color: palette('ink'), fontSize: 12 },
    formatter: (shown: unknown) => {
      const index = (Array.isArray(shown) ? (shown[0] as { dataIndex?: number }) : undefined)?.dataIndex ?? -1;
      const bar = bars[index];
      return bar ? tooltipText(bar, series) : '';
    },
  };
}

/** Figures and labels made here only: nothing a user typed goes into this HTML. */
function tooltipText<Bar extends PeriodBar>(bar: Bar, series: readonly PeriodSeries<Bar>[]): string {
  const rows = [
    `<b>${bar.title}</b>${bar.provisional ? ' · provisional' : ''}`,
    series.map(({ name, text }) => `${name} ${text(bar)}`).join(' · '),
    `Cameras alive ${formatShare(bar.coverage)}`,
  ];
  return rows.join('<br/>');
}
