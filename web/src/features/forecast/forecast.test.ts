/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { boundsWords, forecastBars, isUnknown, trustWords } from './forecast-bars.ts';
import { forecastChartOption } from './forecast-chart-option.ts';
import type { Forecast } from './forecast-queries.ts';

const hour = (h: number, footfall: number | null, low: number | null = null, high: number | null = null) => ({
  start: `2026-11-24T${String(h).padStart(2, '0')}:00:00.000Z`,
  end: `2026-11-24T${String(h + 1).padStart(2, '0')}:00:00.000Z`,
  ...{ footfall, low, high },
});
const forecast = (hours: Forecast['hours'], rest: Partial<Forecast> = {}): Forecast => ({
  ...{ from: '', to: '', time_zone: 'UTC', known_hours: 300, test_days: 12, wape: 0.137, covered: 0.81 },
  figure: { unit: 'people', denominator: null, definition: '', definition_version: 1 },
  hours,
  ...rest,
});

describe('forecast', () => {
  it('leaves out hours in which nobody is expected, and those not known', () => {
    const bars = forecastBars(forecast([hour(3, 0, 0, 0), hour(9, 12.4, 8, 17), hour(10, null)]), 'Europe/Berlin');
    expect(bars).toEqual([{ label: 'Tue 10:00', title: 'Tue 24 Nov, 10:00 to 11:00', mean: 12.4, low: 8, high: 17 }]);
  });

  it('says how far it can be trusted, and nothing where that is not known', () => {
    expect(trustWords(forecast([]))).toMatch(/Off by 14% on average in the last 12 days; 81%/);
    expect(trustWords(forecast([], { wape: null, covered: null, test_days: 0 }))).toMatch(/Not tested yet/);
    expect(boundsWords({ label: '', title: '', mean: 3, low: null, high: null })).toBe('n/a');
  });

  it('is unknown only when every hour is', () => {
    expect(isUnknown(forecast([hour(9, null), hour(10, null)]))).toBe(true);
    expect(isUnknown(forecast([hour(9, 0), hour(10, null)]))).toBe(false);
  });

  it('draws the bounds from the lower to the upper one', () => {
    const bars = forecastBars(forecast([hour(9, 12, 8, 17), hour(10, 5)]), 'UTC');
    const { series } = forecastChartOption(bars, (name) => name) as { series: { data: unknown[] }[] };
    expect(series.map(({ data }) => data)).toEqual([
      [12, 5],
      [8, null],
      [9, null],
    ]);
  });
});
