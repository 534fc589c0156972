/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Journeys against the truth (tests/truth/journeys_truth.py): appends rows to `figures`
 * (cli/eval_kpi_rows.h). The range of `query` is that of the truth. */
gboolean iv_eval_kpi_journeys(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                              json_t *figures, GError **error);
