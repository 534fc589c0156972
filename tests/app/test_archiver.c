/* SPDX-License-Identifier: Apache-2.0 */
/* A real database, real files and a folder as the archive: what goes there, what stays here, and
 * what is deleted when. */
#include "app/archiver.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/archived.h"
#include "store/ledger_fixture.h"

#define T0 at("2026-03-29T10:00:00Z")
#define FILE_SPAN (5 * IV_MINUTE)
#define BYTES 5000

typedef struct {
  Fixture fixture;
  IvRecordingConfig recording;
  IvArchiveConfig archive;
  IvRecordings *recordings;
  IvArchiver *archiver;
  char *folder, *away;
} Rig;

static gint never;

static void remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

static void rig_new(Rig *rig) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "UTC");
  rig->folder = g_build_filename(rig->fixture.dir, "rec", NULL);
  rig->away = g_build_filename(rig->fixture.dir, "archive", NULL);
  rig->recording = (IvRecordingConfig){.folder = rig->folder, .keep = 7 * IV_DAY};
  rig->archive = (IvArchiveConfig){.target = IV_ARCHIVE_FOLDER,
                                   .folder = rig->away,
                                   .prefix = "inveye",
                                   .recordings = IV_ARCHIVE_RECORDINGS_ALL,
                                   .keep_local = TRUE,
                                   .keep = 30 * IV_DAY};
}

/* As at a start of the program. */
static void rig_open(Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvRecordingsRepair repair;
  g_clear_pointer(&rig->archiver, iv_archiver_free);
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  rig->recordings =
      iv_recordings_new(&rig->recording, "demo", rig->fixture.dir, rig->fixture.store);
  iv_recordings_set_archive(rig->recordings, &rig->archive);
  iv_recordings_open(rig->recordings, &repair, &error);
  g_assert_no_error(error);
  IvArchiverOptions options = {.config = &rig->archive,
                               .store_id = "demo",
                               .time_zone = "UTC",
                               .store = rig->fixture.store,
                               .recordings = rig->recordings};
  rig->archiver = iv_archiver_new(&options);
}

static void rig_clear(Rig *rig) {
  g_clear_pointer(&rig->archiver, iv_archiver_free);
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  remove_all(rig->folder);
  remove_all(rig->away);
  g_free(rig->folder);
  g_free(rig->away);
  fixture_tear_down(&rig->fixture);
}

/* ---- files and rows ---- */

static IvTime start_of(guint i) {
  return T0 + i * FILE_SPAN;
}

static char *path_of(IvTime start) {
  return g_strdup_printf("door/2026-03-29/%" G_GINT64_FORMAT ".mp4", start);
}

static gboolean put_row(IvSql *sql, gpointer segment, GError **error) {
  return iv_segments_put(sql, "demo", segment, error);
}

/* A file and its row, number `i` of the day. */
static void add(Rig *rig, guint i, gboolean closed) {
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = g_malloc0(BYTES);
  IvTime start = start_of(i);
  g_auto(IvSegment) segment = {.path = path_of(start),
                               .start = start,
                               .end = start + FILE_SPAN,
                               .length = FILE_SPAN,
                               .codec = "H.264",
                               .bytes = BYTES,
                               .init_bytes = 100,
                               .closed = closed};
  g_autofree char *full = g_build_filename(rig->folder, segment.path, NULL);
  g_autofree char *parent = g_path_get_dirname(full);
  iv_slug_set(&segment.camera_id, "door");
  memset(bytes, 'a' + (int)i % 26, BYTES);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_file_set_contents(full, bytes, BYTES, &error);
  g_assert_no_error(error);
  iv_store_write(rig->fixture.store, put_row, &segment, &error);
  g_assert_no_error(error);
}

static GArray *rows(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSegmentQuery query = {
      .camera_id = "door", .to = G_MAXINT64 / 2, .after = IV_TIME_NONE, .limit = 1000};
  GArray *found = iv_segments_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return found;
}

static gint64 no_of(const Rig *rig, guint i) {
  g_autoptr(GArray) found = rows(rig);
  for (guint k = 0; k < found->len; k++)
    if (g_array_index(found, IvSegment, k).start == start_of(i))
      return g_array_index(found, IvSegment, k).no;
  return 0;
}

static gboolean is_here(const Rig *rig, guint i) {
  g_autofree char *path = path_of(start_of(i));
  g_autofree char *full = g_build_filename(rig->folder, path, NULL);
  return g_file_test(full, G_FILE_TEST_EXISTS);
}

static gboolean is_there(const Rig *rig, guint i) {
  g_autofree char *path = path_of(start_of(i));
  g_autofree char *full = g_build_filename(rig->away, "inveye/demo/recordings", path, NULL);
  return g_file_test(full, G_FILE_TEST_EXISTS);
}

typedef struct {
  const char *holder;
  guint i;
} Hold;

static gboolean hold(IvSql *sql, gpointer arg, GError **error) {
  const Hold *job = arg;
  return iv_segments_hold(sql, "demo", "door", start_of(job->i), start_of(job->i) + 1, job->holder,
                          NULL, error);
}

static gboolean let_go(IvSql *sql, gpointer holder, GError **error) {
  return iv_segments_let_go(sql, holder, error);
}

static void write_job(const Rig *rig, IvStoreJob job, gpointer arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(rig->fixture.store, job, arg, &error);
  g_assert_no_error(error);
}

/* ---- working ---- */

static IvTime tick; /* monotonic time of the tests; each look comes late enough for everything */

/* Until nothing is to be done at once; how often it worked. */
static guint work(Rig *rig, IvTime now) {
  guint n = 1;
  IvArchiverMoment moment = {.now = now, .now_is_right = TRUE};
  do
    moment.monotonic = g_get_monotonic_time() + (tick += IV_DAY);
  while (iv_archiver_work(rig->archiver, &moment) && n++ < 1000);
  g_assert_cmpuint(n, <, 1000);
  return n;
}

static IvArchiverStats stats_of(const Rig *rig) {
  IvArchiverStats stats;
  iv_archiver_stats(rig->archiver, &stats);
  return stats;
}

static void assert_state(const Rig *rig, IvArchiverState state, guint64 waiting, guint64 stored) {
  IvArchiverStats stats = stats_of(rig);
  g_assert_cmpstr(stats.last_error, ==, state == IV_ARCHIVER_FAILED ? stats.last_error : "");
  g_assert_cmpstr(iv_archiver_state_name(stats.state), ==, iv_archiver_state_name(state));
  g_assert_cmpuint(stats.totals.all.waiting, ==, waiting);
  g_assert_cmpuint(stats.totals.all.stored, ==, stored);
}

/* ---- tests ---- */

static void test_all(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  for (guint i = 0; i < 5; i++)
    add(&rig, i, i < 4);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 4);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint(is_there(&rig, i), ==, i < 4); /* the last one is being written */
  g_assert_true(is_here(&rig, 0));
  IvArchiverStats stats = stats_of(&rig);
  g_assert_cmpuint(stats.sent_bytes, ==, 4 * BYTES);
  g_assert_cmpint(stats.last_stored, ==, T0 + IV_HOUR);
  rig_open(&rig); /* nothing is sent again */
  work(&rig, T0 + IV_HOUR);
  g_assert_cmpuint(stats_of(&rig).sent_files, ==, 0);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 4);
  rig_clear(&rig);
}

static gboolean forget(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_sql_script(sql, "DELETE FROM archive_files; UPDATE segments SET archive = 1;", error);
}

/* Between the upload and its row the power was cut: the file is there, and is found to be. */
static void test_cut_before_the_row(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  add(&rig, 0, TRUE);
  work(&rig, T0 + IV_HOUR);
  write_job(&rig, forget, NULL);
  rig_open(&rig);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 1);
  rig_clear(&rig);
}

static void test_after_and_hours(void) {
  Rig rig;
  rig_new(&rig);
  rig.archive.after = IV_HOUR;
  rig.archive.hours = (char *)"22:00-06:00";
  rig_open(&rig);
  add(&rig, 0, TRUE);
  work(&rig, T0 + FILE_SPAN + IV_HOUR - 1);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 0);
  work(&rig, T0 + FILE_SPAN + IV_HOUR + 1);
  assert_state(&rig, IV_ARCHIVER_CLOSED, 1, 0);
  work(&rig, at("2026-03-29T22:00:00Z"));
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 1);
  rig_clear(&rig);
}

static void test_held_only(void) {
  Rig rig;
  rig_new(&rig);
  rig.archive.recordings = IV_ARCHIVE_RECORDINGS_HELD;
  rig.archive.cameras = (char *)"another";
  rig_open(&rig);
  for (guint i = 0; i < 3; i++)
    add(&rig, i, TRUE);
  write_job(&rig, hold, &(Hold){"evidence:1", 1});
  work(&rig, T0 + IV_HOUR);
  g_assert_false(is_there(&rig, 0));
  g_assert_true(is_there(&rig, 1));
  write_job(&rig, hold, &(Hold){"evidence:2", 2}); /* later than it was looked at */
  work(&rig, T0 + IV_HOUR);
  g_assert_true(is_there(&rig, 2));
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 2);
  rig_clear(&rig);
}

static void test_cameras(void) {
  Rig rig;
  rig_new(&rig);
  rig.archive.cameras = (char *)"another, third";
  rig_open(&rig);
  add(&rig, 0, TRUE);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 0);
  rig.archive.cameras = (char *)"another, door"; /* what was decided is decided anew at a start */
  rig_open(&rig);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 1);
  rig_clear(&rig);
}

/* Deleted here once it is there; its row stays, and its bytes come from there. */
static void test_only_there(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  rig.archive.keep_local = FALSE;
  rig_open(&rig);
  add(&rig, 0, TRUE);
  add(&rig, 1, TRUE);
  write_job(&rig, hold, &(Hold){"export:1", 1});
  iv_recordings_retain(rig.recordings, T0 + IV_HOUR, TRUE, &never);
  g_assert_true(is_here(&rig, 0)); /* not before it is stored */
  work(&rig, T0 + IV_HOUR);
  iv_recordings_retain(rig.recordings, T0 + IV_HOUR, TRUE, &never);
  g_assert_false(is_here(&rig, 0));
  g_assert_true(is_here(&rig, 1)); /* what is held stays here too */
  rig_open(&rig);                  /* the repair knows where it is */
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 2);
  const IvSegment *first = &g_array_index(found, IvSegment, 0);
  g_assert_true(first->archived && !first->local);
  g_auto(IvArchivedFile) file = {0};
  g_assert_true(iv_archived_find(rig.fixture.store, "demo", IV_ARCHIVED_RECORDING, first->no,
                                 IV_TIME_NONE, &file, &error));
  g_assert_no_error(error);
  g_autoptr(GBytes) bytes = iv_archiver_read(rig.archiver, file.key, 100, 10, &error);
  g_assert_no_error(error);
  g_assert_cmpmem("aaaaaaaaaa", 10, g_bytes_get_data(bytes, NULL), 10);
  rig_clear(&rig);
}

/* Here after `keep`, there after its own; what is held is deleted nowhere. */
static void test_retention(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  for (guint i = 0; i < 3; i++)
    add(&rig, i, TRUE);
  write_job(&rig, hold, &(Hold){"evidence:1", 1});
  work(&rig, T0 + IV_HOUR);
  iv_recordings_retain(rig.recordings, T0 + 8 * IV_DAY, TRUE, &never);
  g_assert_true(!is_here(&rig, 0) && is_here(&rig, 1) && !is_here(&rig, 2));
  work(&rig, T0 + 29 * IV_DAY);
  g_assert_true(is_there(&rig, 0));
  work(&rig, T0 + 31 * IV_DAY);
  g_assert_true(!is_there(&rig, 0) && is_there(&rig, 1) && !is_there(&rig, 2));
  g_assert_cmpint(no_of(&rig, 0), ==, 0);
  g_assert_cmpint(no_of(&rig, 1), !=, 0);
  g_assert_cmpuint(stats_of(&rig).deleted, ==, 2);
  write_job(&rig, let_go, (gpointer) "evidence:1");
  iv_recordings_retain(rig.recordings, T0 + 31 * IV_DAY, TRUE, &never);
  work(&rig, T0 + 31 * IV_DAY);
  g_assert_true(!is_here(&rig, 1) && !is_there(&rig, 1));
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 0);
  rig_clear(&rig);
}

/* A clock that may be wrong deletes nothing. */
static void test_wrong_clock(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  add(&rig, 0, TRUE);
  work(&rig, T0 + IV_HOUR);
  IvArchiverMoment moment = {.now = T0 + 900 * IV_DAY,
                             .monotonic = g_get_monotonic_time() + (tick += IV_DAY)};
  iv_archiver_work(rig.archiver, &moment);
  g_assert_true(is_there(&rig, 0));
  rig_clear(&rig);
}

/* The archive is away: what waits stays here, though it is older than `keep`, until there is no
 * room; and that is counted. */
static void test_away(void) {
  Rig rig;
  IvRecordingsStats local;
  rig_new(&rig);
  g_autoptr(GError) error = NULL;
  g_file_set_contents(rig.away, "no folder", -1, &error);
  g_assert_no_error(error);
  rig_open(&rig);
  for (guint i = 0; i < 3; i++)
    add(&rig, i, TRUE);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_FAILED, 3, 0);
  g_assert_cmpint(stats_of(&rig).failing_since, ==, T0 + IV_HOUR);
  g_assert_cmpint(stats_of(&rig).totals.oldest_waiting, ==, T0 + FILE_SPAN);
  iv_recordings_retain(rig.recordings, T0 + 8 * IV_DAY, TRUE, &never);
  g_assert_true(is_here(&rig, 0));
  rig.recording.keep_gb = 2.5 * BYTES / 1e9;
  rig_open(&rig);
  iv_recordings_retain(rig.recordings, T0 + 8 * IV_DAY, TRUE, &never);
  g_assert_true(!is_here(&rig, 0) && is_here(&rig, 1));
  iv_recordings_stats(rig.recordings, &local);
  g_assert_cmpuint(local.unarchived, ==, 1);
  g_remove(rig.away); /* it comes back */
  work(&rig, T0 + 8 * IV_DAY);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 2);
  g_assert_cmpint(stats_of(&rig).failing_since, ==, IV_TIME_NONE);
  rig_clear(&rig);
}

/* What is stored goes before what waits, though it is younger. */
static void test_room(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  add(&rig, 1, TRUE);
  work(&rig, T0 + IV_HOUR);
  add(&rig, 0, TRUE);
  rig.recording.keep_gb = 1.5 * BYTES / 1e9;
  rig_open(&rig);
  iv_recordings_retain(rig.recordings, T0 + IV_HOUR, TRUE, &never);
  g_assert_true(is_here(&rig, 0) && !is_here(&rig, 1));
  g_assert_cmpint(no_of(&rig, 1), !=, 0);
  rig_clear(&rig);
}

/* The disk of the archive is not mounted: nothing is written where it should be. */
static void test_not_mounted(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  add(&rig, 0, TRUE);
  work(&rig, T0 + IV_HOUR);
  g_autofree char *aside = g_strconcat(rig.away, ".mounted", NULL);
  g_assert_cmpint(g_rename(rig.away, aside), ==, 0);
  add(&rig, 1, TRUE);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_FAILED, 1, 1);
  g_assert_nonnull(strstr(stats_of(&rig).last_error, "mount its disk"));
  g_assert_false(g_file_test(rig.away, G_FILE_TEST_EXISTS));
  g_assert_cmpint(g_rename(aside, rig.away), ==, 0);
  work(&rig, T0 + IV_HOUR);
  assert_state(&rig, IV_ARCHIVER_IDLE, 0, 2);
  rig_clear(&rig);
}

/* One file that cannot be read does not keep the others. */
static void test_unreadable(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  for (guint i = 0; i < 3; i++)
    add(&rig, i, TRUE);
  g_autofree char *path = path_of(start_of(0));
  g_autofree char *full = g_build_filename(rig.folder, path, NULL);
  g_remove(full);
  IvArchiverMoment moment = {.now = T0 + IV_HOUR, .monotonic = g_get_monotonic_time() + IV_DAY};
  for (guint i = 0; i < 10; i++)
    iv_archiver_work(rig.archiver, &moment);
  g_assert_true(is_there(&rig, 1) && is_there(&rig, 2));
  g_assert_cmpuint(stats_of(&rig).skipped, ==, 1);
  rig_clear(&rig);
}

static void test_try(void) {
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  json_t *trial = iv_archiver_try(rig.archiver);
  g_assert_true(json_is_true(json_object_get(trial, "works")));
  g_assert_cmpuint(json_array_size(json_object_get(trial, "steps")), ==, 5);
  json_decref(trial);
  g_autofree char *mark = g_build_filename(rig.away, "inveye", ".inveye-archive", NULL);
  g_file_set_contents(mark, "somebody else's", -1, NULL);
  trial = iv_archiver_try(rig.archiver);
  g_assert_false(json_is_true(json_object_get(trial, "works")));
  const char *fault = json_string_value(
      json_object_get(json_array_get(json_object_get(trial, "steps"), 0), "fault"));
  g_assert_nonnull(strstr(fault, "another installation"));
  json_decref(trial);
  rig_clear(&rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  g_test_add_func("/archiver/all", test_all);
  g_test_add_func("/archiver/cut-before-the-row", test_cut_before_the_row);
  g_test_add_func("/archiver/after-and-hours", test_after_and_hours);
  g_test_add_func("/archiver/held-only", test_held_only);
  g_test_add_func("/archiver/cameras", test_cameras);
  g_test_add_func("/archiver/only-there", test_only_there);
  g_test_add_func("/archiver/retention", test_retention);
  g_test_add_func("/archiver/wrong-clock", test_wrong_clock);
  g_test_add_func("/archiver/away", test_away);
  g_test_add_func("/archiver/room", test_room);
  g_test_add_func("/archiver/not-mounted", test_not_mounted);
  g_test_add_func("/archiver/unreadable", test_unreadable);
  g_test_add_func("/archiver/try", test_try);
  return g_test_run();
}
