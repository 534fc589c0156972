/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Adds to `figures` what the store's doors say against the truth (kpi_truth.py): crossings, turn-
 * backs, pass-bys, footfall and capture rate by day, ways in by hour, crossings of each line, what
 * a day's ins and outs leave over, the peak hours. */
gboolean iv_eval_kpi_traffic(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                             json_t *figures, GError **error);
