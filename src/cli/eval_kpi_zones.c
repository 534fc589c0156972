/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_zones.h"

#include "cli/eval_kpi_rows.h"

static void compare_zone(json_t *figures, const IvZoneFigures *zone, const json_t *truth) {
  const char *id = zone->zone_id.text;
  const json_t *dwell = json_object_get(truth, "dwell_s");
  const json_t *band = json_object_get(truth, "visits_band");
  iv_eval_add_share(figures, "zone_visits", id, iv_eval_number(dwell, "n"), zone->visits);
  iv_eval_add_band(figures, json_number_value(json_array_get(band, 0)),
                   json_number_value(json_array_get(band, 1)));
  iv_eval_add_share(figures, "dwell_mean", id, iv_eval_number(dwell, "mean"), zone->dwell_mean_s);
  iv_eval_add_quantile(figures, "dwell_p50", id, dwell, "median", zone->dwell_median_s);
  iv_eval_add_quantile(figures, "dwell_p90", id, dwell, "p90", zone->dwell_p90_s);
  iv_eval_add_share(figures, "zone_peak", id, iv_eval_number(truth, "peak"), zone->peak_occupancy);
}

gboolean iv_eval_kpi_zones(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                           json_t *figures, GError **error) {
  g_auto(IvZoneAnswer) answer = {0};
  if (!iv_kpis_zones(store, query, &answer, error))
    return FALSE;
  const json_t *zones = json_object_get(json_object_get(truth, "total"), "zones");
  for (guint i = 0; i < answer.zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(answer.zones, IvZoneFigures, i);
    compare_zone(figures, zone, json_object_get(zones, zone->zone_id.text));
  }
  return TRUE;
}
