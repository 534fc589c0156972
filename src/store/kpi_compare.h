/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpis.h"

/* Week over week compares like with like: what has passed of the range in whole 5 minutes, with the
 * same weekdays up to the same minute before. */
typedef struct {
  guint weeks;               /* earlier: 1 for a day or a week, 5 for a month */
  IvKpiQuery passed, before; /* as the query, with ranges of their own */
} IvKpiComparison;

/* FALSE with an error as iv_kpis_traffic; TRUE with weeks == 0 when nothing of the range has passed
 * yet. Any thread. */
gboolean iv_kpi_compare(IvStore *store, const IvKpiQuery *query, IvKpiComparison *ret_comparison,
                        GError **error);

/* Whether all of the range (of an answer, in whole 5 minutes) has passed: what it says is what
 * `passed` would say again. */
gboolean iv_kpi_has_passed(const IvKpiComparison *comparison, IvPeriod range);

#define IV_ZONE_PERIODS_MAX 100 /* in one answer, per zone: four days of hours */

/* The zones' figures for each step of the range: GPtrArray of IvZoneAnswer, owning, in order of
 * time; bands and dead zones, which are of weeks, are not told. Errors as iv_kpis_zones, and
 * IV_STORE_ERROR_LIMIT. */
GPtrArray *iv_kpis_zone_periods(IvStore *store, const IvKpiQuery *query, GError **error);
