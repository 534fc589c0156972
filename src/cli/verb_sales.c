/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye sales ...`: receipts from the command line, also while the server runs. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "store/audit.h"
#include "store/receipt_file.h"

#define ACTOR "cli"

typedef struct {
  char *config, *data_dir, *store, *from, *to;
  char **maps;
} Options;

static void options_clear(Options *options) {
  g_free(options->config);
  g_free(options->data_dir);
  g_free(options->store);
  g_free(options->from);
  g_free(options->to);
  g_strfreev(options->maps);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* What the configuration says where the command line doesn't. FALSE after telling what is wrong. */
static gboolean complete(const IvVerb *verb, Options *options) {
  if (options->config) {
    g_autoptr(IvConfigReport) report = iv_config_report_new(options->config);
    g_autoptr(IvConfig) config = iv_config_load(options->config, report);
    if (!config) {
      g_autofree char *findings = iv_config_report_text(report);
      fputs(findings, stderr);
      return FALSE;
    }
    if (!options->data_dir)
      options->data_dir = g_strdup(config->server.data_dir);
    if (!options->store)
      options->store = g_strdup(config->store.id.text);
    if (!options->maps && config->sales.csv_map)
      options->maps = g_strsplit_set(config->sales.csv_map, ",", -1);
  }
  for (guint i = 0; options->maps && options->maps[i]; i++)
    g_strstrip(options->maps[i]);
  if (options->store)
    return TRUE;
  iv_verb_fail(verb, "which store? Give --store ID, or its configuration with -c");
  return FALSE;
}

static IvStore *open_store(const IvVerb *verb, const Options *options) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path =
      g_build_filename(options->data_dir ? options->data_dir : "inveye-data", "inveye.db", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    iv_verb_fail(verb, "%s is not there; `inveye run` makes it", path);
    return NULL;
  }
  IvStore *store = iv_store_open(path, &error);
  if (!store)
    iv_verb_fail(verb, "%s", error->message);
  return store;
}

/* --- sales import --- */

static int tell(const char *path, const IvPosReceiptTally *tally) {
  for (guint i = 0; i < tally->problems->len; i++)
    fprintf(stderr, "%s: %s\n", path, (const char *)tally->problems->pdata[i]);
  if (tally->bad > tally->problems->len)
    fprintf(stderr, "%s: and %" G_GUINT64_FORMAT " more\n", path,
            tally->bad - tally->problems->len);
  printf("%s: %" G_GUINT64_FORMAT " stored, %" G_GUINT64_FORMAT " were there already, "
         "%" G_GUINT64_FORMAT " bad\n",
         path, tally->stored, tally->duplicates, tally->bad);
  return tally->bad ? IV_EXIT_FAILED : 0;
}

static int import(const Options *options, const char *path) {
  g_autoptr(GError) error = NULL;
  g_auto(IvPosReceiptTally) tally = {0};
  g_autoptr(IvStore) store = open_store(&iv_verb_sales_import, options);
  if (!store)
    return IV_EXIT_FAILED;
  IvPosReceiptFile file = {options->store, path, (const char *const *)options->maps, iv_clock_now(),
                           ACTOR};
  if (!iv_pos_receipt_file_import(store, &file, &tally, &error))
    return iv_verb_fail(&iv_verb_sales_import, "%s: %s", path, error->message);
  return tell(path, &tally);
}

#define WHERE(options)                                                                             \
  {"config",                                                                                       \
   'c',                                                                                            \
   0,                                                                                              \
   G_OPTION_ARG_FILENAME,                                                                          \
   &(options).config,                                                                              \
   "configuration that names the data folder and the store",                                       \
   "FILE"},                                                                                        \
      {"data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &(options).data_dir, "the data folder", "DIR"},  \
  {                                                                                                \
    "store", 's', 0, G_OPTION_ARG_STRING, &(options).store, "the store's id", "ID"                 \
  }

static int run_import(int argc, char **argv) {
  g_auto(Options) options = {0};
  const GOptionEntry entries[] = {WHERE(options),
                                  {"map", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.maps,
                                   "the file's COLUMN holds this field; may be repeated",
                                   "COLUMN=field"},
                                  G_OPTION_ENTRY_NULL};
  if (!iv_verb_parse(&iv_verb_sales_import, entries, 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc < 2) {
    iv_verb_fail(&iv_verb_sales_import, "which file? usage: inveye sales import %s",
                 iv_verb_sales_import.usage);
    return IV_EXIT_USAGE;
  }
  return complete(&iv_verb_sales_import, &options) ? import(&options, argv[1]) : IV_EXIT_FAILED;
}

const IvVerb iv_verb_sales_import = {
    .name = "sales import",
    .summary = "read receipts from a CSV file",
    .usage = "FILE --store ID [-c FILE | --data-dir DIR] [--map COLUMN=field]",
    .run = run_import,
};

/* --- sales recount --- */

static gboolean audit(IvSql *sql, gpointer arg, GError **error) {
  const Options *options = arg;
  IvAuditEntry entry = {.ts = iv_clock_now(),
                        .action = IV_AUDIT_SALES_RECOUNTED,
                        .actor = ACTOR,
                        .subject = "sales",
                        .store_id = options->store,
                        .address = ""};
  return iv_audit_add(sql, &entry, error);
}

static int recount(Options *options, IvTime from, IvTime to) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvStore) store = open_store(&iv_verb_sales_recount, options);
  if (!store)
    return IV_EXIT_FAILED;
  if (!iv_receipts_recount(store, options->store, from, to, &error) ||
      !iv_store_write(store, audit, options, &error))
    return iv_verb_fail(&iv_verb_sales_recount, "%s", error->message);
  printf("sales of %s counted again\n", options->store);
  return 0;
}

static int run_recount(int argc, char **argv) {
  IvTime from, to;
  g_auto(Options) options = {0};
  const GOptionEntry entries[] = {
      WHERE(options),
      {"from", 0, 0, G_OPTION_ARG_STRING, &options.from, "start, such as 2026-01-31T00:00:00Z",
       "TIME"},
      {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, "end, not included", "TIME"},
      G_OPTION_ENTRY_NULL};
  if (!iv_verb_parse(&iv_verb_sales_recount, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!options.from || !options.to || !iv_time_from_text(options.from, &from) ||
      !iv_time_from_text(options.to, &to) || from >= to) {
    iv_verb_fail(&iv_verb_sales_recount,
                 "give --from and --to as times such as 2026-01-31T00:00:00Z, in this order");
    return IV_EXIT_USAGE;
  }
  return complete(&iv_verb_sales_recount, &options) ? recount(&options, from, to) : IV_EXIT_FAILED;
}

const IvVerb iv_verb_sales_recount = {
    .name = "sales recount",
    .summary = "count sales again from the receipts, with today's categories",
    .usage = "--from TIME --to TIME --store ID [-c FILE | --data-dir DIR]",
    .run = run_recount,
};
