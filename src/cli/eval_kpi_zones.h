/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Adds to `figures` the stays in each zone against the truth (kpi_truth.py): how many, how long,
 * and the most people at once. Who they were: eval_kpi_people.h. */
gboolean iv_eval_kpi_zones(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                           json_t *figures, GError **error);
