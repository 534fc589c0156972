/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "api/routes/handlers.h"
#include "api/views.h"
#include "store/kpi_heat.h"

/* The answer holds up to half a million numbers, so the long lists are written as text at once. */

static gboolean read_query(const IvCall *call, IvHeatQuery *ret_query, IvResponse **ret_problem) {
  const char *step = iv_request_query(call->request, "step");
  const char *camera = iv_request_query(call->request, "camera");
  int number = step ? iv_heat_step_from_name(step) : IV_HEAT_TOTAL;
  *ret_query = (IvHeatQuery){.store_id = iv_call_store(call),
                             .camera_id = camera ? camera : IV_FLOOR_PLAN_ID,
                             .from = IV_TIME_NONE,
                             .to = IV_TIME_NONE,
                             .now = call->now,
                             .deadline = call->deadline};
  if (number < 0) {
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                       "step must be total, day, hour, hour_of_day or 5min.");
    return FALSE;
  }
  ret_query->step = (IvHeatStep)number;
  return iv_call_query_time(call, "from", &ret_query->from, ret_problem) &&
         iv_call_query_time(call, "to", &ret_query->to, ret_problem);
}

/* ---- numbers ---- */

/* In tenths of the figure's unit. */
static gint64 value_of(const IvHeatGrid *grid, gint64 tenths) {
  double cell_m = grid->cell_mm / 1000.0;
  return grid->cell_mm ? llround((double)tenths / (cell_m * cell_m)) : tenths;
}

static void put_int(GString *text, gint64 value) {
  char digits[24];
  int n = sizeof digits;
  guint64 rest = (guint64)value;
  do
    digits[--n] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  g_string_append_len(text, digits + n, (gssize)sizeof digits - n);
}

static void put_tenths(GString *text, gint64 tenths) {
  put_int(text, tenths / 10);
  if (tenths % 10 == 0)
    return;
  g_string_append_c(text, '.');
  g_string_append_c(text, (char)('0' + tenths % 10));
}

static void put_cells(GString *text, const IvHeatGrid *grid, const IvHeatPeriod *period) {
  guint n_cells = period->known ? grid->columns * grid->rows : 0;
  const char *comma = "";
  g_string_append(text, ",\"cells\":[");
  for (guint i = 0; i < n_cells; i++) {
    if (period->cells[i] <= 0)
      continue;
    g_string_append(text, comma);
    put_int(text, i);
    comma = ",";
  }
  comma = "";
  g_string_append(text, "],\"values\":[");
  for (guint i = 0; i < n_cells; i++) {
    if (period->cells[i] <= 0)
      continue;
    g_string_append(text, comma);
    put_tenths(text, value_of(grid, period->cells[i]));
    comma = ",";
  }
  g_string_append_c(text, ']');
}

/* ---- the answer ---- */

/* `json` (taken) without its closing brace. */
static void put_open(GString *text, json_t *json) {
  char *dumped = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
  g_string_append(text, dumped);
  g_string_truncate(text, text->len - 1);
  free(dumped);
  json_decref(json);
}

static json_t *hour_or_null(int hour) {
  return hour < 0 ? json_null() : json_integer(hour);
}

static void put_period(GString *text, const IvHeatGrid *grid, const IvHeatPeriod *period) {
  double seconds = period->known ? (double)period->tenths / 10 : (double)NAN;
  put_open(text,
           json_pack("{so so so so so sb}", "start", iv_json_time(period->period.from), "end",
                     iv_json_time(period->period.to), "hour_of_day", hour_or_null(period->hour),
                     "person_seconds", iv_json_number(seconds), "coverage",
                     iv_json_number(period->coverage), "provisional", period->provisional));
  put_cells(text, grid, period);
  g_string_append_c(text, '}');
}

static json_t *grid_to_json(const IvHeatGrid *grid) {
  if (grid->columns == 0)
    return json_null();
  return json_pack("{si si so}", "columns", (int)grid->columns, "rows", (int)grid->rows, "cell_m",
                   grid->cell_mm ? json_real(grid->cell_mm / 1000.0) : json_null());
}

static json_t *head_to_json(const IvHeatAnswer *answer, const IvHeatQuery *query) {
  gboolean plan = g_strcmp0(query->camera_id, IV_FLOOR_PLAN_ID) == 0;
  return json_pack("{so so ss ss so so so so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "step", iv_heat_step_name(query->step),
                   "time_zone", answer->time_zone, "camera_id",
                   plan ? json_null() : json_string(query->camera_id), "grid",
                   grid_to_json(&answer->grid), "figure",
                   iv_figure_meaning_to_json(plan ? IV_FIGURE_HEAT_FLOOR : IV_FIGURE_HEAT_PICTURE),
                   "other_grids_person_seconds", iv_json_number((double)answer->other_tenths / 10));
}

static IvResponse *respond(const IvHeatAnswer *answer, const IvHeatQuery *query) {
  GString *text = g_string_new(NULL);
  put_open(text, head_to_json(answer, query));
  g_string_append(text, ",\"total\":");
  put_period(text, &answer->grid, &answer->total);
  g_string_append(text, ",\"periods\":[");
  for (guint i = 0; i < answer->periods->len; i++) {
    g_string_append(text, i ? "," : "");
    put_period(text, &answer->grid, &g_array_index(answer->periods, IvHeatPeriod, i));
  }
  g_string_append(text, "]}");
  IvResponse *response = iv_response_new(200);
  response->content_type = "application/json";
  response->body = g_string_free_to_bytes(text);
  return response;
}

IvResponse *iv_route_get_heat_map(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvHeatQuery query;
  if (!read_query(call, &query, &problem))
    return problem;
  g_auto(IvHeatAnswer) answer = {0};
  if (!iv_kpis_heat(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  return respond(&answer, &query);
}
