/* SPDX-License-Identifier: Apache-2.0 */
import { formatCount, formatShare, known } from '@/lib/format/number.ts';
import { formatDay, formatHour } from '@/lib/format/time.ts';
import type { Forecast } from './forecast-queries.ts';

/* From the answer of the API to the bars of the chart. */

export type ForecastBar = {
  label: string;
  title: string;
  mean: number;
  /** null while the method has not been tested on this store. */
  low: number | null;
  high: number | null;
};

/** Hours in which nobody is expected (the store is closed) would only push the others together. */
const WORTH_SHOWING = 0.05;

export function forecastBars(forecast: Forecast, zone: string): ForecastBar[] {
  return forecast.hours.flatMap(({ start, end, footfall, low, high }) => {
    if (!known(footfall) || footfall < WORTH_SHOWING) return [];
    const label = `${formatDay(start, zone).slice(0, 3)} ${formatHour(start, zone)}`;
    const title = `${formatDay(start, zone)}, ${formatHour(start, zone)} to ${formatHour(end, zone)}`;
    return [{ label, title, mean: footfall, low, high }];
  });
}

export function isUnknown(forecast: Forecast): boolean {
  return forecast.hours.every(({ footfall }) => !known(footfall));
}

/** How far the figures can be trusted, in a sentence. */
export function trustWords({ wape, covered, test_days }: Forecast): string {
  if (!known(wape)) return 'Not tested yet: that takes three weeks of counting';
  const days = test_days === 1 ? 'day' : 'days';
  return `Off by ${formatShare(wape)} on average in the last ${test_days} ${days}; ${formatShare(covered)} of the hours lay within the bounds`;
}

export function boundsWords({ low, high }: ForecastBar): string {
  return known(low) && known(high) ? `${formatCount(low)} to ${formatCount(high)}` : 'n/a';
}
