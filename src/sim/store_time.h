/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "sim/scenario.h"

/* The store's own time: days, hours of the day, opening hours, with changes of the clock. The
 * zone's rules are an argument. Pure. */

typedef struct {
  IvTime start, end; /* UTC; 23, 24 or 25 hours apart */
  int index;         /* days since the scenario's start date, may be negative */
  int weekday;       /* Monday is 0 */
  IvOpening opening; /* of this date, holidays included */
} IvStoreDay;

/* The day `index` days after the scenario's start date. */
IvStoreDay iv_store_day(const IvScenario *s, GTimeZone *zone, int index);

/* Minutes of the local day at t. */
int iv_store_minute(GTimeZone *zone, IvTime t);

gboolean iv_store_day_is_open(const IvStoreDay *day, int minute);
