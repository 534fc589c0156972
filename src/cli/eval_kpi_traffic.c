/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_traffic.h"

#include <math.h>

#include "cli/eval_kpi_rows.h"

static void compare_traffic(json_t *figures, const char *subject, const json_t *truth,
                            const IvTraffic *traffic) {
  iv_eval_add_share(figures, "traffic_in", subject, iv_eval_number(truth, "traffic_in"),
                    traffic->in);
  iv_eval_add_share(figures, "traffic_out", subject, iv_eval_number(truth, "traffic_out"),
                    traffic->out);
  iv_eval_add_share(figures, "turn_backs", subject, iv_eval_number(truth, "turn_backs"),
                    traffic->turn_backs);
  iv_eval_add_share(figures, "pass_bys", subject, iv_eval_number(truth, "pass_bys"),
                    traffic->pass_bys);
  iv_eval_add_share(figures, "capture_rate", subject, iv_eval_number(truth, "capture_rate"),
                    traffic->capture_rate);
  iv_eval_add_share(figures, "footfall", subject, iv_eval_number(truth, "footfall"),
                    traffic->footfall);
}

static void compare_lines(json_t *figures, const json_t *truth, const IvTrafficAnswer *answer) {
  for (guint i = 0; i < answer->lines->len; i++) {
    const IvLineTraffic *line = &g_array_index(answer->lines, IvLineTraffic, i);
    const json_t *true_line = json_object_get(truth, line->line_id.text);
    if (line->kind == IV_LINE_PASS_BY) {
      iv_eval_add_share(figures, "line_pass_bys", line->line_id.text,
                        iv_eval_number(true_line, "pass_bys"), (double)line->pass_bys);
      continue;
    }
    iv_eval_add_share(figures, "line_in", line->line_id.text, iv_eval_number(true_line, "in"),
                      (double)line->in);
    iv_eval_add_share(figures, "line_out", line->line_id.text, iv_eval_number(true_line, "out"),
                      (double)line->out);
  }
}

/* By store day: counts, and what the day's ins and outs leave over of nobody. */
static gboolean compare_days(IvStore *store, const IvKpiQuery *range, const json_t *truth,
                             json_t *figures, GError **error) {
  IvKpiQuery query = *range;
  g_auto(IvTrafficAnswer) answer = {0};
  query.step = IV_STEP_DAY;
  if (!iv_kpis_traffic(store, &query, &answer, error))
    return FALSE;
  compare_traffic(figures, "store", json_object_get(truth, "total"), &answer.total);
  compare_lines(figures, json_object_get(truth, "lines"), &answer);
  const json_t *days = json_object_get(truth, "days");
  for (guint i = 0; i < answer.periods->len && i < json_array_size(days); i++) {
    const IvTraffic *day = &g_array_index(answer.periods, IvTraffic, i);
    const json_t *true_day = json_array_get(days, i);
    double drift = iv_eval_number(true_day, "traffic_in") - iv_eval_number(true_day, "traffic_out");
    char name[24];
    g_snprintf(name, sizeof name, "day %u", i + 1);
    compare_traffic(figures, name, true_day, day);
    iv_eval_add(figures, "occupancy_drift", name, drift, day->in - day->out,
                fabs(day->in - day->out - drift));
  }
  return TRUE;
}

static gboolean is_peak(const IvTrafficAnswer *answer, IvTime hour) {
  for (guint i = 0; answer->peak_hours && i < answer->peak_hours->len; i++)
    if (g_array_index(answer->peak_hours, IvPeriod, i).from == hour)
      return TRUE;
  return FALSE;
}

/* The same hours are peaks, not as many. */
static void compare_peaks(json_t *figures, const json_t *hours, const IvTrafficAnswer *answer) {
  double peaks = 0, found = 0, n = answer->peak_hours ? answer->peak_hours->len : 0;
  gsize i;
  const json_t *hour;
  json_array_foreach(hours, i, hour) {
    gboolean truth = json_is_true(json_object_get(hour, "peak"));
    peaks += truth;
    found += truth && is_peak(answer, json_integer_value(json_object_get(hour, "start")));
  }
  double wrong = peaks + n - 2 * found;
  iv_eval_add(figures, "peak_hours", "store", peaks, n, peaks > 0 ? wrong / peaks : wrong);
}

/* Everything that comes in hours must come in the same hours. */
static gboolean compare_hours(IvStore *store, const IvKpiQuery *range, const json_t *truth,
                              json_t *figures, GError **error) {
  IvKpiQuery query = *range;
  g_auto(IvTrafficAnswer) answer = {0};
  query.step = IV_STEP_HOUR;
  if (!iv_kpis_traffic(store, &query, &answer, error))
    return FALSE;
  const json_t *hours = json_object_get(truth, "hours");
  double wrong = 0, all = 0;
  for (guint i = 0; i < answer.periods->len && i < json_array_size(hours); i++) {
    const IvTraffic *hour = &g_array_index(answer.periods, IvTraffic, i);
    double truth_in = iv_eval_number(json_array_get(hours, i), "traffic_in");
    wrong += fabs((isnan(hour->in) ? 0 : hour->in) - truth_in);
    all += truth_in;
  }
  iv_eval_add(figures, "traffic_in_by_hour", "store", all, all - wrong, all > 0 ? wrong / all : 0);
  compare_peaks(figures, hours, &answer);
  return TRUE;
}

gboolean iv_eval_kpi_traffic(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                             json_t *figures, GError **error) {
  return compare_days(store, query, truth, figures, error) &&
         compare_hours(store, query, truth, figures, error);
}
