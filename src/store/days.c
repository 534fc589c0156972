/* SPDX-License-Identifier: Apache-2.0 */
#include "store/days.h"

#include "store/people_days.h"
#include "store/rollup.h"

gboolean iv_days_note(IvSql *sql, gint64 store_no, GTimeZone *zone, IvTime t, GError **error) {
  char day[IV_DAY_TEXT_MAX];
  IvStatement *st =
      iv_sql_statement(sql, "INSERT OR IGNORE INTO store_days (store_no, day, from_ts, to_ts) "
                            "VALUES ($1, $2, $3, $4)");
  iv_bind_int(st, store_no);
  iv_bind_text(st, iv_calendar_day_text(zone, t, day));
  iv_bind_time(st, iv_calendar_day_start(zone, t));
  iv_bind_time(st, iv_calendar_day_end(zone, t));
  return iv_step_done(st, error);
}

/* The first bucket with counts at or after `t`; IV_TIME_NONE = none. */
static gboolean next_bucket(IvSql *sql, gint64 store_no, IvTime t, IvTime *ret_bucket,
                            GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT min(bucket) FROM kpi_5min_store WHERE store_no = $1 AND bucket >= $2");
  iv_bind_int(st, store_no);
  iv_bind_time(st, t);
  *ret_bucket = iv_step_row(st, &wrong) ? iv_column_time(st, 0) : IV_TIME_NONE;
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_days_rebuild(IvSql *sql, gint64 store_no, GTimeZone *zone, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM store_days WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(sql, "DELETE FROM kpi_day_people WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_step_done(st, error))
    return FALSE;
  if (!iv_rollups_forget(sql, store_no, error))
    return FALSE;
  for (IvTime t = 0;; t = iv_calendar_day_end(zone, t)) {
    if (!next_bucket(sql, store_no, t, &t, error))
      return FALSE;
    if (t == IV_TIME_NONE)
      return TRUE;
    IvPeriod day = {t, t + 1};
    if (!iv_days_note(sql, store_no, zone, t, error) ||
        !iv_people_days_rebuild(sql, store_no, zone, day, error))
      return FALSE;
  }
}
