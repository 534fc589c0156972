/* SPDX-License-Identifier: Apache-2.0 */
/* An archive from the command line, for test_s3.py: CONFIG VERB ... Prints what it did; an error
 * goes to standard output as "error CODE: message", with exit status 1. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive.h"
#include "config/load.h"

static int fail(const GError *error) {
  printf("error %d: %s\n", error->code, error->message);
  return 1;
}

static void on_progress(guint64 done, guint64 total, gpointer user_data) {
  (void)user_data;
  printf("progress %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", done, total);
  fflush(stdout);
}

static int put(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  IvArchiveInfo info;
  IvArchivePut put = {
      .path = words[0], .key = words[1], .content_type = "video/mp4", .on_progress = on_progress};
  if (!iv_archive_put(archive, &put, &info, &error))
    return fail(error);
  printf("put %" G_GUINT64_FORMAT " %s sent %" G_GUINT64_FORMAT "\n", info.bytes, info.sha256,
         iv_archive_sent(archive));
  return 0;
}

static int get(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = iv_archive_get(archive, words[0], g_ascii_strtoull(words[1], NULL, 10),
                                           (gsize)g_ascii_strtoull(words[2], NULL, 10), &error);
  if (!bytes)
    return fail(error);
  g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
  printf("got %" G_GSIZE_FORMAT " %s\n", g_bytes_get_size(bytes), sum);
  return 0;
}

static int head(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  IvArchiveInfo info = {0};
  if (!iv_archive_head(archive, words[0], &info, &error))
    return fail(error);
  printf("head %" G_GUINT64_FORMAT " %s\n", info.bytes, info.sha256);
  return 0;
}

static int list(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = iv_archive_list(archive, words[0], *words[1] ? words[1] : NULL,
                                              (guint)atoi(words[2]), &error);
  if (!keys)
    return fail(error);
  for (guint i = 0; i < keys->len; i++)
    printf("key %s\n", (const char *)g_ptr_array_index(keys, i));
  return 0;
}

static int drop(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  return iv_archive_remove(archive, words[0], &error) ? 0 : fail(error);
}

/* Seconds from now: what was begun before then. */
static int tidy(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  guint n = 0;
  IvTime before = g_get_real_time() + atoi(words[0]) * IV_SECOND;
  if (!iv_archive_tidy(archive, before, &n, &error))
    return fail(error);
  printf("tidied %u\n", n);
  return 0;
}

static int open_it(IvArchive *archive, char **words) {
  g_autoptr(GError) error = NULL;
  return iv_archive_open(archive, words[0], atoi(words[1]), &error) ? 0 : fail(error);
}

static int try_it(IvArchive *archive, char **words) {
  IvArchiveStep steps[IV_ARCHIVE_STEPS];
  gboolean fine = iv_archive_try(archive, steps);
  (void)words;
  for (guint i = 0; i < IV_ARCHIVE_STEPS; i++)
    printf("%s %s %s\n", steps[i].name,
           steps[i].done    ? "ok"
           : steps[i].fault ? "failed"
                            : "skipped",
           steps[i].fault ? steps[i].fault : "");
  iv_archive_steps_clear(steps);
  return fine ? 0 : 1;
}

static const struct {
  const char *name;
  int n;
  int (*run)(IvArchive *archive, char **words);
} verbs[] = {{"put", 2, put}, {"get", 3, get},   {"head", 1, head},    {"list", 3, list},
             {"rm", 1, drop}, {"tidy", 1, tidy}, {"open", 2, open_it}, {"try", 0, try_it}};

int main(int argc, char **argv) {
  const char *stall = g_getenv("STALL"), *attempts = g_getenv("ATTEMPTS"), *part = g_getenv("PART");
  IvArchiveLimits limits = {.stall = stall ? atoi(stall) * IV_SECOND : 0,
                            .attempts = attempts ? (guint)atoi(attempts) : 0,
                            .part = part ? (gsize)atol(part) : 0};
  g_assert_cmpint(argc, >=, 3);
  g_autoptr(IvConfigReport) report = iv_config_report_new(argv[1]);
  g_autoptr(IvConfig) config = iv_config_load(argv[1], report);
  if (!config) {
    g_autofree char *text = iv_config_report_text(report);
    g_error("%s", text);
  }
  g_autoptr(IvArchive) archive = iv_archive_new(&config->archive, &limits);
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
    if (strcmp(verbs[i].name, argv[2]) == 0 && argc - 3 == verbs[i].n)
      return verbs[i].run(archive, argv + 3);
  g_error("unknown verb");
}
