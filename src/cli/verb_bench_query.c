/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench query`: how long the questions behind the API's figures take over what a data
 * folder holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/bench_questions.h"
#include "cli/verbs.h"
#include "store/catalog.h"

#define REPEAT_DEFAULT 20
#define REPEAT_MAX 10000

/* ---- measuring ---- */

typedef struct {
  IvStoreRow store;
  IvTime until;
  int repeat;
  double limit_ms;  /* 0 = none */
  const char *only; /* in the name; NULL = all */
  gboolean json;
  GArray *all;         /* of double: every measurement but the cold ones */
  double worst;        /* the largest p95 */
  guint asked, missed; /* questions; missed: their p95 is over the limit */
} Bench;

typedef struct {
  double cold, p50, p95; /* ms of CPU time */
} Measured;

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The nearest-rank quantile of a sorted array. */
static double quantile(const double *sorted, guint n, double q) {
  guint rank = (guint)(q * n);
  return sorted[MIN(rank, n - 1)];
}

static double cpu_ms(IvTime since) {
  return (double)(iv_clock_process_cpu() - since) / (double)IV_MS;
}

static IvKpiQuery query_of(const Bench *bench, const IvBenchQuestion *question) {
  return (IvKpiQuery){.store_id = bench->store.id.text,
                      .from = bench->until - question->days * IV_DAY,
                      .to = bench->until,
                      .step = question->step,
                      .now = bench->until,
                      .deadline = IV_TIME_NONE};
}

/* Once with empty caches of this process, then again and again. */
static gboolean measure(const Bench *bench, const char *path, const IvBenchQuestion *question,
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
  g_array_append_vals(bench->all, took, (guint)bench->repeat);
  qsort(took, (gsize)bench->repeat, sizeof *took, by_value);
  ret_measured->p50 = quantile(took, (guint)bench->repeat, 0.5);
  ret_measured->p95 = quantile(took, (guint)bench->repeat, 0.95);
  return TRUE;
}

static void tell(Bench *bench, const IvBenchQuestion *question, const Measured *m) {
  gboolean missed = bench->limit_ms > 0 && m->p95 > bench->limit_ms;
  const char *step = iv_step_name(question->step);
  bench->asked++;
  bench->missed += missed ? 1 : 0;
  bench->worst = MAX(bench->worst, m->p95);
  if (bench->json)
    printf("{\"question\":\"%s\",\"step\":\"%s\",\"days\":%d,\"cold_ms\":%.2f,\"p50_ms\":%.2f,"
           "\"p95_ms\":%.2f}\n",
           question->name, step, question->days, m->cold, m->p50, m->p95);
  else
    printf("%-20s %2d days by %-4s  cold %8.2f  p50 %8.2f  p95 %8.2f ms%s\n", question->name,
           question->days, step, m->cold, m->p50, m->p95, missed ? "  over the limit" : "");
  fflush(stdout);
}

static void sum_up(const Bench *bench) {
  double *all = (double *)(gpointer)bench->all->data;
  qsort(all, bench->all->len, sizeof *all, by_value);
  double p95 = quantile(all, bench->all->len, 0.95);
  if (bench->json)
    printf("{\"questions\":%u,\"p95_ms\":%.2f,\"worst_p95_ms\":%.2f,\"over_limit\":%u}\n",
           bench->asked, p95, bench->worst, bench->missed);
  else
    printf("%u questions: p95 of all %.2f ms, largest p95 of one %.2f ms%s\n", bench->asked, p95,
           bench->worst, bench->missed ? "; some are over the limit" : "");
}

static gboolean ask_all(Bench *bench, const char *path) {
  g_autoptr(GError) error = NULL;
  for (const IvBenchQuestion *question = iv_bench_questions; question->name; question++) {
    Measured measured;
    if (bench->only && !strstr(question->name, bench->only))
      continue;
    if (!measure(bench, path, question, &measured, &error)) {
      iv_verb_fail(&iv_verb_bench_query, "%s: %s", question->name,
                   error ? error->message : "the folder has nothing to ask about");
      return FALSE;
    }
    tell(bench, question, &measured);
  }
  if (bench->asked == 0) {
    iv_verb_fail(&iv_verb_bench_query, "no question has \"%s\" in its name", bench->only);
    return FALSE;
  }
  sum_up(bench);
  return TRUE;
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
  g_autofree char *data = NULL, *path = NULL, *only = NULL;
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
  Bench bench = {.repeat = REPEAT_DEFAULT, .all = all};
  g_autoptr(GError) error = NULL;
  const GOptionEntry options[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "data folder to ask", "DIR"},
      {"repeat", 0, 0, G_OPTION_ARG_INT, &bench.repeat, "times each question is asked", "N"},
      {"only", 0, 0, G_OPTION_ARG_STRING, &only, "only questions with this in their name", "TEXT"},
      {"limit", 0, 0, G_OPTION_ARG_DOUBLE, &bench.limit_ms,
       "fail when the p95 of a question is larger", "MS"},
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
  bench.only = only;
  return ask_all(&bench, path) && bench.missed == 0 ? 0 : IV_EXIT_FAILED;
}

const IvVerb iv_verb_bench_query = {"bench query", "time the questions behind the figures",
                                    "--data DIR [--repeat N] [--only TEXT] [--limit MS] [--json]",
                                    run};
