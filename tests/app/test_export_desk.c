/* SPDX-License-Identifier: Apache-2.0 */
/* Clips cut from real files of the recorder: what is held for them, what they hold, what is said
 * of what they lack, and what is left after trouble. */
#include "app/export_desk.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "app/recording_folder.h"
#include "base/clock.h"
#include "media/segment_file.h"
#include "recorded_film.h"
#include "store/ledger_fixture.h"

#define PATIENCE (60 * G_TIME_SPAN_SECOND)
#define OTHER_SIZE ((IvSize){352, 288})

/* Recorded once; of another size the second. */
static char *dir, *films[2];
static gint never;

/* ---- the rig ---- */

typedef struct {
  Fixture fixture;
  IvRecordingConfig config;
  IvRecordings *recordings;
  IvExportDesk *desk;
  IvTime t0; /* of the first file: an hour ago, as the clock says it */
  IvTime keep;
  double reserve_gb; /* of the desk alone */
} Rig;

static void rig_new(Rig *rig) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "Europe/Berlin");
  rig->config.folder = g_build_filename(rig->fixture.dir, "rec", NULL);
  rig->config.keep = 7 * IV_DAY;
  rig->t0 = (iv_clock_now() / IV_HOUR - 1) * IV_HOUR;
  rig->keep = IV_DAY;
}

/* As at a start of the program. */
static void rig_open(Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvRecordingsRepair repair;
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  rig->recordings = iv_recordings_new(&rig->config, "demo", rig->fixture.dir, rig->fixture.store);
  iv_recordings_open(rig->recordings, &repair, &error);
  g_assert_no_error(error);
}

static void rig_prepare(Rig *rig) {
  IvExportDeskOptions options = {.store = rig->fixture.store,
                                 .recordings = rig->recordings,
                                 .store_id = "demo",
                                 .time_zone = "Europe/Berlin",
                                 .keep = rig->keep,
                                 .reserve_gb = rig->reserve_gb};
  rig->desk = iv_export_desk_new(&options);
}

static void rig_start(Rig *rig) {
  rig_prepare(rig);
  iv_export_desk_start(rig->desk);
}

static void remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

static void rig_stop(Rig *rig) {
  g_clear_pointer(&rig->desk, iv_export_desk_free);
}

static void rig_clear(Rig *rig) {
  rig_stop(rig);
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  remove_all(rig->config.folder);
  g_free(rig->config.folder);
  fixture_tear_down(&rig->fixture);
}

static IvTime start_of(const Rig *rig, guint i) {
  return rig->t0 + (IvTime)i * FILM_LENGTH;
}

/* The i-th 5 s of the recordings are a film. */
static void put(const Rig *rig, guint i, const char *film) {
  g_autofree char *day = iv_segment_file_day(start_of(rig, i));
  g_autofree char *folder = g_build_filename(rig->config.folder, "door", day, NULL);
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", start_of(rig, i));
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_cmpint(link(film, path), ==, 0);
}

static void fill(Rig *rig, guint n) {
  for (guint i = 0; i < n; i++)
    put(rig, i, films[0]);
  rig_open(rig);
}

static guint n_files(const Rig *rig) {
  IvSegmentTotals totals;
  g_assert_true(iv_segments_totals(rig->fixture.store, "demo", &totals, NULL));
  return (guint)totals.n;
}

/* ---- the rows ---- */

typedef struct {
  IvExport *export;
  const char *text;
  gint64 no;
  gboolean fits;
} Job;

static gboolean add_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_exports_add(sql, "demo", ((Job *)arg)->export, error);
}

static gboolean remove_job(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_remove(sql, "demo", job->no, &job->fits, error);
}

static gboolean script_job(IvSql *sql, gpointer arg, GError **error) {
  return iv_sql_script(sql, ((Job *)arg)->text, error);
}

static void run(Rig *rig, IvStoreJob job, gpointer arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(rig->fixture.store, job, arg, &error);
  g_assert_no_error(error);
}

static gint64 ask(Rig *rig, IvTime from, IvTime to) {
  g_auto(IvExport) export = {
      .from = from, .to = to, .asked = iv_clock_now(), .asked_by = g_strdup("mia"), .part = 1};
  iv_slug_set(&export.camera_id, "door");
  run(rig, add_job, &(Job){.export = &export});
  if (rig->desk)
    iv_export_desk_wake(rig->desk);
  return export.no;
}

/* As the API does it. */
static void drop(Rig *rig, gint64 no) {
  Job job = {.no = no};
  run(rig, remove_job, &job);
  g_assert_true(job.fits);
  iv_export_desk_drop(rig->desk, no);
}

static gboolean get(Rig *rig, gint64 no, IvExport *ret_export) {
  g_autoptr(GError) error = NULL;
  gboolean found = iv_exports_get(rig->fixture.store, "demo", no, IV_TIME_NONE, ret_export, &error);
  g_assert_no_error(error);
  return found;
}

static IvExport wait_for(Rig *rig, gint64 no, IvExportState state) {
  for (gint64 until = g_get_monotonic_time() + PATIENCE;;) {
    IvExport export = {0};
    g_assert_true(get(rig, no, &export));
    if (export.state == state)
      return export;
    if (export.state == IV_EXPORT_FAILED)
      g_error("failed: %s", export.reason);
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    iv_export_clear(&export);
    g_usleep(2000); /* looks again, with the deadline above */
  }
}

static guint n_holds(Rig *rig) {
  g_autoptr(GError) error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(rig->fixture.store, IV_TIME_NONE, &error);
  IvStatement *st = iv_sql_statement(read.sql, "SELECT count(*) FROM segment_holds");
  g_assert_true(iv_step_row(st, &error));
  guint n = (guint)iv_column_int(st, 0);
  iv_statement_reset(st);
  return n;
}

/* ---- the files ---- */

static char *path_of(const Rig *rig, const char *name) {
  return g_build_filename(rig->config.folder, IV_EXPORT_FOLDER, name, NULL);
}

static gboolean is_there(const Rig *rig, gint64 no, const char *ending) {
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT "%s", no, ending);
  g_autofree char *path = path_of(rig, name);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The row says what is in the file. */
static void check_file(const Rig *rig, const IvExport *export) {
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", export->no);
  g_autofree char *path = path_of(rig, name), *bytes = NULL;
  gsize n = 0;
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guint8 *)bytes, n);
  g_assert_cmpstr(sum, ==, export->sha256);
  g_assert_cmpuint(n, ==, export->bytes);
  g_assert_cmpmem(bytes + 4, 4, "ftyp", 4);
  g_assert_false(is_there(rig, export->no, ".mp4.part"));
}

/* ---- what a clip holds ---- */

static void test_saved(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 8);
  rig_start(&rig);
  IvTime from = start_of(&rig, 2) + 700 * IV_MS, to = start_of(&rig, 4) + IV_SECOND;
  gint64 no = ask(&rig, from, to);
  g_auto(IvExport) done = wait_for(&rig, no, IV_EXPORT_DONE);
  check_file(&rig, &done);
  g_assert_cmpint(done.start, ==, start_of(&rig, 2) + IV_SECOND / 2); /* the keyframe before */
  g_assert_cmpint(ABS(done.end - to), <=, IV_SECOND / FILM_FPS);
  g_assert_null(done.gaps);
  g_assert_cmpstr(done.reason, ==, "");
  g_assert_cmpstr(done.asked_by, ==, "mia");
  g_assert_cmpint(ABS(done.expires - iv_clock_now() - IV_DAY), <, IV_MINUTE);
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  IvExportStats stats = {0}; /* it is counted once its row says so */
  for (gint64 until = g_get_monotonic_time() + PATIENCE; stats.done < 1;) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
    iv_export_desk_stats(rig.desk, &stats);
  }
  g_assert_cmpuint(stats.done_bytes, ==, done.bytes);
  int fd = iv_export_desk_open(rig.desk, no);
  g_assert_cmpint(fd, >=, 0);
  close(fd);
  drop(&rig, no);
  g_assert_false(is_there(&rig, no, ".mp4"));
  g_assert_cmpint(iv_export_desk_open(rig.desk, no), <, 0);
  rig_stop(&rig);
  rig_open(&rig); /* the folder is none of a camera */
  g_assert_cmpuint(n_files(&rig), ==, 8);
  rig_clear(&rig);
}

static void test_gaps(void) {
  Rig rig;
  rig_new(&rig);
  for (guint i = 1; i < 8; i++)
    if (i != 3)
      put(&rig, i, films[0]);
  rig_open(&rig);
  rig_start(&rig);
  g_auto(IvExport) done = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 10)), IV_EXPORT_DONE);
  check_file(&rig, &done);
  g_assert_cmpint(done.start, ==, start_of(&rig, 1));
  g_assert_cmpuint(done.gaps->len, ==, 3);
  static const guint expected[3][2] = {{0, 1}, {3, 4}, {8, 10}};
  for (guint i = 0; i < 3; i++) {
    const IvExportGap *gap = &g_array_index(done.gaps, IvExportGap, i);
    g_assert_cmpint(ABS(gap->start - start_of(&rig, expected[i][0])), <=, IV_SECOND / FILM_FPS);
    g_assert_cmpint(ABS(gap->end - start_of(&rig, expected[i][1])), <=, IV_SECOND / FILM_FPS);
  }
  rig_clear(&rig);
}

/* In the archive alone, or not there at all: told, and a gap. */
static void test_missing(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 6);
  g_autofree char *archived = g_strdup_printf(
      "UPDATE segments SET archive = 2, local = 0 WHERE start_ts = %" G_GINT64_FORMAT,
      start_of(&rig, 2));
  run(&rig, script_job, &(Job){.text = archived});
  for (guint i = 2; i < 5; i += 2) {
    g_autofree char *day = iv_segment_file_day(start_of(&rig, i));
    g_autofree char *path = g_strdup_printf("%s/door/%s/%" G_GINT64_FORMAT ".mp4",
                                            rig.config.folder, day, start_of(&rig, i));
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  rig_start(&rig);
  g_auto(IvExport) done = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 6)), IV_EXPORT_DONE);
  check_file(&rig, &done);
  g_assert_cmpuint(done.gaps->len, ==, 2);
  g_assert_nonnull(strstr(done.reason, "1 is missing: it is only in an archive"));
  g_assert_nonnull(strstr(done.reason, "1 is not on the disk"));
  g_auto(IvExport) none =
      wait_for(&rig, ask(&rig, start_of(&rig, 2), start_of(&rig, 3) - IV_SECOND), IV_EXPORT_FAILED);
  g_assert_nonnull(strstr(none.reason, "it is only in an archive"));
  g_auto(IvExport) never_was =
      wait_for(&rig, ask(&rig, start_of(&rig, 7), start_of(&rig, 8)), IV_EXPORT_FAILED);
  g_assert_nonnull(strstr(never_was.reason, "nothing was recorded"));
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  rig_clear(&rig);
}

/* What one file cannot hold goes on in another clip. */
static void test_other_kind(void) {
  Rig rig;
  rig_new(&rig);
  for (guint i = 0; i < 6; i++)
    put(&rig, i, films[i >= 2 && i < 4]);
  rig_open(&rig);
  rig_start(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, 6));
  for (guint part = 0; part < 3; part++) {
    g_auto(IvExport) done = wait_for(&rig, no + part, IV_EXPORT_DONE);
    check_file(&rig, &done);
    g_assert_cmpuint(done.part, ==, part + 1);
    g_assert_cmpint(done.start, ==, start_of(&rig, 2 * part));
    g_assert_cmpint(ABS(done.end - start_of(&rig, 2 * part + 2)), <=, IV_SECOND / FILM_FPS);
    g_assert_null(done.gaps);
    g_assert_cmpstr(done.asked_by, ==, "mia");
    g_autofree char *next = g_strdup_printf("they are in clip %d.", (int)no + (int)part + 1);
    g_assert_true(part == 2 ? done.reason[0] == '\0' : g_str_has_suffix(done.reason, next));
  }
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  rig_clear(&rig);
}

/* ---- what is held, and room ---- */

static void test_held(void) {
  Rig rig;
  rig_new(&rig);
  rig.config.keep = IV_HOUR;
  fill(&rig, 10);
  rig_start(&rig);
  IvTime later = start_of(&rig, 10) + 2 * IV_HOUR; /* all are too old */
  gint64 no = ask(&rig, start_of(&rig, 3), iv_clock_now() + IV_HOUR);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, later, TRUE, &never), ==, IV_ROOM_ENOUGH);
  g_assert_cmpuint(n_files(&rig), ==, 7); /* those that wait for their span to be over */
  g_auto(IvExport) waiting = {0};
  g_assert_true(get(&rig, no, &waiting));
  g_assert_cmpint(waiting.state, ==, IV_EXPORT_WAITING);
  g_auto(IvExport) done =
      wait_for(&rig, ask(&rig, start_of(&rig, 8), start_of(&rig, 9)), IV_EXPORT_DONE);
  drop(&rig, no);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, later, TRUE, &never), ==, IV_ROOM_ENOUGH);
  g_assert_cmpuint(n_files(&rig), ==, 0);
  check_file(&rig, &done); /* a saved clip is no recording */
  rig_clear(&rig);
}

static void test_no_room(void) {
  Rig rig;
  rig_new(&rig);
  rig.reserve_gb = 1e9;
  fill(&rig, 4);
  rig_start(&rig);
  g_auto(IvExport) failed = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 4)), IV_EXPORT_FAILED);
  g_assert_nonnull(strstr(failed.reason, "recording.reserve_gb"));
  g_assert_false(is_there(&rig, failed.no, ".mp4.part"));
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  iv_recordings_retain(rig.recordings, iv_clock_now(), FALSE, &never);
  g_assert_cmpuint(n_files(&rig), ==, 4); /* nothing gave way for it */
  rig_clear(&rig);
}

/* The oldest recordings give way for what is to be written, and no alarm says the disk is full. */
static void test_room_is_made(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 6);
  run(&rig, add_job,
      &(Job){.export = &(IvExport){.camera_id = {"door"},
                                   .from = start_of(&rig, 5),
                                   .to = start_of(&rig, 6),
                                   .asked_by = "mia",
                                   .part = 1}});
  iv_recordings_want_room(rig.recordings, G_MAXINT64 / 4);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, iv_clock_now(), FALSE, &never), ==,
                  IV_ROOM_MADE);
  g_assert_cmpuint(n_files(&rig), ==, 1); /* that of the clip */
  rig_clear(&rig);
}

/* ---- giving up, and trouble ---- */

#define MANY 1500 /* files: two hours, some 250 MB */

static void wait_until_it_is_cut(Rig *rig, gint64 no) {
  for (gint64 until = g_get_monotonic_time() + PATIENCE;
       iv_export_desk_progress(rig->desk, no) < 0.15;) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
  }
}

static void test_dropped(void) {
  Rig rig;
  rig_new(&rig);
  rig.t0 -= 3 * IV_HOUR;
  fill(&rig, MANY);
  rig_start(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, MANY));
  wait_until_it_is_cut(&rig, no);
  g_assert_true(is_there(&rig, no, ".mp4.part"));
  gint64 since = g_get_monotonic_time();
  drop(&rig, no);
  while (is_there(&rig, no, ".mp4.part") || iv_export_desk_progress(rig.desk, no) >= 0) {
    g_assert_cmpint(g_get_monotonic_time() - since, <, PATIENCE);
    g_usleep(1000); /* looks again, with the deadline above */
  }
  g_test_message("given up in %.0f ms", (double)(g_get_monotonic_time() - since) / 1e3);
  g_assert_false(is_there(&rig, no, ".mp4"));
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  g_auto(IvExport) next = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 1)), IV_EXPORT_DONE);
  check_file(&rig, &next); /* it goes on */
  IvExportStats stats;
  iv_export_desk_stats(rig.desk, &stats);
  g_assert_cmpuint(stats.dropped, ==, 1);
  g_assert_cmpuint(stats.failed, ==, 0);
  rig_clear(&rig);
}

/* The program ends while one is cut: at the next start it begins again. */
static void test_stopped(void) {
  Rig rig;
  rig_new(&rig);
  rig.t0 -= 3 * IV_HOUR;
  fill(&rig, MANY);
  rig_start(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, MANY));
  wait_until_it_is_cut(&rig, no);
  gint64 since = g_get_monotonic_time();
  rig_stop(&rig);
  g_test_message("stopped in %.0f ms", (double)(g_get_monotonic_time() - since) / 1e3);
  g_assert_false(is_there(&rig, no, ".mp4.part"));
  g_auto(IvExport) working = {0};
  g_assert_true(get(&rig, no, &working));
  g_assert_cmpint(working.state, ==, IV_EXPORT_WORKING);
  g_assert_cmpuint(n_holds(&rig), ==, MANY);
  since = g_get_monotonic_time();
  rig_start(&rig);
  g_auto(IvExport) done = wait_for(&rig, no, IV_EXPORT_DONE);
  g_test_message("%.0f MB cut in %.0f ms", (double)done.bytes / 1e6,
                 (double)(g_get_monotonic_time() - since) / 1e3);
  check_file(&rig, &done);
  rig_clear(&rig);
}

/* A killed process leaves files, and holds of what is not wanted any more. */
static void test_left_over(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 6);
  rig_start(&rig);
  g_auto(IvExport) kept = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 1)), IV_EXPORT_DONE);
  g_auto(IvExport) lost = wait_for(&rig, ask(&rig, rig.t0, start_of(&rig, 1)), IV_EXPORT_DONE);
  rig_stop(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, 3));
  static const char *const names[] = {"3.mp4", "3.mp4.part", "77.mp4", "notes.txt"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = path_of(&rig, names[i]);
    g_assert_true(g_file_set_contents(path, "half", -1, NULL));
  }
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", lost.no);
  g_autofree char *path = path_of(&rig, name), *others = path_of(&rig, "notes.txt");
  g_assert_cmpint(g_unlink(path), ==, 0);
  run(&rig, script_job,
      &(Job){.text = "UPDATE exports SET state = 'working' WHERE export_no = 3;"
                     "INSERT INTO segment_holds (segment_no, holder) SELECT segment_no, "
                     "'export:99' FROM segments"});
  g_assert_cmpint(no, ==, 3);
  rig_start(&rig);
  g_auto(IvExport) done = wait_for(&rig, no, IV_EXPORT_DONE);
  check_file(&rig, &done);
  check_file(&rig, &kept);
  g_assert_false(is_there(&rig, 77, ".mp4"));
  g_assert_true(g_file_test(others, G_FILE_TEST_EXISTS)); /* not ours */
  g_auto(IvExport) gone = wait_for(&rig, lost.no, IV_EXPORT_FAILED);
  g_assert_nonnull(strstr(gone.reason, "not on the disk"));
  g_assert_cmpuint(n_holds(&rig), ==, 0);
  rig_clear(&rig);
}

static void test_expires(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 3);
  rig_start(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, 1));
  g_auto(IvExport) done = wait_for(&rig, no, IV_EXPORT_DONE);
  rig_stop(&rig);
  rig_prepare(&rig); /* without its thread, which has times of its own */
  iv_export_desk_tidy(rig.desk, done.expires - 1, TRUE);
  iv_export_desk_tidy(rig.desk, done.expires + IV_DAY, FALSE); /* the clock may be wrong */
  g_assert_true(is_there(&rig, no, ".mp4"));
  iv_export_desk_tidy(rig.desk, done.expires, TRUE);
  g_assert_false(is_there(&rig, no, ".mp4"));
  g_auto(IvExport) expired = {0};
  g_assert_true(get(&rig, no, &expired));
  g_assert_cmpint(expired.state, ==, IV_EXPORT_EXPIRED);
  rig_clear(&rig);
}

/* The disk is not mounted: nothing is written into its place, and it waits. */
static void test_away(void) {
  Rig rig;
  rig_new(&rig);
  fill(&rig, 3);
  g_autofree char *elsewhere = g_strconcat(rig.config.folder, "-disk", NULL);
  g_assert_cmpint(g_rename(rig.config.folder, elsewhere), ==, 0);
  g_assert_cmpint(g_mkdir(rig.config.folder, 0700), ==, 0);
  rig_start(&rig);
  gint64 no = ask(&rig, rig.t0, start_of(&rig, 3));
  rig_stop(&rig); /* after a look at least */
  g_auto(IvExport) waiting = {0};
  g_assert_true(get(&rig, no, &waiting));
  g_assert_cmpint(waiting.state, ==, IV_EXPORT_WAITING);
  g_assert_cmpint(g_rmdir(rig.config.folder), ==, 0); /* it is empty */
  g_assert_cmpint(g_rename(elsewhere, rig.config.folder), ==, 0);
  rig_start(&rig);
  g_auto(IvExport) done = wait_for(&rig, no, IV_EXPORT_DONE);
  check_file(&rig, &done);
  rig_clear(&rig);
}

/* ---- the films ---- */

static void find_film(const IvSegmentNews *news, gpointer user_data) {
  if (news->closed)
    *(char **)user_data = g_build_filename(dir, news->path, NULL);
}

/* FALSE: no encoder. */
static gboolean make_films(void) {
  static const IvRecorderEvents events = {.on_segment = find_film};
  const IvSize sizes[2] = {FILM_SIZE, OTHER_SIZE};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *clip = g_build_filename(dir, "clip.mp4", NULL);
    if (!recorded_film_clip(clip, sizes[i]))
      return FALSE;
    recorded_film_record(dir, clip, sizes[i], (IvTime)(i + 1) * IV_DAY, &events, &films[i]);
  }
  return TRUE;
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warnings are part of it */
  dir = g_dir_make_tmp("inveye-exports-XXXXXX", NULL);
  if (!make_films()) {
    remove_all(dir);
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  g_test_add_func("/app/exports/saved", test_saved);
  g_test_add_func("/app/exports/gaps", test_gaps);
  g_test_add_func("/app/exports/missing", test_missing);
  g_test_add_func("/app/exports/other-kind", test_other_kind);
  g_test_add_func("/app/exports/held", test_held);
  g_test_add_func("/app/exports/no-room", test_no_room);
  g_test_add_func("/app/exports/room-is-made", test_room_is_made);
  g_test_add_func("/app/exports/dropped", test_dropped);
  g_test_add_func("/app/exports/stopped", test_stopped);
  g_test_add_func("/app/exports/left-over", test_left_over);
  g_test_add_func("/app/exports/expires", test_expires);
  g_test_add_func("/app/exports/away", test_away);
  int failed = g_test_run();
  remove_all(dir);
  g_free(films[0]);
  g_free(films[1]);
  g_free(dir);
  return failed;
}
