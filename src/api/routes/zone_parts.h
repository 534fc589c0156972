/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/kpi_query.h"

/* What kpis/zones tells when it is asked for: the figures step by step, and those of the weeks
 * before. Both return NULL with an error of the store. */

/* [{"start", "end", "zones": [...]}], see schema ZonePeriod. */
json_t *iv_zone_periods_to_json(const IvCall *call, const IvKpiQuery *query, GError **error);

/* Schema ZoneComparison; null while nothing of the range has passed. `whole` answers the query, and
 * is not asked for again where all of the range has passed. */
json_t *iv_zone_comparison_to_json(const IvCall *call, const IvKpiQuery *query,
                                   const IvZoneAnswer *whole, GError **error);
