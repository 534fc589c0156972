/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Holds groups that came in, as they are served, against what tests/truth/groups_truth.py computes
 * from the script and the positions, and adds rows to `figures`. Of the store and of each day:
 * groups, group_size, groups_of_1 to groups_of_5; hour by hour groups_by_hour. Of the parties of
 * the script, who really came together: group_parties (how many, of which `value` were told),
 * party_precision and party_recall (pairs of the definition, by the truth; errors are 1 less
 * them). `query`: the whole range; its step is not used. */
gboolean iv_eval_kpi_groups(IvStore *store, const IvKpiQuery *query, const char *script,
                            const char *positions, json_t *figures, GError **error);
