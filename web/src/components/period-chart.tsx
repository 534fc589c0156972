/* SPDX-License-Identifier: Apache-2.0 */
import { useCallback } from 'react';
import { formatShare } from '@/lib/format/number.ts';
import { Chart, type Palette } from './chart.tsx';
import { isPartly, type PeriodBar, periodChartOption, type PeriodSeries } from './period-chart-option.ts';

type PeriodChartProps<Bar extends PeriodBar> = {
  /** What the bars show, for those who do not see them: "people in and out". */
  what: string;
  caption: string;
  bars: readonly Bar[];
  /** Of a constant table, or memoised: a new one draws the picture anew. */
  series: readonly PeriodSeries<Bar>[];
  /** As a figure of the axis is read; left out for whole numbers. */
  tick?: (value: number) => string;
  onPick?: (index: number) => void;
};

/** Bars per period with their legend, and the same figures as a table for those who do not see them. */
export function PeriodChart<Bar extends PeriodBar>({
  what,
  caption,
  bars,
  series,
  tick,
  onPick,
}: PeriodChartProps<Bar>) {
  const build = useCallback((palette: Palette) => periodChartOption(bars, series, palette, tick), [bars, series, tick]);
  return (
    <>
      <Legend bars={bars} series={series} />
      <Chart
        label={`Bar chart of ${what}; the table after it holds the figures.`}
        build={build}
        className="h-64"
        onPick={onPick}
      />
      <FiguresTable caption={caption} bars={bars} series={series} />
    </>
  );
}

type Shown<Bar extends PeriodBar> = Pick<PeriodChartProps<Bar>, 'bars' | 'series'>;

function Legend<Bar extends PeriodBar>({ bars, series }: Shown<Bar>) {
  const hatch = `repeating-linear-gradient(45deg, var(--${series[0]?.color}) 0 2px, var(--card) 2px 4px)`;
  return (
    <ul className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-quiet" aria-hidden="true">
      {series.map(({ name, color, line }) => (
        <LegendItem key={name} background={line ? dashes(color) : `var(--${color})`} flat={line} text={name} />
      ))}
      {bars.some((bar) => bar.provisional) && <LegendItem background={hatch} text="Provisional" />}
      <LegendItem flat background="var(--success)" text="Cameras alive" />
      {bars.some((bar) => isPartly(bar.coverage)) && (
        <LegendItem flat background="var(--warning)" text="Alive part of the time" />
      )}
    </ul>
  );
}

/** As the line is drawn. */
function dashes(color: string): string {
  return `linear-gradient(to right, var(--${color}) 40%, transparent 40% 60%, var(--${color}) 60%) center / 100% 2px no-repeat`;
}

function LegendItem({ background, flat, text }: { background: string; flat?: boolean; text: string }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <span className={`rounded-[3px] ${flat ? 'h-1.5 w-4' : 'h-2.5 w-2.5'}`} style={{ background }} />
      {text}
    </li>
  );
}

function FiguresTable<Bar extends PeriodBar>({ caption, bars, series }: Shown<Bar> & { caption: string }) {
  return (
    <div className="sr-only">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">Cameras alive</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.title}>
              <th scope="row">
                {bar.title}
                {bar.provisional ? ' (provisional)' : ''}
              </th>
              {series.map(({ name, text }) => (
                <td key={name}>{text(bar)}</td>
              ))}
              <td>{formatShare(bar.coverage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
