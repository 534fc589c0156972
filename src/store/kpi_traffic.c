/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "kpi/bucket.h"
#include "kpi/peak.h"
#include "store/kpi_scope.h"
#include "store/kpi_visits.h"
#include "store/rollup_spans.h"

/* Counts of one period. */
typedef struct {
  gint64 in, out, turn_backs, pass_bys;
  gint64 pass_by_in; /* of in: at cameras with a pass-by line */
  gint64 reentries, known_in;
  IvGroupSums groups;
} Counts;

/* What the figures need: cameras, and time. */
typedef struct {
  IvLineCameras entrances, pass_bys;
  IvTime groups_from; /* groups are known from then on */
} Needed;

static void needed_clear(Needed *needed) {
  iv_line_cameras_clear(&needed->entrances);
  iv_line_cameras_clear(&needed->pass_bys);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Needed, needed_clear)

/* Index of the period that holds `t`, going on from `*i`; FALSE = none does. Both are in order. */
static gboolean find_period(const GArray *periods, IvTime t, guint *i) {
  while (*i < periods->len && g_array_index(periods, IvPeriod, *i).to <= t)
    (*i)++;
  return *i < periods->len && g_array_index(periods, IvPeriod, *i).from <= t;
}

/* Columns: bucket, then the counts in their order. */
static gboolean read_counts(const IvKpiScope *scope, const IvRollupSpan *span,
                            const GArray *periods, Counts *counts, GError **error) {
#define READ_STORE(level)                                                                          \
  "SELECT bucket, traffic_in, traffic_out, turn_backs, pass_bys, reentries, known_in, "            \
  "groups, grouped, groups_2, groups_3, groups_4 "                                                 \
  "FROM " level "_store WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket"
  static const char *const texts[] = IV_ROLLUP_TEXTS(READ_STORE);
  g_autoptr(GError) wrong = NULL;
  guint i = 0;
  IvStatement *st = iv_rollup_ask(scope, span, texts);
  while (iv_step_row(st, &wrong)) {
    if (!find_period(periods, iv_column_time(st, 0), &i))
      continue;
    counts[i].in += iv_column_int(st, 1);
    counts[i].out += iv_column_int(st, 2);
    counts[i].turn_backs += iv_column_int(st, 3);
    counts[i].pass_bys += iv_column_int(st, 4);
    counts[i].reentries += iv_column_int(st, 5);
    counts[i].known_in += iv_column_int(st, 6);
    iv_group_sums_add(&counts[i].groups, &(IvGroupSums){iv_column_int(st, 7), iv_column_int(st, 8),
                                                        iv_column_int(st, 9), iv_column_int(st, 10),
                                                        iv_column_int(st, 11)});
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean is_one_of(const GArray *nos, gint64 no) {
  for (guint i = 0; i < nos->len; i++)
    if (g_array_index(nos, gint64, i) == no)
      return TRUE;
  return FALSE;
}

/* From when on events tell of groups: what was counted before this program could is no people who
 * came alone. */
static gboolean read_groups_from(const IvKpiScope *scope, IvTime *ret_from, GError **error) {
  IvStatement *st =
      iv_sql_statement(scope->sql, "SELECT groups_from FROM stores WHERE store_no = $1");
  iv_bind_int(st, scope->store.no);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_from = iv_column_time(st, 0);
  iv_statement_reset(st);
  return TRUE;
}

/* Who came in where people who walk past are counted too: the capture rate's numerator. */
static gboolean read_pass_by_in(const IvKpiScope *scope, const IvRollupSpan *span,
                                const GArray *periods, const GArray *cameras, Counts *counts,
                                GError **error) {
#define READ_LINE(level)                                                                           \
  "SELECT k.bucket, k.crossed_in, k.camera_no FROM " level "_line k JOIN scene_lines s "           \
  "ON s.camera_no = k.camera_no AND s.version = k.scene_version AND s.line_no = k.line_no "        \
  "WHERE k.store_no = $1 AND k.bucket >= $2 AND k.bucket < $3 AND k.crossed_in > 0 "               \
  "AND s.kind = 'entrance' ORDER BY k.bucket"
  static const char *const texts[] = IV_ROLLUP_TEXTS(READ_LINE);
  g_autoptr(GError) wrong = NULL;
  guint i = 0;
  if (cameras->len == 0)
    return TRUE;
  IvStatement *st = iv_rollup_ask(scope, span, texts);
  while (iv_step_row(st, &wrong))
    if (is_one_of(cameras, iv_column_int(st, 2)) && find_period(periods, iv_column_time(st, 0), &i))
      counts[i].pass_by_in += iv_column_int(st, 1);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean read_rows(const IvKpiScope *scope, const GArray *periods, const GArray *pass_bys,
                          Counts *counts, GError **error) {
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = iv_rollup_spans(scope, scope->range, iv_rollup_level_of(scope->step), spans);
  for (guint i = 0; i < n; i++)
    if (!read_counts(scope, &spans[i], periods, counts, error) ||
        !read_pass_by_in(scope, &spans[i], periods, pass_bys, counts, error))
      return FALSE;
  return TRUE;
}

static double known_count(gboolean known, gint64 count) {
  return known ? (double)count : (double)NAN;
}

static IvTraffic tell(const IvKpiScope *scope, const Needed *needed, IvPeriod period,
                      const Counts *counts) {
  gboolean known, pass_by_known;
  double coverage = iv_kpi_scope_coverage(scope, period, needed->entrances.needed, &known);
  iv_kpi_scope_coverage(scope, period, needed->pass_bys.needed, &pass_by_known);
  known = known || counts->in > 0 || counts->out > 0;
  pass_by_known = pass_by_known || counts->pass_bys > 0;
  gint64 seen = counts->pass_by_in + counts->pass_bys;
  return (IvTraffic){
      .period = period,
      .in = known_count(known, counts->in),
      .out = known_count(known, counts->out),
      .turn_backs = known_count(known, counts->turn_backs),
      .footfall = known_count(known, counts->in - counts->turn_backs - counts->reentries),
      .groups = iv_group_figures(&counts->groups, counts->in - counts->turn_backs,
                                 known && period.from >= needed->groups_from),
      .known_share = counts->in > 0 ? (double)counts->known_in / (double)counts->in : (double)NAN,
      .pass_bys = known_count(pass_by_known, counts->pass_bys),
      .capture_rate =
          pass_by_known && seen > 0 ? (double)counts->pass_by_in / (double)seen : (double)NAN,
      .coverage = coverage,
      .provisional = iv_kpi_scope_is_provisional(scope, period),
  };
}

static gboolean find_needed(const IvKpiScope *scope, Needed *ret_needed, GError **error) {
  return iv_kpi_scope_line_cameras(scope, iv_line_kind_name(IV_LINE_ENTRANCE),
                                   &ret_needed->entrances, error) &&
         iv_kpi_scope_line_cameras(scope, iv_line_kind_name(IV_LINE_PASS_BY), &ret_needed->pass_bys,
                                   error) &&
         iv_kpi_scope_watch(scope, ret_needed->entrances.needed, error) &&
         iv_kpi_scope_watch(scope, ret_needed->pass_bys.needed, error) &&
         read_groups_from(scope, &ret_needed->groups_from, error);
}

GArray *iv_kpi_scope_traffic(const IvKpiScope *scope, const GArray *periods, IvTraffic *ret_total,
                             GError **error) {
  g_auto(Needed) needed = {0};
  g_autofree Counts *counts = g_new0(Counts, periods->len);
  if (!find_needed(scope, &needed, error) ||
      !read_rows(scope, periods, needed.pass_bys.drawn, counts, error))
    return NULL;
  Counts sum = {0};
  GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(IvTraffic), periods->len);
  for (guint i = 0; i < periods->len; i++) {
    IvTraffic row = tell(scope, &needed, g_array_index(periods, IvPeriod, i), &counts[i]);
    g_array_append_val(rows, row);
    sum.in += counts[i].in;
    sum.out += counts[i].out;
    sum.turn_backs += counts[i].turn_backs;
    sum.pass_bys += counts[i].pass_bys;
    sum.pass_by_in += counts[i].pass_by_in;
    sum.reentries += counts[i].reentries;
    sum.known_in += counts[i].known_in;
    iv_group_sums_add(&sum.groups, &counts[i].groups);
  }
  *ret_total = tell(scope, &needed, scope->range, &sum);
  return rows;
}

/* NULL = can't be known. */
static GArray *find_peak_hours(const GArray *rows) {
  g_autofree double *footfall = g_new(double, rows->len);
  g_autofree gboolean *is_peak = g_new0(gboolean, rows->len);
  for (guint i = 0; i < rows->len; i++)
    footfall[i] = g_array_index(rows, IvTraffic, i).footfall;
  if (!iv_peak_hours(footfall, rows->len, is_peak))
    return NULL;
  GArray *hours = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  for (guint i = 0; i < rows->len; i++)
    if (is_peak[i])
      g_array_append_val(hours, g_array_index(rows, IvTraffic, i).period);
  return hours;
}

static gboolean answer_traffic(const IvKpiScope *scope, IvStep step, IvTrafficAnswer *answer,
                               GError **error) {
  g_autoptr(GArray) periods = iv_calendar_cut(scope->zone, scope->range, step, IV_KPI_PERIODS_MAX);
  if (!periods) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
                "more than %d buckets; ask for a shorter time or a longer step",
                IV_KPI_PERIODS_MAX);
    return FALSE;
  }
  answer->range = scope->range;
  g_strlcpy(answer->time_zone, scope->store.time_zone, sizeof answer->time_zone);
  answer->periods = iv_kpi_scope_traffic(scope, periods, &answer->total, error);
  if (!answer->periods || !iv_kpi_visits(scope, answer->periods, &answer->total, error))
    return FALSE;
  answer->peak_hours = step == IV_STEP_HOUR ? find_peak_hours(answer->periods) : NULL;
  answer->lines = iv_kpi_scope_lines(scope, error);
  return answer->lines != NULL;
}

gboolean iv_kpis_traffic(IvStore *store, const IvKpiQuery *query, IvTrafficAnswer *ret_answer,
                         GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvTrafficAnswer answer = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  if (answer_traffic(&scope, query->step, &answer, error)) {
    *ret_answer = answer;
    return TRUE;
  }
  iv_traffic_answer_clear(&answer);
  return FALSE;
}

void iv_traffic_answer_clear(IvTrafficAnswer *answer) {
  g_clear_pointer(&answer->periods, g_array_unref);
  g_clear_pointer(&answer->lines, g_array_unref);
  g_clear_pointer(&answer->peak_hours, g_array_unref);
}

/* ---- today ---- */

gboolean iv_kpis_day_to_date(IvStore *store, const char *store_id, IvTime now, IvTime deadline,
                             IvDayToDate *ret_day, GError **error) {
  IvKpiQuery query = {.store_id = store_id,
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .step = IV_STEP_DAY,
                      .now = now,
                      .deadline = deadline};
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvDayToDate day = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, &query, error))
    return FALSE;
  day.day_start = scope.range.from;
  g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  g_array_append_val(whole, scope.range);
  g_autoptr(GArray) rows = iv_kpi_scope_traffic(&scope, whole, &day.today, error);
  if (!rows)
    return FALSE;
  day.today.period.to = now;
  day.lines = iv_kpi_scope_lines(&scope, error);
  if (!day.lines)
    return FALSE;
  *ret_day = day;
  return TRUE;
}

void iv_day_to_date_clear(IvDayToDate *day) {
  g_clear_pointer(&day->lines, g_array_unref);
}
