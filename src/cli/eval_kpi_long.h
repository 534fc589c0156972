/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Adds to `figures` when each line was long (QUEUE_LONG), as the ledger's events tell it, against
 * the truth (long_truth.py): how often, and by how many seconds the times at which it began and
 * ended are off on average. What had not lasted for 30 s at the end of the range is left out on
 * both sides. */
gboolean iv_eval_kpi_long(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                          json_t *figures, GError **error);
