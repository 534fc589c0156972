/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Holds the figures that need to know who is who, as they are served, against the truth
 * (kpi_truth.py), and adds rows to `figures`. Of the store and of each day: unique_visitors (over
 * days: the daily ones, summed), visits, visit_mean, visit_p50, visit_p90 (s), bounce_rate. Hour by
 * hour: footfall_by_hour, unique_visitors_by_hour. Of each zone over the days: zone_visitors,
 * engaged (both people, daily numbers summed), draw_rate. `query`: the whole range; its step is not
 * used. */
gboolean iv_eval_kpi_people(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                            json_t *figures, GError **error);
