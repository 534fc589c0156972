/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "sql/sql.h"

/* The table store_days: which UTC span a day of the store is, for the view daily_kpis. Inside jobs
 * of the writer. */

/* Makes sure that the day which holds `t` has its row. */
gboolean iv_days_note(IvSql *sql, gint64 store_no, GTimeZone *zone, IvTime t, GError **error);

/* Makes all rows anew, and those of kpi_day_people, and deletes the
 * rollups, which make themselves again (store/rollup.h): after the store's time zone was changed.
 */
gboolean iv_days_rebuild(IvSql *sql, gint64 store_no, GTimeZone *zone, GError **error);
