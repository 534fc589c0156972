/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpi_scope.h"

/* How many different people: days of the store from kpi_day_people, what is less than a day from
 * the sets of hours and 5 minutes. Over days their numbers are added up, as ids rotate daily.
 * Inside this room.
 */
typedef struct {
  gint64 zone_no; /* 0 = the store */
  gint64 visitors, engaged;
} IvHeads;

/* In the store and all zones in `period` (whole buckets): table of zone_no → IvHeads, for those
 * with anybody. NULL on failure; unref it. */
GHashTable *iv_kpi_people(const IvKpiScope *scope, IvPeriod period, GError **error);

/* The store's visitors alone, which costs a fraction. */
gboolean iv_kpi_store_people(const IvKpiScope *scope, IvPeriod period, gint64 *ret_visitors,
                             GError **error);

/* Of one zone (0 = the store); all 0 when it is not in the table. */
IvHeads iv_kpi_heads(GHashTable *people, gint64 zone_no);

/* Bands and dead zones, up to the end of the scope's range or now. `zones` (GArray of
 * IvZoneFigures, with `numbers`, GArray of gint64, beside it) get theirs. */
gboolean iv_kpi_rank_zones(const IvKpiScope *scope, const GArray *numbers, GArray *zones,
                           gboolean fixed, GError **error);
