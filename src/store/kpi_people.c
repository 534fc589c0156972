/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_people.h"

#include "kpi/distinct.h"

/* One zone's people of one stretch. */
typedef struct {
  gint64 zone_no;
  IvDistinct *visitors, *engaged;
} Set;

static void set_free(gpointer pointer) {
  Set *set = pointer;
  iv_distinct_free(set->visitors);
  iv_distinct_free(set->engaged);
  g_free(set);
}

static Set *find_set(GHashTable *sets, gint64 zone_no) {
  Set *set = g_hash_table_lookup(sets, &zone_no);
  if (set)
    return set;
  set = g_new0(Set, 1);
  *set = (Set){zone_no, iv_distinct_new(), iv_distinct_new()};
  g_hash_table_insert(sets, &set->zone_no, set);
  return set;
}

static IvHeads *find_heads(GHashTable *people, gint64 zone_no) {
  IvHeads *heads = g_hash_table_lookup(people, &zone_no);
  if (heads)
    return heads;
  heads = g_new0(IvHeads, 1);
  heads->zone_no = zone_no;
  g_hash_table_insert(people, &heads->zone_no, heads);
  return heads;
}

IvHeads iv_kpi_heads(GHashTable *people, gint64 zone_no) {
  const IvHeads *heads = g_hash_table_lookup(people, &zone_no);
  return heads ? *heads : (IvHeads){.zone_no = zone_no};
}

static void merge_column(IvDistinct *set, IvStatement *st, int column) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  g_autoptr(IvDistinct) stored = iv_distinct_from_bytes(bytes, n);
  if (stored)
    iv_distinct_merge(set, stored);
}

static IvStatement *ask(const IvKpiScope *scope, IvPeriod period, const char *text) {
  IvStatement *st = iv_sql_statement(scope->sql, text);
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, period.from);
  iv_bind_time(st, period.to);
  return st;
}

/* Texts: zone_no, visitor_set, engaged_set. */
static gboolean merge_sets(const IvKpiScope *scope, IvPeriod period, const char *text,
                           GHashTable *sets, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = ask(scope, period, text);
  while (iv_step_row(st, &wrong)) {
    Set *set = find_set(sets, iv_column_int(st, 0));
    merge_column(set->visitors, st, 1);
    merge_column(set->engaged, st, 2);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* A stretch within one day of the store. */
static gboolean add_part(const IvKpiScope *scope, IvPeriod part, GHashTable *people,
                         GError **error) {
  if (part.from >= part.to)
    return TRUE;
  g_autoptr(GHashTable) sets = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, set_free);
  if (!merge_sets(scope, part,
                  "SELECT 0, visitor_set, NULL FROM kpi_5min_store WHERE store_no = $1 "
                  "AND bucket >= $2 AND bucket < $3 AND visitor_set IS NOT NULL",
                  sets, error) ||
      !merge_sets(scope, part,
                  "SELECT zone_no, visitor_set, engaged_set FROM kpi_5min_zone "
                  "WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 "
                  "AND visitor_set IS NOT NULL",
                  sets, error))
    return FALSE;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, sets);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Set *set = value;
    IvHeads *heads = find_heads(people, set->zone_no);
    heads->visitors += iv_distinct_count(set->visitors);
    heads->engaged += iv_distinct_count(set->engaged);
  }
  return TRUE;
}

static gboolean add_days(const IvKpiScope *scope, IvPeriod days, GHashTable *people,
                         GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (days.from >= days.to)
    return TRUE;
  IvStatement *st = ask(scope, days,
                        "SELECT zone_no, sum(visitors), sum(engaged) FROM kpi_day_people "
                        "WHERE store_no = $1 AND day_from >= $2 AND day_from < $3 "
                        "GROUP BY zone_no");
  while (iv_step_row(st, &wrong)) {
    IvHeads *heads = find_heads(people, iv_column_int(st, 0));
    heads->visitors += iv_column_int(st, 1);
    heads->engaged += iv_column_int(st, 2);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

GHashTable *iv_kpi_people(const IvKpiScope *scope, IvPeriod period, GError **error) {
  g_autoptr(GHashTable) people = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  IvTime whole_from = period.from, whole_to;
  if (iv_calendar_day_start(scope->zone, period.from) != period.from)
    whole_from = MIN(iv_calendar_day_end(scope->zone, period.from), period.to);
  whole_to = MAX(whole_from, iv_calendar_day_start(scope->zone, period.to));
  if (!add_part(scope, (IvPeriod){period.from, whole_from}, people, error) ||
      !add_days(scope, (IvPeriod){whole_from, whole_to}, people, error) ||
      !add_part(scope, (IvPeriod){whole_to, period.to}, people, error))
    return NULL;
  return g_steal_pointer(&people);
}
