/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/forecast.h"
#include "store/kpis.h"

/* Footfall of the next days by hour (kpi/forecast.h), from the store's own hours of the last twelve
 * weeks. An hour in which the entrance cameras were alive for less than IV_FORECAST_COVERAGE of the
 * time teaches nothing. */

#define IV_FORECAST_DAYS_MAX 14
#define IV_FORECAST_WEEKS 12
#define IV_FORECAST_COVERAGE 0.9

typedef struct {
  IvPeriod period;
  IvForecast footfall; /* NAN where it cannot be known */
} IvForecastHour;

typedef struct {
  IvPeriod range; /* whole hours of the store: from the one that runs now */
  char time_zone[64];
  guint known_hours; /* of the past, that taught */
  IvForecastQuality quality;
  GArray *hours; /* of IvForecastHour, in order of time */
} IvForecastAnswer;

/* `days` is 1 to IV_FORECAST_DAYS_MAX; `query` gives store, now and deadline, its range is not
 * looked at. */
gboolean iv_kpis_forecast(IvStore *store, const IvKpiQuery *query, guint days,
                          IvForecastAnswer *ret_answer, GError **error);
void iv_forecast_answer_clear(IvForecastAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvForecastAnswer, iv_forecast_answer_clear)
