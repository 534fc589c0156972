/* SPDX-License-Identifier: Apache-2.0 */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
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

  return <div ref={host} role="img" aria-label={label} className={`w-full ${className}`} />;
}
