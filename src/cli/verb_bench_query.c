/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench query`: how long the questions behind the API's figures take over what a data
 * folder holds, and how that compares with SQLite reading the same rows and doing nothing with
 * them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/verbs.h"
#include "store/catalog.h"
#include "store/kpi_forecast.h"
#include "store/kpi_sales.h"

#define REPEAT_DEFAULT 20
#define REPEAT_MAX 10000
#define BASKET_SUPPORT 0.01

typedef struct {
  const char *name;
  IvStep step;
  int days; /* until the newest event */
  gboolean (*ask)(IvStore *store, const IvKpiQuery *query, GError **error);
  const char *bare; /* reads the same rows: store_no, from, to */
} Question;

/* ---- the questions ---- */

static gboolean ask_traffic(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvTrafficAnswer) answer = {0};
  return iv_kpis_traffic(store, query, &answer, error);
}

static gboolean ask_zones(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvZoneAnswer) answer = {0};
  return iv_kpis_zones(store, query, &answer, error);
}

static gboolean ask_queues(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvQueueAnswer) answer = {0};
  return iv_kpis_queues(store, query, &answer, error);
}

static gboolean ask_sales(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvSalesAnswer) answer = {0};
  return iv_kpis_sales(store, query, &answer, error);
}

static gboolean ask_baskets(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvBasketAnswer) answer = {0};
  IvBasketQuery baskets = {.range = *query, .min_support = BASKET_SUPPORT, .limit = 50};
  return iv_kpis_baskets(store, &baskets, &answer, error);
}

static gboolean ask_forecast(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvForecastAnswer) answer = {0};
  return iv_kpis_forecast(store, query, 7, &answer, error);
}

static gboolean ask_today(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvDayToDate) day = {0};
  return iv_kpis_day_to_date(store, query->store_id, query->now, query->deadline, &day, error);
}

#define IN_RANGE " WHERE store_no = $1 AND bucket >= $2 AND bucket < $3"
#define BARE_TRAFFIC                                                                               \
  "SELECT (SELECT sum(traffic_in) FROM kpi_5min_store" IN_RANGE ") + "                             \
  "(SELECT sum(alive_ms) FROM kpi_5min_camera" IN_RANGE ")"
#define BARE_ZONES "SELECT sum(visitors), sum(length(dwell_sketch)) FROM kpi_5min_zone" IN_RANGE
#define BARE_QUEUES "SELECT sum(joined), sum(length(wait_sketch)) FROM kpi_5min_lane" IN_RANGE
#define BARE_SALES "SELECT sum(revenue_minor) FROM kpi_hour_sales" IN_RANGE
#define BARE_BASKETS                                                                               \
  "SELECT count(i.sku) FROM transactions t JOIN transaction_items i "                              \
  "ON i.transaction_no = t.transaction_no WHERE t.store_no = $1 AND t.ts >= $2 AND t.ts < $3"

static const Question questions[] = {
    {"traffic by hour", IV_STEP_HOUR, 35, ask_traffic, BARE_TRAFFIC},
    {"traffic by day", IV_STEP_DAY, 35, ask_traffic, BARE_TRAFFIC},
    {"traffic by hour", IV_STEP_HOUR, 7, ask_traffic, BARE_TRAFFIC},
    {"traffic by hour", IV_STEP_HOUR, 1, ask_traffic, BARE_TRAFFIC},
    {"zones", IV_STEP_DAY, 35, ask_zones, BARE_ZONES},
    {"zones", IV_STEP_DAY, 7, ask_zones, BARE_ZONES},
    {"zones", IV_STEP_DAY, 1, ask_zones, BARE_ZONES},
    {"queues by day", IV_STEP_DAY, 35, ask_queues, BARE_QUEUES},
    {"queues by hour", IV_STEP_HOUR, 7, ask_queues, BARE_QUEUES},
    {"queues by hour", IV_STEP_HOUR, 1, ask_queues, BARE_QUEUES},
    {"sales by hour", IV_STEP_HOUR, 35, ask_sales, BARE_SALES},
    {"sales by day", IV_STEP_DAY, 35, ask_sales, BARE_SALES},
    {"sales by hour", IV_STEP_HOUR, 1, ask_sales, BARE_SALES},
    {"baskets", IV_STEP_DAY, 35, ask_baskets, BARE_BASKETS},
    {"baskets", IV_STEP_DAY, 7, ask_baskets, BARE_BASKETS},
    {"forecast, 7 days", IV_STEP_HOUR, 35, ask_forecast, BARE_TRAFFIC},
    {"today", IV_STEP_DAY, 1, ask_today, BARE_TRAFFIC},
};

/* ---- measuring ---- */

typedef struct {
  IvStoreRow store;
  IvTime until;
  int repeat;
  gboolean json;
} Bench;

typedef struct {
  double cold, p50, p95, bare; /* ms of CPU time */
} Measured;

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double cpu_ms(IvTime since) {
  return (double)(iv_clock_process_cpu() - since) / (double)IV_MS;
}

static IvKpiQuery query_of(const Bench *bench, const Question *question) {
  return (IvKpiQuery){.store_id = bench->store.id.text,
                      .from = bench->until - question->days * IV_DAY,
                      .to = bench->until,
                      .step = question->step,
                      .now = bench->until,
                      .deadline = IV_TIME_NONE};
}

static gboolean ask_bare(IvStore *store, const IvKpiQuery *query, const char *text,
                         GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql)
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, text);
  iv_bind_int(st, 1); /* the only store of a folder that a program fills */
  iv_bind_time(st, query->from);
  iv_bind_time(st, query->to);
  return iv_step_done(st, error);
}

/* Once with empty caches of this process, then again and again. */
static gboolean measure(const Bench *bench, const char *path, const Question *question,
                        Measured *ret_measured, GError **error) {
  g_autofree double *took = g_new(double, (gsize)bench->repeat);
  IvKpiQuery query = query_of(bench, question);
  g_autoptr(IvStore) store = iv_store_open(path, error);
  if (!store)
    return FALSE;
  IvTime begun = iv_clock_process_cpu();
  if (!question->ask(store, &query, error))
    return FALSE;
  ret_measured->cold = cpu_ms(begun);
  for (int i = 0; i < bench->repeat; i++) {
    begun = iv_clock_process_cpu();
    if (!question->ask(store, &query, error))
      return FALSE;
    took[i] = cpu_ms(begun);
  }
  qsort(took, (gsize)bench->repeat, sizeof *took, by_value);
  ret_measured->p50 = took[bench->repeat / 2];
  ret_measured->p95 = took[bench->repeat * 95 / 100];
  if (!ask_bare(store, &query, question->bare, error))
    return FALSE;
  begun = iv_clock_process_cpu();
  if (!ask_bare(store, &query, question->bare, error))
    return FALSE;
  ret_measured->bare = cpu_ms(begun);
  return TRUE;
}

static void print(const Bench *bench, const Question *question, const Measured *m) {
  double ratio = m->bare > 0 ? m->p50 / m->bare : 0;
  if (bench->json)
    printf("{\"question\":\"%s\",\"days\":%d,\"cold_ms\":%.2f,\"p50_ms\":%.2f,\"p95_ms\":%.2f,"
           "\"bare_ms\":%.2f,\"ratio\":%.2f}\n",
           question->name, question->days, m->cold, m->p50, m->p95, m->bare, ratio);
  else
    printf("%-18s %2d days  cold %8.2f  p50 %8.2f  p95 %8.2f  bare %8.2f ms  %5.2f times\n",
           question->name, question->days, m->cold, m->p50, m->p95, m->bare, ratio);
}

/* The first store of the folder, and where its figures end. */
static gboolean find_store(Bench *bench, const char *path, GError **error) {
  g_autoptr(IvStore) store = iv_store_open(path, error);
  g_autoptr(GArray) rows = store ? iv_catalog_stores(store, IV_TIME_NONE, error) : NULL;
  if (!rows || rows->len == 0) {
    if (rows)
      g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "%s: there is no store in it",
                  path);
    return FALSE;
  }
  bench->store = g_array_index(rows, IvStoreRow, 0);
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql)
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT max(bucket) FROM kpi_5min_camera");
  if (!iv_step_row(st, error))
    return FALSE;
  bench->until = iv_column_time(st, 0);
  iv_statement_reset(st);
  if (bench->until != IV_TIME_NONE)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "%s: nothing was counted yet", path);
  return FALSE;
}

static int run(int argc, char **argv) {
  g_autofree char *data = NULL, *path = NULL;
  Bench bench = {.repeat = REPEAT_DEFAULT};
  g_autoptr(GError) error = NULL;
  const GOptionEntry options[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "data folder to ask", "DIR"},
      {"repeat", 0, 0, G_OPTION_ARG_INT, &bench.repeat, "times each question is asked", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &bench.json, "print a JSON object a line", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_query, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!data || bench.repeat < 1 || bench.repeat > REPEAT_MAX) {
    iv_verb_fail(&iv_verb_bench_query, "needs --data DIR, and --repeat from 1 to %d", REPEAT_MAX);
    return IV_EXIT_USAGE;
  }
  path = g_build_filename(data, "inveye.db", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return iv_verb_fail(&iv_verb_bench_query,
                        "%s is not there; fill it with `inveye simulate "
                        "--history`",
                        path);
  if (!find_store(&bench, path, &error))
    return iv_verb_fail(&iv_verb_bench_query, "%s", error->message);
  for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
    Measured measured;
    if (!measure(&bench, path, &questions[i], &measured, &error))
      return iv_verb_fail(&iv_verb_bench_query, "%s: %s", questions[i].name, error->message);
    print(&bench, &questions[i], &measured);
  }
  return 0;
}

const IvVerb iv_verb_bench_query = {"bench query", "time the questions behind the figures",
                                    "--data DIR [--repeat N] [--json]", run};
