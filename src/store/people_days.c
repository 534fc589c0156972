/* SPDX-License-Identifier: Apache-2.0 */
#include "store/people_days.h"

#include <stdlib.h>

#include "kpi/distinct.h"

/* One day in one zone, or in the store. */
typedef struct {
  IvTime from;
  gint64 zone_no;
  IvDistinct *visitors, *engaged;
} Row;

struct IvPeopleDays {
  GTimeZone *zone;
  IvPeriod known;   /* the day that was asked for last */
  GHashTable *rows; /* of Row, each its own key; owned */
};

static guint hash_row(gconstpointer pointer) {
  const Row *row = pointer;
  guint64 h = (guint64)(row->from / IV_MINUTE) * 1000003 + (guint64)row->zone_no;
  return (guint)(h ^ (h >> 32));
}

static int compare_rows(gconstpointer a, gconstpointer b) {
  const Row *x = a, *y = b;
  if (x->from != y->from)
    return x->from < y->from ? -1 : 1;
  return (x->zone_no > y->zone_no) - (x->zone_no < y->zone_no);
}

static gboolean same_row(gconstpointer a, gconstpointer b) {
  return compare_rows(a, b) == 0;
}

static void row_free(gpointer pointer) {
  Row *row = pointer;
  iv_distinct_free(row->visitors);
  iv_distinct_free(row->engaged);
  g_free(row);
}

IvPeopleDays *iv_people_days_new(GTimeZone *zone) {
  IvPeopleDays *days = g_new0(IvPeopleDays, 1);
  days->zone = zone;
  days->rows = g_hash_table_new_full(hash_row, same_row, NULL, row_free);
  return days;
}

void iv_people_days_free(IvPeopleDays *days) {
  if (!days)
    return;
  g_hash_table_unref(days->rows);
  g_free(days);
}

static Row *find_row(IvPeopleDays *days, IvTime from, gint64 zone_no) {
  const Row key = {.from = from, .zone_no = zone_no};
  Row *row = g_hash_table_lookup(days->rows, &key);
  if (row)
    return row;
  row = g_new0(Row, 1);
  *row = key;
  row->visitors = iv_distinct_new();
  row->engaged = iv_distinct_new();
  g_hash_table_add(days->rows, row);
  return row;
}

static IvTime day_of(IvPeopleDays *days, IvTime t) {
  if (t < days->known.from || t >= days->known.to)
    days->known =
        (IvPeriod){iv_calendar_day_start(days->zone, t), iv_calendar_day_end(days->zone, t)};
  return days->known.from;
}

void iv_people_days_add(IvPeopleDays *days, IvTime t, gint64 zone_no, IvPeople people,
                        guint64 visitor) {
  Row *row = find_row(days, day_of(days, t), zone_no);
  iv_distinct_add(people == IV_PEOPLE_ZONE_ENGAGED ? row->engaged : row->visitors, visitor);
}

/* ---- rows of the database ---- */

static void merge_column(IvDistinct *set, IvStatement *st, int column) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  iv_distinct_merge_bytes(set, bytes, n);
}

static gboolean merge_stored(Row *row, IvSql *sql, gint64 store_no, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, "SELECT visitor_set, engaged_set FROM kpi_day_people "
                                          "WHERE store_no = $1 AND day_from = $2 AND zone_no = $3");
  iv_bind_int(st, store_no);
  iv_bind_time(st, row->from);
  iv_bind_int(st, row->zone_no);
  if (iv_step_row(st, &wrong)) {
    merge_column(row->visitors, st, 0);
    merge_column(row->engaged, st, 1);
    iv_statement_reset(st);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void bind_set(IvStatement *st, const IvDistinct *set) {
  gsize n;
  g_autoptr(GBytes) bytes = iv_distinct_to_bytes(set);
  const void *start = g_bytes_get_data(bytes, &n);
  if (n > 0)
    iv_bind_blob(st, start, n);
  else
    iv_bind_null(st);
}

static gboolean write_row(const Row *row, IvSql *sql, gint64 store_no, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR REPLACE INTO kpi_day_people (store_no, day_from, zone_no, visitors, engaged, "
           "visitor_set, engaged_set) VALUES ($1, $2, $3, $4, $5, $6, $7)");
  iv_bind_int(st, store_no);
  iv_bind_time(st, row->from);
  iv_bind_int(st, row->zone_no);
  iv_bind_int(st, iv_distinct_count(row->visitors));
  iv_bind_int(st, iv_distinct_count(row->engaged));
  bind_set(st, row->visitors);
  bind_set(st, row->engaged);
  return iv_step_done(st, error);
}

static int compare_pointers(gconstpointer a, gconstpointer b) {
  return compare_rows(*(const Row *const *)a, *(const Row *const *)b);
}

gboolean iv_people_days_write(IvPeopleDays *days, IvSql *sql, gint64 store_no, GError **error) {
  guint n;
  g_autofree gpointer *rows = g_hash_table_get_keys_as_array(days->rows, &n);
  gboolean ok = TRUE;
  if (n > 0)
    qsort(rows, n, sizeof *rows, compare_pointers);
  for (guint i = 0; ok && i < n; i++)
    ok = merge_stored(rows[i], sql, store_no, error) && write_row(rows[i], sql, store_no, error);
  g_hash_table_remove_all(days->rows);
  return ok;
}

/* ---- made anew ---- */

static gboolean delete_days(IvSql *sql, gint64 store_no, IvPeriod span, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM kpi_day_people WHERE store_no = $1 "
                                          "AND day_from >= $2 AND day_from < $3");
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  return iv_step_done(st, error);
}

/* Texts: bucket, zone_no, visitor_set, engaged_set of store, from, to. */
static gboolean gather(IvPeopleDays *days, IvSql *sql, gint64 store_no, IvPeriod span,
                       const char *text, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  while (iv_step_row(st, &wrong)) {
    IvTime t = iv_column_time(st, 0);
    Row *row = find_row(days, day_of(days, t), iv_column_int(st, 1));
    merge_column(row->visitors, st, 2);
    merge_column(row->engaged, st, 3);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_people_days_rebuild(IvSql *sql, gint64 store_no, GTimeZone *zone, IvPeriod span,
                                GError **error) {
  g_autoptr(IvPeopleDays) days = iv_people_days_new(zone);
  IvPeriod whole = {iv_calendar_day_start(zone, span.from),
                    iv_calendar_day_end(zone, MAX(span.from, span.to - 1))};
  return delete_days(sql, store_no, whole, error) &&
         gather(days, sql, store_no, whole,
                "SELECT bucket, 0, visitor_set, NULL FROM kpi_5min_store WHERE store_no = $1 "
                "AND bucket >= $2 AND bucket < $3 AND visitor_set IS NOT NULL ORDER BY bucket",
                error) &&
         gather(days, sql, store_no, whole,
                "SELECT bucket, zone_no, visitor_set, engaged_set FROM kpi_5min_zone "
                "WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 "
                "AND visitor_set IS NOT NULL ORDER BY bucket",
                error) &&
         iv_people_days_write(days, sql, store_no, error);
}
