/* SPDX-License-Identifier: Apache-2.0 */
/* The list of an archive made again: a folder as another installation has left it, real files in
 * it, and a database that knows nothing of them. */
#include "app/archiver_adopt.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "app/recordings.h"
#include "media/clip.h"
#include "media/segment_file.h"
#include "model/pieces.h"
#include "store/ledger_fixture.h"

#define T0 at("2026-03-29T10:00:00Z")
#define LENGTH (5 * IV_SECOND) /* of the film */

static char *film; /* a fragmented MP4 file */
static gsize film_bytes;

typedef struct {
  Fixture fixture;
  IvRecordingConfig recording;
  IvArchiveConfig archive;
  IvRecordings *recordings;
  IvArchiver *archiver;
  char *away, *theirs; /* the archive's folder, and what is the store's in it */
} Rig;

static void remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

static void put(const char *folder, const char *name, const char *bytes, gsize n) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
}

static void rig_new(Rig *rig, const char *mark) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "UTC");
  rig->away = g_build_filename(rig->fixture.dir, "archive", NULL);
  rig->theirs = g_build_filename(rig->away, "inveye", "demo", NULL);
  rig->recording = (IvRecordingConfig){.keep = 7 * IV_DAY};
  rig->archive = (IvArchiveConfig){.target = IV_ARCHIVE_FOLDER,
                                   .folder = rig->away,
                                   .prefix = "inveye",
                                   .recordings = IV_ARCHIVE_RECORDINGS_ALL,
                                   .keep_local = TRUE,
                                   .keep = 30 * IV_DAY};
  if (mark)
    put(rig->away, "inveye/" IV_ARCHIVE_MARK, mark, strlen(mark));
  rig->recordings =
      iv_recordings_new(&rig->recording, "demo", rig->fixture.dir, rig->fixture.store);
  IvArchiverOptions options = {.config = &rig->archive,
                               .store_id = "demo",
                               .time_zone = "UTC",
                               .data_dir = rig->fixture.dir,
                               .store = rig->fixture.store,
                               .recordings = rig->recordings};
  rig->archiver = iv_archiver_new(&options);
}

static void rig_clear(Rig *rig) {
  iv_archiver_free(rig->archiver);
  iv_recordings_free(rig->recordings);
  remove_all(rig->away);
  g_free(rig->away);
  g_free(rig->theirs);
  fixture_tear_down(&rig->fixture);
}

/* `n` bytes of the film, as a recording of the archive. */
static void leave(const Rig *rig, const char *camera, IvTime start, gsize n) {
  g_autofree char *bytes = NULL, *day = iv_segment_file_day(start);
  g_autofree char *name =
      g_strdup_printf("recordings/%s/%s/%" G_GINT64_FORMAT ".mp4", camera, day, start);
  g_assert_true(g_file_get_contents(film, &bytes, NULL, NULL));
  put(rig->theirs, name, bytes, n);
}

static IvAdoptSums adopt(const Rig *rig, IvTime now) {
  IvAdoptSums sums;
  g_autoptr(GError) error = NULL;
  iv_archiver_adopt(rig->archiver, now, NULL, &sums, &error);
  g_assert_no_error(error);
  return sums;
}

static GArray *rows(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSegmentQuery query = {.camera_id = "door",
                          .to = G_MAXINT64 / 2,
                          .after = IV_TIME_NONE,
                          .with_pieces = TRUE,
                          .limit = 1000};
  GArray *found = iv_segments_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return found;
}

static IvTime tick; /* each look comes late enough for everything */

static void work(Rig *rig, IvTime now) {
  IvArchiverMoment moment = {.now = now, .now_is_right = TRUE};
  for (guint i = 0; i < 10; i++) {
    moment.monotonic = g_get_monotonic_time() + (tick += IV_DAY);
    iv_archiver_work(rig->archiver, &moment);
  }
}

static void test_recordings(void) {
  Rig rig;
  rig_new(&rig, "theirs\n");
  for (guint i = 0; i < 100; i++) /* more than are read in a go */
    leave(&rig, "door", T0 + i * IV_MINUTE, film_bytes);
  IvAdoptSums sums = adopt(&rig, T0 + IV_DAY);
  g_assert_cmpuint(sums.files, ==, 100);
  g_assert_cmpuint(sums.added, ==, 100);
  g_assert_cmpuint(sums.old, ==, 0);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 100);
  const IvSegment *row = &g_array_index(found, IvSegment, 7);
  g_assert_cmpint(row->start, ==, T0 + 7 * IV_MINUTE);
  g_assert_cmpint(row->end, ==, row->start + LENGTH);
  g_assert_cmpstr(row->codec, ==, "H.264");
  g_assert_cmpint(row->size.width, ==, 320);
  g_assert_cmpuint(row->bytes, <=, film_bytes);
  g_assert_true(row->archived && !row->local && row->closed && !row->held);
  gsize n;
  const void *packed = g_bytes_get_data(row->pieces, &n);
  g_autoptr(GArray) pieces = iv_pieces_unpack(packed, n);
  g_assert_cmpuint(pieces->len, >=, 1);
  g_assert_cmpuint(g_array_index(pieces, IvPiece, 0).offset, ==, row->init_bytes);
  IvAdoptSums again = adopt(&rig, T0 + IV_DAY);
  g_assert_cmpuint(again.added, ==, 0);
  g_assert_cmpuint(again.known, ==, 100);
  g_assert_cmpuint(again.bytes_read, ==, 0);
  work(&rig, T0 + IV_DAY); /* it is the store's archive now */
  IvArchiverStats stats;
  iv_archiver_stats(rig.archiver, &stats);
  g_assert_cmpstr(stats.last_error, ==, "");
  g_assert_cmpuint(stats.totals.only_there, ==, 100);
  work(&rig, T0 + 31 * IV_DAY); /* and is kept as long as it is to be */
  g_autoptr(GArray) none = rows(&rig);
  g_assert_cmpuint(none->len, ==, 0);
  rig_clear(&rig);
}

/* What cannot be understood is left alone, and keeps nothing back. */
static void test_strange_files(void) {
  Rig rig;
  rig_new(&rig, "theirs\n");
  leave(&rig, "door", T0, film_bytes);
  leave(&rig, "door", T0 + IV_MINUTE, film_bytes - 100); /* torn */
  leave(&rig, "door", T0 + 2 * IV_MINUTE, 300);          /* without a picture */
  leave(&rig, "door", T0 + 3 * IV_MINUTE, 0);
  leave(&rig, "garden", T0, film_bytes); /* not in the configuration */
  put(rig.theirs, "recordings/door/notes.txt", "mine", 4);
  put(rig.theirs, "recordings/door/2026-03-29/1774778999000000.mp4", "no film", 7);
  put(rig.theirs, "snapshots/2026-03-29/100000.000-door-00000000.jpg", "x", 1);
  put(rig.theirs, "evidence/7-1774778400000000.zip", "no bundle", 9);
  IvAdoptSums sums = adopt(&rig, T0 + IV_DAY);
  g_assert_cmpuint(sums.added, ==, 2);
  g_assert_cmpuint(sums.strange, ==, 1);
  g_assert_cmpuint(sums.unreadable, ==, 4);
  g_assert_cmpuint(sums.done, ==, sums.files);
  g_assert_cmpuint(sums.pictures, ==, 1);
  g_assert_cmpuint(sums.cases, ==, 0);
  g_assert_cmpuint(sums.cases_unreadable, ==, 1);
  g_autoptr(GArray) found = rows(&rig);
  g_assert_cmpuint(found->len, ==, 2);
  g_assert_cmpuint(g_array_index(found, IvSegment, 1).bytes, <, film_bytes - 100);
  rig_clear(&rig);
}

/* What is too old was held by somebody: it is not deleted before that is wished. */
static void test_old(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig, "theirs\n");
  leave(&rig, "door", T0, film_bytes);
  leave(&rig, "door", T0 + 20 * IV_DAY, film_bytes);
  IvAdoptSums sums = adopt(&rig, T0 + 40 * IV_DAY);
  g_assert_cmpuint(sums.added, ==, 2);
  g_assert_cmpuint(sums.old, ==, 1);
  work(&rig, T0 + 40 * IV_DAY);
  g_autoptr(GArray) kept = rows(&rig);
  g_assert_cmpuint(kept->len, ==, 2);
  g_assert_true(g_array_index(kept, IvSegment, 0).held);
  iv_archiver_adopt_let_go(rig.archiver, &error);
  g_assert_no_error(error);
  work(&rig, T0 + 40 * IV_DAY);
  g_autoptr(GArray) left = rows(&rig);
  g_assert_cmpuint(left->len, ==, 1);
  rig_clear(&rig);
}

static gboolean put_row(IvSql *sql, gpointer segment, GError **error) {
  return iv_segments_put(sql, "demo", segment, error);
}

/* What is on this disk too is only noted as archived, if it is as long. */
static void test_here_too(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig, "theirs\n");
  for (guint i = 0; i < 2; i++) {
    IvTime start = T0 + i * IV_MINUTE;
    g_autofree char *day = iv_segment_file_day(start);
    g_auto(IvSegment)
        segment = {.path = g_strdup_printf("door/%s/%" G_GINT64_FORMAT ".mp4", day, start),
                   .start = start,
                   .end = start + LENGTH,
                   .length = LENGTH,
                   .codec = "H.264",
                   .bytes = film_bytes + i,
                   .init_bytes = 100,
                   .closed = TRUE};
    iv_slug_set(&segment.camera_id, "door");
    leave(&rig, "door", start, film_bytes);
    iv_store_write(rig.fixture.store, put_row, &segment, &error);
    g_assert_no_error(error);
  }
  IvAdoptSums sums = adopt(&rig, T0 + IV_DAY);
  g_assert_cmpuint(sums.added, ==, 0);
  g_assert_cmpuint(sums.known, ==, 2);
  g_autoptr(GArray) found = rows(&rig);
  const IvSegment *same = &g_array_index(found, IvSegment, 0);
  const IvSegment *other = &g_array_index(found, IvSegment, 1);
  g_assert_true(same->local && same->archived && other->local && !other->archived);
  rig_clear(&rig);
}

static void refuse(const char *mark, const char *word) {
  Rig rig;
  IvAdoptSums sums;
  g_autoptr(GError) error = NULL;
  rig_new(&rig, mark);
  g_assert_false(iv_archiver_adopt(rig.archiver, T0, NULL, &sums, &error));
  g_assert_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_AWAY);
  g_assert_nonnull(strstr(error->message, word));
  rig_clear(&rig);
}

static void test_whose(void) {
  refuse(NULL, "there is no archive");
  Rig rig;
  rig_new(&rig, "theirs\n");
  leave(&rig, "door", T0, film_bytes);
  adopt(&rig, T0 + IV_DAY);
  put(rig.away, "inveye/" IV_ARCHIVE_MARK, "a third one's", 13); /* another disk is there now */
  IvAdoptSums sums;
  g_autoptr(GError) error = NULL;
  g_assert_false(iv_archiver_adopt(rig.archiver, T0, NULL, &sums, &error));
  g_assert_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_AWAY);
  g_assert_nonnull(strstr(error->message, "another archive"));
  rig_clear(&rig);
}

static gboolean stop_soon(IvAdoptStep step, const IvAdoptSums *sums, gpointer unused) {
  (void)unused;
  return step != IV_ADOPT_READING || sums->done < 40;
}

/* Stopped on the way, it goes on where it was. */
static void test_stopped(void) {
  Rig rig;
  IvAdoptSums sums;
  IvAdoptListener listener = {stop_soon, NULL};
  g_autoptr(GError) error = NULL;
  rig_new(&rig, "theirs\n");
  for (guint i = 0; i < 60; i++)
    leave(&rig, "door", T0 + i * IV_MINUTE, film_bytes);
  g_assert_false(iv_archiver_adopt(rig.archiver, T0 + IV_DAY, &listener, &sums, &error));
  g_assert_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED);
  guint64 first = sums.added;
  g_assert_true(first > 0 && first < 60);
  sums = adopt(&rig, T0 + IV_DAY);
  g_assert_cmpuint(sums.known, ==, first);
  g_assert_cmpuint(sums.added, ==, 60 - first);
  rig_clear(&rig);
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warnings are part of it */
  char *dir = g_dir_make_tmp("inveye-adopt-XXXXXX", NULL);
  film = g_build_filename(dir, "film.mp4", NULL);
  ClipSpec spec = {.size = {320, 240},
                   .fps = 20,
                   .n = 100,
                   .gop = 10,
                   .muxer = "h264parse ! mp4mux fragment-duration=500"};
  g_autofree char *bytes = NULL;
  if (!clip_write(film, &spec) || !g_file_get_contents(film, &bytes, &film_bytes, NULL)) {
    remove_all(dir);
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  g_test_add_func("/archive-adopt/recordings", test_recordings);
  g_test_add_func("/archive-adopt/strange-files", test_strange_files);
  g_test_add_func("/archive-adopt/old", test_old);
  g_test_add_func("/archive-adopt/here-too", test_here_too);
  g_test_add_func("/archive-adopt/whose", test_whose);
  g_test_add_func("/archive-adopt/stopped", test_stopped);
  int failed = g_test_run();
  remove_all(dir);
  g_free(film);
  g_free(dir);
  return failed;
}
