/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_people.h"

#include <math.h>

#include "cli/eval_kpi_rows.h"

static double sum_of_days(const json_t *truth, const char *key) {
  gsize i;
  const json_t *day;
  double sum = 0;
  json_array_foreach(json_object_get(truth, "days"), i, day) sum += iv_eval_number(day, key);
  return sum;
}

static const json_t *zone_of(const json_t *period, const char *zone_id) {
  return json_object_get(json_object_get(period, "zones"), zone_id);
}

static double sum_of_zone(const json_t *truth, const char *zone_id, const char *key) {
  gsize i;
  const json_t *day;
  double sum = 0;
  json_array_foreach(json_object_get(truth, "days"), i, day) sum +=
      iv_eval_number(zone_of(day, zone_id), key);
  return sum;
}

/* One end of a band, of each day: so many people on the least, or the most. */
static double sum_of_band(const json_t *truth, const char *zone_id, const char *key, gsize end) {
  gsize i;
  const json_t *day;
  double sum = 0;
  json_array_foreach(json_object_get(truth, "days"), i, day) sum +=
      json_number_value(json_array_get(json_object_get(zone_of(day, zone_id), key), end));
  return sum;
}

static double share(double part, double whole) {
  return whole > 0 ? part / whole : (double)NAN;
}

static double count_or_zero(double value) {
  return isnan(value) ? 0 : value;
}

static void compare_visits(json_t *figures, const char *subject, const json_t *truth, double unique,
                           const IvTraffic *traffic) {
  const IvVisitFigures *visits = &traffic->visits;
  const json_t *spread = json_object_get(truth, "visit_s");
  double n = iv_eval_number(spread, "n");
  iv_eval_add_share(figures, "unique_visitors", subject, unique, count_or_zero(visits->visitors));
  iv_eval_add_share(figures, "visits", subject, iv_eval_number(truth, "footfall"),
                    count_or_zero(visits->begun));
  iv_eval_add_share(figures, "visit_mean", subject, iv_eval_number(spread, "mean"), visits->mean_s);
  iv_eval_add_quantile(figures, "visit_p50", subject, spread, "median", visits->median_s);
  iv_eval_add_quantile(figures, "visit_p90", subject, spread, "p90", visits->p90_s);
  iv_eval_add_share(figures, "bounce_rate", subject, share(iv_eval_number(truth, "bounces"), n),
                    visits->bounce_rate);
}

static gboolean compare_days(IvStore *store, const IvKpiQuery *range, const json_t *truth,
                             json_t *figures, GError **error) {
  IvKpiQuery query = *range;
  query.step = IV_STEP_DAY;
  g_auto(IvTrafficAnswer) answer = {0};
  if (!iv_kpis_traffic(store, &query, &answer, error))
    return FALSE;
  compare_visits(figures, "store", json_object_get(truth, "total"),
                 sum_of_days(truth, "unique_visitors"), &answer.total);
  const json_t *days = json_object_get(truth, "days");
  for (guint i = 0; i < answer.periods->len && i < json_array_size(days); i++) {
    const json_t *day = json_array_get(days, i);
    char name[24];
    g_snprintf(name, sizeof name, "day %u", i + 1);
    compare_visits(figures, name, day, iv_eval_number(day, "unique_visitors"),
                   &g_array_index(answer.periods, IvTraffic, i));
  }
  return TRUE;
}

/* Each hour by itself, so that no hour's error makes up for another's. */
static gboolean compare_hours(IvStore *store, const IvKpiQuery *range, const json_t *truth,
                              json_t *figures, GError **error) {
  IvKpiQuery query = *range;
  query.step = IV_STEP_HOUR;
  g_auto(IvTrafficAnswer) answer = {0};
  if (!iv_kpis_traffic(store, &query, &answer, error))
    return FALSE;
  const json_t *hours = json_object_get(truth, "hours");
  double wrong = 0, all = 0, wrong_people = 0;
  for (guint i = 0; i < answer.periods->len && i < json_array_size(hours); i++) {
    const IvTraffic *told = &g_array_index(answer.periods, IvTraffic, i);
    const json_t *hour = json_array_get(hours, i);
    wrong += fabs(count_or_zero(told->footfall) - iv_eval_number(hour, "footfall"));
    wrong_people +=
        fabs(count_or_zero(told->visits.visitors) - iv_eval_number(hour, "unique_visitors"));
    all += iv_eval_number(hour, "footfall");
  }
  iv_eval_add(figures, "footfall_by_hour", "store", all, all - wrong, share(wrong, all));
  iv_eval_add(figures, "unique_visitors_by_hour", "store", all, all - wrong_people,
              share(wrong_people, all));
  return TRUE;
}

static gboolean compare_zones(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                              json_t *figures, GError **error) {
  g_auto(IvZoneAnswer) answer = {0};
  if (!iv_kpis_zones(store, query, &answer, error))
    return FALSE;
  double people = sum_of_days(truth, "unique_visitors");
  for (guint i = 0; i < answer.zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(answer.zones, IvZoneFigures, i);
    const char *id = zone->zone_id.text;
    if (!zone_of(json_object_get(truth, "total"), id))
      continue;
    double visitors = sum_of_zone(truth, id, "visitors"),
           engaged = sum_of_zone(truth, id, "engaged");
    double least = sum_of_band(truth, id, "visitors_band", 0),
           most = sum_of_band(truth, id, "visitors_band", 1);
    iv_eval_add_share(figures, "zone_visitors", id, visitors, zone->visitors);
    iv_eval_add_band(figures, least, most);
    iv_eval_add_share(figures, "engaged", id, engaged,
                      round(count_or_zero(zone->engaged_share * zone->visitors)));
    iv_eval_add_band(figures, sum_of_band(truth, id, "engaged_band", 0),
                     sum_of_band(truth, id, "engaged_band", 1));
    iv_eval_add_share(figures, "draw_rate", id, share(visitors, people), zone->draw_rate);
    iv_eval_add_band(figures, share(least, people), share(most, people));
  }
  return TRUE;
}

gboolean iv_eval_kpi_people(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                            json_t *figures, GError **error) {
  return compare_days(store, query, truth, figures, error) &&
         compare_hours(store, query, truth, figures, error) &&
         compare_zones(store, query, truth, figures, error);
}
