/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench kpi`: holds the figures of simulated stores against their truth, over stores and
 * seeds, and says which bars are met. Each run is an `eval kpi` in a process of its own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/bench_kpi_bars.h"
#include "cli/verbs.h"
#include "sim/scenario.h"

#define SEEDS_MAX 100
#define DAYS_MAX 366
#define JOBS_MAX 16

/* The yardstick stores, in the folder of shared data: INVEYE_SHARED, or `shared` beside the
 * checkout. */
static const char *const yardsticks[] = {"convenience.yaml", "fashion.yaml", "supermarket.yaml"};

typedef struct {
  char **scenarios; /* NULL-terminated, owned */
  int days, seeds, first_seed, jobs;
  gboolean json;
} Options;

typedef struct {
  const char *scenario;
  char *store;             /* owned: name for people */
  GPtrArray *unseen_zones; /* ids: rooms of the staff, which no camera looks into, and zones they
                              are part of: who breaks in at night is seen at the door at most */
  int seed;
  json_t *figures; /* NULL = it failed */
  char *failure;
} Run;

static void run_free(gpointer data) {
  Run *run = data;
  g_free(run->store);
  g_free(run->failure);
  g_ptr_array_unref(run->unseen_zones);
  json_decref(run->figures);
  g_free(run);
}

/* ---- runs ---- */

static Run *run_new(const char *scenario, int seed, GError **error) {
  g_autofree char *text = NULL;
  gsize length;
  if (!g_file_get_contents(scenario, &text, &length, error))
    return NULL;
  g_autoptr(IvScenario) parsed = iv_scenario_parse(text, length, error);
  if (!parsed) {
    g_prefix_error(error, "%s: ", scenario);
    return NULL;
  }
  Run *run = g_new0(Run, 1);
  run->scenario = scenario;
  run->store = g_strdup(parsed->id.text);
  run->seed = seed;
  run->unseen_zones = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < parsed->n_zones; i++)
    for (int z = (int)i; parsed->zones[i].kind == IV_SPACE_STAFF_ONLY && z >= 0;
         z = parsed->zones[z].parent)
      g_ptr_array_add(run->unseen_zones, g_strdup(parsed->zones[z].id.text));
  return run;
}

static void take_output(Run *run, const char *out) {
  json_error_t fault;
  json_t *all = json_loads(out, 0, &fault);
  run->figures = json_incref(json_object_get(all, "figures"));
  if (!run->figures)
    run->failure = g_strdup("eval kpi told no figures");
  json_decref(all);
}

static void evaluate(gpointer data, gpointer user_data) {
  Run *run = data;
  const Options *options = user_data;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *seed = g_strdup_printf("%d", run->seed);
  g_autofree char *days = g_strdup_printf("%d", options->days);
  const char *command[] = {self, "eval",   "kpi", "--scenario", run->scenario, "--seed",
                           seed, "--days", days,  "--json",     NULL};
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  int status = 0;
  if (!g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status,
                    &error) ||
      !g_spawn_check_wait_status(status, &error))
    run->failure = g_strdup_printf("%s: %s", error->message, err ? g_strstrip(err) : "");
  else
    take_output(run, out);
  g_printerr("  %s, seed %d: %s\n", run->store, run->seed, run->failure ? run->failure : "done");
}

static gboolean run_all(const Options *options, GPtrArray *runs, GError **error) {
  GThreadPool *pool = g_thread_pool_new(evaluate, (gpointer)options, options->jobs, TRUE, error);
  if (!pool)
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    g_thread_pool_push(pool, g_ptr_array_index(runs, i), NULL);
  g_thread_pool_free(pool, FALSE, TRUE);
  return TRUE;
}

static GPtrArray *plan_runs(const Options *options, GError **error) {
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(run_free);
  for (int seed = 0; seed < options->seeds; seed++)
    for (guint i = 0; options->scenarios[i]; i++) {
      Run *run = run_new(options->scenarios[i], options->first_seed + seed, error);
      if (!run)
        return NULL;
      g_ptr_array_add(runs, run);
    }
  return g_steal_pointer(&runs);
}

/* ---- one line a kpi ---- */

typedef struct {
  const char *kpi; /* of the rows */
  const IvBar *bar;
  guint rows, unequal, missed;
  double worst; /* NAN = some row is n/a on one side */
  const Run *run;
  const json_t *row; /* the worst */
} Line;

static Line *line_of(GArray *lines, const char *kpi) {
  for (guint i = 0; i < lines->len; i++)
    if (strcmp(g_array_index(lines, Line, i).kpi, kpi) == 0)
      return &g_array_index(lines, Line, i);
  Line line = {.kpi = kpi, .bar = iv_bench_kpi_bar(kpi), .worst = -1};
  g_array_append_val(lines, line);
  return &g_array_index(lines, Line, lines->len - 1);
}

static void add_row(Line *line, const Run *run, const json_t *row) {
  double distance = iv_bar_distance(line->bar, row);
  gboolean met = iv_bar_is_met(line->bar, row), first_miss = !met && line->missed == 0;
  line->rows++;
  line->unequal += distance != 0; /* also where one side is n/a */
  line->missed += !met;
  if (first_miss || isnan(distance) || (distance > line->worst && (!met || line->missed == 0))) {
    line->worst = distance;
    line->run = run;
    line->row = row;
  }
}

static GArray *sum_up(const GPtrArray *runs) {
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
  for (guint i = 0; i < runs->len; i++) {
    const Run *run = g_ptr_array_index(runs, i);
    gsize k;
    const json_t *row;
    json_array_foreach(run->figures, k, row) {
      const char *subject = json_string_value(json_object_get(row, "subject"));
      if (!g_ptr_array_find_with_equal_func(run->unseen_zones, subject, g_str_equal, NULL))
        add_row(line_of(lines, json_string_value(json_object_get(row, "kpi"))), run, row);
    }
  }
  return lines;
}

static void print_line(const Line *line) {
  const char *state = line->bar->kind == IV_BAR_NONE ? "no bar"
                      : line->missed > 0             ? "MISSED"
                                                     : "met";
  printf("%-22s %6u rows, %5u unequal, worst %.6g", line->kpi, line->rows, line->unequal,
         line->worst);
  if (line->unequal > 0)
    printf(" (%s, seed %d, %s)", line->run->store, line->run->seed,
           json_string_value(json_object_get(line->row, "subject")));
  printf("; bar: %s", iv_bar_kind_name(line->bar->kind));
  if (line->bar->kind == IV_BAR_ERROR || line->bar->kind == IV_BAR_SECOND)
    printf(" %g", line->bar->limit);
  printf(", %s", state);
  if (line->missed > 0)
    printf(" by %u rows", line->missed);
  putchar('\n');
}

static json_t *line_to_json(const Line *line) {
  json_t *json =
      json_pack("{ss si si ss sf sb si}", "kpi", line->kpi, "rows", (int)line->rows, "unequal",
                (int)line->unequal, "bar", iv_bar_kind_name(line->bar->kind), "limit",
                line->bar->limit, "met", line->missed == 0, "missed_rows", (int)line->missed);
  json_object_set_new(json, "worst", isnan(line->worst) ? json_null() : json_real(line->worst));
  json_object_set_new(json, "store", json_string(line->run->store));
  json_object_set_new(json, "seed", json_integer(line->run->seed));
  json_object_set(json, "row", (json_t *)line->row);
  return json;
}

static void print_json(const Options *options, const GPtrArray *runs, const GArray *lines,
                       gboolean met) {
  json_t *figures = json_array();
  for (guint i = 0; i < lines->len; i++)
    json_array_append_new(figures, line_to_json(&g_array_index(lines, Line, i)));
  json_t *all = json_pack("{si si sb so}", "runs", (int)runs->len, "days", options->days, "met",
                          met, "figures", figures);
  json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
  putchar('\n');
  json_decref(all);
}

/* TRUE when all bars are met and no run failed. */
static gboolean report(const Options *options, const GPtrArray *runs) {
  g_autoptr(GArray) lines = sum_up(runs);
  guint missed = 0, failed = 0;
  for (guint i = 0; i < runs->len; i++)
    failed += ((const Run *)g_ptr_array_index(runs, i))->failure != NULL;
  for (guint i = 0; i < lines->len; i++)
    missed += g_array_index(lines, Line, i).missed > 0;
  gboolean met = missed == 0 && failed == 0 && lines->len > 0;
  if (options->json) {
    print_json(options, runs, lines, met);
    return met;
  }
  for (guint i = 0; i < lines->len; i++)
    print_line(&g_array_index(lines, Line, i));
  printf("%u runs of %d days, %u failed: %u bars missed\n", runs->len, options->days, failed,
         missed);
  return met;
}

/* ---- the verb ---- */

static char **default_scenarios(void) {
  const char *shared = g_getenv("INVEYE_SHARED");
  GPtrArray *paths = g_ptr_array_new();
  for (gsize i = 0; i < G_N_ELEMENTS(yardsticks); i++)
    g_ptr_array_add(paths, g_build_filename(shared ? shared : INVEYE_SOURCE_ROOT "/../shared",
                                            "data", "scenarios", yardsticks[i], NULL));
  g_ptr_array_add(paths, NULL);
  return (char **)g_ptr_array_free(paths, FALSE);
}

static gboolean is_fine(const Options *options) {
  if (options->days < 1 || options->days > DAYS_MAX)
    iv_verb_fail(&iv_verb_bench_kpi, "--days is 1 to %d", DAYS_MAX);
  else if (options->seeds < 1 || options->seeds > SEEDS_MAX)
    iv_verb_fail(&iv_verb_bench_kpi, "--seeds is 1 to %d", SEEDS_MAX);
  else if (options->jobs < 1 || options->jobs > JOBS_MAX)
    iv_verb_fail(&iv_verb_bench_kpi, "--jobs is 1 to %d", JOBS_MAX);
  else
    return TRUE;
  return FALSE;
}

static int bench(const Options *options) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = plan_runs(options, &error);
  if (!runs || !run_all(options, runs, &error))
    return iv_verb_fail(&iv_verb_bench_kpi, "%s", error->message);
  return report(options, runs) ? 0 : IV_EXIT_FAILED;
}

static int run(int argc, char **argv) {
  Options options = {.days = 7, .seeds = 5, .first_seed = 1, .jobs = 1};
  const GOptionEntry entries[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.scenarios,
       "a store, as often as there are stores (default: the three yardstick stores)", "FILE"},
      {"days", 0, 0, G_OPTION_ARG_INT, &options.days, "of each run (default: 7)", "N"},
      {"seeds", 0, 0, G_OPTION_ARG_INT, &options.seeds, "of each store (default: 5)", "K"},
      {"first-seed", 0, 0, G_OPTION_ARG_INT, &options.first_seed, "then up (default: 1)", "K"},
      {"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "runs at a time (default: 1)", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  int status = IV_EXIT_USAGE;
  if (iv_verb_parse(&iv_verb_bench_kpi, entries, 0, &argc, &argv) && is_fine(&options)) {
    if (!options.scenarios)
      options.scenarios = default_scenarios();
    status = bench(&options);
  }
  g_strfreev(options.scenarios);
  return status;
}

const IvVerb iv_verb_bench_kpi = {
    "bench kpi", "hold the figures of simulated stores against their truth, over seeds",
    "[--days N] [--seeds K] [--first-seed K] [--scenario FILE ...] [--jobs N] [--json]", run};
