/* SPDX-License-Identifier: Apache-2.0 */
import { useCallback, useMemo } from 'react';
import { Card } from '@/components/card.tsx';
import { Chart, type Palette } from '@/components/chart.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { formatCount } from '@/lib/format/number.ts';
import { boundsWords, type ForecastBar, forecastBars, isUnknown, trustWords } from './forecast-bars.ts';
import { forecastChartOption } from './forecast-chart-option.ts';
import type { Forecast } from './forecast-queries.ts';

type ForecastCardProps = {
  query: DataQuery<Forecast>;
  stale?: boolean;
  zone: string;
};

/** Footfall of the next days by hour, with how far it can be trusted. */
export function ForecastCard({ query, stale, zone }: ForecastCardProps) {
  const { data } = query;
  return (
    <Card title="Forecast" hint={data && !isUnknown(data) ? trustWords(data) : 'Footfall of the next days by hour'}>
      <DataState
        query={query}
        what="the forecast"
        stale={stale}
        loading={<Skeleton className="h-64 w-full" />}
        isEmpty={isUnknown}
        empty={{
          icon: 'clock',
          title: 'Too little history for a forecast',
          text: `It begins after two weeks of counting, and knows how far it can be trusted after three. So far ${formatCount(data?.known_hours)} hours are known.`,
        }}
      >
        {(forecast) => <ForecastPicture forecast={forecast} zone={zone} />}
      </DataState>
    </Card>
  );
}

function ForecastPicture({ forecast, zone }: { forecast: Forecast; zone: string }) {
  const bars = useMemo(() => forecastBars(forecast, zone), [forecast, zone]);
  const build = useCallback((palette: Palette) => forecastChartOption(bars, palette), [bars]);
  return (
    <>
      <ul className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-quiet" aria-hidden="true">
        <li className="inline-flex items-center gap-1.5">
          <span className="size-2.5 rounded-[3px] bg-series-in opacity-55" />
          Expected
        </li>
        {bars.some((bar) => bar.low !== null) && (
          <li className="inline-flex items-center gap-1.5">
            <span className="h-3 w-0.5 bg-ink opacity-55" />
            80 of 100 hours lie within
          </li>
        )}
      </ul>
      <Chart
        label="Bar chart of the footfall expected by hour; the table after it holds the figures."
        build={build}
        className="h-56"
      />
      <FiguresTable bars={bars} />
    </>
  );
}

/** The same figures for those who do not see the picture. */
function FiguresTable({ bars }: { bars: readonly ForecastBar[] }) {
  return (
    <div className="sr-only">
      <table>
        <caption>Expected footfall by hour</caption>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            <th scope="col">Expected</th>
            <th scope="col">Bounds</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.title}>
              <th scope="row">{bar.title}</th>
              <td>{formatCount(bar.mean)}</td>
              <td>{boundsWords(bar)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
