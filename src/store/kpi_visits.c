/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_visits.h"

#include <math.h>

#include "kpi/distinct.h"
#include "kpi/sketch.h"
#include "store/kpi_people.h"
#include "store/rollup_spans.h"

/* A visit may go on until the quiet hour; one of a program that was killed is never closed. */
#define OPEN_MAX (25 * IV_HOUR)
/* Sets of 5 minutes are put together for shorter periods; longer ones have those of their day. */
#define SETS_MAX (6 * IV_HOUR)

typedef struct {
  gint64 begun, closed, visit_ms, bounces, open;
  IvSketch *spread;
  IvDistinctSum *people;
} Sum;

static void sum_init(Sum *sum, gboolean of_all) {
  *sum = (Sum){.spread = of_all ? iv_sketch_new_wide() : iv_sketch_new(),
               .people = iv_distinct_sum_new()};
}

static void sums_free(gpointer data) {
  for (Sum *sum = data; sum->spread; sum++) {
    iv_sketch_free(sum->spread);
    iv_distinct_sum_free(sum->people);
  }
  g_free(data);
}
typedef Sum Sums; /* one for each period, one for the whole, and an end */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sums, sums_free)

static IvPeriod period_at(const GArray *periods, guint i) {
  return g_array_index(periods, IvTraffic, i).period;
}

/* Index of the period that holds `t`, going on from `*i`; FALSE = none does. */
static gboolean find_period(const GArray *periods, IvTime t, guint *i) {
  while (*i < periods->len && period_at(periods, *i).to <= t)
    (*i)++;
  return *i < periods->len && period_at(periods, *i).from <= t;
}

static gboolean is_short(IvPeriod period) {
  return period.to - period.from <= SETS_MAX;
}

static void add_row(Sum *sum, IvStatement *st, gboolean people) {
  gsize n;
  sum->begun += iv_column_int(st, 1);
  sum->closed += iv_column_int(st, 2);
  sum->visit_ms += iv_column_int(st, 3);
  sum->bounces += iv_column_int(st, 4);
  const void *bytes = iv_column_blob(st, 5, &n);
  iv_sketch_merge_bytes(sum->spread, bytes, n);
  bytes = iv_column_blob(st, 6, &n);
  if (people)
    iv_distinct_sum_add(sum->people, bytes, n);
}

/* Days have no sets: no period as long as one is put together from sets. A visit that was closed
 * counts, whether or not its beginning was told. */
#define COLUMNS "SELECT bucket, visits, visits_closed, visit_ms, bounces, visit_sketch, "
#define IN_RANGE                                                                                   \
  " WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 AND visits + visits_closed > 0 "          \
  "ORDER BY bucket"

static gboolean read_span(const IvKpiScope *scope, const IvRollupSpan *span, const GArray *periods,
                          Sum *sums, GError **error) {
  static const char *const texts[] = {COLUMNS "visitor_set FROM kpi_5min_store" IN_RANGE,
                                      COLUMNS "visitor_set FROM kpi_hour_store" IN_RANGE,
                                      COLUMNS "NULL FROM kpi_day_store" IN_RANGE};
  g_autoptr(GError) wrong = NULL;
  guint i = 0;
  IvStatement *st = iv_rollup_ask(scope, span, texts);
  while (iv_step_row(st, &wrong)) {
    add_row(&sums[periods->len], st, FALSE);
    if (find_period(periods, iv_column_time(st, 0), &i))
      add_row(&sums[i], st, is_short(period_at(periods, i)));
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean read_rows(const IvKpiScope *scope, const GArray *periods, Sum *sums,
                          GError **error) {
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = iv_rollup_spans(scope, scope->range, iv_rollup_level_of(scope->step), spans);
  for (guint i = 0; i < n; i++)
    if (!read_span(scope, &spans[i], periods, sums, error))
      return FALSE;
  return TRUE;
}

static gboolean read_open(const IvKpiScope *scope, const GArray *periods, Sum *sums,
                          GError **error) {
  g_autoptr(GError) wrong = NULL;
  guint i = 0;
  IvStatement *st =
      iv_sql_statement(scope->sql, "SELECT ts FROM open_store_visits WHERE store_no = $1 "
                                   "AND ts >= $2 AND ts < $3 ORDER BY ts");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, MAX(scope->range.from, scope->now - OPEN_MAX));
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong)) {
    sums[periods->len].open++;
    if (find_period(periods, iv_column_time(st, 0), &i))
      sums[i].open++;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean count_people(const IvKpiScope *scope, IvPeriod period, gboolean is_whole,
                             const Sum *sum, double *ret_n, GError **error) {
  *ret_n = iv_distinct_sum_count(sum->people);
  if (sum->begun == 0 || (is_short(period) && !is_whole))
    return TRUE;
  gint64 visitors;
  if (!iv_kpi_store_people(scope, period, &visitors, error))
    return FALSE;
  *ret_n = (double)visitors;
  return TRUE;
}

static double share(gint64 part, gint64 whole) {
  return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

/* Where people came in and nobody is known, visits cannot be told. */
static void tell(const IvKpiScope *scope, const Sum *sum, double people, IvTraffic *traffic) {
  gboolean known =
      !isnan(traffic->in) && (traffic->in == 0 || traffic->known_share > 0 || sum->begun > 0);
  traffic->visits = (IvVisitFigures){
      .visitors = known ? people : (double)NAN,
      .begun = known ? (double)sum->begun : (double)NAN,
      .mean_s = share(sum->visit_ms, sum->closed) / 1000,
      .median_s = iv_sketch_quantile(sum->spread, 0.5) / 1000,
      .p90_s = iv_sketch_quantile(sum->spread, 0.9) / 1000,
      .bounce_rate = share(sum->bounces, sum->closed),
      .open = (guint)sum->open,
      .provisional = sum->open > 0 || iv_kpi_scope_is_provisional(scope, traffic->period),
  };
}

gboolean iv_kpi_visits(const IvKpiScope *scope, GArray *periods, IvTraffic *total, GError **error) {
  g_autoptr(Sums) sums = g_new0(Sum, periods->len + 2);
  for (guint i = 0; i <= periods->len; i++)
    sum_init(&sums[i], i == periods->len);
  if (!read_rows(scope, periods, sums, error) || !read_open(scope, periods, sums, error))
    return FALSE;
  for (guint i = 0; i <= periods->len; i++) {
    gboolean is_whole = i == periods->len;
    IvTraffic *traffic = is_whole ? total : &g_array_index(periods, IvTraffic, i);
    double people;
    if (!count_people(scope, traffic->period, is_whole, &sums[i], &people, error))
      return FALSE;
    tell(scope, &sums[i], people, traffic);
  }
  return TRUE;
}
