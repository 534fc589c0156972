/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "kpi/calendar.h"
#include "store/store.h"

/* Holds the heat map of a simulated store's floor plan, as it is served, against the truth that
 * tests/truth/heat_truth.py computes from a file of positions. Adds to `figures` (rows as of `eval
 * kpi`): `heatmap`, whose value is Pearson's correlation over the cells and whose error is 1 less
 * that, and `heatmap_time`, person-seconds in all. Cells count that somebody was in, in truth or as
 * measured, but not those whose floor no camera sees: the truth leaves them out. */
gboolean iv_eval_kpi_heat(IvStore *store, const char *store_id, IvPeriod period,
                          const char *positions, json_t *figures, GError **error);
