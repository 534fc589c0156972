/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "api/views.h"
#include "store/kpi_forecast.h"

#define DAYS_DEFAULT 7

static json_t *hour_to_json(const IvForecastHour *hour) {
  return json_pack("{so so so so so}", "start", iv_json_time(hour->period.from), "end",
                   iv_json_time(hour->period.to), "footfall", iv_json_number(hour->footfall.mean),
                   "low", iv_json_number(hour->footfall.low), "high",
                   iv_json_number(hour->footfall.high));
}

static json_t *forecast_to_json(const IvForecastAnswer *answer) {
  json_t *hours = json_array();
  for (guint i = 0; i < answer->hours->len; i++)
    json_array_append_new(hours, hour_to_json(&g_array_index(answer->hours, IvForecastHour, i)));
  return json_pack("{so so ss so si si so so so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "time_zone", answer->time_zone, "figure",
                   iv_figure_meaning_to_json(IV_FIGURE_FOOTFALL_FORECAST), "known_hours",
                   (int)answer->known_hours, "test_days", (int)answer->quality.test_days, "wape",
                   iv_json_number(answer->quality.wape), "covered",
                   iv_json_number(answer->quality.covered), "hours", hours);
}

IvResponse *iv_route_get_forecast(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 days = DAYS_DEFAULT;
  if (!iv_call_query_int(call, "days", 1, IV_FORECAST_DAYS_MAX, &days, &problem))
    return problem;
  IvKpiQuery query = {.store_id = iv_call_store(call),
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .step = IV_STEP_HOUR,
                      .now = call->now,
                      .deadline = call->deadline};
  g_auto(IvForecastAnswer) answer = {0};
  if (!iv_kpis_forecast(call->api->store, &query, (guint)days, &answer, &error))
    return iv_call_failed(call, error);
  return iv_response_json(200, forecast_to_json(&answer));
}
