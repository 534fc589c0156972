/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "api/routes/kpi_query.h"
#include "api/routes/zone_parts.h"
#include "api/views.h"
#include "store/audits.h"
#include "store/kpis.h"

/* --- live --- */

IvResponse *iv_route_get_live_kpis(IvCall *call) {
  json_t *live = call->api->host_calls->live_kpis(call->api->host, iv_call_store(call));
  return live ? iv_response_json(200, live)
              : iv_response_problem(IV_PROBLEM_NOT_FOUND, "The store \"%s\" does not run here.",
                                    iv_call_store(call));
}

/* --- traffic --- */

static json_t *total(const IvTraffic *traffic, IvFigure figure, double value) {
  IvFigureView view = iv_figure_view(figure, value, traffic->coverage, traffic->provisional);
  return iv_figure_view_to_json(&view);
}

/* Of visits: a duration is missing while its visit goes on. */
static json_t *of_visits(const IvTraffic *traffic, IvFigure figure, double value) {
  IvFigureView view = iv_figure_view(figure, value, traffic->coverage, traffic->visits.provisional);
  return iv_figure_view_to_json(&view);
}

static void put_visits(json_t *totals, const IvTraffic *t) {
  const IvVisitFigures *v = &t->visits;
  const struct {
    const char *name;
    IvFigure figure;
    double value;
  } rows[] = {{"visit_mean_s", IV_FIGURE_VISIT_MEAN, v->mean_s},
              {"visit_median_s", IV_FIGURE_VISIT_MEDIAN, v->median_s},
              {"visit_p90_s", IV_FIGURE_VISIT_P90, v->p90_s},
              {"bounce_rate", IV_FIGURE_BOUNCE_RATE, v->bounce_rate}};
  json_object_set_new(totals, "unique_visitors", total(t, IV_FIGURE_UNIQUE_VISITORS, v->visitors));
  json_object_set_new(totals, "known_share", total(t, IV_FIGURE_KNOWN_SHARE, t->known_share));
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    json_object_set_new(totals, rows[i].name, of_visits(t, rows[i].figure, rows[i].value));
}

static json_t *traffic_totals(const IvTraffic *t) {
  return json_pack("{so so so so so so}", "footfall",
                   total(t, iv_figure_footfall(t->known_share), t->footfall), "traffic_in",
                   total(t, IV_FIGURE_TRAFFIC_IN, t->in), "traffic_out",
                   total(t, IV_FIGURE_TRAFFIC_OUT, t->out), "pass_bys",
                   total(t, IV_FIGURE_PASS_BYS, t->pass_bys), "turn_backs",
                   total(t, IV_FIGURE_TURN_BACKS, t->turn_backs), "capture_rate",
                   total(t, IV_FIGURE_CAPTURE_RATE, t->capture_rate));
}

static void put_groups(json_t *totals, const IvTraffic *t) {
  const IvGroupFigures *g = &t->groups;
  json_object_set_new(totals, "groups", total(t, IV_FIGURE_GROUPS, g->groups));
  json_object_set_new(totals, "group_size_mean", total(t, IV_FIGURE_GROUP_SIZE, g->mean_size));
  for (int i = 0; i < IV_GROUP_SIZES; i++) {
    IvFigure figure = (IvFigure)(IV_FIGURE_GROUPS_OF_1 + i);
    json_object_set_new(totals, iv_figure_info(figure)->id, total(t, figure, g->by_size[i]));
  }
}

static json_t *totals_to_json(const IvTraffic *t) {
  json_t *totals = traffic_totals(t);
  put_visits(totals, t);
  put_groups(totals, t);
  return totals;
}

static json_t *bucket_to_json(const IvTraffic *t) {
  return json_pack("{so so so so so so so si so so so sb}", "start", iv_json_time(t->period.from),
                   "end", iv_json_time(t->period.to), "footfall", iv_json_number(t->footfall),
                   "traffic_in", iv_json_number(t->in), "traffic_out", iv_json_number(t->out),
                   "unique_visitors", iv_json_number(t->visits.visitors), "visit_mean_s",
                   iv_json_number(t->visits.mean_s), "open_visits", (int)t->visits.open, "groups",
                   iv_json_number(t->groups.groups), "group_size_mean",
                   iv_json_number(t->groups.mean_size), "coverage", iv_json_number(t->coverage),
                   "provisional", t->provisional);
}

static json_t *line_to_json(const IvLineTraffic *line) {
  IvLineView view = {line->line_id.text, line->camera_id.text,
                     line->name,         iv_line_kind_name(line->kind),
                     (guint64)line->in,  (guint64)line->out};
  json_t *json = iv_line_view_to_json(&view);
  if (!line->known) {
    json_object_set_new(json, "in", json_null());
    json_object_set_new(json, "out", json_null());
  }
  return json;
}

static json_t *peak_hours_to_json(const GArray *hours) {
  if (!hours)
    return json_null();
  json_t *list = json_array();
  for (guint i = 0; i < hours->len; i++) {
    const IvPeriod *hour = &g_array_index(hours, IvPeriod, i);
    json_array_append_new(list, json_pack("{so so}", "start", iv_json_time(hour->from), "end",
                                          iv_json_time(hour->to)));
  }
  return list;
}

static json_t *traffic_to_json(const IvTrafficAnswer *answer, IvStep step) {
  json_t *buckets = json_array(), *lines = json_array();
  for (guint i = 0; i < answer->periods->len; i++)
    json_array_append_new(buckets, bucket_to_json(&g_array_index(answer->periods, IvTraffic, i)));
  for (guint i = 0; i < answer->lines->len; i++)
    json_array_append_new(lines, line_to_json(&g_array_index(answer->lines, IvLineTraffic, i)));
  return json_pack("{so so ss ss so si so so so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "step", iv_step_name(step), "time_zone",
                   answer->time_zone, "totals", totals_to_json(&answer->total), "open_visits",
                   (int)answer->total.visits.open, "buckets", buckets, "lines", lines, "peak_hours",
                   peak_hours_to_json(answer->peak_hours));
}

/* Durations of visits lack those that go on, which earlier weeks no longer do: compared only where
 * none does. */
static guint compared_of(const IvTraffic *t, IvFigureValue *ret_values) {
  gboolean all_over = t->visits.open == 0;
  const IvFigureValue values[] = {
      {t->footfall, t->coverage, IV_FIGURE_FOOTFALL},
      {t->in, t->coverage, IV_FIGURE_TRAFFIC_IN},
      {t->out, t->coverage, IV_FIGURE_TRAFFIC_OUT},
      {t->pass_bys, t->coverage, IV_FIGURE_PASS_BYS},
      {t->turn_backs, t->coverage, IV_FIGURE_TURN_BACKS},
      {t->capture_rate, t->coverage, IV_FIGURE_CAPTURE_RATE},
      {t->visits.visitors, t->coverage, IV_FIGURE_UNIQUE_VISITORS},
      {all_over ? t->visits.mean_s : (double)NAN, t->coverage, IV_FIGURE_VISIT_MEAN},
      {all_over ? t->visits.bounce_rate : (double)NAN, t->coverage, IV_FIGURE_BOUNCE_RATE},
      {t->groups.groups, t->coverage, IV_FIGURE_GROUPS},
      {t->groups.mean_size, t->coverage, IV_FIGURE_GROUP_SIZE},
  };
  memcpy(ret_values, values, sizeof values);
  return G_N_ELEMENTS(values);
}

/* null while nothing of the range has passed; NULL with an error. */
static json_t *compare_traffic(const IvCall *call, const IvKpiQuery *query, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvTrafficAnswer) passed = {0}, before = {0};
  IvFigureValue values[2][IV_COMPARED_MAX];
  if (!iv_kpi_compare(call->api->store, query, &ranges, error))
    return NULL;
  if (ranges.weeks == 0)
    return json_null();
  ranges.passed.step = IV_STEP_WEEK; /* only its totals are told */
  if (!iv_kpis_traffic(call->api->store, &ranges.passed, &passed, error) ||
      !iv_kpis_traffic(call->api->store, &ranges.before, &before, error))
    return NULL;
  compared_of(&passed.total, values[0]);
  guint n = compared_of(&before.total, values[1]);
  json_t *json = iv_comparison_to_json(&ranges), *buckets = json_array();
  for (guint i = 0; i < before.periods->len; i++)
    json_array_append_new(buckets, bucket_to_json(&g_array_index(before.periods, IvTraffic, i)));
  json_object_set_new(json, "totals", totals_to_json(&before.total));
  json_object_set_new(json, "changes", iv_changes_to_json(values[0], values[1], n));
  json_object_set_new(json, "buckets", buckets);
  return json;
}

/* Of what footfall is made of: null where nothing is counted at an entrance. */
static json_t *count_accuracy(const GArray *audits) {
  IvAuditState state;
  return iv_count_audits_of_kind(audits, IV_LINE_ENTRANCE, &state)
             ? json_string(iv_audit_state_name(state))
             : json_null();
}

IvResponse *iv_route_get_traffic(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  gboolean compare;
  if (!iv_kpi_query_read(call, &query, &problem) || !iv_kpi_query_compare(call, &compare, &problem))
    return problem;
  g_auto(IvTrafficAnswer) answer = {0};
  if (!iv_kpis_traffic(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  json_t *comparison = compare ? compare_traffic(call, &query, &error) : NULL;
  if (compare && !comparison)
    return iv_call_failed(call, error);
  g_autoptr(GArray) audits =
      iv_count_audits_lines(call->api->store, iv_call_store(call), call->deadline, &error);
  if (!audits) {
    json_decref(comparison);
    return iv_call_failed(call, error);
  }
  json_t *json = traffic_to_json(&answer, query.step);
  json_object_set_new(json, "count_accuracy", count_accuracy(audits));
  if (compare)
    json_object_set_new(json, "comparison", comparison);
  return iv_response_json(200, json);
}

/* --- zones --- */

static const IvFigure zone_columns[] = {
    IV_FIGURE_ZONE_OCCUPANCY,    IV_FIGURE_ZONE_VISITS,        IV_FIGURE_ZONE_DWELL_MEAN,
    IV_FIGURE_ZONE_DWELL_MEDIAN, IV_FIGURE_ZONE_DWELL_P90,     IV_FIGURE_ZONE_ENGAGED,
    IV_FIGURE_ZONE_PEAK,         IV_FIGURE_ZONE_DRAW_RATE,     IV_FIGURE_ZONE_BAND,
    IV_FIGURE_ZONE_DEAD,         IV_FIGURE_ZONE_CAPACITY,      IV_FIGURE_ZONE_OCCUPANCY_SHARE,
    IV_FIGURE_ZONE_PEAK_SHARE,   IV_FIGURE_ZONE_OVER_CAPACITY,
};

/* One answer has one definition of visitors: that of the zone of which least is known. */
static IvFigure visitors_figure(const IvZoneAnswer *answer) {
  double known = (double)NAN;
  for (guint i = 0; i < answer->zones->len; i++)
    known = fmin(known, g_array_index(answer->zones, IvZoneFigures, i).known_share);
  return iv_figure_zone_visitors(known);
}

static json_t *columns_to_json(IvFigure visitors) {
  json_t *columns = json_object();
  json_object_set_new(columns, iv_figure_info(visitors)->id, iv_figure_meaning_to_json(visitors));
  for (gsize i = 0; i < G_N_ELEMENTS(zone_columns); i++) {
    const IvFigureInfo *info = iv_figure_info(zone_columns[i]);
    json_object_set_new(columns, info->id, iv_figure_meaning_to_json(zone_columns[i]));
  }
  return columns;
}

/* What the live state says of the zone under `key`; null when it says nothing. */
static json_t *live_of(const json_t *live, const char *zone_id, const char *key) {
  gsize i;
  const json_t *zone;
  json_array_foreach(json_object_get(live, "zones"), i, zone) {
    if (g_strcmp0(json_string_value(json_object_get(zone, "zone_id")), zone_id) == 0)
      return json_incref(json_object_get(zone, key));
  }
  return json_null();
}

static json_t *dead_to_json(IvDeadZone dead) {
  return dead == IV_DEAD_UNKNOWN ? json_null() : json_boolean(dead == IV_DEAD_YES);
}

static json_t *zone_to_json(const IvZoneFigures *zone, const json_t *live) {
  json_t *cameras = json_array();
  for (guint i = 0; i < zone->n_cameras; i++)
    json_array_append_new(cameras, json_string(zone->cameras[i].text));
  json_t *json = json_pack(
      "{ss ss ss so so so so so ss? so si so so so so so so sb}", "zone_id", zone->zone_id.text,
      "name", zone->name, "kind", iv_zone_kind_name(zone->kind), "camera_ids", cameras,
      "occupancy_now", live_of(live, zone->zone_id.text, "occupancy"), "visitors",
      iv_json_number(zone->visitors), "zone_visits", iv_json_number(zone->visits), "draw_rate",
      iv_json_number(zone->draw_rate), "band", iv_band_name(zone->band), "dead",
      dead_to_json(zone->dead), "open_visits", (int)zone->open_visits, "dwell_mean_s",
      iv_json_number(zone->dwell_mean_s), "dwell_median_s", iv_json_number(zone->dwell_median_s),
      "dwell_p90_s", iv_json_number(zone->dwell_p90_s), "engaged_share",
      iv_json_number(zone->engaged_share), "peak_occupancy", iv_json_number(zone->peak_occupancy),
      "coverage", iv_json_number(zone->coverage), "provisional", zone->provisional);
  json_object_set_new(json, "capacity",
                      zone->capacity ? json_integer(zone->capacity) : json_null());
  json_object_set_new(json, "occupancy_share",
                      live_of(live, zone->zone_id.text, "occupancy_share"));
  json_object_set_new(json, "peak_share", iv_json_number(zone->peak_share));
  json_object_set_new(json, "over_capacity_s", iv_json_number(zone->over_capacity_s));
  return json;
}

static json_t *zones_to_json(const IvZoneAnswer *answer, const json_t *live) {
  json_t *zones = json_array();
  for (guint i = 0; i < answer->zones->len; i++)
    json_array_append_new(zones,
                          zone_to_json(&g_array_index(answer->zones, IvZoneFigures, i), live));
  return json_pack("{so so ss so so}", "from", iv_json_time(answer->range.from), "to",
                   iv_json_time(answer->range.to), "time_zone", answer->time_zone, "figures",
                   columns_to_json(visitors_figure(answer)), "zones", zones);
}

/* What was asked for beside the figures of the whole range; FALSE with an error. */
static gboolean add_parts(const IvCall *call, const IvKpiQuery *query, const IvZoneAnswer *answer,
                          gboolean compare, json_t *json, GError **error) {
  gboolean by_step = iv_request_query(call->request, "step") != NULL;
  json_t *periods = by_step ? iv_zone_periods_to_json(call, query, error) : NULL;
  if (by_step && !periods)
    return FALSE;
  if (by_step)
    json_object_set_new(json, "periods", periods);
  json_t *comparison = compare ? iv_zone_comparison_to_json(call, query, answer, error) : NULL;
  if (compare)
    json_object_set_new(json, "comparison", comparison);
  return !compare || comparison;
}

IvResponse *iv_route_get_zone_kpis(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  gboolean compare;
  if (!iv_kpi_query_read(call, &query, &problem) || !iv_kpi_query_compare(call, &compare, &problem))
    return problem;
  g_auto(IvZoneAnswer) answer = {0};
  if (!iv_kpis_zones(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  json_t *live = call->api->host_calls->live_kpis(call->api->host, iv_call_store(call));
  json_t *json = zones_to_json(&answer, live);
  json_decref(live);
  if (add_parts(call, &query, &answer, compare, json, &error))
    return iv_response_json(200, json);
  json_decref(json);
  return iv_call_failed(call, error);
}
