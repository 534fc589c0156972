/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_compare.h"

#include "kpi/bucket.h"
#include "store/kpi_zones.h"
#include "store/rollup_spans.h"

static gboolean find_scope(IvStore *store, const IvKpiQuery *query, IvKpiComparison *comparison,
                           GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  IvPeriod passed = {scope.range.from,
                     MIN(scope.range.to, iv_time_floor(query->now, IV_BUCKET_SPAN))};
  guint weeks = iv_calendar_weeks_of(scope.zone, scope.range);
  if (passed.from >= passed.to)
    return TRUE;
  comparison->weeks = weeks;
  comparison->passed.from = passed.from;
  comparison->passed.to = passed.to;
  comparison->before.from = iv_calendar_weeks_before(scope.zone, passed.from, weeks);
  comparison->before.to = MAX(iv_calendar_weeks_before(scope.zone, passed.to, weeks),
                              comparison->before.from + IV_BUCKET_SPAN);
  return TRUE;
}

gboolean iv_kpi_compare(IvStore *store, const IvKpiQuery *query, IvKpiComparison *ret_comparison,
                        GError **error) {
  IvKpiComparison comparison = {0, *query, *query};
  if (!find_scope(store, query, &comparison, error))
    return FALSE;
  *ret_comparison = comparison;
  return TRUE;
}

gboolean iv_kpi_has_passed(const IvKpiComparison *comparison, IvPeriod range) {
  return comparison->passed.from == range.from && comparison->passed.to == range.to;
}

/* ---- zones by time ---- */

GPtrArray *iv_kpis_zone_periods(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return NULL;
  g_autoptr(GArray) periods =
      iv_calendar_cut(scope.zone, scope.range, query->step, IV_ZONE_PERIODS_MAX);
  if (periods)
    return iv_kpi_zone_answers(&scope, periods, iv_rollup_level_of(query->step), NULL, error);
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
              "more than %d buckets; ask for a shorter time or a longer step", IV_ZONE_PERIODS_MAX);
  return NULL;
}
