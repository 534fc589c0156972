/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What the next hours will bring, from the hours that were: the store's own week as a pattern,
 * carried by a level and a damped trend. Pure and deterministic.
 *
 * - Pattern: for each of the week's 168 hours the mean of what it brought, where a week counts half
 *   as much as the one four weeks later.
 * - Level and trend: each day's share of its pattern, smoothed by Holt's method with a damped trend
 *   (Gardner and McKenzie, Forecasting trends in time series, 1985).
 * - Interval: the 10th and 90th percentile of how wrong the method was in the last 28 days, each
 *   day foretold from the days before it alone, in units of the root of what was foretold (counts
 *   scatter like that); 80 of 100 hours should lie within.
 * What is not known is NAN: an hour of the week with fewer than two known values, all of it with
 * less than two weeks of history, the interval and the error with less than three. */

#define IV_WEEK_HOURS 168
#define IV_FORECAST_PAST_MAX 4096 /* hours: half a year with room for changes of the clock */

/* One hour of the past. `slot` = weekday · 24 + hour in the store's time, Monday 0. */
typedef struct {
  int slot;
  double value; /* >= 0; NAN = not known, or a day that is not like others (a holiday) */
} IvPastHour;

typedef struct {
  double mean, low, high;
} IvForecast;

typedef struct {
  double wape;     /* sum of |error| / sum of the true values, over the days foretold as a test */
  double covered;  /* share of those hours within the interval, which was made from the others */
  guint test_days; /* how many days that were */
} IvForecastQuality;

/* `past` (n_past hours, oldest first, without gaps in time) foretells the `n` hours that follow it,
 * whose slots are given. `ret_quality` may be NULL. O(test days × n_past). */
void iv_forecast_hours(const IvPastHour *past, guint n_past, const int *slots, guint n,
                       IvForecast *ret_forecast, IvForecastQuality *ret_quality);
