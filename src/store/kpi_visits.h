/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpi_scope.h"

/* Visits of the store. Inside this room. Fills `visits` of each period (GArray of IvTraffic, in
 * order of time, its counts known already) and of the whole range. */
gboolean iv_kpi_visits(const IvKpiScope *scope, GArray *periods, IvTraffic *total, GError **error);
