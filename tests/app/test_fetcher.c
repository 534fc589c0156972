/* SPDX-License-Identifier: Apache-2.0 */
/* What is fetched from the archive, and when the archive is an alarm. */
#include "app/fetcher.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/archive_alarm.h"
#include "archive_rig.h"

/* ---- fetching ---- */

#define BYTES (1024 * 1024 + 5000)
#define FILE_SPAN (5 * IV_MINUTE)

static gboolean put_row(IvSql *sql, gpointer segment, GError **error) {
  return iv_segments_put(sql, "demo", segment, error);
}

static void record(Rig *rig, guint i) {
  IvTime start = T0 + i * FILE_SPAN;
  g_auto(IvSegment)
      segment = {.path = g_strdup_printf("door/2026-03-29/%" G_GINT64_FORMAT ".mp4", start),
                 .start = start,
                 .end = start + FILE_SPAN,
                 .length = FILE_SPAN,
                 .codec = "H.264",
                 .bytes = BYTES,
                 .init_bytes = 100,
                 .closed = TRUE};
  g_autofree char *full = g_build_filename(rig->folder, segment.path, NULL);
  g_autofree char *parent = g_path_get_dirname(full);
  g_autofree char *bytes = g_strnfill(BYTES, (char)('a' + i));
  iv_slug_set(&segment.camera_id, "door");
  g_mkdir_with_parents(parent, 0700);
  g_assert_true(g_file_set_contents(full, bytes, BYTES, NULL));
  rig_write_job(rig, put_row, &segment);
}

static GArray *recordings(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSegmentQuery query = {
      .camera_id = "door", .to = G_MAXINT64 / 2, .after = IV_TIME_NONE, .limit = 1000};
  GArray *found = iv_segments_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return found;
}

/* `n` recordings that are in the archive alone, then one that is here. */
static void record_there(Rig *rig, guint n) {
  rig->archive.keep_local = FALSE;
  rig_open(rig);
  for (guint i = 0; i < n; i++)
    record(rig, i);
  rig_work(rig, T0 + IV_HOUR);
  iv_recordings_retain(rig->recordings, T0 + IV_HOUR, TRUE, &rig_never);
  record(rig, n);
}

typedef struct {
  guint told, lost, give_up_after; /* 0 = not */
  double share;
  char *reason;
} Heard;

static gboolean hear(double share, gpointer user_data) {
  Heard *heard = user_data;
  g_assert_cmpfloat(share, >=, heard->share);
  heard->share = share;
  heard->told++;
  return heard->give_up_after == 0 || heard->told < heard->give_up_after;
}

static void hear_lost(const IvSegment *segment, const char *reason, gpointer user_data) {
  Heard *heard = user_data;
  g_assert_nonnull(segment->path);
  heard->lost++;
  g_free(heard->reason);
  heard->reason = g_strdup(reason);
}

static IvFetched *fetch(IvFetcher *fetcher, GArray *segments, Heard *heard, GError **error) {
  IvFetchListener listener = {hear, hear_lost, heard};
  return iv_fetcher_fetch(fetcher, segments, &listener, error);
}

static guint fetched_files(const Rig *rig) {
  guint n = 0;
  g_autofree char *path = g_build_filename(rig->fixture.dir, IV_FETCHER_FOLDER, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    n++;
  return n;
}

static void assert_letter(const IvFetched *fetched, const GArray *segments, guint i, char letter) {
  char byte = 0;
  for (guint k = 0; k < 2; k++) { /* as often as it is needed */
    int fd = iv_fetched_open(fetched, &g_array_index(segments, IvSegment, i));
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(lseek(fd, 0, SEEK_END), ==, BYTES);
    g_assert_cmpint(pread(fd, &byte, 1, BYTES - 1), ==, 1);
    g_assert_cmpint(byte, ==, letter);
    close(fd);
  }
}

static void test_fetch(void) {
  Rig rig;
  Heard heard = {0};
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  record_there(&rig, 2);
  g_autoptr(GArray) segments = recordings(&rig);
  g_assert_cmpuint(segments->len, ==, 3);
  g_assert_false(g_array_index(segments, IvSegment, 1).local);
  IvFetcher *fetcher = rig_fetcher_of(&rig, 0);
  IvFetched *fetched = fetch(fetcher, segments, &heard, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(segments->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    assert_letter(fetched, segments, i, (char)('a' + i));
  g_assert_cmpfloat(heard.share, ==, 1);
  g_assert_cmpuint(heard.lost, ==, 0);
  g_assert_cmpuint(fetched_files(&rig), ==, 1);
  iv_fetched_free(fetched);
  g_assert_cmpuint(fetched_files(&rig), ==, 0);
  iv_fetcher_free(fetcher);
  rig_clear(&rig);
}

/* What a killed process has left is gone after the next start. */
static void test_fetch_sweeps(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  g_autofree char *left = g_build_filename(rig.fixture.dir, IV_FETCHER_FOLDER, "7", NULL);
  g_autofree char *file = g_build_filename(left, "12.mp4", NULL);
  g_mkdir_with_parents(left, 0700);
  g_file_set_contents(file, "half", -1, NULL);
  iv_fetcher_free(rig_fetcher_of(&rig, 0));
  g_assert_cmpuint(fetched_files(&rig), ==, 0);
  rig_clear(&rig);
}

static void test_fetch_given_up(void) {
  Rig rig;
  Heard heard = {.give_up_after = 1};
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  record_there(&rig, 2);
  g_autoptr(GArray) segments = recordings(&rig);
  g_autoptr(IvFetcher) fetcher = rig_fetcher_of(&rig, 0);
  g_assert_null(fetch(fetcher, segments, &heard, &error));
  g_assert_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED);
  g_assert_cmpuint(fetched_files(&rig), ==, 0);
  rig_clear(&rig);
}

/* `spoil` is done to the archive; then only what is here is left, and `word` is in the reason. */
static void lose(void (*spoil)(Rig *rig), guint64 bytes_max, guint left, const char *word) {
  Rig rig;
  Heard heard = {0};
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  record_there(&rig, 2);
  if (spoil)
    spoil(&rig);
  g_autoptr(GArray) segments = recordings(&rig);
  g_autoptr(IvFetcher) fetcher = rig_fetcher_of(&rig, bytes_max);
  g_autoptr(IvFetched) fetched = fetch(fetcher, segments, &heard, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(segments->len, ==, left);
  g_assert_cmpuint(heard.lost, ==, 3 - left);
  g_assert_nonnull(strstr(heard.reason, word));
  assert_letter(fetched, segments, left - 1, 'c');
  g_free(heard.reason);
  rig_clear(&rig);
}

static char *file_there(const Rig *rig, guint i) {
  return g_strdup_printf("%s/inveye/demo/recordings/door/2026-03-29/%" G_GINT64_FORMAT ".mp4",
                         rig->away, T0 + i * FILE_SPAN);
}

static void damage(Rig *rig) {
  g_autofree char *path = file_there(rig, 0), *bytes = g_strnfill(BYTES, 'x');
  g_assert_true(g_file_set_contents(path, bytes, BYTES, NULL));
}

static void take_away(Rig *rig) {
  g_autofree char *aside = g_strconcat(rig->away, ".aside", NULL);
  g_assert_cmpint(g_rename(rig->away, aside), ==, 0);
  rig_remove_all(aside);
}

static void stop_it(Rig *rig) {
  g_clear_pointer(&rig->archiver, iv_archiver_free);
}

static void test_fetch_loses(void) {
  lose(damage, 0, 2, "not what was stored there");
  lose(take_away, 0, 1, "can't be fetched");
  lose(stop_it, 0, 1, "not set up any more");
  lose(NULL, BYTES + 1, 2, "no room");
}

/* ---- the alarm ---- */

typedef struct {
  IvArchiveAlarm alarm;
  IvArchiverStats stats;
  IvTime now;
} Watch;

/* The reason; NULL = nothing is told. */
static const char *look(Watch *watch, IvTime later) {
  IvEvent event;
  const char *reason = NULL;
  watch->now += later;
  if (!iv_archive_alarm_look(&watch->alarm, &watch->stats, IV_HOUR, watch->now,
                             watch->now - T0 + IV_DAY, &event, &reason))
    return NULL;
  g_assert_cmpint(event.kind, ==, IV_EVENT_ARCHIVE_BEHIND);
  g_assert_cmpint(event.ts, ==, watch->now);
  return reason;
}

static Watch watch_new(void) {
  return (Watch){
      .stats = {.failing_since = IV_TIME_NONE, .totals = {.oldest_waiting = IV_TIME_NONE}},
      .now = T0};
}

static void test_alarm_of_failing(void) {
  Watch watch = watch_new();
  watch.stats.failing_since = T0;
  g_assert_null(look(&watch, IV_HOUR));
  g_assert_cmpstr(look(&watch, 1), ==,
                  "nothing can be stored in the archive for more than an hour");
  g_assert_null(look(&watch, IV_DAY - 1)); /* once a day while it goes on */
  g_assert_nonnull(look(&watch, 1));
  watch.stats.failing_since = IV_TIME_NONE;
  g_assert_null(look(&watch, IV_DAY));
}

/* Something of long ago that is sent at once, as what was just kept as evidence, is no alarm. */
static void test_alarm_of_being_late(void) {
  Watch watch = watch_new();
  watch.stats.totals.oldest_waiting = T0;
  g_assert_null(look(&watch, IV_DAY + IV_HOUR)); /* archive.after is an hour */
  g_assert_null(look(&watch, 1));
  g_assert_null(look(&watch, IV_HOUR));
  g_assert_cmpstr(look(&watch, 1), ==, "the archive is more than a day behind");
  watch = watch_new();
  watch.stats.totals.oldest_waiting = T0 - 9 * IV_DAY;
  g_assert_null(look(&watch, 0));
  watch.stats.totals.oldest_waiting = IV_TIME_NONE;
  g_assert_null(look(&watch, IV_MINUTE));
  watch.stats.totals.oldest_waiting = T0 - 8 * IV_DAY;
  g_assert_null(look(&watch, IV_HOUR));
}

/* With the archiver: its disk is away for an hour, and comes back. */
static void test_alarm_and_archiver(void) {
  Rig rig;
  Watch watch = watch_new();
  rig_new(&rig);
  g_assert_true(g_file_set_contents(rig.away, "no folder", -1, NULL));
  rig_open(&rig);
  record(&rig, 0);
  rig_work(&rig, T0 + FILE_SPAN);
  watch.stats = rig_stats_of(&rig);
  g_assert_null(look(&watch, FILE_SPAN));
  rig_work(&rig, T0 + FILE_SPAN + IV_HOUR + 1);
  watch.stats = rig_stats_of(&rig);
  g_assert_nonnull(look(&watch, IV_HOUR + 1));
  g_remove(rig.away);
  rig_work(&rig, T0 + 2 * IV_HOUR);
  watch.stats = rig_stats_of(&rig);
  g_assert_null(look(&watch, 2 * IV_DAY));
  rig_clear(&rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  g_test_add_func("/fetcher/fetch", test_fetch);
  g_test_add_func("/fetcher/fetch-sweeps", test_fetch_sweeps);
  g_test_add_func("/fetcher/fetch-given-up", test_fetch_given_up);
  g_test_add_func("/fetcher/fetch-loses", test_fetch_loses);
  g_test_add_func("/fetcher/alarm-of-failing", test_alarm_of_failing);
  g_test_add_func("/fetcher/alarm-of-being-late", test_alarm_of_being_late);
  g_test_add_func("/fetcher/alarm-and-archiver", test_alarm_and_archiver);
  return g_test_run();
}
