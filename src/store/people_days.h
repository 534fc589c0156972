/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "kpi/calendar.h"
#include "sql/sql.h"

/* The table kpi_day_people: who was counted on a day of the store, in the store (zone 0) and in
 * each zone, so that figures of weeks need not put 5-minute sets together. Ids rotate daily, so
 * days add up. Inside this room; one thread, inside jobs of the writer. */
typedef struct IvPeopleDays IvPeopleDays;

/* `zone`: the store's time zone, borrowed. */
IvPeopleDays *iv_people_days_new(GTimeZone *zone);
void iv_people_days_free(IvPeopleDays *days);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPeopleDays, iv_people_days_free)

/* Notes a visitor of the day that holds `t`; zone_no 0 = the store. */
void iv_people_days_add(IvPeopleDays *days, IvTime t, gint64 zone_no, IvPeople people,
                        guint64 visitor);

/* Adds what was noted to the rows, and forgets it. */
gboolean iv_people_days_write(IvPeopleDays *days, IvSql *sql, gint64 store_no, GError **error);

/* Makes the rows of the days that touch `span` anew from the 5-minute sets. */
gboolean iv_people_days_rebuild(IvSql *sql, gint64 store_no, GTimeZone *zone, IvPeriod span,
                                GError **error);
