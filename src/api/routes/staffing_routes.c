/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "api/views.h"
#include "kpi/staffing.h"
#include "store/kpi_forecast.h"
#include "store/kpi_staffing.h"

#define DAYS_DEFAULT 7
#define LEVEL_DEFAULT 80 /* of 100 people */

/* -1 is not known; more than IV_LANES_MAX says that no number is enough. */
static json_t *lanes_to_json(int lanes) {
  return lanes < 0 || lanes > IV_LANES_MAX ? json_null() : json_integer(lanes);
}

static json_t *hour_to_json(const IvStaffingHour *hour) {
  json_t *json = json_pack(
      "{so so so so so}", "start", iv_json_time(hour->period.from), "end",
      iv_json_time(hour->period.to), "arrivals", iv_json_number(hour->arrivals.mean), "low",
      iv_json_number(hour->arrivals.low), "high", iv_json_number(hour->arrivals.high));
  json_object_set_new(json, "lanes", lanes_to_json(hour->lanes));
  json_object_set_new(json, "lanes_high", lanes_to_json(hour->lanes_high));
  json_object_set_new(json, "lanes_even_split", lanes_to_json(hour->lanes_even_split));
  json_object_set_new(json, "service_level", iv_json_number(hour->service_level));
  json_object_set_new(json, "wait_mean_s", iv_json_number(hour->wait_mean_s));
  return json;
}

static json_t *pool_to_json(const IvStaffingPool *pool) {
  json_t *hours = json_array();
  for (guint i = 0; i < pool->hours->len; i++)
    json_array_append_new(hours, hour_to_json(&g_array_index(pool->hours, IvStaffingHour, i)));
  json_t *group = iv_slug_is_none(&pool->group_id) ? json_null() : json_string(pool->group_id.text);
  return json_pack("{so sb sb si si so si si so so so}", "group_id", group, "pooled", pool->pooled,
                   "self_checkout", pool->self_checkout, "lanes_total", (int)pool->lanes_total,
                   "served", (int)pool->served, "service_s", iv_json_number(pool->service_s),
                   "known_hours", (int)pool->known_hours, "test_days", (int)pool->quality.test_days,
                   "wape", iv_json_number(pool->quality.wape), "covered",
                   iv_json_number(pool->quality.covered), "hours", hours);
}

static json_t *answer_to_json(const IvStaffingAnswer *answer, const IvStaffingWish *wish) {
  json_t *pools = json_array();
  for (guint i = 0; i < answer->pools->len; i++)
    json_array_append_new(pools, pool_to_json(&g_array_index(answer->pools, IvStaffingPool, i)));
  return json_pack("{so so ss so sf sf so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "time_zone", answer->time_zone, "figure",
                   iv_figure_meaning_to_json(IV_FIGURE_STAFFING), "target_s", wish->target_s,
                   "level", wish->level, "pools", pools);
}

IvResponse *iv_route_get_staffing(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 days = DAYS_DEFAULT, target = call->api->wait_target / IV_SECOND, level = LEVEL_DEFAULT;
  if (!iv_call_query_int(call, "days", 1, IV_FORECAST_DAYS_MAX, &days, &problem) ||
      !iv_call_query_int(call, "target_s", 0, 3600, &target, &problem) ||
      !iv_call_query_int(call, "level_percent", 50, 99, &level, &problem))
    return problem;
  IvKpiQuery query = {.store_id = iv_call_store(call),
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .step = IV_STEP_HOUR,
                      .now = call->now,
                      .deadline = call->deadline};
  IvStaffingWish wish = {(guint)days, (double)target, (double)level / 100};
  g_auto(IvStaffingAnswer) answer = {0};
  if (!iv_kpis_staffing(call->api->store, &query, &wish, &answer, &error))
    return iv_call_failed(call, error);
  return iv_response_json(200, answer_to_json(&answer, &wish));
}
