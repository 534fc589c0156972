/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/zone_parts.h"

#include <string.h>

/* The figures of a zone that can be had of any period. */
static guint values_of(const IvZoneFigures *z, IvFigureValue *ret_values) {
  const IvFigureValue values[] = {
      {z->visitors, z->coverage, IV_FIGURE_ZONE_VISITORS},
      {z->dwell_mean_s, z->coverage, IV_FIGURE_ZONE_DWELL_MEAN},
      {z->dwell_median_s, z->coverage, IV_FIGURE_ZONE_DWELL_MEDIAN},
      {z->dwell_p90_s, z->coverage, IV_FIGURE_ZONE_DWELL_P90},
      {z->engaged_share, z->coverage, IV_FIGURE_ZONE_ENGAGED},
      {z->peak_occupancy, z->coverage, IV_FIGURE_ZONE_PEAK},
      {z->over_capacity_s, z->coverage, IV_FIGURE_ZONE_OVER_CAPACITY},
  };
  memcpy(ret_values, values, sizeof values);
  return G_N_ELEMENTS(values);
}

static json_t *zone_to_json(const IvZoneFigures *zone) {
  IvFigureValue values[IV_COMPARED_MAX];
  guint n = values_of(zone, values);
  json_t *json = json_pack("{ss so sb}", "zone_id", zone->zone_id.text, "coverage",
                           iv_json_number(zone->coverage), "provisional", zone->provisional);
  for (guint i = 0; i < n; i++)
    json_object_set_new(json, iv_figure_info(values[i].figure)->id,
                        iv_json_number(values[i].value));
  return json;
}

static json_t *period_to_json(const IvZoneAnswer *answer) {
  json_t *zones = json_array();
  for (guint i = 0; i < answer->zones->len; i++)
    json_array_append_new(zones, zone_to_json(&g_array_index(answer->zones, IvZoneFigures, i)));
  return json_pack("{so so so}", "start", iv_json_time(answer->range.from), "end",
                   iv_json_time(answer->range.to), "zones", zones);
}

json_t *iv_zone_periods_to_json(const IvCall *call, const IvKpiQuery *query, GError **error) {
  g_autoptr(GPtrArray) answers = iv_kpis_zone_periods(call->api->store, query, error);
  if (!answers)
    return NULL;
  json_t *periods = json_array();
  for (guint i = 0; i < answers->len; i++)
    json_array_append_new(periods, period_to_json(answers->pdata[i]));
  return periods;
}

static const IvZoneFigures *find_zone(const IvZoneAnswer *answer, const char *zone_id) {
  for (guint i = 0; i < answer->zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(answer->zones, IvZoneFigures, i);
    if (strcmp(zone->zone_id.text, zone_id) == 0)
      return zone;
  }
  return NULL;
}

static json_t *compared_to_json(const IvZoneFigures *now, const IvZoneFigures *before) {
  IvFigureValue values[2][IV_COMPARED_MAX];
  values_of(now, values[0]);
  guint n = values_of(before, values[1]);
  json_t *json = zone_to_json(before);
  json_object_set_new(json, "changes", iv_changes_to_json(values[0], values[1], n));
  return json;
}

json_t *iv_zone_comparison_to_json(const IvCall *call, const IvKpiQuery *query,
                                   const IvZoneAnswer *whole, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvZoneAnswer) passed = {0}, before = {0};
  if (!iv_kpi_compare(call->api->store, query, &ranges, error))
    return NULL;
  if (ranges.weeks == 0)
    return json_null();
  ranges.passed.no_bands = ranges.before.no_bands = TRUE;
  gboolean all = iv_kpi_has_passed(&ranges, whole->range);
  if ((!all && !iv_kpis_zones(call->api->store, &ranges.passed, &passed, error)) ||
      !iv_kpis_zones(call->api->store, &ranges.before, &before, error))
    return NULL;
  json_t *json = iv_comparison_to_json(&ranges), *zones = json_array();
  for (guint i = 0; i < before.zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(before.zones, IvZoneFigures, i);
    const IvZoneFigures *now = find_zone(all ? whole : &passed, zone->zone_id.text);
    if (now)
      json_array_append_new(zones, compared_to_json(now, zone));
  }
  json_object_set_new(json, "zones", zones);
  return json;
}
