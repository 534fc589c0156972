/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_groups.h"

#include <gio/gio.h>
#include <math.h>

#include "cli/eval_kpi_rows.h"

#define TRUTH_PROGRAM INVEYE_SOURCE_ROOT "/tests/truth/groups_truth.py"

static json_t *read_truth(const char *script, const char *positions, GError **error) {
  const char *command[] = {"python3", TRUTH_PROGRAM, script, positions, NULL};
  g_autofree char *out = NULL, *err = NULL;
  int status = 0;
  json_error_t fault;
  if (!g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                    &status, error))
    return NULL;
  if (!g_spawn_check_wait_status(status, error)) {
    g_prefix_error(error, "%s: %s", TRUTH_PROGRAM, g_strchomp(err));
    return NULL;
  }
  json_t *truth = json_loads(out, 0, &fault);
  if (!truth)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s gave no JSON: %s", TRUTH_PROGRAM,
                fault.text);
  return truth;
}

static double count_or_zero(double value) {
  return isnan(value) ? 0 : value;
}

static void add_band(json_t *figures, const json_t *band) {
  iv_eval_add_band(figures, json_number_value(json_array_get(band, 0)),
                   json_number_value(json_array_get(band, 1)));
}

static void compare_period(json_t *figures, const char *subject, const json_t *truth,
                           const IvGroupFigures *groups) {
  const json_t *by_size = json_object_get(truth, "by_size");
  iv_eval_add_share(figures, "groups", subject, iv_eval_number(truth, "groups"),
                    count_or_zero(groups->groups));
  add_band(figures, json_object_get(truth, "groups_band"));
  iv_eval_add_share(figures, "group_size", subject, iv_eval_number(truth, "size_mean"),
                    groups->mean_size);
  add_band(figures, json_object_get(truth, "size_mean_band"));
  for (guint i = 0; i < IV_GROUP_SIZES; i++) {
    char kpi[24];
    g_snprintf(kpi, sizeof kpi, "groups_of_%u", i + 1);
    iv_eval_add_share(figures, kpi, subject, json_number_value(json_array_get(by_size, i)),
                      count_or_zero(groups->by_size[i]));
    add_band(figures, json_array_get(json_object_get(truth, "by_size_bands"), i));
  }
}

/* Ways in are those of the definition alone, so the two counts differ by who is not seen. */
static void compare_parties(json_t *figures, const json_t *truth, const IvGroupFigures *groups) {
  const json_t *parties = json_object_get(truth, "parties");
  double right = iv_eval_number(parties, "right"), pairs = iv_eval_number(parties, "pairs"),
         found = iv_eval_number(parties, "found");
  iv_eval_add_share(figures, "group_parties", "store", iv_eval_number(parties, "groups"),
                    count_or_zero(groups->groups));
  iv_eval_add(figures, "party_precision", "store", found, right,
              found > 0 ? 1 - right / found : (double)NAN);
  iv_eval_add(figures, "party_recall", "store", pairs, right,
              pairs > 0 ? 1 - right / pairs : (double)NAN);
}

static gboolean compare_days(IvStore *store, const IvKpiQuery *range, const json_t *truth,
                             json_t *figures, GError **error) {
  IvKpiQuery query = *range;
  query.step = IV_STEP_DAY;
  g_auto(IvTrafficAnswer) answer = {0};
  if (!iv_kpis_traffic(store, &query, &answer, error))
    return FALSE;
  const json_t *days = json_object_get(truth, "days");
  compare_period(figures, "store", json_object_get(truth, "total"), &answer.total.groups);
  for (guint i = 0; i < answer.periods->len && i < json_array_size(days); i++) {
    char name[24];
    g_snprintf(name, sizeof name, "day %u", i + 1);
    compare_period(figures, name, json_array_get(days, i),
                   &g_array_index(answer.periods, IvTraffic, i).groups);
  }
  compare_parties(figures, truth, &answer.total.groups);
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
  double wrong = 0, all = 0;
  for (guint i = 0; i < answer.periods->len && i < json_array_size(hours); i++) {
    double true_groups = iv_eval_number(json_array_get(hours, i), "groups");
    const IvTraffic *hour = &g_array_index(answer.periods, IvTraffic, i);
    wrong += fabs(count_or_zero(hour->groups.groups) - true_groups);
    all += true_groups;
  }
  iv_eval_add(figures, "groups_by_hour", "store", all, all - wrong, all > 0 ? wrong / all : 0);
  iv_eval_add_band(figures, all - iv_eval_number(truth, "unsure"), all);
  return TRUE;
}

gboolean iv_eval_kpi_groups(IvStore *store, const IvKpiQuery *query, const char *script,
                            const char *positions, json_t *figures, GError **error) {
  json_t *truth = read_truth(script, positions, error);
  gboolean fine = truth && compare_days(store, query, truth, figures, error) &&
                  compare_hours(store, query, truth, figures, error);
  json_decref(truth);
  return fine;
}
