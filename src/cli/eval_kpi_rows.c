/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_rows.h"

#include <math.h>

double iv_eval_number(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static json_t *number_or_null(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

void iv_eval_add(json_t *figures, const char *kpi, const char *subject, double truth, double value,
                 double error) {
  json_t *row = json_pack("{ss ss}", "kpi", kpi, "subject", subject);
  json_object_set_new(row, "truth", number_or_null(truth));
  json_object_set_new(row, "value", number_or_null(value));
  json_object_set_new(row, "error", number_or_null(error));
  json_array_append_new(figures, row);
}

static double share(double truth, double value) {
  if (isnan(truth) && isnan(value))
    return 0; /* they agree that it cannot be known */
  if (isnan(truth) || isnan(value))
    return truth == 0 || value == 0 ? 0 : (double)NAN; /* nothing counted of nobody */
  return truth == 0 ? (value == 0 ? 0 : 1) : fabs(value - truth) / fabs(truth);
}

void iv_eval_add_share(json_t *figures, const char *kpi, const char *subject, double truth,
                       double value) {
  iv_eval_add(figures, kpi, subject, truth, value, share(truth, value));
}

static json_t *last_row(json_t *figures) {
  return json_array_get(figures, json_array_size(figures) - 1);
}

void iv_eval_add_band(json_t *figures, double least, double most) {
  if (most > least)
    json_object_set_new(last_row(figures), "band", json_pack("[ff]", least, most));
}

static gboolean is_in_band(const json_t *band, double value) {
  const json_t *low = json_array_get(band, 0), *high = json_array_get(band, 1);
  return (!json_is_number(low) || value > json_number_value(low)) &&
         (!json_is_number(high) || value < json_number_value(high));
}

void iv_eval_add_quantile(json_t *figures, const char *kpi, const char *subject,
                          const json_t *spread, const char *key, double value) {
  g_autofree char *band = g_strdup_printf("%s_band", key);
  double truth = iv_eval_number(spread, key);
  gboolean agree = isnan(truth) ? isnan(value) : value == truth;
  iv_eval_add_share(figures, kpi, subject, truth, value);
  json_object_set_new(last_row(figures), "rank_ok",
                      json_boolean(agree || is_in_band(json_object_get(spread, band), value)));
}

void iv_eval_add_distance(json_t *figures, const char *kpi, const char *subject, double truth,
                          double value) {
  double error = isnan(truth) && isnan(value) ? 0 : fabs(value - truth);
  iv_eval_add(figures, kpi, subject, truth, value, error);
}
