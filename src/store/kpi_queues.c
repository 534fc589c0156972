/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "kpi/bucket.h"
#include "kpi/sketch.h"
#include "store/kpi_sales.h"
#include "store/kpi_scope.h"
#include "store/rollup_spans.h"

/* An edge that was killed never sends the end of a wait: after this it is taken for over. */
#define OPEN_WAIT_MAX (4 * IV_HOUR)

/* What adds up over buckets, lanes and periods. */
typedef struct {
  gint64 amounts[IV_MEASURES_MAX];
  IvSketch *wait, *service; /* NULL = nothing yet */
  gint64 linked;            /* services whose receipt is known */
  gint64 mapped;            /* services at lanes whose receipts can be known */
} Tally;

static void tally_clear(Tally *tally) {
  g_clear_pointer(&tally->wait, iv_sketch_free);
  g_clear_pointer(&tally->service, iv_sketch_free);
}

static void add_sketch(IvSketch **sum, const IvSketch *more) {
  if (!more)
    return;
  if (!*sum)
    *sum = iv_sketch_new();
  iv_sketch_merge(*sum, more);
}

static void add_amount(Tally *sum, int place, gint64 more) {
  gboolean is_max = iv_subject_info(IV_SUBJECT_LANE)->measures[place].is_max;
  sum->amounts[place] = is_max ? MAX(sum->amounts[place], more) : sum->amounts[place] + more;
}

static void add_tally(Tally *sum, const Tally *more) {
  for (guint i = 0; i < iv_subject_info(IV_SUBJECT_LANE)->n_measures; i++)
    add_amount(sum, (int)i, more->amounts[i]);
  add_sketch(&sum->wait, more->wait);
  add_sketch(&sum->service, more->service);
  sum->linked += more->linked;
  sum->mapped += more->mapped;
}

/* Services and open time only: what a lane gives to the row of its group. */
static void add_services(Tally *sum, const Tally *more) {
  static const int places[] = {IV_LANE_SERVED, IV_LANE_SERVICE_MS, IV_LANE_OPEN_MS};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
    add_amount(sum, places[i], more->amounts[places[i]]);
  add_sketch(&sum->service, more->service);
  sum->linked += more->linked;
  sum->mapped += more->mapped;
}

/* One lane or group. */
typedef struct {
  gint64 no;
  GArray *cameras; /* of gint64 */
  gint64 group;    /* whose line it serves; 0 = none */
  guint n;         /* tallies, one a period */
  Tally *tallies;
  guint *open_waits; /* per period */
} Sum;

static void sum_free(gpointer pointer) {
  Sum *sum = pointer;
  for (guint i = 0; i < sum->n; i++)
    tally_clear(&sum->tallies[i]);
  g_array_unref(sum->cameras);
  g_free(sum->tallies);
  g_free(sum->open_waits);
  g_free(sum);
}

typedef struct {
  const IvKpiScope *scope;
  GArray *periods; /* of IvPeriod */
  GHashTable *sums;
} Gathering;

static Sum *find_sum(Gathering *g, gint64 lane_no) {
  Sum *sum = g_hash_table_lookup(g->sums, &lane_no);
  if (sum)
    return sum;
  sum = g_new0(Sum, 1);
  sum->no = lane_no;
  sum->cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  sum->n = g->periods->len;
  sum->tallies = g_new0(Tally, sum->n);
  sum->open_waits = g_new0(guint, sum->n);
  g_hash_table_insert(g->sums, &sum->no, sum);
  return sum;
}

static void note_camera(GArray *cameras, gint64 camera_no) {
  for (guint i = 0; i < cameras->len; i++)
    if (g_array_index(cameras, gint64, i) == camera_no)
      return;
  g_array_append_val(cameras, camera_no);
}

static int period_at(const Gathering *g, IvTime t) {
  guint low = 0, high = g->periods->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(g->periods, IvPeriod, mid).to <= t)
      low = mid + 1;
    else
      high = mid;
  }
  return low < g->periods->len && g_array_index(g->periods, IvPeriod, low).from <= t ? (int)low
                                                                                     : -1;
}

static gboolean fine(GError **error, GError *wrong) {
  if (!wrong)
    return TRUE;
  g_propagate_error(error, wrong);
  return FALSE;
}

/* ---- reading ---- */

static gboolean drawn_now(Gathering *g, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      g->scope->sql, "SELECT s.lane_no, c.camera_no FROM cameras c JOIN scene_lanes s "
                     "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                     "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 "
                     "ORDER BY c.number, c.camera_no");
  iv_bind_int(st, g->scope->store.no);
  while (iv_step_row(st, &wrong))
    note_camera(find_sum(g, iv_column_int(st, 0))->cameras, iv_column_int(st, 1));
  return fine(error, wrong);
}

/* Columns: bucket, lane, camera, wait sketch, service sketch, then the measures in their order. */
static char *rows_text(IvRollupLevel level) {
  const IvSubjectInfo *info = iv_subject_info(IV_SUBJECT_LANE);
  GString *text = g_string_new("SELECT bucket, lane_no, camera_no, wait_sketch, service_sketch");
  for (guint i = 0; i < info->n_measures; i++)
    g_string_append_printf(text, ", %s", info->measures[i].column);
  g_string_append_printf(text, " FROM %s WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
                         iv_rollup_table(IV_ROLLUP_LANE, level));
  return g_string_free(text, FALSE);
}

static const char *const *rows_sql(void) {
  static const char *texts[IV_ROLLUP_LEVELS]; /* made once, kept for good */
  static gsize made;
  if (g_once_init_enter(&made)) {
    for (int level = 0; level < IV_ROLLUP_LEVELS; level++)
      texts[level] = rows_text((IvRollupLevel)level);
    g_once_init_leave(&made, 1);
  }
  return texts;
}

static void add_column(IvStatement *st, int column, IvSketch **sum) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  if (n == 0)
    return;
  if (!*sum)
    *sum = iv_sketch_new();
  iv_sketch_merge_bytes(*sum, bytes, n);
}

static void add_row(Gathering *g, IvStatement *st) {
  Sum *sum = find_sum(g, iv_column_int(st, 1));
  int period = period_at(g, iv_column_time(st, 0));
  note_camera(sum->cameras, iv_column_int(st, 2));
  if (period < 0)
    return;
  Tally *tally = &sum->tallies[period];
  if (!g->scope->no_spreads) {
    add_column(st, 3, &tally->wait);
    add_column(st, 4, &tally->service);
  }
  for (guint i = 0; i < iv_subject_info(IV_SUBJECT_LANE)->n_measures; i++)
    add_amount(tally, (int)i, iv_column_int(st, 5 + (int)i));
}

static guint spans_of(const Gathering *g, IvRollupSpan *ret_spans) {
  return iv_rollup_spans(g->scope, g->scope->range, iv_rollup_level_of(g->scope->step), ret_spans);
}

static gboolean add_rows(Gathering *g, GError **error) {
  GError *wrong = NULL;
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = spans_of(g, spans);
  for (guint i = 0; !wrong && i < n; i++) {
    IvStatement *st = iv_rollup_ask(g->scope, &spans[i], rows_sql());
    while (iv_step_row(st, &wrong))
      add_row(g, st);
  }
  return fine(error, wrong);
}

static gboolean count_open(Gathering *g, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      g->scope->sql,
      "SELECT ts, lane_no FROM open_waits WHERE store_no = $1 AND ts >= $2 AND ts < $3");
  iv_bind_int(st, g->scope->store.no);
  iv_bind_time(st, MAX(g->scope->range.from, g->scope->now - OPEN_WAIT_MAX));
  iv_bind_time(st, g->scope->range.to);
  while (iv_step_row(st, &wrong)) {
    int period = period_at(g, iv_column_time(st, 0));
    if (period >= 0)
      find_sum(g, iv_column_int(st, 1))->open_waits[period]++;
  }
  return fine(error, wrong);
}

/* ---- links to receipts ---- */

/* Hours of links are those of UTC: they do where whole ones lie in a stretch that is wholly within
 * a period, or the periods begin with them. */
static gboolean is_hourly(const Gathering *g, IvPeriod span) {
  for (guint i = 0; i < g->periods->len; i++)
    if (g_array_index(g->periods, IvPeriod, i).from % IV_HOUR != 0)
      return FALSE;
  return span.from % IV_HOUR == 0 && span.to % IV_HOUR == 0;
}

#define READ_LINKS(table)                                                                          \
  "SELECT bucket, lane_no, linked FROM " table                                                     \
  " WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 AND linked > 0"

static gboolean add_links(Gathering *g, GError **error) {
  GError *wrong = NULL;
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = spans_of(g, spans);
  for (guint i = 0; !wrong && i < n; i++) {
    const char *text = spans[i].level == IV_ROLLUP_DAY ? READ_LINKS("kpi_day_link")
                       : is_hourly(g, spans[i].span)   ? READ_LINKS("kpi_hour_link")
                                                       : READ_LINKS("kpi_5min_link");
    IvStatement *st = iv_sql_statement(g->scope->sql, text);
    iv_bind_int(st, g->scope->store.no);
    iv_bind_time(st, spans[i].span.from);
    iv_bind_time(st, spans[i].span.to);
    while (iv_step_row(st, &wrong)) {
      int period = period_at(g, iv_column_time(st, 0));
      if (period >= 0)
        find_sum(g, iv_column_int(st, 1))->tallies[period].linked += iv_column_int(st, 2);
    }
  }
  return fine(error, wrong);
}

/* Which services could have a receipt: at lanes with a terminal, while points of sale told. */
static gboolean find_mapped(Gathering *g, GError **error) {
  GError *wrong = NULL;
  char currency[4];
  IvPeriod told;
  if (!iv_sales_known(g->scope->sql, g->scope->store.no, g->scope->zone, currency, &told, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      g->scope->sql, "SELECT DISTINCT l.lane_no FROM lanes l JOIN terminals t "
                     "ON t.store_no = l.store_no AND t.lane = l.id WHERE l.store_no = $1");
  iv_bind_int(st, g->scope->store.no);
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    Sum *sum = g_hash_table_lookup(g->sums, &no);
    for (guint i = 0; sum && i < sum->n; i++) {
      IvPeriod period = g_array_index(g->periods, IvPeriod, i);
      if (period.from < told.to && period.to > told.from)
        sum->tallies[i].mapped = sum->tallies[i].amounts[IV_LANE_SERVED];
    }
  }
  return fine(error, wrong);
}

/* ---- telling ---- */

static double share(gint64 part, gint64 whole) {
  return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static double quantile(const IvSketch *sketch, double q) {
  return sketch ? iv_sketch_quantile(sketch, q) / 1000 : (double)NAN;
}

static double count_if(gboolean known, gint64 count) {
  return known ? (double)count : (double)NAN;
}

static void tell_line(const Tally *tally, gboolean known, IvQueueFigures *figures) {
  const gint64 *a = tally->amounts;
  known = known || a[IV_LANE_JOINED] > 0;
  figures->joined = count_if(known, a[IV_LANE_JOINED]);
  figures->abandoned = count_if(known, a[IV_LANE_ABANDONED]);
  figures->abandonment_rate = share(a[IV_LANE_ABANDONED], a[IV_LANE_JOINED]);
  figures->service_level = share(a[IV_LANE_IN_TARGET], a[IV_LANE_JOINED]);
  figures->wait_mean_s = share(a[IV_LANE_WAIT_MS], a[IV_LANE_WAITED]) / 1000;
  figures->wait_median_s = quantile(tally->wait, 0.5);
  figures->wait_p90_s = quantile(tally->wait, 0.9);
  figures->length_mean = share(a[IV_LANE_LENGTH_SUM], a[IV_LANE_LENGTH_N]);
  figures->length_max = count_if(a[IV_LANE_LENGTH_N] > 0, a[IV_LANE_LENGTH_MAX]);
}

static void tell_services(const IvKpiScope *scope, IvPeriod period, const Tally *tally,
                          gboolean known, IvQueueFigures *figures) {
  const gint64 *a = tally->amounts;
  double due_ms = (double)(MIN(period.to, scope->now) - period.from) / IV_MS * figures->coverage;
  known = known || a[IV_LANE_SERVED] > 0;
  figures->served = count_if(known, a[IV_LANE_SERVED]);
  figures->service_mean_s = share(a[IV_LANE_SERVICE_MS], a[IV_LANE_SERVED]) / 1000;
  figures->service_median_s = quantile(tally->service, 0.5);
  figures->service_p90_s = quantile(tally->service, 0.9);
  figures->open_hours = known ? (double)a[IV_LANE_OPEN_MS] / 3600e3 : (double)NAN;
  figures->served_per_open_hour = share(a[IV_LANE_SERVED] * 3600000, a[IV_LANE_OPEN_MS]);
  figures->linked_share = tally->mapped > 0 ? share(tally->linked, a[IV_LANE_SERVED]) : (double)NAN;
  figures->lanes_open = due_ms > 0 ? (double)a[IV_LANE_OPEN_MS] / due_ms : (double)NAN;
}

static IvQueueFigures tell(const IvKpiScope *scope, IvPeriod period, const GArray *cameras,
                           const Tally *tally, guint open_waits) {
  gboolean known;
  IvQueueFigures figures = {.open_waits = open_waits};
  figures.coverage = iv_kpi_scope_coverage(scope, period, cameras, &known);
  figures.provisional = open_waits > 0 || iv_kpi_scope_is_provisional(scope, period);
  tell_line(tally, known, &figures);
  tell_services(scope, period, tally, known, &figures);
  return figures;
}

/* A lane without a line of its own has no queue. */
static void clear_line(IvQueueFigures *figures) {
  double *const values[] = {
      &figures->joined,        &figures->abandoned,   &figures->abandonment_rate,
      &figures->service_level, &figures->wait_mean_s, &figures->wait_median_s,
      &figures->wait_p90_s,    &figures->length_mean, &figures->length_max};
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    *values[i] = (double)NAN;
}

static void tell_row(const Gathering *g, const Sum *sum, IvQueueRow *row) {
  Tally whole = {.wait = iv_sketch_new_wide(), .service = iv_sketch_new_wide()};
  guint open_waits = 0;
  row->periods = g_array_sized_new(FALSE, TRUE, sizeof(IvQueuePeriod), sum->n);
  for (guint i = 0; i < sum->n; i++) {
    IvQueuePeriod period = {.period = g_array_index(g->periods, IvPeriod, i)};
    period.figures =
        tell(g->scope, period.period, sum->cameras, &sum->tallies[i], sum->open_waits[i]);
    if (sum->group)
      clear_line(&period.figures);
    g_array_append_val(row->periods, period);
    add_tally(&whole, &sum->tallies[i]);
    open_waits += sum->open_waits[i];
  }
  row->total = tell(g->scope, g->scope->range, sum->cameras, &whole, open_waits);
  if (sum->group)
    clear_line(&row->total);
  tally_clear(&whole);
  for (guint i = 0; i < sum->cameras->len && row->n_cameras < IV_ZONE_CAMERAS_MAX; i++) {
    const IvScopeCamera *camera =
        iv_kpi_scope_camera(g->scope, g_array_index(sum->cameras, gint64, i));
    if (camera)
      row->cameras[row->n_cameras++] = camera->id;
  }
}

/* Names of all that has a sum (GArray of IvQueueRow, by id), and which group they are of. */
static GArray *name_rows(Gathering *g, GError **error) {
  GError *wrong = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvQueueRow));
  g_autoptr(GArray) sums = g_array_new(FALSE, FALSE, sizeof(Sum *));
  IvStatement *st = iv_sql_statement(
      g->scope->sql,
      "SELECT l.lane_no, l.id, l.name, l.is_group, l.self_checkout, l.group_no, q.id "
      "FROM lanes l LEFT JOIN lanes q ON q.lane_no = l.group_no "
      "WHERE l.store_no = $1 ORDER BY l.id");
  iv_bind_int(st, g->scope->store.no);
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    Sum *sum = g_hash_table_lookup(g->sums, &no);
    if (!sum)
      continue;
    IvQueueRow row = {.is_group = iv_column_int(st, 3) != 0,
                      .self_checkout = iv_column_int(st, 4) != 0};
    iv_slug_set(&row.lane_id, iv_column_text(st, 1));
    iv_slug_set(&row.group_id, iv_column_text(st, 6));
    g_strlcpy(row.name, iv_column_text(st, 2), sizeof row.name);
    sum->group = iv_column_int(st, 5);
    g_array_append_val(rows, row);
    g_array_append_val(sums, sum);
  }
  if (!fine(error, wrong))
    return NULL;
  /* The lanes of a group give their services to it before it is told. */
  for (guint i = 0; i < sums->len; i++) {
    const Sum *lane = g_array_index(sums, Sum *, i);
    Sum *group = lane->group ? g_hash_table_lookup(g->sums, &lane->group) : NULL;
    for (guint k = 0; group && k < lane->n; k++)
      add_services(&group->tallies[k], &lane->tallies[k]);
    for (guint k = 0; group && k < lane->cameras->len; k++)
      note_camera(group->cameras, g_array_index(lane->cameras, gint64, k));
  }
  for (guint i = 0; i < rows->len; i++)
    tell_row(g, g_array_index(sums, Sum *, i), &g_array_index(rows, IvQueueRow, i));
  return g_steal_pointer(&rows);
}

/* Of everything: groups hold the services of their lanes already. */
static IvQueueFigures tell_all(const Gathering *g, const GArray *rows) {
  Tally whole = {.wait = iv_sketch_new_wide(), .service = iv_sketch_new_wide()};
  guint open_waits = 0;
  double length = (double)NAN;
  g_autoptr(GArray) cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, g->sums);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Sum *sum = value;
    for (guint i = 0; i < sum->cameras->len; i++)
      note_camera(cameras, g_array_index(sum->cameras, gint64, i));
    for (guint i = 0; i < sum->n && !sum->group; i++) {
      add_tally(&whole, &sum->tallies[i]);
      open_waits += sum->open_waits[i];
    }
  }
  for (guint i = 0; i < rows->len; i++) {
    double mean = g_array_index(rows, IvQueueRow, i).total.length_mean;
    if (!isnan(mean))
      length = (isnan(length) ? 0 : length) + mean;
  }
  IvQueueFigures figures = tell(g->scope, g->scope->range, cameras, &whole, open_waits);
  figures.length_mean = length;
  tally_clear(&whole);
  return figures;
}

static gboolean watch_cameras(Gathering *g, GError **error) {
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, g->sums);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Sum *sum = value;
    iv_kpi_scope_see_plan(g->scope, IV_PLAN_ITEM_LANE, sum->no, sum->cameras);
    if (!iv_kpi_scope_watch(g->scope, sum->cameras, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean gather(Gathering *g, IvQueueAnswer *answer, GError **error) {
  if (!drawn_now(g, error) || !add_rows(g, error) || !count_open(g, error) ||
      !add_links(g, error) || !find_mapped(g, error) || !watch_cameras(g, error))
    return FALSE;
  answer->rows = name_rows(g, error);
  if (!answer->rows)
    return FALSE;
  answer->range = g->scope->range;
  g_strlcpy(answer->time_zone, g->scope->store.time_zone, sizeof answer->time_zone);
  answer->total = tell_all(g, answer->rows);
  return TRUE;
}

gboolean iv_kpis_queues(IvStore *store, const IvKpiQuery *query, IvQueueAnswer *ret_answer,
                        GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  g_autoptr(GArray) periods =
      iv_calendar_cut(scope.zone, scope.range, query->step, IV_QUEUE_PERIODS_MAX);
  if (!periods) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
                "more than %d buckets; ask for a shorter time or a longer step",
                IV_QUEUE_PERIODS_MAX);
    return FALSE;
  }
  g_autoptr(GHashTable) sums = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, sum_free);
  Gathering g = {&scope, periods, sums};
  return gather(&g, ret_answer, error);
}

void iv_queue_answer_clear(IvQueueAnswer *answer) {
  for (guint i = 0; answer->rows && i < answer->rows->len; i++)
    g_array_unref(g_array_index(answer->rows, IvQueueRow, i).periods);
  g_clear_pointer(&answer->rows, g_array_unref);
}
