/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_sales.h"

#include <math.h>
#include <string.h>

#include "store/rollup_spans.h"

gboolean iv_sales_known(IvSql *sql, gint64 store_no, GTimeZone *zone, char *ret_currency,
                        IvPeriod *ret_known, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "SELECT currency, (SELECT min(bucket) FROM kpi_5min_sales WHERE store_no = $1), "
           "(SELECT max(bucket) FROM kpi_5min_sales WHERE store_no = $1) FROM stores "
           "WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_step_row(st, error))
    return FALSE;
  g_strlcpy(ret_currency, iv_column_text(st, 0), 4);
  IvTime first = iv_column_time(st, 1), last = iv_column_time(st, 2);
  *ret_known = first == IV_TIME_NONE ? (IvPeriod){0, 0}
                                     : (IvPeriod){iv_calendar_day_start(zone, first),
                                                  iv_calendar_day_end(zone, last)};
  iv_statement_reset(st);
  return TRUE;
}

/* ---- rows ---- */

/* The sums of what is being read. */
typedef struct {
  const IvKpiScope *scope;
  const GArray *cut;    /* of IvPeriod */
  IvSalesSums *by_time; /* one each */
  IvSalesSums total;
  IvPeriod known;
  GArray *terminal_nos; /* of gint64, beside answer->terminals */
  GHashTable *lanes;    /* ids of those that were ever drawn or told of */
  GHashTable *places;   /* category (borrowed) to place + 1 in answer->categories */
  IvSalesAnswer *answer;
} Reading;

/* A terminal may be mapped to a lane that nobody looks at: what is paid there can't be linked. */
static gboolean read_lanes(const Reading *reading, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st =
      iv_sql_statement(reading->scope->sql, "SELECT id FROM lanes WHERE store_no = $1");
  iv_bind_int(st, reading->scope->store.no);
  while (iv_step_row(st, &wrong))
    g_hash_table_add(reading->lanes, g_strdup(iv_column_text(st, 0)));
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* Rows of days and hours where whole ones are asked for, of 5 minutes elsewhere: weeks cost little.
 */
typedef enum { BY_5MIN, BY_HOUR, BY_DAY } Rows;

typedef struct {
  Rows rows;
  IvPeriod span;
} Segment;
#define SEGMENTS_MAX 7

/* TRUE when no period begins within an hour: in zones like +05:30 they do. */
static gboolean begin_at_hours(const GArray *cut) {
  for (guint i = 1; i < cut->len; i++)
    if (g_array_index(cut, IvPeriod, i).from % IV_HOUR != 0)
      return FALSE;
  return TRUE;
}

static void add_segment(Segment *segments, guint *n, Rows rows, IvTime from, IvTime to) {
  if (from < to)
    segments[(*n)++] = (Segment){rows, {from, to}};
}

/* Hours of sales are those of UTC. */
static void add_stretch(const Reading *reading, IvTime from, IvTime to, Segment *segments,
                        guint *n) {
  IvTime first = iv_time_floor(from + IV_HOUR - 1, IV_HOUR), last = iv_time_floor(to, IV_HOUR);
  if (first >= last || !begin_at_hours(reading->cut)) {
    add_segment(segments, n, BY_5MIN, from, to);
    return;
  }
  add_segment(segments, n, BY_5MIN, from, first);
  add_segment(segments, n, BY_HOUR, first, last);
  add_segment(segments, n, BY_5MIN, last, to);
}

static guint find_segments(const Reading *reading, IvRollupLevel top,
                           Segment ret_segments[SEGMENTS_MAX]) {
  guint n = 0;
  IvPeriod range = reading->scope->range, days = {range.to, range.to};
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n_spans = iv_rollup_spans(reading->scope, range, top, spans);
  for (guint i = 0; i < n_spans; i++)
    if (spans[i].level == IV_ROLLUP_DAY)
      days = spans[i].span;
  add_stretch(reading, range.from, days.from, ret_segments, &n);
  add_segment(ret_segments, &n, BY_DAY, days.from, days.to);
  add_stretch(reading, days.to, range.to, ret_segments, &n);
  return n;
}

static void bind_segment(IvStatement *st, const IvKpiScope *scope, const Segment *segment) {
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, segment->span.from);
  iv_bind_time(st, segment->span.to);
}

/* Rows come terminal by terminal in every bucket: the one after `*near` is the next one's. */
static IvTerminalSales *terminal_of(Reading *reading, gint64 no, const char *lane, guint *near) {
  GArray *rows = reading->answer->terminals;
  for (guint i = 0; i < rows->len; i++) {
    *near = (*near + 1) % rows->len;
    IvTerminalSales *row = &g_array_index(rows, IvTerminalSales, *near);
    if (g_array_index(reading->terminal_nos, gint64, *near) == no &&
        strcmp(row->lane.text, lane) == 0)
      return row;
  }
  IvTerminalSales row = {.lane = {""}};
  iv_slug_set(&row.lane, lane);
  g_array_append_val(rows, row);
  g_array_append_val(reading->terminal_nos, no);
  *near = rows->len - 1;
  return &g_array_index(rows, IvTerminalSales, *near);
}

static gint64 receipts_in(const IvSalesSums *sums) {
  return sums->amounts[IV_SALES_TRANSACTIONS] + sums->amounts[IV_SALES_REFUNDS] +
         sums->amounts[IV_SALES_VOIDS] + sums->amounts[IV_SALES_NO_SALES];
}

#define READ_SUMS(table)                                                                           \
  "SELECT bucket, terminal_no, lane, transactions, itemised, items, revenue_minor, refunds, "      \
  "refunds_minor, voids, no_sales, linked FROM " table                                             \
  " WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket"

/* Periods and buckets are both in order. */
static gboolean read_sums(Reading *reading, const Segment *segment, GError **error) {
  g_autoptr(GError) wrong = NULL;
  guint i = 0, near = 0;
  static const char *const texts[] = {READ_SUMS("kpi_5min_sales"), READ_SUMS("kpi_hour_sales"),
                                      READ_SUMS("kpi_day_sales")};
  IvStatement *st = iv_sql_statement(reading->scope->sql, texts[segment->rows]);
  bind_segment(st, reading->scope, segment);
  while (iv_step_row(st, &wrong)) {
    IvSalesSums sums = {0};
    IvTime bucket = iv_column_time(st, 0);
    while (i < reading->cut->len && g_array_index(reading->cut, IvPeriod, i).to <= bucket)
      i++;
    for (int m = 0; m < IV_SALES_MEASURES; m++)
      sums.amounts[m] = iv_column_int(st, 3 + m);
    const char *lane = iv_column_text(st, 2);
    sums.mapped =
        g_hash_table_contains(reading->lanes, lane) ? sums.amounts[IV_SALES_TRANSACTIONS] : 0;
    iv_sales_add(&reading->total, &sums);
    iv_sales_add(&terminal_of(reading, iv_column_int(st, 1), lane, &near)->sums, &sums);
    if (i < reading->cut->len)
      iv_sales_add(&reading->by_time[i], &sums);
    if (lane[0] == '\0')
      reading->answer->unmapped += receipts_in(&sums);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static int by_terminal(gconstpointer a, gconstpointer b) {
  const IvTerminalSales *x = a, *y = b;
  int order = strcmp(x->terminal, y->terminal);
  return order ? order : strcmp(x->lane.text, y->lane.text);
}

static gboolean name_terminals(Reading *reading, GError **error) {
  g_autoptr(GError) wrong = NULL;
  for (guint i = 0; !wrong && i < reading->answer->terminals->len; i++) {
    IvTerminalSales *row = &g_array_index(reading->answer->terminals, IvTerminalSales, i);
    IvStatement *st = iv_sql_statement(reading->scope->sql,
                                       "SELECT id, name FROM terminals WHERE terminal_no = $1");
    iv_bind_int(st, g_array_index(reading->terminal_nos, gint64, i));
    if (iv_step_row(st, &wrong)) {
      g_strlcpy(row->terminal, iv_column_text(st, 0), sizeof row->terminal);
      g_strlcpy(row->name, iv_column_text(st, 1), sizeof row->name);
    }
    iv_statement_reset(st);
  }
  g_array_sort(reading->answer->terminals, by_terminal);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static IvLaneSales *lane_of(GArray *lanes, const IvSlug *lane) {
  for (guint i = 0; i < lanes->len; i++)
    if (strcmp(g_array_index(lanes, IvLaneSales, i).lane.text, lane->text) == 0)
      return &g_array_index(lanes, IvLaneSales, i);
  IvLaneSales row = {.lane = *lane};
  g_array_append_val(lanes, row);
  return &g_array_index(lanes, IvLaneSales, lanes->len - 1);
}

static int by_lane(gconstpointer a, gconstpointer b) {
  const IvLaneSales *x = a, *y = b;
  gboolean none_x = iv_slug_is_none(&x->lane), none_y = iv_slug_is_none(&y->lane);
  return none_x != none_y ? none_x - none_y : strcmp(x->lane.text, y->lane.text);
}

static void sum_lanes(IvSalesAnswer *answer) {
  for (guint i = 0; i < answer->terminals->len; i++) {
    const IvTerminalSales *row = &g_array_index(answer->terminals, IvTerminalSales, i);
    iv_sales_add(&lane_of(answer->lanes, &row->lane)->sums, &row->sums);
  }
  g_array_sort(answer->lanes, by_lane);
}

/* ---- categories ---- */

static IvCategorySales *category_of(Reading *reading, const char *name) {
  GArray *rows = reading->answer->categories;
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(reading->places, name));
  if (!place) {
    IvCategorySales row = {g_strdup(name), 0, 0, 0};
    g_array_append_val(rows, row);
    place = rows->len;
    g_hash_table_insert(reading->places, row.category, GUINT_TO_POINTER(place));
  }
  return &g_array_index(rows, IvCategorySales, place - 1);
}

#define READ_CATEGORIES(table)                                                                     \
  "SELECT category, items, revenue_minor, refunds_minor FROM " table                               \
  " WHERE store_no = $1 AND bucket >= $2 AND bucket < $3"

static gboolean read_categories(Reading *reading, const Segment *segment, GError **error) {
  g_autoptr(GError) wrong = NULL;
  static const char *const texts[] = {READ_CATEGORIES("kpi_5min_category"),
                                      READ_CATEGORIES("kpi_hour_category"),
                                      READ_CATEGORIES("kpi_day_category")};
  IvStatement *st = iv_sql_statement(reading->scope->sql, texts[segment->rows]);
  bind_segment(st, reading->scope, segment);
  while (iv_step_row(st, &wrong)) {
    IvCategorySales *row = category_of(reading, iv_column_text(st, 0));
    row->items += iv_column_int(st, 1);
    row->revenue += iv_column_int(st, 2);
    row->refunded += iv_column_int(st, 3);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static int by_revenue(gconstpointer a, gconstpointer b) {
  const IvCategorySales *x = a, *y = b;
  gint64 of_x = x->revenue - x->refunded, of_y = y->revenue - y->refunded;
  return of_x != of_y ? (of_x > of_y ? -1 : 1) : strcmp(x->category, y->category);
}

/* ---- all of it ---- */

static gboolean read_all(Reading *reading, GError **error) {
  Segment segments[SEGMENTS_MAX];
  guint n = find_segments(reading, iv_rollup_level_of(reading->scope->step), segments);
  if (!read_lanes(reading, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!read_sums(reading, &segments[i], error))
      return FALSE;
  n = find_segments(reading, IV_ROLLUP_DAY, segments); /* categories are told of the whole only */
  for (guint i = 0; i < n; i++)
    if (!read_categories(reading, &segments[i], error))
      return FALSE;
  if (!name_terminals(reading, error))
    return FALSE;
  sum_lanes(reading->answer);
  g_array_sort(reading->answer->categories, by_revenue);
  return TRUE;
}

/* ---- figures ---- */

static IvSalesPeriod tell(const Reading *reading, IvPeriod period, const IvSalesSums *sums,
                          const IvTraffic *traffic) {
  gboolean known = period.from < reading->known.to && period.to > reading->known.from &&
                   period.from <= reading->scope->now;
  return (IvSalesPeriod){
      .period = period,
      .figures = iv_sales_figures(sums, known, traffic->footfall, traffic->groups.groups),
      .coverage = traffic->coverage,
      .provisional = iv_kpi_scope_is_provisional(reading->scope, period)};
}

static gboolean fill_periods(Reading *reading, GError **error) {
  IvTraffic whole;
  g_autoptr(GArray) traffic = iv_kpi_scope_traffic(reading->scope, reading->cut, &whole, error);
  if (!traffic || !read_all(reading, error))
    return FALSE;
  for (guint i = 0; i < reading->cut->len; i++) {
    IvSalesPeriod row = tell(reading, g_array_index(reading->cut, IvPeriod, i),
                             &reading->by_time[i], &g_array_index(traffic, IvTraffic, i));
    g_array_append_val(reading->answer->periods, row);
  }
  reading->answer->total = tell(reading, reading->scope->range, &reading->total, &whole);
  return TRUE;
}

static void clear_category(gpointer row) {
  g_free(((IvCategorySales *)row)->category);
}

static void begin_answer(const IvKpiScope *scope, IvSalesAnswer *ret_answer) {
  *ret_answer = (IvSalesAnswer){.range = scope->range};
  g_strlcpy(ret_answer->time_zone, scope->store.time_zone, sizeof ret_answer->time_zone);
  ret_answer->periods = g_array_new(FALSE, FALSE, sizeof(IvSalesPeriod));
  ret_answer->terminals = g_array_new(FALSE, FALSE, sizeof(IvTerminalSales));
  ret_answer->lanes = g_array_new(FALSE, TRUE, sizeof(IvLaneSales));
  ret_answer->categories = g_array_new(FALSE, FALSE, sizeof(IvCategorySales));
  g_array_set_clear_func(ret_answer->categories, clear_category);
}

static gboolean fill_answer(const IvKpiScope *scope, IvStep step, IvSalesAnswer *answer,
                            GError **error) {
  g_autoptr(GArray) cut = iv_calendar_cut(scope->zone, scope->range, step, IV_KPI_PERIODS_MAX);
  if (!cut) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
                "more than %d buckets; ask for a shorter time or a longer step",
                IV_KPI_PERIODS_MAX);
    return FALSE;
  }
  g_autofree IvSalesSums *by_time = g_new0(IvSalesSums, cut->len + 1);
  g_autoptr(GArray) terminal_nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GHashTable) lanes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  Reading reading = {.scope = scope,
                     .cut = cut,
                     .by_time = by_time,
                     .terminal_nos = terminal_nos,
                     .lanes = lanes,
                     .places = places,
                     .answer = answer};
  return iv_sales_known(scope->sql, scope->store.no, scope->zone, answer->currency, &reading.known,
                        error) &&
         fill_periods(&reading, error);
}

gboolean iv_kpis_sales(IvStore *store, const IvKpiQuery *query, IvSalesAnswer *ret_answer,
                       GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvSalesAnswer answer;
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  begin_answer(&scope, &answer);
  if (fill_answer(&scope, query->step, &answer, error)) {
    *ret_answer = answer;
    return TRUE;
  }
  iv_sales_answer_clear(&answer);
  return FALSE;
}

void iv_sales_answer_clear(IvSalesAnswer *answer) {
  g_clear_pointer(&answer->periods, g_array_unref);
  g_clear_pointer(&answer->terminals, g_array_unref);
  g_clear_pointer(&answer->lanes, g_array_unref);
  g_clear_pointer(&answer->categories, g_array_unref);
}
