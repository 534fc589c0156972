/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpi_scope.h"
#include "store/rollup.h"

/* The zones' figures of each period (GArray of IvPeriod, in order, within the scope's range and
 * made of whole rows of `top`), without bands and dead zones: GPtrArray of IvZoneAnswer, owning.
 * `ret_numbers` (GArray of gint64, may be NULL) gets the zones' numbers of all answers one after
 * the other. Inside this room. */
GPtrArray *iv_kpi_zone_answers(const IvKpiScope *scope, const GArray *periods, IvRollupLevel top,
                               GArray *ret_numbers, GError **error);
