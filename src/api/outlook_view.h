/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "kpi/foretell.h"

/* Schema Outlook: the waits to come, the advice that follows, and how the calls came out. `ts`:
 * when it was looked; IV_TIME_NONE = nothing is known, and the answer says so. Pure; a new
 * reference. */
json_t *iv_outlook_to_json(IvTime ts, const IvForetoldPool *pools, guint n_pools,
                           const IvCallScore *score, IvTime target, IvTime long_wait);

/* The advice in one sentence; the caller frees. */
char *iv_advice_text(const IvForetoldPool *pool, IvTime target);
