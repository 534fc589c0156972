/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpis.h"

/* Every figure that the API serves of a range, digit by digit, as text: traffic and visits, zones,
 * queues, sales, baskets, heat maps, forecast, staffing, advice, comparison with the weeks before;
 * in all steps that the range allows. `cameras`: NULL-terminated ids whose heat maps are told. */
char *dump_figures(IvStore *store, const char *store_id, const char *const *cameras, IvTime from,
                   IvTime to, IvTime now);
