/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bench_kpi_bars.h"

#include <math.h>
#include <string.h>

#include "cli/eval_kpi_rows.h"

#define SAMPLE_S 0.5     /* points come twice a second */
#define ROUNDING 1e-6    /* quotients of counts that are equal */
#define OPEN_ERROR .001  /* of the time: a second where a cashier comes and where he goes */
#define LENGTH_ERROR .02 /* people: what times within one sample can make */

static const IvBar bars[] = {
    {"traffic_in", IV_BAR_EXACT, 0},
    {"traffic_out", IV_BAR_EXACT, 0},
    {"traffic_in_by_hour", IV_BAR_EXACT, 0},
    {"turn_backs", IV_BAR_EXACT, 0},
    {"pass_bys", IV_BAR_EXACT, 0},
    {"capture_rate", IV_BAR_ERROR, ROUNDING},
    {"line_in", IV_BAR_EXACT, 0},
    {"line_out", IV_BAR_EXACT, 0},
    {"line_pass_bys", IV_BAR_EXACT, 0},
    {"peak_hours", IV_BAR_EXACT, 0},
    {"footfall", IV_BAR_EXACT, 0},
    {"footfall_by_hour", IV_BAR_EXACT, 0},
    {"unique_visitors", IV_BAR_EXACT, 0},
    {"unique_visitors_by_hour", IV_BAR_EXACT, 0},
    {"visits", IV_BAR_EXACT, 0},
    {"bounce_rate", IV_BAR_ERROR, ROUNDING},
    {"closed_visits", IV_BAR_EXACT, 0},
    {"zones_visited", IV_BAR_ERROR, ROUNDING},
    {"backtracking_rate", IV_BAR_ERROR, ROUNDING},
    {"express_share", IV_BAR_ERROR, ROUNDING},
    {"browser_share", IV_BAR_ERROR, ROUNDING},
    {"checkout_share", IV_BAR_ERROR, ROUNDING},
    {"visit_conversion", IV_BAR_ERROR, ROUNDING},
    {"journey_steps", IV_BAR_EXACT, 0},
    {"journey_steps_alike", IV_BAR_EXACT, 0},
    {"journey_paths", IV_BAR_EXACT, 0},
    {"journey_path", IV_BAR_EXACT, 0},
    {"groups", IV_BAR_EXACT, 0},
    {"groups_of_1", IV_BAR_EXACT, 0},
    {"groups_of_2", IV_BAR_EXACT, 0},
    {"groups_of_3", IV_BAR_EXACT, 0},
    {"groups_of_4", IV_BAR_EXACT, 0},
    {"groups_of_5", IV_BAR_EXACT, 0},
    {"groups_by_hour", IV_BAR_EXACT, 0},
    {"group_size", IV_BAR_ERROR, ROUNDING},
    {"occupancy", IV_BAR_EXACT, 0},
    {"occupancy_max", IV_BAR_EXACT, 0},
    {"occupancy_drift", IV_BAR_EXACT, 0},
    {"zone_visits", IV_BAR_EXACT, 0},
    {"zone_peak", IV_BAR_EXACT, 0},
    {"zone_visitors", IV_BAR_EXACT, 0},
    {"engaged", IV_BAR_EXACT, 0},
    {"draw_rate", IV_BAR_ERROR, ROUNDING},
    {"dwell_mean", IV_BAR_SECOND, SAMPLE_S},
    {"dwell_p50", IV_BAR_RANK, 0},
    {"dwell_p90", IV_BAR_RANK, 0},
    {"visit_mean", IV_BAR_SECOND, SAMPLE_S},
    {"visit_p50", IV_BAR_RANK, 0},
    {"visit_p90", IV_BAR_RANK, 0},
    {"queue_joined", IV_BAR_EXACT, 0},
    {"queue_joined_by_hour", IV_BAR_EXACT, 0},
    {"queue_abandoned", IV_BAR_EXACT, 0},
    {"queue_abandoned_by_hour", IV_BAR_EXACT, 0},
    {"queue_served", IV_BAR_EXACT, 0},
    {"queue_served_by_hour", IV_BAR_EXACT, 0},
    {"abandonment_rate", IV_BAR_ERROR, ROUNDING},
    {"service_level", IV_BAR_ERROR, ROUNDING},
    {"linked_share", IV_BAR_ERROR, ROUNDING},
    {"lane_open_hours", IV_BAR_ERROR, OPEN_ERROR},
    {"served_per_open_hour", IV_BAR_ERROR, OPEN_ERROR},
    {"queue_long", IV_BAR_EXACT, 0},
    {"queue_long_begin", IV_BAR_ERROR, SAMPLE_S},
    {"queue_long_end", IV_BAR_ERROR, SAMPLE_S},
    {"wait_mean", IV_BAR_SECOND, SAMPLE_S},
    {"wait_p50", IV_BAR_RANK, 0},
    {"wait_p90", IV_BAR_RANK, 0},
    {"service_mean", IV_BAR_SECOND, SAMPLE_S},
    {"service_p50", IV_BAR_RANK, 0},
    {"service_p90", IV_BAR_RANK, 0},
    {"queue_length", IV_BAR_ERROR, LENGTH_ERROR},
    {"queue_length_mae", IV_BAR_ERROR, LENGTH_ERROR},
    {"queue_length_max", IV_BAR_EXACT, 0},
    {"transactions", IV_BAR_EXACT, 0},
    {"transactions_by_hour", IV_BAR_EXACT, 0},
    {"link_rate", IV_BAR_ERROR, ROUNDING},
    {"revenue", IV_BAR_EXACT, 0},
    {"revenue_by_hour", IV_BAR_EXACT, 0},
    {"refunds", IV_BAR_EXACT, 0},
    {"refunded", IV_BAR_EXACT, 0},
    {"voids", IV_BAR_EXACT, 0},
    {"no_sales", IV_BAR_EXACT, 0},
    {"average_value", IV_BAR_ERROR, ROUNDING},
    {"units_per_transaction", IV_BAR_ERROR, ROUNDING},
    {"conversion_rate", IV_BAR_ERROR, ROUNDING},
    {"sales_per_visitor", IV_BAR_ERROR, ROUNDING},
    {"baskets", IV_BAR_EXACT, 0},
    {"basket_pairs", IV_BAR_EXACT, 0},
    {"basket_support", IV_BAR_ERROR, ROUNDING},
    {"basket_confidence", IV_BAR_ERROR, ROUNDING},
    {"basket_lift", IV_BAR_ERROR, ROUNDING},
    {"items_per_basket", IV_BAR_ERROR, ROUNDING},
    {"basket_value", IV_BAR_ERROR, ROUNDING},
    {"heatmap", IV_BAR_ERROR, .02},
};

const IvBar *iv_bench_kpi_bar(const char *kpi) {
  static const IvBar none = {"", IV_BAR_NONE, 0};
  for (gsize i = 0; i < G_N_ELEMENTS(bars); i++)
    if (strcmp(bars[i].kpi, kpi) == 0)
      return &bars[i];
  return &none;
}

const char *iv_bar_kind_name(IvBarKind kind) {
  static const char *const names[] = {[IV_BAR_NONE] = "none",
                                      [IV_BAR_EXACT] = "equal",
                                      [IV_BAR_SECOND] = "one sample",
                                      [IV_BAR_RANK] = "1 % of rank",
                                      [IV_BAR_ERROR] = "error at most"};
  return names[kind];
}

double iv_bar_distance(const IvBar *bar, const json_t *row) {
  double truth = iv_eval_number(row, "truth"), value = iv_eval_number(row, "value");
  double error = iv_eval_number(row, "error");
  if (bar->kind != IV_BAR_SECOND || error == 0)
    return error;
  return fabs(value - truth);
}

/* A share of people may differ from its band's end by what is lost in quotients. */
static gboolean is_in_band(const json_t *row) {
  const json_t *band = json_object_get(row, "band");
  double value = iv_eval_number(row, "value");
  return band && value >= json_number_value(json_array_get(band, 0)) * (1 - ROUNDING) &&
         value <= json_number_value(json_array_get(band, 1)) * (1 + ROUNDING);
}

gboolean iv_bar_is_met(const IvBar *bar, const json_t *row) {
  double distance = iv_bar_distance(bar, row);
  if (bar->kind == IV_BAR_NONE)
    return TRUE;
  if (bar->kind == IV_BAR_RANK)
    return json_is_true(json_object_get(row, "rank_ok"));
  return distance <= bar->limit || is_in_band(row); /* not where one side is n/a */
}
