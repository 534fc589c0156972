/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_occupancy.h"

#include <math.h>

#include "cli/eval_kpi_rows.h"
#include "kpi/bucket.h"

typedef struct {
  double truth, value, distance, truth_max, value_max;
  guint n;
} Levels;

static double or_none(double value) {
  return isnan(value) ? 0 : value;
}

static void add_level(Levels *levels, double truth, double value) {
  levels->truth += truth;
  levels->value += value;
  levels->distance += fabs(value - truth);
  levels->truth_max = MAX(levels->truth_max, truth);
  levels->value_max = MAX(levels->value_max, value);
  levels->n++;
}

/* One day; what it leaves inside is not taken along. */
static void follow(const IvTrafficAnswer *answer, const json_t *levels, gsize first,
                   Levels *ret_levels) {
  double inside = 0, before = first > 0 ? json_number_value(json_array_get(levels, first - 1)) : 0;
  for (guint i = 0; i < answer->periods->len && first + i < json_array_size(levels); i++) {
    const IvTraffic *period = &g_array_index(answer->periods, IvTraffic, i);
    inside = MAX(inside + or_none(period->in) - or_none(period->out), 0);
    add_level(ret_levels, json_number_value(json_array_get(levels, first + i)) - before, inside);
  }
}

static void tell(json_t *figures, const char *subject, const Levels *day) {
  double n = MAX(day->n, 1);
  iv_eval_add(figures, "occupancy", subject, day->truth / n, day->value / n, day->distance / n);
  iv_eval_add_distance(figures, "occupancy_max", subject, day->truth_max, day->value_max);
}

gboolean iv_eval_kpi_occupancy(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                               json_t *figures, GError **error) {
  const json_t *days = json_object_get(truth, "days");
  const json_t *levels = json_object_get(truth, "inside_5min");
  IvTime origin = iv_time_floor(query->from, IV_BUCKET_SPAN);
  gsize i;
  const json_t *day;
  json_array_foreach(days, i, day) {
    IvKpiQuery of_day = *query;
    g_auto(IvTrafficAnswer) answer = {0};
    Levels sums = {0};
    char name[24];
    of_day.from = json_integer_value(json_object_get(day, "start"));
    of_day.to = json_integer_value(json_object_get(day, "end"));
    of_day.step = IV_STEP_5MIN;
    if (!iv_kpis_traffic(store, &of_day, &answer, error))
      return FALSE;
    follow(&answer, levels, (gsize)((of_day.from - origin) / IV_BUCKET_SPAN), &sums);
    g_snprintf(name, sizeof name, "day %" G_GSIZE_FORMAT, i + 1);
    tell(figures, name, &sums);
  }
  return TRUE;
}
