/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"

#include <stdlib.h>

/* An hour or day to be made anew. */
typedef struct {
  IvRollup rollup;
  IvPeriod period;
} Touched;

struct IvRollups {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone;
  IvTime hours_until, days_until; /* as the database has them */
  IvTime newest;                  /* that was touched; IV_TIME_NONE = nothing */
  IvPeriod hour;                  /* the one that was asked for last */
  GHashTable *touched;            /* of Touched, each its own key; owned: hours */
};

static guint hash_touched(gconstpointer pointer) {
  const Touched *at = pointer;
  return (guint)(at->period.from / IV_MINUTE) * IV_ROLLUPS + at->rollup;
}

static int compare_touched(const Touched *a, const Touched *b) {
  if (a->rollup != b->rollup)
    return a->rollup < b->rollup ? -1 : 1;
  return (a->period.from > b->period.from) - (a->period.from < b->period.from);
}

static gboolean same_touched(gconstpointer a, gconstpointer b) {
  return compare_touched(a, b) == 0;
}

IvRollups *iv_rollups_new(IvSql *sql, const IvStoreKey *store) {
  IvRollups *rollups = g_new0(IvRollups, 1);
  *rollups = (IvRollups){.sql = sql,
                         .store_no = store->no,
                         .zone = iv_calendar_zone(store->time_zone),
                         .hours_until = store->hours_until,
                         .days_until = store->days_until,
                         .newest = IV_TIME_NONE};
  if (!rollups->zone) /* as iv_kpi_scope_init */
    rollups->zone = g_time_zone_new_utc();
  rollups->touched = g_hash_table_new_full(hash_touched, same_touched, g_free, NULL);
  return rollups;
}

void iv_rollups_free(IvRollups *rollups) {
  if (!rollups)
    return;
  g_time_zone_unref(rollups->zone);
  g_hash_table_unref(rollups->touched);
  g_free(rollups);
}

static IvPeriod hour_of(IvRollups *r, IvTime t) {
  if (t < r->hour.from || t >= r->hour.to)
    r->hour = (IvPeriod){iv_calendar_hour_start(r->zone, t), iv_calendar_hour_end(r->zone, t)};
  return r->hour;
}

/* ---- what was touched ---- */

static void touch(IvRollups *r, IvRollup rollup, IvTime t) {
  if (t >= r->hours_until)
    return;
  Touched key = {rollup, hour_of(r, t)};
  if (!g_hash_table_contains(r->touched, &key))
    g_hash_table_add(r->touched, g_memdup2(&key, sizeof key));
}

void iv_rollups_touch(IvRollups *rollups, IvRollup rollup, IvTime t) {
  if (!rollups)
    return;
  rollups->newest = rollups->newest == IV_TIME_NONE ? t : MAX(rollups->newest, t);
  touch(rollups, rollup, t);
}

void iv_rollups_touch_span(IvRollups *rollups, IvRollup rollup, IvPeriod span) {
  for (IvTime t = span.from; rollups && t < span.to; t += IV_BUCKET_SPAN)
    touch(rollups, rollup, t);
}

static int by_time(gconstpointer a, gconstpointer b) {
  return compare_touched(*(const Touched *const *)a, *(const Touched *const *)b);
}

/* The hours, then the days that they lie in: a day is made of its hours. */
static gboolean make_touched(IvRollups *r, GError **error) {
  guint n;
  gboolean ok = TRUE;
  g_autofree gpointer *hours = g_hash_table_get_keys_as_array(r->touched, &n);
  if (n == 0)
    return TRUE;
  qsort(hours, n, sizeof *hours, by_time);
  for (guint i = 0; ok && i < n; i++) {
    const Touched *at = hours[i];
    ok = iv_rollup_make(r->sql, r->store_no, at->rollup, IV_ROLLUP_HOUR, at->period, error);
  }
  Touched day = {IV_ROLLUPS, {0, 0}};
  for (guint i = 0; ok && i < n; i++) {
    const Touched *at = hours[i];
    if (at->period.from >= r->days_until ||
        (at->rollup == day.rollup && at->period.from >= day.period.from &&
         at->period.from < day.period.to))
      continue;
    day = (Touched){at->rollup,
                    {iv_calendar_day_start(r->zone, at->period.from),
                     iv_calendar_day_end(r->zone, at->period.from)}};
    ok = iv_rollup_make(r->sql, r->store_no, day.rollup, IV_ROLLUP_DAY, day.period, error);
  }
  g_hash_table_remove_all(r->touched);
  return ok;
}

/* ---- what has come to be over ---- */

#define FIRST(table) "SELECT min(bucket) FROM " table " WHERE store_no = $1 AND bucket >= $2"
#define LAST(table) "SELECT max(bucket) FROM " table " WHERE store_no = $1"

/* Where there are rows: in one of these, whatever was counted. */
static const char *const firsts[] = {FIRST("kpi_5min_store"), FIRST("kpi_5min_camera"),
                                     FIRST("kpi_5min_line"),  FIRST("kpi_5min_zone"),
                                     FIRST("kpi_5min_lane"),  FIRST("kpi_5min_sales"),
                                     FIRST("kpi_5min_link"),  FIRST("heatmap_hours")};
static const char *const lasts[] = {
    LAST("kpi_5min_store"), LAST("kpi_5min_camera"), LAST("kpi_5min_line"), LAST("kpi_5min_zone"),
    LAST("kpi_5min_lane"),  LAST("kpi_5min_sales"),  LAST("kpi_5min_link"), LAST("heatmap_hours")};

static gboolean ask_time(IvStatement *st, IvTime *ret_t, GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_t = iv_step_row(st, &wrong) ? iv_column_time(st, 0) : IV_TIME_NONE;
  iv_statement_reset(st);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* The first row at or after `t`; IV_TIME_NONE = none. */
static gboolean first_row(const IvRollups *r, IvTime t, IvTime *ret_first, GError **error) {
  *ret_first = IV_TIME_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS(firsts); i++) {
    IvTime first;
    IvStatement *st = iv_sql_statement(r->sql, firsts[i]);
    iv_bind_int(st, r->store_no);
    iv_bind_time(st, t);
    if (!ask_time(st, &first, error))
      return FALSE;
    if (first != IV_TIME_NONE && (*ret_first == IV_TIME_NONE || first < *ret_first))
      *ret_first = first;
  }
  return TRUE;
}

static gboolean last_row(const IvRollups *r, IvTime *ret_last, GError **error) {
  *ret_last = IV_TIME_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS(lasts); i++) {
    IvTime last;
    IvStatement *st = iv_sql_statement(r->sql, lasts[i]);
    iv_bind_int(st, r->store_no);
    if (!ask_time(st, &last, error))
      return FALSE;
    if (last != IV_TIME_NONE)
      *ret_last = *ret_last == IV_TIME_NONE ? last : MAX(*ret_last, last);
  }
  return TRUE;
}

static gboolean make_all(const IvRollups *r, IvRollupLevel level, IvPeriod period, GError **error) {
  for (int i = 0; i < IV_ROLLUPS; i++)
    if (!iv_rollup_make(r->sql, r->store_no, (IvRollup)i, level, period, error))
      return FALSE;
  return TRUE;
}

/* Makes up to `most` hours that end by `until`, the beginning of one. */
static gboolean make_hours(IvRollups *r, IvTime until, guint most, GError **error) {
  for (guint i = 0; i < most && r->hours_until < until; i++) {
    IvTime first;
    if (!first_row(r, r->hours_until, &first, error))
      return FALSE;
    if (first == IV_TIME_NONE || first >= until) {
      r->hours_until = until;
      return TRUE;
    }
    IvPeriod hour = hour_of(r, first);
    if (!make_all(r, IV_ROLLUP_HOUR, hour, error))
      return FALSE;
    r->hours_until = hour.to;
  }
  return TRUE;
}

/* Days whose hours are all there. */
static gboolean make_days(IvRollups *r, GError **error) {
  IvTime until = iv_calendar_day_start(r->zone, r->hours_until);
  while (r->days_until < until) {
    IvTime first;
    if (!first_row(r, r->days_until, &first, error))
      return FALSE;
    if (first == IV_TIME_NONE || first >= until) {
      r->days_until = until;
      return TRUE;
    }
    IvPeriod day = {iv_calendar_day_start(r->zone, first), iv_calendar_day_end(r->zone, first)};
    if (!make_all(r, IV_ROLLUP_DAY, day, error))
      return FALSE;
    r->days_until = day.to;
  }
  return TRUE;
}

static gboolean save(const IvRollups *r, GError **error) {
  IvStatement *st = iv_sql_statement(
      r->sql, "UPDATE stores SET hours_until = $1, days_until = $2 WHERE store_no = $3");
  iv_bind_time(st, r->hours_until);
  iv_bind_time(st, r->days_until);
  iv_bind_int(st, r->store_no);
  return iv_step_done(st, error);
}

static gboolean make_over(IvRollups *r, guint most, GError **error) {
  IvTime before = r->hours_until;
  if (r->newest == IV_TIME_NONE || r->newest - IV_ROLLUP_DELAY <= r->hours_until)
    return TRUE;
  IvTime until = iv_calendar_hour_start(r->zone, r->newest - IV_ROLLUP_DELAY);
  return make_hours(r, until, most, error) &&
         (r->hours_until == before || (make_days(r, error) && save(r, error)));
}

gboolean iv_rollups_finish(IvRollups *rollups, GError **error) {
  return make_touched(rollups, error) && make_over(rollups, IV_ROLLUP_BATCH_MAX, error);
}

/* ---- all of them ---- */

gboolean iv_rollups_forget(IvSql *sql, gint64 store_no, GError **error) {
  for (int i = 0; i < IV_ROLLUPS; i++)
    for (int level = IV_ROLLUP_HOUR; level < IV_ROLLUP_LEVELS; level++) {
      const char *table = iv_rollup_table((IvRollup)i, (IvRollupLevel)level);
      if (!table)
        continue;
      g_autofree char *text =
          g_strdup_printf("DELETE FROM %s WHERE store_no = %" G_GINT64_FORMAT, table, store_no);
      if (!iv_sql_script(sql, text, error))
        return FALSE;
    }
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE stores SET hours_until = 0, days_until = 0 WHERE store_no = $1");
  iv_bind_int(st, store_no);
  return iv_step_done(st, error);
}

#define CATCH_UP_HOURS 48 /* in one transaction */

static gboolean in_transaction(IvRollups *r, gboolean (*work)(IvRollups *, GError **),
                               GError **error) {
  if (!iv_sql_script(r->sql, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (work(r, error) && iv_sql_script(r->sql, "COMMIT", error))
    return TRUE;
  if (iv_sql_in_transaction(r->sql))
    iv_sql_script(r->sql, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean work_on(IvRollups *r, GError **error) {
  return make_over(r, CATCH_UP_HOURS, error);
}

static gboolean catch_up(IvSql *sql, const char *store_id, IvRollupsProgress progress,
                         gpointer self, GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, store_id, &key, error))
    return FALSE;
  g_autoptr(IvRollups) r = iv_rollups_new(sql, &key);
  if (!last_row(r, &r->newest, error))
    return FALSE;
  while (r->newest != IV_TIME_NONE) {
    IvTime before = r->hours_until;
    if (!in_transaction(r, work_on, error))
      return FALSE;
    if (r->hours_until == before)
      return TRUE;
    if (progress)
      progress(self, store_id, r->hours_until, r->newest);
  }
  return TRUE;
}

gboolean iv_rollups_catch_up(IvSql *sql, IvRollupsProgress progress, gpointer self,
                             GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  IvStatement *st = iv_sql_statement(sql, "SELECT id FROM stores ORDER BY store_no");
  while (iv_step_row(st, &wrong))
    g_ptr_array_add(ids, g_strdup(iv_column_text(st, 0)));
  for (guint i = 0; !wrong && i < ids->len; i++)
    catch_up(sql, ids->pdata[i], progress, self, &wrong);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}
