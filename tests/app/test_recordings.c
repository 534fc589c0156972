/* SPDX-License-Identifier: Apache-2.0 */
/* Real files of the recorder, a real database: what the index says after trouble, and what is
 * deleted. */
#include "app/recordings.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/recording_folder.h"
#include "media/segment_file.h"
#include "model/pieces.h"
#include "recorded_film.h"
#include "store/ledger_fixture.h"

#define T0 at("2026-03-29T10:00:00Z")

static char *dir, *film; /* a recorded file, made once */
static gsize film_bytes;
static gint never;

/* ---- the rig ---- */

typedef struct {
  Fixture fixture;
  IvRecordingConfig config;
  IvRecordings *recordings;
  IvRecordingsRepair repair;
} Rig;

static void rig_new(Rig *rig) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "UTC");
  rig->config.folder = g_build_filename(rig->fixture.dir, "rec", NULL);
  rig->config.keep = 7 * IV_DAY;
}

/* As at a start of the program. */
static gboolean try_open(Rig *rig, GError **error) {
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  rig->recordings = iv_recordings_new(&rig->config, "demo", rig->fixture.dir, rig->fixture.store);
  return iv_recordings_open(rig->recordings, &rig->repair, error);
}

static void rig_open(Rig *rig) {
  g_autoptr(GError) error = NULL;
  try_open(rig, &error);
  g_assert_no_error(error);
}

static void remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

static void rig_clear(Rig *rig) {
  g_clear_pointer(&rig->recordings, iv_recordings_free);
  remove_all(rig->config.folder);
  g_free(rig->config.folder);
  fixture_tear_down(&rig->fixture);
}

static char *name_of(const char *camera, IvTime start) {
  g_autofree char *day = iv_segment_file_day(start);
  return g_strdup_printf("%s/%s/%" G_GINT64_FORMAT ".mp4", camera, day, start);
}

/* The film's first `n` bytes under this name; its whole path. */
static char *put_file(const Rig *rig, const char *name, gsize n) {
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  char *path = g_build_filename(rig->config.folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_file_get_contents(film, &bytes, NULL, &error);
  g_assert_no_error(error);
  g_file_set_contents(path, bytes, (gssize)MIN(n, film_bytes), &error);
  g_assert_no_error(error);
  return path;
}

static char *put_own(const Rig *rig, IvTime start, gsize n) {
  g_autofree char *name = name_of("door", start);
  return put_file(rig, name, n);
}

static void add_own(const Rig *rig, IvTime start) {
  g_free(put_own(rig, start, film_bytes));
}

static gsize size_of(const char *path) {
  GStatBuf file;
  return g_stat(path, &file) == 0 ? (gsize)file.st_size : 0;
}

static GArray *rows(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSegmentQuery query = {.camera_id = "door",
                          .from = 0,
                          .to = G_MAXINT64 / 2,
                          .after = IV_TIME_NONE,
                          .with_pieces = TRUE,
                          .limit = 1000};
  GArray *found = iv_segments_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return found;
}

static guint n_rows(const Rig *rig) {
  g_autoptr(GArray) found = rows(rig);
  return found->len;
}

/* ---- what the index says ---- */

/* Every piece begins where a fragment does. */
static void check_pieces(const Rig *rig, const IvSegment *segment) {
  gsize n;
  const void *packed = g_bytes_get_data(segment->pieces, &n);
  g_autoptr(GArray) pieces = iv_pieces_unpack(packed, n);
  g_assert_nonnull(pieces);
  g_assert_cmpuint(pieces->len, ==, 2); /* 5 s in pieces of 4 s or more */
  g_assert_cmpuint(g_array_index(pieces, IvPiece, 0).offset, ==, segment->init_bytes);
  for (guint i = 0; i < pieces->len; i++) {
    const IvPiece *piece = &g_array_index(pieces, IvPiece, i);
    char head[8];
    int fd = iv_recordings_open_file(rig->recordings, segment->path);
    g_assert_cmpint(pread(fd, head, sizeof head, (off_t)piece->offset), ==, sizeof head);
    g_assert_cmpint(memcmp(head + 4, "moof", 4), ==, 0);
    close(fd);
  }
}

static void test_adopted(void) {
  Rig rig;
  rig_new(&rig);
  add_own(&rig, T0);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.adopted, ==, 1);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 1);
  const IvSegment *segment = &g_array_index(found, IvSegment, 0);
  g_assert_cmpint(segment->start, ==, T0);
  g_assert_cmpint(segment->end, ==, T0 + 5 * IV_SECOND);
  g_assert_cmpint(segment->length, ==, 5 * IV_SECOND);
  g_assert_cmpstr(segment->codec, ==, "H.264");
  g_assert_cmpint(segment->size.width, ==, 320);
  g_assert_cmpint(segment->size.height, ==, 240);
  g_assert_cmpuint(segment->bytes, ==, film_bytes);
  g_assert_true(segment->closed);
  check_pieces(&rig, segment);
  rig_open(&rig); /* nothing more to do */
  g_assert_cmpuint(rig.repair.adopted, ==, 0);
  rig_clear(&rig);
}

/* What a power cut leaves: a torn end, a file without a picture, a growing row. */
static void test_torn(void) {
  Rig rig;
  rig_new(&rig);
  g_autofree char *torn = put_own(&rig, T0, film_bytes - 100);
  g_autofree char *begun = put_own(&rig, T0 + IV_MINUTE, 300);
  g_autofree char *nothing = put_own(&rig, T0 + 2 * IV_MINUTE, 0);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.cut, ==, 1);
  g_assert_cmpuint(rig.repair.empty, ==, 2);
  g_assert_cmpuint(size_of(torn), <, film_bytes - 100);
  g_assert_false(g_file_test(begun, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(nothing, G_FILE_TEST_EXISTS));
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 1);
  g_assert_cmpuint(g_array_index(found, IvSegment, 0).bytes, ==, size_of(torn));
  g_assert_cmpint(g_array_index(found, IvSegment, 0).length, ==, 4500 * IV_MS);
  g_assert_cmpint(truncate(torn, (off_t)(size_of(torn) / 2)), ==, 0); /* by a repair of the disk */
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.cut, ==, 1);
  g_autoptr(GArray) shorter = rows(&rig);
  g_assert_cmpuint(g_array_index(shorter, IvSegment, 0).bytes, ==, size_of(torn));
  rig_clear(&rig);
}

/* Damage is not cut away: somebody may still read what is behind it. */
static void test_damaged(void) {
  Rig rig;
  rig_new(&rig);
  g_autofree char *path = put_own(&rig, T0, film_bytes);
  int fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) scan = {0};
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  const IvMp4Fragment *fourth = &g_array_index(scan.fragments, IvMp4Fragment, 3);
  g_assert_cmpint(pwrite(fd, "\0\0\0\0", 4, (off_t)fourth->offset), ==, 4);
  close(fd);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.damaged, ==, 1);
  g_assert_cmpuint(rig.repair.cut, ==, 0);
  g_assert_cmpuint(size_of(path), ==, film_bytes);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(g_array_index(found, IvSegment, 0).bytes, ==, fourth->offset);
  g_assert_cmpint(g_array_index(found, IvSegment, 0).length, ==, 1500 * IV_MS);
  rig_clear(&rig);
}

/* Only files with names as we give them are looked at, and none that holds pictures is deleted. */
static void test_others_files(void) {
  static const char *const names[] = {
      "door/20260329/5 holidays.mp4",         "door/20260329/12.mp4",
      "door/holiday/1774778400000000.mp4",    "door/20260330/1774778400000000.mp4",
      "door/20260329/1774778400000000ab.mp4", "door/20260329/1774778400000000.mp4.part",
      "Door/20260329/1774778400000000.mp4",   "door/20260329/01774778400000000.mp4"};
  Rig rig;
  rig_new(&rig);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_ptr_array_add(paths, put_file(&rig, names[i], 100)); /* would be deleted if it were ours */
  g_autofree char *strange = put_own(&rig, T0 + IV_MINUTE, 100);
  g_file_set_contents(strange, "\0\0\0\14ftypisom\0\0\0\14mdat1234\0\0\0\10moov", 32, NULL);
  g_autofree char *text = put_own(&rig, T0 + 2 * IV_MINUTE, 100);
  g_file_set_contents(text, "no film at all", -1, NULL);
  g_autofree char *unknown = put_file(&rig, "gone/20260329/1774778400000000.mp4", film_bytes);
  rig_open(&rig);
  for (guint i = 0; i < paths->len; i++)
    g_assert_cmpuint(size_of(paths->pdata[i]), ==, 100);
  g_assert_cmpuint(rig.repair.aside, ==, 2);
  g_autofree char *aside = g_strconcat(strange, ".bad", NULL);
  g_assert_cmpuint(size_of(aside), ==, 32);
  g_assert_false(g_file_test(strange, G_FILE_TEST_EXISTS));
  g_assert_cmpuint(size_of(unknown), ==, film_bytes); /* of a camera that is not known */
  g_assert_cmpuint(rig.repair.left, ==, 1);
  g_assert_cmpuint(rig.repair.adopted, ==, 0);
  g_assert_cmpuint(n_rows(&rig), ==, 0);
  rig_clear(&rig);
}

/* ---- the folder ---- */

typedef struct {
  IvTime from, to;
} Span;

static gboolean hold(IvSql *sql, gpointer arg, GError **error) {
  const Span *span = arg;
  return iv_segments_hold(sql, "demo", "door", span->from, span->to, "evidence:7", NULL, error);
}

static void hold_span(Rig *rig, IvTime from, IvTime to) {
  g_autoptr(GError) error = NULL;
  Span span = {from, to};
  iv_store_write(rig->fixture.store, hold, &span, &error);
  g_assert_no_error(error);
}

/* A disk that is not mounted costs no row. */
static void test_away(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  add_own(&rig, T0);
  add_own(&rig, T0 + IV_MINUTE);
  rig_open(&rig);
  hold_span(&rig, T0, T0 + 1);
  g_autofree char *elsewhere = g_strconcat(rig.config.folder, "-disk", NULL);
  g_assert_cmpint(g_rename(rig.config.folder, elsewhere), ==, 0);
  g_assert_false(try_open(&rig, &error));
  g_assert_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_AWAY);
  g_clear_error(&error);
  g_assert_false(g_file_test(rig.config.folder, G_FILE_TEST_EXISTS)); /* nor is it made */
  g_assert_cmpint(g_mkdir(rig.config.folder, 0700), ==, 0);           /* the empty mount point */
  g_assert_false(try_open(&rig, &error));
  g_assert_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_AWAY);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, T0 + IV_DAY, TRUE, &never), ==,
                  IV_ROOM_UNKNOWN);
  g_assert_cmpuint(n_rows(&rig), ==, 2);
  g_assert_cmpint(g_rmdir(rig.config.folder), ==, 0);
  g_assert_cmpint(g_rename(elsewhere, rig.config.folder), ==, 0);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.gone, ==, 0);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 2);
  g_assert_true(g_array_index(found, IvSegment, 0).held);
  rig_clear(&rig);
}

/* Unmounted while it runs: nothing is taken for deleted. */
static void test_unmounted_meanwhile(void) {
  Rig rig;
  rig_new(&rig);
  g_autofree char *path = put_own(&rig, T0, film_bytes);
  rig_open(&rig);
  g_autofree char *mark = g_build_filename(rig.config.folder, IV_RECORDING_MARK, NULL);
  g_assert_cmpint(g_unlink(mark), ==, 0);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, T0 + IV_DAY * 30, TRUE, &never), ==,
                  IV_ROOM_UNKNOWN);
  g_assert_cmpuint(size_of(path), ==, film_bytes);
  g_assert_cmpuint(n_rows(&rig), ==, 1);
  rig_clear(&rig);
}

/* A new, empty disk is taken when the user says so; what was held and is gone stays known. */
static void test_new_disk(void) {
  Rig rig;
  rig_new(&rig);
  add_own(&rig, T0);
  add_own(&rig, T0 + IV_MINUTE);
  rig_open(&rig);
  hold_span(&rig, T0, T0 + 1);
  remove_all(rig.config.folder);
  g_assert_cmpint(g_mkdir(rig.config.folder, 0700), ==, 0);
  g_autofree char *mark = g_build_filename(rig.config.folder, IV_RECORDING_MARK, NULL);
  g_file_set_contents(mark, "new\n", -1, NULL);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.gone, ==, 2);
  g_assert_cmpuint(rig.repair.lost, ==, 1);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 1);
  g_assert_true(g_array_index(found, IvSegment, 0).held);
  rig_open(&rig); /* it is ours now */
  rig_clear(&rig);
}

static void test_others_folder(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig);
  g_autofree char *path = put_own(&rig, T0, film_bytes);
  g_autofree char *mark = g_build_filename(rig.config.folder, IV_RECORDING_MARK, NULL);
  g_file_set_contents(mark, "somebody else", -1, NULL);
  g_assert_false(try_open(&rig, &error));
  g_assert_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_OTHERS);
  g_assert_cmpuint(size_of(path), ==, film_bytes);
  g_assert_cmpuint(n_rows(&rig), ==, 0);
  rig_clear(&rig);
}

/* ---- room ---- */

static void fill(Rig *rig, guint n, GPtrArray *paths) {
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(paths, put_own(rig, T0 + (IvTime)i * IV_MINUTE, film_bytes));
  rig_open(rig);
  g_assert_cmpuint(n_rows(rig), ==, n);
}

static guint n_there(const GPtrArray *paths) {
  guint n = 0;
  for (guint i = 0; i < paths->len; i++)
    n += g_file_test(paths->pdata[i], G_FILE_TEST_EXISTS);
  return n;
}

static void test_keep(void) {
  Rig rig;
  rig_new(&rig);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  fill(&rig, 10, paths);
  hold_span(&rig, T0 + IV_MINUTE, T0 + IV_MINUTE + 1);
  IvTime now = T0 + rig.config.keep + 5 * IV_MINUTE;
  g_assert_cmpint(iv_recordings_retain(rig.recordings, now, FALSE, &never), ==, IV_ROOM_ENOUGH);
  g_assert_cmpuint(n_there(paths), ==, 10); /* the clock may be wrong */
  g_assert_cmpint(iv_recordings_retain(rig.recordings, now, TRUE, &never), ==, IV_ROOM_ENOUGH);
  g_assert_cmpuint(n_there(paths), ==, 6); /* 5 are too old, one of them is held */
  g_assert_true(g_file_test(paths->pdata[1], G_FILE_TEST_EXISTS));
  g_assert_cmpuint(n_rows(&rig), ==, 6);
  IvRecordingsStats stats;
  iv_recordings_stats(rig.recordings, &stats);
  g_assert_cmpuint(stats.deleted, ==, 4);
  g_assert_cmpuint(stats.deleted_bytes, ==, 4 * film_bytes);
  g_assert_cmpuint(stats.shortened, ==, 0);
  rig_clear(&rig);
}

static void test_keep_gb(void) {
  Rig rig;
  rig_new(&rig);
  rig.config.keep_gb = 3.5 * (double)film_bytes / 1e9;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  fill(&rig, 10, paths);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, T0 + IV_HOUR, FALSE, &never), ==,
                  IV_ROOM_ENOUGH); /* as configured: no alarm */
  g_assert_cmpuint(n_there(paths), ==, 3);
  g_assert_true(g_file_test(paths->pdata[9], G_FILE_TEST_EXISTS)); /* the newest */
  rig_clear(&rig);
}

/* Others fill the disk: everything goes but what is held, and that is told. */
static void test_reserve(void) {
  Rig rig;
  rig_new(&rig);
  struct statvfs disk;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  fill(&rig, 10, paths);
  hold_span(&rig, T0, T0 + 1);
  g_assert_cmpint(statvfs(rig.config.folder, &disk), ==, 0);
  g_clear_pointer(&rig.recordings, iv_recordings_free);
  rig.config.reserve_gb = 2 * (double)disk.f_bavail * (double)disk.f_frsize / 1e9;
  rig_open(&rig);
  g_assert_cmpint(iv_recordings_retain(rig.recordings, T0 + IV_HOUR, FALSE, &never), ==,
                  IV_ROOM_NONE);
  g_assert_cmpuint(n_there(paths), ==, 1);
  g_assert_true(g_file_test(paths->pdata[0], G_FILE_TEST_EXISTS));
  IvRecordingsStats stats;
  iv_recordings_stats(rig.recordings, &stats);
  g_assert_cmpuint(stats.shortened, ==, 9);
  rig_clear(&rig);
}

/* What cannot be deleted stays in the index, is tried again, and does not keep others from going.
 */
static void test_not_deletable(void) {
  Rig rig;
  rig_new(&rig);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  fill(&rig, 3, paths);
  g_assert_cmpint(g_unlink(paths->pdata[0]), ==, 0);
  g_assert_cmpint(g_mkdir(paths->pdata[0], 0700), ==, 0); /* no file any more: unlink fails */
  IvTime now = T0 + rig.config.keep + IV_DAY;
  IvRecordingsStats stats;
  for (guint i = 1; i <= 2; i++) {
    iv_recordings_retain(rig.recordings, now, TRUE, &never);
    iv_recordings_stats(rig.recordings, &stats);
    g_assert_cmpuint(stats.deleted, ==, 2);
    g_assert_cmpuint(stats.errors, >=, i);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) all = iv_segments_all(rig.fixture.store, "demo", &error);
  g_assert_cmpuint(all->len, ==, 1);
  g_assert_cmpint(g_rmdir(paths->pdata[0]), ==, 0);
  iv_recordings_retain(rig.recordings, now, TRUE, &never);
  g_autoptr(GArray) none = iv_segments_all(rig.fixture.store, "demo", &error);
  g_assert_cmpuint(none->len, ==, 0);
  rig_clear(&rig);
}

/* ---- the recorder's news ---- */

static void on_segment(const IvSegmentNews *news, gpointer user_data) {
  IvSlug camera = {"door"};
  iv_recordings_note(user_data, &camera, news);
}

static char *clip_path;

/* What the recorder tells is what a scan of the file finds. */
static void test_news(void) {
  static const IvRecorderEvents events = {.on_segment = on_segment};
  Rig rig;
  rig_new(&rig);
  rig_open(&rig);
  recorded_film_record(rig.config.folder, clip_path, FILM_SIZE, T0, &events, rig.recordings);
  g_autoptr(GArray) told = rows(&rig);
  g_assert_cmpuint(told->len, ==, 1);
  const IvSegment *a = &g_array_index(told, IvSegment, 0);
  check_pieces(&rig, a);
  g_autofree char *elsewhere = g_strconcat(rig.fixture.dir, "/kept.mp4", NULL);
  g_autofree char *path = g_build_filename(rig.config.folder, a->path, NULL);
  g_assert_cmpint(g_rename(path, elsewhere), ==, 0);
  rig_open(&rig);
  g_assert_cmpuint(rig.repair.gone, ==, 1);
  g_assert_cmpint(g_rename(elsewhere, path), ==, 0);
  rig_open(&rig);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 1);
  const IvSegment *b = &g_array_index(found, IvSegment, 0);
  g_assert_cmpstr(a->path, ==, b->path);
  g_assert_cmpint(a->start, ==, b->start);
  g_assert_cmpint(a->end, ==, b->end);
  g_assert_cmpint(a->length, ==, b->length);
  g_assert_cmpuint(a->bytes, ==, b->bytes);
  g_assert_cmpuint(a->init_bytes, ==, b->init_bytes);
  g_assert_cmpstr(a->codec, ==, b->codec);
  g_assert_true(g_bytes_equal(a->pieces, b->pieces));
  rig_clear(&rig);
}

static void find_film(const IvSegmentNews *news, gpointer user_data) {
  if (news->closed)
    film = g_build_filename(user_data, news->path, NULL);
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warnings are part of it */
  dir = g_dir_make_tmp("inveye-recordings-XXXXXX", NULL);
  clip_path = g_build_filename(dir, "clip.mp4", NULL);
  if (!recorded_film_clip(clip_path, FILM_SIZE)) {
    remove_all(dir);
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  recorded_film_record(dir, clip_path, FILM_SIZE, T0, &(IvRecorderEvents){.on_segment = find_film},
                       dir);
  film_bytes = size_of(film);
  g_test_add_func("/app/recordings/adopted", test_adopted);
  g_test_add_func("/app/recordings/torn", test_torn);
  g_test_add_func("/app/recordings/damaged", test_damaged);
  g_test_add_func("/app/recordings/others-files", test_others_files);
  g_test_add_func("/app/recordings/away", test_away);
  g_test_add_func("/app/recordings/unmounted-meanwhile", test_unmounted_meanwhile);
  g_test_add_func("/app/recordings/new-disk", test_new_disk);
  g_test_add_func("/app/recordings/others-folder", test_others_folder);
  g_test_add_func("/app/recordings/keep", test_keep);
  g_test_add_func("/app/recordings/keep-gb", test_keep_gb);
  g_test_add_func("/app/recordings/reserve", test_reserve);
  g_test_add_func("/app/recordings/not-deletable", test_not_deletable);
  g_test_add_func("/app/recordings/news", test_news);
  int failed = g_test_run();
  remove_all(dir);
  g_free(film);
  g_free(clip_path);
  g_free(dir);
  return failed;
}
