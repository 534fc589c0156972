/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye replay`: what would have been counted under other drawings or thresholds. Reads only, so
 * it may run beside the server. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/replay.h"
#include "cli/verbs.h"
#include "config/load.h"

#define WHAT_IF_BYTES_MAX (1024 * 1024)
#define PERCENT_STEP 5 /* of progress, where nobody looks on */

typedef struct {
  char *config, *data_dir, *store, *from, *to, *scene, *camera;
  gboolean json;
} Options;

static void options_clear(Options *options) {
  g_free(options->config);
  g_free(options->data_dir);
  g_free(options->store);
  g_free(options->from);
  g_free(options->to);
  g_free(options->scene);
  g_free(options->camera);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gint cancelled;

static void on_interrupt(int number) {
  (void)number;
  g_atomic_int_set(&cancelled, 1);
}

static void show_progress(double share, gpointer user_data) {
  int *told = user_data;
  int percent = (int)(share * 100);
  gboolean seen = isatty(STDERR_FILENO);
  if (percent == *told || (!seen && percent < *told + PERCENT_STEP && percent < 100))
    return;
  *told = percent;
  fprintf(stderr, seen ? "\rreplayed: %d %%" : "replayed: %d %%\n", percent);
  if (seen && percent == 100)
    fputc('\n', stderr);
}

/* ---- reading ---- */

static IvConfig *read_config(const Options *options) {
  g_autoptr(IvConfigReport) report = iv_config_report_new(options->config);
  g_autoptr(IvConfig) config = iv_config_load(options->config, report);
  if (config)
    return g_steal_pointer(&config);
  g_autofree char *findings = iv_config_report_text(report);
  fputs(findings, stderr);
  return NULL;
}

static IvWhatIf *read_what_if(const char *path, const IvRulesConfig *rules) {
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL, *faults = NULL;
  gsize length;
  if (!g_file_get_contents(path, &text, &length, &error)) {
    iv_verb_fail(&iv_verb_replay, "%s", error->message);
    return NULL;
  }
  if (length > WHAT_IF_BYTES_MAX) {
    iv_verb_fail(&iv_verb_replay, "%s is larger than 1 MB", path);
    return NULL;
  }
  IvWhatIf *what = iv_what_if_from_yaml(text, length, path, rules, &faults);
  if (!what)
    iv_verb_fail(&iv_verb_replay, "%s cannot be used:\n%s", path, faults);
  return what;
}

/* ---- telling ---- */

static double number(const json_t *figures, const char *key) {
  return json_number_value(json_object_get(figures, key));
}

static void print_pair(const json_t *row, const char *key, const char *label) {
  const json_t *recorded = json_object_get(row, "recorded"),
               *replayed = json_object_get(row, "replayed");
  if (json_is_null(replayed))
    printf("  %s %g → not drawn", label, number(recorded, key));
  else
    printf("  %s %.6g → %.6g", label, number(recorded, key), number(replayed, key));
}

static void print_row(const json_t *row) {
  static const struct {
    const char *kind, *key, *label;
  } columns[] = {{"line", "crossed_in", "in"},          {"line", "crossed_out", "out"},
                 {"line", "turn_backs", "turned back"}, {"line", "pass_bys", "passed by"},
                 {"zone", "visits", "stays"},           {"zone", "visitors", "visitors"},
                 {"zone", "engaged", "engaged"},        {"zone", "dwell_mean_s", "dwell s"},
                 {"lane", "joined", "joined"},          {"lane", "wait_mean_s", "wait s"},
                 {"lane", "abandoned", "abandoned"},    {"lane", "served", "served"}};
  const char *kind = json_string_value(json_object_get(row, "kind"));
  printf("%s %s %s:", json_string_value(json_object_get(row, "camera_id")), kind,
         json_string_value(json_object_get(row, "id")));
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    if (strcmp(columns[i].kind, kind) == 0 &&
        json_object_get(json_object_get(row, "recorded"), columns[i].key))
      print_pair(row, columns[i].key, columns[i].label);
  putchar('\n');
}

static void print_text(const json_t *all, double span_s) {
  gsize i;
  json_t *item;
  json_array_foreach(json_object_get(all, "cameras"), i, item) {
    printf("%s: scene version %d%s, trajectories of %.1f %% of the time",
           json_string_value(json_object_get(item, "camera_id")),
           (int)number(item, "scene_version"),
           json_is_true(json_object_get(item, "changed")) ? ", changed" : "",
           100 * number(item, "covered_s") / span_s);
    if (number(item, "bad_pieces") > 0)
      printf(", %g damaged pieces left out", number(item, "bad_pieces"));
    putchar('\n');
  }
  puts("recorded → replayed:");
  json_array_foreach(json_object_get(all, "rows"), i, item) print_row(item);
}

/* ---- the verb ---- */

static IvStore *open_store(const char *data_dir) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(data_dir, "inveye.db", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    iv_verb_fail(&iv_verb_replay, "%s is not there; `inveye run` makes it", path);
    return NULL;
  }
  IvStore *store = iv_store_open(path, &error);
  if (!store)
    iv_verb_fail(&iv_verb_replay, "%s", error->message);
  return store;
}

static int tell(const Options *options, const IvReplayJob *job, IvReplayResult *result) {
  json_t *all = iv_replay_to_json(result);
  if (options->json) {
    json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    putchar('\n');
  } else {
    print_text(all, (double)(job->to - job->from) / (double)IV_SECOND);
  }
  json_decref(all);
  return 0;
}

static int replay(const Options *options, IvReplayJob *job, const char *data_dir) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvWhatIf) what = options->scene ? read_what_if(options->scene, &job->rules) : NULL;
  if (options->scene && !what)
    return IV_EXIT_FAILED;
  g_autoptr(IvStore) store = open_store(data_dir);
  if (!store)
    return IV_EXIT_FAILED;
  int told = -1;
  job->what = what;
  job->store = store;
  job->progress = show_progress;
  job->user_data = &told;
  job->cancel = &cancelled;
  signal(SIGINT, on_interrupt);
  signal(SIGTERM, on_interrupt);
  g_autoptr(IvReplayResult) result = iv_replay_run(job, &error);
  return result ? tell(options, job, result) : iv_verb_fail(&iv_verb_replay, "%s", error->message);
}

static gboolean read_span(const Options *options, IvReplayJob *job) {
  if (!options->from || !options->to || !iv_time_from_text(options->from, &job->from) ||
      !iv_time_from_text(options->to, &job->to) || job->from >= job->to)
    iv_verb_fail(&iv_verb_replay,
                 "give --from and --to as times such as 2026-01-31T00:00:00Z, in this order");
  else if (job->to - job->from > IV_REPLAY_SPAN_MAX)
    iv_verb_fail(&iv_verb_replay, "at most 366 days at once");
  else if (!options->config && !options->store)
    iv_verb_fail(&iv_verb_replay, "which store? Give --store ID, or its configuration with -c");
  else
    return TRUE;
  return FALSE;
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {0};
  const GOptionEntry entries[] = {
      {"scene", 0, 0, G_OPTION_ARG_FILENAME, &options.scene,
       "what to suppose: drawings and thresholds, docs/replay.md (default: as they are)", "FILE"},
      {"from", 0, 0, G_OPTION_ARG_STRING, &options.from, "start, such as 2026-01-31T00:00:00Z",
       "TIME"},
      {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, "end, not included", "TIME"},
      {"camera", 0, 0, G_OPTION_ARG_STRING, &options.camera, "only this one", "ID"},
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options.config,
       "configuration that names the data folder, the store and its thresholds", "FILE"},
      {"data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &options.data_dir, "the data folder", "DIR"},
      {"store", 's', 0, G_OPTION_ARG_STRING, &options.store, "the store's id", "ID"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL};
  IvReplayJob job = {0};
  if (!iv_verb_parse(&iv_verb_replay, entries, 0, &argc, &argv) || !read_span(&options, &job))
    return IV_EXIT_USAGE;
  g_autoptr(IvConfig) config = options.config ? read_config(&options) : iv_config_new();
  if (!config)
    return IV_EXIT_FAILED;
  job.rules = config->rules;
  job.camera_id = options.camera;
  job.store_id = options.store ? options.store : config->store.id.text;
  const char *data_dir = options.data_dir ? options.data_dir : config->server.data_dir;
  return replay(&options, &job, data_dir ? data_dir : "inveye-data");
}

const IvVerb iv_verb_replay = {
    "replay", "count again from stored trajectories, under other lines, zones or thresholds",
    "--from TIME --to TIME [--scene FILE] [--camera ID] [-c FILE | --data-dir DIR --store ID] "
    "[--json]",
    run};
