/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "store/journeys.h"
#include "store/migrations.h"
#include "store/rollup.h"

#define DATA_DIR_DEFAULT "inveye-data"

/* The data folder of a configuration file; NULL after telling what is wrong with the file. */
static char *data_dir_of(const char *path) {
  g_autoptr(IvConfigReport) report = iv_config_report_new(path);
  g_autoptr(IvConfig) config = iv_config_load(path, report);
  if (config)
    return g_strdup(config->server.data_dir);
  g_autofree char *findings = iv_config_report_text(report);
  fputs(findings, stderr);
  return NULL;
}

static int tell(const char *path, int from, int to, gboolean check) {
  if (from == to) {
    printf("%s is up to date (step %d)\n", path, to);
    return 0;
  }
  for (int i = from; i < to; i++)
    printf("step %d (%s)%s\n", iv_migrations[i]->number, iv_migrations[i]->name,
           check ? " is missing" : ": done");
  printf(check ? "%s is at step %d of %d; `inveye migrate` or a start brings it up to date\n"
               : "%s was at step %d and is now at %d\n",
         path, from, to);
  return check ? IV_EXIT_FAILED : 0;
}

#define PROGRESS_SPAN (2 * IV_SECOND)

static void tell_progress(gpointer self, const char *store_id, IvTime at, IvTime until) {
  IvTime *told = self, now = iv_clock_monotonic();
  if (now - *told < PROGRESS_SPAN)
    return;
  *told = now;
  printf("store %s: putting hours and days together, %d days to go\n", store_id,
         (int)(MAX(0, until - at) / IV_DAY));
  fflush(stdout);
}

static int migrate(const char *path, gboolean check) {
  g_autoptr(GError) error = NULL;
  int from;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return iv_verb_fail(&iv_verb_migrate, "%s is not there; `inveye run` makes it", path);
  g_autoptr(IvSql) sql = iv_sql_open(path, check ? IV_SQL_READ : IV_SQL_WRITE, &error);
  if (!sql || !iv_migrations_current(sql, &from, &error))
    return iv_verb_fail(&iv_verb_migrate, "%s", error->message);
  int newest = iv_migrations_newest();
  if ((!check || from > newest) && !iv_migrations_run(sql, 0, &error))
    return iv_verb_fail(&iv_verb_migrate, "%s: %s", path, error->message);
  IvTime told = iv_clock_monotonic();
  if (!check && (!iv_rollups_catch_up(sql, tell_progress, &told, &error) ||
                 !iv_journeys_catch_up(sql, &error)))
    return iv_verb_fail(&iv_verb_migrate, "%s: %s", path, error->message);
  return tell(path, from, newest, check);
}

static int run(int argc, char **argv) {
  gboolean check = FALSE;
  g_autofree char *data = NULL;
  const GOptionEntry entries[] = {
      {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Change nothing; fail if steps are missing", NULL},
      {"data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data,
       "Folder of the database (default: " DATA_DIR_DEFAULT ")", "DIR"},
      G_OPTION_ENTRY_NULL};
  if (!iv_verb_parse(&iv_verb_migrate, entries, 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc > 1 && data) {
    fprintf(stderr, "inveye migrate: give a configuration file or --data-dir, not both\n");
    return IV_EXIT_USAGE;
  }
  g_autofree char *dir = argc > 1 ? data_dir_of(argv[1]) : g_strdup(data ? data : DATA_DIR_DEFAULT);
  if (!dir)
    return IV_EXIT_FAILED;
  g_autofree char *path = g_build_filename(dir, "inveye.db", NULL);
  return migrate(path, check);
}

const IvVerb iv_verb_migrate = {
    .name = "migrate",
    .summary = "bring a database up to date without starting",
    .usage = "[FILE | --data-dir DIR] [--check]",
    .run = run,
};
