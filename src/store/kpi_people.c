/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_people.h"

#include "kpi/distinct.h"
#include "store/rollup_spans.h"

/* One zone's people of one stretch. */
typedef struct {
  gint64 zone_no;
  IvDistinctSum *visitors, *engaged;
} Set;

static void set_free(gpointer pointer) {
  Set *set = pointer;
  iv_distinct_sum_free(set->visitors);
  iv_distinct_sum_free(set->engaged);
  g_free(set);
}

static Set *find_set(GHashTable *sets, gint64 zone_no) {
  Set *set = g_hash_table_lookup(sets, &zone_no);
  if (set)
    return set;
  set = g_new0(Set, 1);
  *set = (Set){zone_no, iv_distinct_sum_new(), iv_distinct_sum_new()};
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

static void merge_column(IvDistinctSum *set, IvStatement *st, int column) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  iv_distinct_sum_add(set, bytes, n);
}

static IvStatement *ask(const IvKpiScope *scope, IvPeriod period, const char *text) {
  IvStatement *st = iv_sql_statement(scope->sql, text);
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, period.from);
  iv_bind_time(st, period.to);
  return st;
}

/* Texts: zone_no, visitor_set, engaged_set. */
static gboolean merge_sets(const IvKpiScope *scope, IvPeriod part, const char *const *texts,
                           GHashTable *sets, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = iv_rollup_spans(scope, part, IV_ROLLUP_HOUR, spans);
  for (guint i = 0; !wrong && i < n; i++) {
    IvStatement *st = iv_rollup_ask(scope, &spans[i], texts);
    while (iv_step_row(st, &wrong)) {
      Set *set = find_set(sets, iv_column_int(st, 0));
      merge_column(set->visitors, st, 1);
      merge_column(set->engaged, st, 2);
    }
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* A stretch within one day of the store. */
static gboolean add_part(const IvKpiScope *scope, IvPeriod part, gboolean zones, GHashTable *people,
                         GError **error) {
#define STORE_SETS(level)                                                                          \
  "SELECT 0, visitor_set, NULL FROM " level "_store WHERE store_no = $1 AND bucket >= $2 "         \
  "AND bucket < $3 AND visitor_set IS NOT NULL"
#define ZONE_SETS(level)                                                                           \
  "SELECT zone_no, visitor_set, engaged_set FROM " level "_zone WHERE store_no = $1 "              \
  "AND bucket >= $2 AND bucket < $3 AND visitor_set IS NOT NULL"
  /* Days have no sets of their own here, and are not asked for. */
  static const char *const of_store[] = {STORE_SETS("kpi_5min"), STORE_SETS("kpi_hour"), NULL};
  static const char *const of_zones[] = {ZONE_SETS("kpi_5min"), ZONE_SETS("kpi_hour"), NULL};
  if (part.from >= part.to)
    return TRUE;
  g_autoptr(GHashTable) sets = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, set_free);
  if (!merge_sets(scope, part, of_store, sets, error) ||
      (zones && !merge_sets(scope, part, of_zones, sets, error)))
    return FALSE;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, sets);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Set *set = value;
    IvHeads *heads = find_heads(people, set->zone_no);
    heads->visitors += iv_distinct_sum_count(set->visitors);
    heads->engaged += iv_distinct_sum_count(set->engaged);
  }
  return TRUE;
}

static gboolean add_days(const IvKpiScope *scope, IvPeriod days, gboolean zones, GHashTable *people,
                         GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (days.from >= days.to)
    return TRUE;
  IvStatement *st = ask(scope, days,
                        zones ? "SELECT zone_no, visitors, engaged FROM kpi_day_people "
                                "WHERE store_no = $1 AND day_from >= $2 AND day_from < $3"
                              : "SELECT zone_no, visitors, engaged FROM kpi_day_people "
                                "WHERE store_no = $1 AND day_from >= $2 AND day_from < $3 "
                                "AND zone_no = 0");
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

static GHashTable *count_people(const IvKpiScope *scope, IvPeriod period, gboolean zones,
                                GError **error) {
  g_autoptr(GHashTable) people = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  IvTime whole_from = period.from, whole_to;
  if (iv_calendar_day_start(scope->zone, period.from) != period.from)
    whole_from = MIN(iv_calendar_day_end(scope->zone, period.from), period.to);
  whole_to = MAX(whole_from, iv_calendar_day_start(scope->zone, period.to));
  if (!add_part(scope, (IvPeriod){period.from, whole_from}, zones, people, error) ||
      !add_days(scope, (IvPeriod){whole_from, whole_to}, zones, people, error) ||
      !add_part(scope, (IvPeriod){whole_to, period.to}, zones, people, error))
    return NULL;
  return g_steal_pointer(&people);
}

GHashTable *iv_kpi_people(const IvKpiScope *scope, IvPeriod period, GError **error) {
  return count_people(scope, period, TRUE, error);
}

gboolean iv_kpi_store_people(const IvKpiScope *scope, IvPeriod period, gint64 *ret_visitors,
                             GError **error) {
  g_autoptr(GHashTable) people = count_people(scope, period, FALSE, error);
  if (people)
    *ret_visitors = iv_kpi_heads(people, 0).visitors;
  return people != NULL;
}
