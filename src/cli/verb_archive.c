/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye archive test` and `inveye archive status`: also while the server runs. */
#include <stdio.h>

#include "app/archiver.h"
#include "cli/verbs.h"
#include "config/load.h"

typedef struct {
  char *config;
  gboolean json;
} Options;

typedef struct {
  IvConfig *config;
  IvStore *store;
  IvRecordings *recordings;
  IvArchiver *archiver;
} Rig;

static void rig_clear(Rig *rig) {
  g_clear_pointer(&rig->archiver, iv_archiver_free);
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  g_clear_pointer(&rig->store, iv_store_close);
  g_clear_pointer(&rig->config, iv_config_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rig, rig_clear)

static gboolean read_options(const IvVerb *verb, Options *options, int *argc, char ***argv) {
  const GOptionEntry entries[] = {
      {"json", 'j', 0, G_OPTION_ARG_NONE, &options->json, "Print JSON", NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(verb, entries, 1, argc, argv))
    return FALSE;
  if (*argc == 2) {
    options->config = (*argv)[1];
    return TRUE;
  }
  iv_verb_fail(verb, "which configuration? usage: inveye %s %s", verb->name, verb->usage);
  return FALSE;
}

/* 0, or the exit status. */
static int open_rig(const IvVerb *verb, const Options *options, Rig *rig) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfigReport) report = iv_config_report_new(options->config);
  rig->config = iv_config_load(options->config, report);
  if (!rig->config) {
    g_autofree char *findings = iv_config_report_text(report);
    return iv_verb_fail(verb, "%s", g_strchomp(findings));
  }
  if (rig->config->archive.target == IV_ARCHIVE_OFF)
    return iv_verb_fail(verb, "there is no archive: set archive.target in %s", options->config);
  g_autofree char *path = g_build_filename(rig->config->server.data_dir, "inveye.db", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return iv_verb_fail(verb, "there is no database %s; start `inveye run` once to make it", path);
  rig->store = iv_store_open(path, &error);
  if (!rig->store)
    return iv_verb_fail(verb, "%s", error->message);
  const IvConfig *config = rig->config;
  rig->recordings = iv_recordings_new(&config->recording, config->store.id.text,
                                      config->server.data_dir, rig->store);
  IvArchiverOptions archiver = {.config = &config->archive,
                                .store_id = config->store.id.text,
                                .time_zone = config->store.time_zone,
                                .store = rig->store,
                                .recordings = rig->recordings};
  rig->archiver = iv_archiver_new(&archiver);
  return 0;
}

static void print_json(json_t *json) {
  json_dumpf(json, stdout, JSON_INDENT(2));
  printf("\n");
}

/* ---- archive test ---- */

static void print_steps(const json_t *trial) {
  gsize i;
  const json_t *step;
  printf("%s\n", json_string_value(json_object_get(trial, "place")));
  json_array_foreach(json_object_get(trial, "steps"), i, step) {
    const char *fault = json_string_value(json_object_get(step, "fault"));
    printf("  %-7s %-8s", json_string_value(json_object_get(step, "name")),
           json_string_value(json_object_get(step, "state")));
    if (fault)
      printf(" %s", fault);
    else if (json_number_value(json_object_get(step, "took_s")) > 0)
      printf(" %.0f ms", json_number_value(json_object_get(step, "took_s")) * 1000);
    printf("\n");
  }
}

static int run_test(int argc, char **argv) {
  Options options = {NULL, FALSE};
  g_auto(Rig) rig = {0};
  if (!read_options(&iv_verb_archive_test, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  int status = open_rig(&iv_verb_archive_test, &options, &rig);
  if (status)
    return status;
  json_t *trial = iv_archiver_try(rig.archiver);
  gboolean works = json_is_true(json_object_get(trial, "works"));
  if (options.json)
    print_json(trial);
  else
    print_steps(trial);
  json_decref(trial);
  return works ? 0 : IV_EXIT_FAILED;
}

const IvVerb iv_verb_archive_test = {"archive test",
                                     "Write, read, list and delete a small file in the archive",
                                     "FILE [--json]", run_test};

/* ---- archive status ---- */

static int run_status(int argc, char **argv) {
  Options options = {NULL, FALSE};
  char oldest[IV_TIME_TEXT_MAX] = "";
  IvArchivedTotals totals;
  g_autoptr(GError) error = NULL;
  g_auto(Rig) rig = {0};
  if (!read_options(&iv_verb_archive_status, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  int status = open_rig(&iv_verb_archive_status, &options, &rig);
  if (status)
    return status;
  if (!iv_archived_totals(rig.store, rig.config->store.id.text, G_MAXINT64, &totals, &error))
    return iv_verb_fail(&iv_verb_archive_status, "%s", error->message);
  if (totals.oldest_waiting != IV_TIME_NONE)
    iv_time_to_text(totals.oldest_waiting, oldest);
  if (options.json) {
    json_t *json = json_pack(
        "{ss s{sI sI ss?} s{sI sI sI}}", "place", iv_archiver_place(rig.archiver), "waiting",
        "files", (json_int_t)totals.waiting, "bytes", (json_int_t)totals.waiting_bytes, "oldest",
        oldest[0] ? oldest : NULL, "stored", "files", (json_int_t)totals.stored, "bytes",
        (json_int_t)totals.stored_bytes, "only_there", (json_int_t)totals.only_there);
    print_json(json);
    json_decref(json);
    return 0;
  }
  printf("%s\n", iv_archiver_place(rig.archiver));
  printf("  stored  %" G_GUINT64_FORMAT " files, %.2f GB; %" G_GUINT64_FORMAT " of them are only "
         "there\n",
         totals.stored, (double)totals.stored_bytes / 1e9, totals.only_there);
  printf("  waiting %" G_GUINT64_FORMAT " files, %.2f GB%s%s\n", totals.waiting,
         (double)totals.waiting_bytes / 1e9, oldest[0] ? "; the oldest ended at " : "", oldest);
  return 0;
}

const IvVerb iv_verb_archive_status = {"archive status", "What is archived, and what waits for it",
                                       "FILE [--json]", run_status};
