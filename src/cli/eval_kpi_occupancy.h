/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Holds the people inside at the end of every 5 minutes, as follows from the traffic that is served
 * (in less out since the store's midnight), against the truth (kpi_truth.py), and adds the rows
 * `occupancy` (means and the mean distance, people) and `occupancy_max` of each day. `query`: the
 * whole range; its step is not used. */
gboolean iv_eval_kpi_occupancy(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                               json_t *figures, GError **error);
