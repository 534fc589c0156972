/* SPDX-License-Identifier: Apache-2.0 */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption, EChartsType } from 'echarts/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { token, useTheme } from '@/lib/theme/theme.ts';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** Colours of the current theme, by the name of their token. */
export type Palette = (name: string) => string;

type ChartProps = {
  /** Says in a sentence what the picture shows; a table beside it holds the figures. */
  label: string;
  build: (palette: Palette) => ChartOption;
  className?: string;
  onPick?: (index: number) => void;
};

/** Somewhere within the bars. */
const TIP_Y = 40;

export function Chart({ label, build, className = 'h-64', onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const theme = useTheme();
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });

  useEffect(() => {
    let made: EChartsType | null = null;
    let gone = false;
    const element = host.current;
    const observer = new ResizeObserver(() => made?.resize());
    void import('./echarts-core.ts').then(({ init }) => {
      if (gone || !element) return;
      made = init(element, null, { renderer: 'canvas' });
      made.on('click', (event) => pick.current?.(event.dataIndex));
      observer.observe(element);
      setChart(made);
    });
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, []);

  useEffect(() => {
    chart?.setOption(build(token), { notMerge: true });
  }, [chart, build, theme]);

  const at = useRef(-1);
  const keys = (event: KeyboardEvent) => {
    const bars = barsOf(chart);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Enter' && at.current >= 0) return onPick?.(at.current);
    if (step === 0 || bars === 0) return;
    event.preventDefault();
    at.current = at.current < 0 && step < 0 ? bars - 1 : (at.current + step + bars) % bars;
    /* By its place and not by its data: an hour of which nothing is known has its tip too. */
    const x = chart?.convertToPixel({ xAxisIndex: 0 }, at.current);
    chart?.dispatchAction({ type: 'showTip', x, y: TIP_Y });
  };
  const leave = () => {
    at.current = -1;
    chart?.dispatchAction({ type: 'hideTip' });
  };
  return (
    <div
      ref={host}
      role={onPick ? 'application' : 'img'}
      aria-label={onPick ? `${label} Arrow keys go from bar to bar, Enter opens one.` : label}
      tabIndex={onPick ? 0 : undefined}
      onKeyDown={onPick && keys}
      onBlur={onPick && leave}
      className={`w-full rounded-lg ${className}`}
    />
  );
}

function barsOf(chart: EChartsType | null): number {
  const series = chart?.getOption().series as { data?: unknown[] }[] | undefined;
  return series?.[0]?.data?.length ?? 0;
}
