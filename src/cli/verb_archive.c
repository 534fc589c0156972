/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye archive test`, `status` and `adopt`: also while the server runs. */
#include <stdio.h>

#include "app/archiver_adopt.h"
#include "base/clock.h"
#include "cli/verbs.h"
#include "config/load.h"

typedef struct {
  char *config;
  gboolean json, let_old_go;
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
      {verb == &iv_verb_archive_adopt ? "let-old-go" : NULL, 0, 0, G_OPTION_ARG_NONE,
       &options->let_old_go, "Let go of what is older than archive.keep: it is deleted there",
       NULL},
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
                                .data_dir = config->server.data_dir,
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
  Options options = {0};
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

static void print_count(const char *name, const IvArchivedCount *count) {
  printf("  %-10s %" G_GUINT64_FORMAT " stored, %.2f GB; %" G_GUINT64_FORMAT " waiting, %.2f GB\n",
         name, count->stored, (double)count->stored_bytes / 1e9, count->waiting,
         (double)count->waiting_bytes / 1e9);
}

static json_t *count_json(const IvArchivedCount *count) {
  return json_pack("{sI sI sI sI}", "waiting", (json_int_t)count->waiting, "waiting_bytes",
                   (json_int_t)count->waiting_bytes, "stored", (json_int_t)count->stored,
                   "stored_bytes", (json_int_t)count->stored_bytes);
}

static int run_status(int argc, char **argv) {
  Options options = {0};
  char oldest[IV_TIME_TEXT_MAX] = "";
  IvArchivedTotals totals;
  g_autoptr(GError) error = NULL;
  g_auto(Rig) rig = {0};
  if (!read_options(&iv_verb_archive_status, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  int status = open_rig(&iv_verb_archive_status, &options, &rig);
  if (status)
    return status;
  if (!iv_archived_totals(rig.store, rig.config->store.id.text, G_MAXINT64,
                          rig.config->archive.evidence, &totals, &error))
    return iv_verb_fail(&iv_verb_archive_status, "%s", error->message);
  if (totals.oldest_waiting != IV_TIME_NONE)
    iv_time_to_text(totals.oldest_waiting, oldest);
  const IvArchivedCount *kinds = totals.kinds;
  if (options.json) {
    json_t *json = json_pack(
        "{ss s{sI sI ss?} s{sI sI sI} s{so so so}}", "place", iv_archiver_place(rig.archiver),
        "waiting", "files", (json_int_t)totals.all.waiting, "bytes",
        (json_int_t)totals.all.waiting_bytes, "oldest", oldest[0] ? oldest : NULL, "stored",
        "files", (json_int_t)totals.all.stored, "bytes", (json_int_t)totals.all.stored_bytes,
        "only_there", (json_int_t)totals.only_there, "kinds", "recordings",
        count_json(&kinds[IV_ARCHIVED_RECORDING]), "snapshots",
        count_json(&kinds[IV_ARCHIVED_SNAPSHOT]), "evidence",
        count_json(&kinds[IV_ARCHIVED_EVIDENCE]));
    print_json(json);
    json_decref(json);
    return 0;
  }
  printf("%s\n", iv_archiver_place(rig.archiver));
  print_count("recordings", &kinds[IV_ARCHIVED_RECORDING]);
  print_count("pictures", &kinds[IV_ARCHIVED_SNAPSHOT]);
  print_count("evidence", &kinds[IV_ARCHIVED_EVIDENCE]);
  printf("  %" G_GUINT64_FORMAT " are only there%s%s\n", totals.only_there,
         oldest[0] ? "; the oldest that waits ended at " : "", oldest);
  return 0;
}

const IvVerb iv_verb_archive_status = {"archive status", "What is archived, and what waits for it",
                                       "FILE [--json]", run_status};

/* ---- archive adopt ---- */

static gboolean told(IvAdoptStep step, const IvAdoptSums *sums, gpointer user_data) {
  const Options *options = user_data;
  if (options->json)
    return TRUE;
  if (step == IV_ADOPT_READING)
    fprintf(stderr, "\r  %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " recordings", sums->done,
            sums->files);
  else
    fprintf(stderr, "\r  %" G_GUINT64_FORMAT " recordings are there", sums->files);
  return TRUE;
}

static void print_adopted(const IvAdoptSums *sums) {
  printf("  recordings  %" G_GUINT64_FORMAT " added, %" G_GUINT64_FORMAT
         " known before, %" G_GUINT64_FORMAT " of cameras that are not in the configuration, "
         "%" G_GUINT64_FORMAT " left alone\n",
         sums->added, sums->known, sums->strange, sums->unreadable);
  printf("  evidence    %" G_GUINT64_FORMAT " cases added, %" G_GUINT64_FORMAT
         " known before, %" G_GUINT64_FORMAT " left alone\n",
         sums->cases, sums->cases_known, sums->cases_unreadable);
  if (sums->pictures > 0)
    printf("  pictures    %" G_GUINT64_FORMAT " files are left alone: the events they are of are "
           "not known any more\n",
           sums->pictures);
  if (sums->old > 0)
    printf("  %" G_GUINT64_FORMAT " recordings are older than archive.keep: somebody may have held "
           "them. They are kept;\n  run this again with --let-old-go to let the archive delete "
           "those that no case holds\n",
           sums->old);
}

static json_t *adopted_json(const IvAdoptSums *sums) {
  return json_pack("{s{sI sI sI sI sI} s{sI sI sI} sI sI}", "recordings", "added",
                   (json_int_t)sums->added, "known", (json_int_t)sums->known, "strange_cameras",
                   (json_int_t)sums->strange, "left", (json_int_t)sums->unreadable, "old",
                   (json_int_t)sums->old, "evidence", "added", (json_int_t)sums->cases, "known",
                   (json_int_t)sums->cases_known, "left", (json_int_t)sums->cases_unreadable,
                   "picture_files_left", (json_int_t)sums->pictures, "bytes_read",
                   (json_int_t)sums->bytes_read);
}

static int run_adopt(int argc, char **argv) {
  const IvVerb *verb = &iv_verb_archive_adopt;
  Options options = {0};
  IvAdoptSums sums;
  g_autoptr(GError) error = NULL;
  g_auto(Rig) rig = {0};
  if (!read_options(verb, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  int status = open_rig(verb, &options, &rig);
  if (status)
    return status;
  IvAdoptListener listener = {told, &options};
  gboolean fine = iv_archiver_adopt(rig.archiver, iv_clock_now(), &listener, &sums, &error) &&
                  (!options.let_old_go || iv_archiver_adopt_let_go(rig.archiver, &error));
  if (options.json) {
    json_t *json = adopted_json(&sums);
    print_json(json);
    json_decref(json);
  } else {
    fprintf(stderr, "\n");
    printf("%s\n", iv_archiver_place(rig.archiver));
    print_adopted(&sums);
  }
  return fine ? 0 : iv_verb_fail(verb, "%s", error->message);
}

const IvVerb iv_verb_archive_adopt = {
    "archive adopt", "Make the list of the archive again from what is in it: the database was lost",
    "FILE [--json] [--let-old-go]", run_adopt};
