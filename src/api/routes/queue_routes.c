/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "api/routes/kpi_query.h"
#include "api/views.h"

/* The figures of a line or lane, in the order of the answer. */
static const struct {
  IvFigure figure;
  gsize offset;
} columns[] = {
    {IV_FIGURE_QUEUE_JOINED, G_STRUCT_OFFSET(IvQueueFigures, joined)},
    {IV_FIGURE_QUEUE_ABANDONED, G_STRUCT_OFFSET(IvQueueFigures, abandoned)},
    {IV_FIGURE_QUEUE_ABANDONMENT, G_STRUCT_OFFSET(IvQueueFigures, abandonment_rate)},
    {IV_FIGURE_QUEUE_SERVICE_LEVEL, G_STRUCT_OFFSET(IvQueueFigures, service_level)},
    {IV_FIGURE_QUEUE_WAIT_MEAN, G_STRUCT_OFFSET(IvQueueFigures, wait_mean_s)},
    {IV_FIGURE_QUEUE_WAIT_MEDIAN, G_STRUCT_OFFSET(IvQueueFigures, wait_median_s)},
    {IV_FIGURE_QUEUE_WAIT_P90, G_STRUCT_OFFSET(IvQueueFigures, wait_p90_s)},
    {IV_FIGURE_QUEUE_LENGTH_MEAN, G_STRUCT_OFFSET(IvQueueFigures, length_mean)},
    {IV_FIGURE_QUEUE_LENGTH_MAX, G_STRUCT_OFFSET(IvQueueFigures, length_max)},
    {IV_FIGURE_LANE_SERVED, G_STRUCT_OFFSET(IvQueueFigures, served)},
    {IV_FIGURE_LANE_SERVICE_MEAN, G_STRUCT_OFFSET(IvQueueFigures, service_mean_s)},
    {IV_FIGURE_LANE_SERVICE_MEDIAN, G_STRUCT_OFFSET(IvQueueFigures, service_median_s)},
    {IV_FIGURE_LANE_SERVICE_P90, G_STRUCT_OFFSET(IvQueueFigures, service_p90_s)},
    {IV_FIGURE_LANE_OPEN, G_STRUCT_OFFSET(IvQueueFigures, open_hours)},
    {IV_FIGURE_LANE_EFFICIENCY, G_STRUCT_OFFSET(IvQueueFigures, served_per_open_hour)},
    {IV_FIGURE_LANES_OPEN, G_STRUCT_OFFSET(IvQueueFigures, lanes_open)},
    {IV_FIGURE_LANE_LINK_RATE, G_STRUCT_OFFSET(IvQueueFigures, linked_share)},
};

static double value_of(const IvQueueFigures *figures, gsize column) {
  return G_STRUCT_MEMBER(double, figures, columns[column].offset);
}

static json_t *meanings_to_json(void) {
  static const IvFigure live[] = {IV_FIGURE_QUEUE_LENGTH_NOW, IV_FIGURE_QUEUE_PRESENT_WAIT,
                                  IV_FIGURE_QUEUE_ESTIMATED_WAIT};
  json_t *meanings = json_object();
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    json_object_set_new(meanings, iv_figure_info(columns[i].figure)->id,
                        iv_figure_meaning_to_json(columns[i].figure));
  for (gsize i = 0; i < G_N_ELEMENTS(live); i++)
    json_object_set_new(meanings, iv_figure_info(live[i])->id, iv_figure_meaning_to_json(live[i]));
  return meanings;
}

static void put_figures(json_t *json, const IvQueueFigures *figures) {
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    json_object_set_new(json, iv_figure_info(columns[i].figure)->id,
                        iv_json_number(value_of(figures, i)));
  json_object_set_new(json, "open_waits", json_integer((json_int_t)figures->open_waits));
  json_object_set_new(json, "coverage", iv_json_number(figures->coverage));
  json_object_set_new(json, "provisional", json_boolean(figures->provisional));
}

static json_t *period_to_json(const IvQueuePeriod *period) {
  json_t *json = json_pack("{so so}", "start", iv_json_time(period->period.from), "end",
                           iv_json_time(period->period.to));
  put_figures(json, &period->figures);
  return json;
}

static json_t *total_to_json(const IvQueueFigures *figures) {
  json_t *json = json_object();
  put_figures(json, figures);
  return json;
}

static json_t *periods_to_json(const GArray *periods) {
  json_t *json = json_array();
  for (guint i = 0; i < periods->len; i++)
    json_array_append_new(json, period_to_json(&g_array_index(periods, IvQueuePeriod, i)));
  return json;
}

static json_t *row_to_json(const IvQueueRow *row) {
  json_t *cameras = json_array();
  for (guint i = 0; i < row->n_cameras; i++)
    json_array_append_new(cameras, json_string(row->cameras[i].text));
  json_t *group = iv_slug_is_none(&row->group_id) ? json_null() : json_string(row->group_id.text);
  return json_pack("{ss ss sb so sb so so so}", "lane_id", row->lane_id.text, "name", row->name,
                   "group", row->is_group, "group_id", group, "self_checkout", row->self_checkout,
                   "camera_ids", cameras, "total", total_to_json(&row->total), "periods",
                   periods_to_json(row->periods));
}

static json_t *answer_to_json(const IvQueueAnswer *answer, IvStep step) {
  json_t *rows = json_array();
  for (guint i = 0; i < answer->rows->len; i++)
    json_array_append_new(rows, row_to_json(&g_array_index(answer->rows, IvQueueRow, i)));
  return json_pack("{so so ss ss so so so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "step", iv_step_name(step), "time_zone",
                   answer->time_zone, "figures", meanings_to_json(), "total",
                   total_to_json(&answer->total), "rows", rows);
}

static json_t *changes_of(const IvQueueFigures *now, const IvQueueFigures *before) {
  IvFigureValue values[2][IV_COMPARED_MAX];
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    values[0][i] = (IvFigureValue){value_of(now, i), now->coverage, columns[i].figure};
    values[1][i] = (IvFigureValue){value_of(before, i), before->coverage, columns[i].figure};
  }
  return iv_changes_to_json(values[0], values[1], G_N_ELEMENTS(columns));
}

static const IvQueueFigures *find_lane(const IvQueueAnswer *answer, const char *lane_id) {
  for (guint i = 0; i < answer->rows->len; i++)
    if (g_strcmp0(g_array_index(answer->rows, IvQueueRow, i).lane_id.text, lane_id) == 0)
      return &g_array_index(answer->rows, IvQueueRow, i).total;
  return NULL;
}

/* The lanes that both ranges know. */
static json_t *compare_rows(const IvQueueAnswer *passed, const IvQueueAnswer *before) {
  json_t *rows = json_array();
  for (guint i = 0; i < before->rows->len; i++) {
    const IvQueueRow *row = &g_array_index(before->rows, IvQueueRow, i);
    const IvQueueFigures *now = find_lane(passed, row->lane_id.text);
    if (now)
      json_array_append_new(rows, json_pack("{ss so so so}", "lane_id", row->lane_id.text, "total",
                                            total_to_json(&row->total), "changes",
                                            changes_of(now, &row->total), "periods",
                                            periods_to_json(row->periods)));
  }
  return rows;
}

/* null while nothing of the range of `whole` has passed; NULL with an error. Of a range that has
 * passed wholly `whole` says what would be asked for again. */
static json_t *compare_queues(const IvCall *call, const IvKpiQuery *query,
                              const IvQueueAnswer *whole, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvQueueAnswer) passed = {0}, before = {0};
  if (!iv_kpi_compare(call->api->store, query, &ranges, error))
    return NULL;
  if (ranges.weeks == 0)
    return json_null();
  ranges.passed.step = IV_STEP_WEEK; /* only its totals are told */
  gboolean all = iv_kpi_has_passed(&ranges, whole->range);
  if ((!all && !iv_kpis_queues(call->api->store, &ranges.passed, &passed, error)) ||
      !iv_kpis_queues(call->api->store, &ranges.before, &before, error))
    return NULL;
  const IvQueueAnswer *now = all ? whole : &passed;
  json_t *json = iv_comparison_to_json(&ranges);
  json_object_set_new(json, "total", total_to_json(&before.total));
  json_object_set_new(json, "changes", changes_of(&now->total, &before.total));
  json_object_set_new(json, "rows", compare_rows(now, &before));
  return json;
}

IvResponse *iv_route_get_queue_kpis(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  gboolean compare;
  if (!iv_kpi_query_read(call, &query, &problem) || !iv_kpi_query_compare(call, &compare, &problem))
    return problem;
  g_auto(IvQueueAnswer) answer = {0};
  if (!iv_kpis_queues(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  json_t *comparison = compare ? compare_queues(call, &query, &answer, &error) : NULL;
  if (compare && !comparison)
    return iv_call_failed(call, error);
  json_t *outlook = call->api->host_calls->outlook(call->api->host, iv_call_store(call));
  json_t *json = answer_to_json(&answer, query.step);
  json_object_set_new(json, "outlook", outlook ? outlook : json_null());
  if (compare)
    json_object_set_new(json, "comparison", comparison);
  return iv_response_json(200, json);
}
