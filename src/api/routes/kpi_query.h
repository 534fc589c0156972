/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"
#include "store/kpis.h"

/* The arguments that every route of figures takes: from, to (both or none: the store's today), step
 * (hour unless given). FALSE with the problem. */
gboolean iv_kpi_query_read(const IvCall *call, IvKpiQuery *ret_query, IvResponse **ret_problem);
