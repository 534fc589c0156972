/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_heat.h"

#include <gio/gio.h>
#include <math.h>

#include "store/kpi_heat.h"

#define TRUTH_PROGRAM INVEYE_SOURCE_ROOT "/tests/truth/heat_truth.py"

static json_t *read_truth(const char *positions, GError **error) {
  const char *command[] = {"python3", TRUTH_PROGRAM, positions, NULL};
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

/* Sums of pairs, for Pearson's correlation. */
typedef struct {
  double n, x, y, xx, yy, xy;
} Sums;

static void add_pair(Sums *sums, double x, double y) {
  sums->n++;
  sums->x += x;
  sums->y += y;
  sums->xx += x * x;
  sums->yy += y * y;
  sums->xy += x * y;
}

static double correlation(const Sums *s) {
  double across = s->n * s->xy - s->x * s->y;
  double spread = (s->n * s->xx - s->x * s->x) * (s->n * s->yy - s->y * s->y);
  return spread > 0 ? across / sqrt(spread) : (double)NAN;
}

static gboolean is_same_grid(const json_t *truth, const IvHeatGrid *grid) {
  return json_integer_value(json_object_get(truth, "columns")) == grid->columns &&
         json_integer_value(json_object_get(truth, "rows")) == grid->rows;
}

static Sums pair_cells(const json_t *truth, const IvHeatAnswer *answer) {
  Sums sums = {0};
  const json_t *seconds = json_object_get(truth, "seconds");
  const json_t *seen = json_object_get(truth, "seen");
  for (guint i = 0; i < answer->grid.columns * answer->grid.rows; i++) {
    double true_s = json_number_value(json_array_get(seconds, i));
    double told_s = (double)answer->total.cells[i] / 10;
    if (json_is_true(json_array_get(seen, i)) && (true_s > 0 || told_s > 0))
      add_pair(&sums, true_s, told_s);
  }
  return sums;
}

static void add_row(json_t *figures, const char *kpi, double truth, double value, double error) {
  json_t *row = json_pack("{ss ss}", "kpi", kpi, "subject", "plan");
  const double numbers[] = {truth, value, error};
  static const char *const keys[] = {"truth", "value", "error"};
  for (int i = 0; i < 3; i++)
    json_object_set_new(row, keys[i], isnan(numbers[i]) ? json_null() : json_real(numbers[i]));
  json_array_append_new(figures, row);
}

gboolean iv_eval_kpi_heat(IvStore *store, const char *store_id, IvPeriod period,
                          const char *positions, json_t *figures, GError **error) {
  g_auto(IvHeatAnswer) answer = {0};
  IvHeatQuery query = {.store_id = store_id,
                       .camera_id = IV_FLOOR_PLAN_ID,
                       .from = period.from,
                       .to = period.to,
                       .now = period.to + IV_DAY,
                       .deadline = IV_TIME_NONE};
  if (!iv_kpis_heat(store, &query, &answer, error))
    return FALSE;
  json_t *truth = read_truth(positions, error);
  if (!truth)
    return FALSE;
  gboolean fine = answer.grid.columns == 0 || is_same_grid(truth, &answer.grid);
  if (fine) {
    Sums sums = pair_cells(truth, &answer);
    double r = correlation(&sums);
    add_row(figures, "heatmap", 1, r, 1 - r);
    add_row(figures, "heatmap_time", sums.x, sums.y,
            sums.x > 0 ? fabs(sums.y - sums.x) / sums.x : (double)NAN);
  } else {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                        "the heat map and its truth have different grids");
  }
  json_decref(truth);
  return fine;
}
