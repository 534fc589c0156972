/* SPDX-License-Identifier: Apache-2.0 */
/* From what a camera shows and what happens to files and rows, on a real database. */
#include "app/photographer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/event_marks.h"
#include "base/clock.h"
#include "store/ledger_fixture.h"

#define T0 at("2026-03-29T10:00:00Z")

typedef struct {
  Fixture fixture;
  IvSnapshotConfig config;
  IvAlbum *album;
  IvPhotographer *photographer;
} Rig;

static gint never;

static void rig_new(Rig *rig, const char *kinds) {
  memset(rig, 0, sizeof *rig);
  fixture_set_up(&rig->fixture, "UTC");
  rig->config = (IvSnapshotConfig){
      .kinds = g_strdup(kinds), .every = 10 * IV_SECOND, .keep = 30 * IV_DAY, .keep_gb = 5};
  rig->album = iv_album_new(&rig->config, "demo", rig->fixture.dir, rig->fixture.store);
}

static IvScene *no_scene(guint place, gpointer user_data) {
  (void)place;
  (void)user_data;
  return NULL;
}

static void rig_start(Rig *rig) {
  IvPhotographerOptions options = {
      .config = &rig->config, .n_places = 2, .album = rig->album, .get_scene = no_scene};
  rig->photographer = iv_photographer_new(&options);
  g_assert_nonnull(rig->photographer);
  iv_photographer_start(rig->photographer);
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
  g_autofree char *folder = g_build_filename(rig->fixture.dir, "snapshots", NULL);
  g_clear_pointer(&rig->photographer, iv_photographer_free);
  g_clear_pointer(&rig->album, iv_album_free);
  g_free(rig->config.kinds);
  remove_all(folder);
  fixture_tear_down(&rig->fixture);
}

static IvFrame *grey(guint8 value, IvTime ts) {
  IvFrame *frame = iv_frame_new();
  guint8 *bytes = g_malloc(64 * 48 * 3 / 2);
  memset(bytes, 128, 64 * 48 * 3 / 2);
  memset(bytes, value, 64 * 48);
  frame->pixels = IV_PIXELS_I420;
  frame->size = (IvSize){64, 48};
  frame->plane[0] = frame->owner = bytes;
  frame->plane[1] = bytes + 64 * 48;
  frame->plane[2] = bytes + 64 * 48 * 5 / 4;
  frame->stride[0] = 64;
  frame->stride[1] = frame->stride[2] = 32;
  frame->full_range = TRUE;
  frame->release = g_free;
  frame->ts = ts;
  return frame;
}

static void see(const Rig *rig, guint place, guint8 value, IvTime ts) {
  IvTrackPoint track = {
      .tracklet_id = 7, .state = IV_TRACK_CONFIRMED, .ts = ts, .box = {0.25f, 0.25f, 0.75f, 0.75f}};
  g_autoptr(IvFrame) frame = grey(value, ts);
  iv_photographer_come(rig->photographer, place, frame);
  iv_photographer_see(rig->photographer, place, frame, &track, 1);
}

static IvEvent event_at(IvEventKind kind, IvTime ts, guint64 track) {
  IvEvent event;
  iv_event_init(&event, kind, ts);
  iv_slug_set(&event.store_id, "demo");
  iv_slug_set(&event.edge_id, "local");
  iv_slug_set(&event.camera_id, "door");
  event.tracklet_id = track;
  iv_event_set_id(&event, "camera");
  return event;
}

static void tell(const Rig *rig, IvEventKind kind, IvTime ts, guint64 track) {
  IvEvent event = event_at(kind, ts, track);
  iv_photographer_tell(rig->photographer, 0, &event);
}

/* All that was told is done with then. */
static IvPhotographerStats finish(Rig *rig) {
  IvPhotographerStats stats;
  IvTime until = iv_clock_monotonic() + 20 * IV_SECOND;
  for (;;) {
    IvAlbumStats album;
    iv_photographer_stats(rig->photographer, &stats);
    iv_album_stats(rig->album, &album);
    guint64 done = album.kept + stats.limited + stats.missed + stats.dropped + stats.failed;
    if (done >= stats.wanted || iv_clock_monotonic() > until)
      break;
    g_usleep(2000);
  }
  return stats;
}

static GArray *rows(const Rig *rig) {
  g_autoptr(GError) error = NULL;
  IvSnapshotQuery query = {
      .from = IV_TIME_NONE, .to = IV_TIME_NONE, .before = IV_TIME_NONE, .limit = 500};
  GArray *list = iv_snapshots_list(rig->fixture.store, "demo", &query, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  return list;
}

static const IvSnapshot *row(const GArray *list, guint i) {
  g_assert_cmpuint(i, <, list->len);
  return &g_array_index(list, IvSnapshot, i);
}

static GBytes *file_of(const Rig *rig, const IvSnapshot *of, IvSnapshotFile file) {
  g_autofree char *path = iv_snapshot_file(of->path, file);
  int fd = iv_album_open_file(rig->album, path);
  g_assert_cmpint(fd, >=, 0);
  GByteArray *bytes = g_byte_array_new();
  guint8 chunk[4096];
  for (gssize n; (n = read(fd, chunk, sizeof chunk)) > 0;)
    g_byte_array_append(bytes, chunk, (guint)n);
  close(fd);
  return g_byte_array_free_to_bytes(bytes);
}

static guint8 value_of(const Rig *rig, const IvSnapshot *of) {
  g_autoptr(GBytes) jpeg = file_of(rig, of, IV_SNAPSHOT_CLEAN);
  g_autoptr(IvFrame) frame = iv_still_decode(jpeg);
  return frame->plane[0][0];
}

/* ---- which picture ---- */

static void test_right_picture(void) {
  Rig rig;
  rig_new(&rig, "line.crossed, zone.over_capacity.started");
  rig_start(&rig);
  for (int i = 0; i < 60; i++)
    see(&rig, 0, (guint8)(50 + i), T0 + i * 200 * IV_MS);
  see(&rig, 1, 240, T0 + 60 * 200 * IV_MS); /* another camera's */
  tell(&rig, IV_EVENT_LINE_CROSSED, T0 + 59 * 200 * IV_MS - 30 * IV_MS, 7);
  tell(&rig, IV_EVENT_ZONE_OVER_CAPACITY_STARTED, T0 + 2 * IV_SECOND, 0); /* told 10 s late */
  tell(&rig, IV_EVENT_QUEUE_JOINED, T0, 7);                               /* not asked for */
  IvPhotographerStats stats = finish(&rig);
  g_assert_cmpuint(stats.wanted, ==, 2);
  g_autoptr(GArray) list = rows(&rig);
  g_assert_cmpuint(list->len, ==, 2);
  g_assert_cmpstr(row(list, 0)->kind, ==, "line.crossed");
  g_assert_cmpint(row(list, 0)->frame_ts, ==, T0 + 59 * 200 * IV_MS);
  g_assert_cmpint(ABS(value_of(&rig, row(list, 0)) - 109), <=, 1);
  g_assert_cmpuint(row(list, 0)->boxes, ==, 1);
  g_assert_cmpint(ABS(row(list, 1)->frame_ts - T0 - 2 * IV_SECOND), <=, 600 * IV_MS);
  guint8 expected = (guint8)(50 + (row(list, 1)->frame_ts - T0) / (200 * IV_MS));
  g_assert_cmpint(ABS(value_of(&rig, row(list, 1)) - expected), <=, 1);
  rig_clear(&rig);
}

/* What the row says of a file is so. */
static void test_files(void) {
  Rig rig;
  rig_new(&rig, "line.crossed");
  rig_start(&rig);
  see(&rig, 0, 90, T0);
  tell(&rig, IV_EVENT_LINE_CROSSED, T0, 7);
  finish(&rig);
  g_autoptr(GArray) list = rows(&rig);
  g_assert_cmpuint(list->len, ==, 1);
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    g_autoptr(GBytes) bytes = file_of(&rig, row(list, 0), (IvSnapshotFile)i);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[IV_SHA256_BYTES];
    gsize n = sizeof digest;
    g_checksum_update(sum, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
    g_checksum_get_digest(sum, digest, &n);
    g_assert_cmpmem(digest, sizeof digest, row(list, 0)->sha256[i], IV_SHA256_BYTES);
    g_assert_cmpuint(g_bytes_get_size(bytes), ==, row(list, 0)->bytes[i]);
  }
  rig_clear(&rig);
}

/* A busy line does not fill the disk: one picture of a camera and kind in ten seconds. */
static void test_limited(void) {
  Rig rig;
  rig_new(&rig, "line.crossed, queue.joined");
  rig_start(&rig);
  see(&rig, 0, 90, T0);
  for (guint i = 0; i < 200; i++)
    tell(&rig, IV_EVENT_LINE_CROSSED, T0, i + 1);
  tell(&rig, IV_EVENT_QUEUE_JOINED, T0, 7);
  IvPhotographerStats stats = finish(&rig);
  g_assert_cmpuint(stats.wanted, ==, 201);
  g_assert_cmpuint(stats.limited, ==, 199);
  g_autoptr(GArray) list = rows(&rig);
  g_assert_cmpuint(list->len, ==, 2);
  rig_clear(&rig);
}

/* A camera that comes: its first picture; one that is gone: its last; one that never showed
 * anything about then: none, and it is counted. */
static void test_camera_states(void) {
  Rig rig;
  rig_new(&rig, "camera.state, camera.view, line.crossed");
  rig_start(&rig);
  tell(&rig, IV_EVENT_CAMERA_STATE, T0, 0);
  see(&rig, 0, 77, T0 + 100 * IV_MS);
  tell(&rig, IV_EVENT_CAMERA_VIEW, T0 + 30 * IV_SECOND, 0); /* nothing comes any more */
  tell(&rig, IV_EVENT_LINE_CROSSED, T0 - IV_MINUTE, 7);
  IvPhotographerStats stats = finish(&rig);
  g_assert_cmpuint(stats.missed, ==, 1);
  g_autoptr(GArray) list = rows(&rig);
  g_assert_cmpuint(list->len, ==, 2);
  g_assert_cmpint(row(list, 0)->frame_ts, ==, T0 + 100 * IV_MS);
  g_assert_cmpint(row(list, 1)->frame_ts, ==, T0 + 100 * IV_MS);
  rig_clear(&rig);
}

/* The same film a second time: the same events, and the first pictures stay. */
static void test_twice(void) {
  Rig rig;
  rig_new(&rig, "line.crossed");
  rig.config.every = 0;
  rig_start(&rig);
  see(&rig, 0, 90, T0);
  tell(&rig, IV_EVENT_LINE_CROSSED, T0, 7);
  finish(&rig);
  tell(&rig, IV_EVENT_LINE_CROSSED, T0, 7);
  g_clear_pointer(&rig.photographer, iv_photographer_free); /* what waits is done first */
  g_autoptr(GArray) list = rows(&rig);
  g_assert_cmpuint(list->len, ==, 1);
  g_autofree char *day = g_build_filename(rig.fixture.dir, "snapshots", "2026-03-29", NULL);
  g_autoptr(GDir) folder = g_dir_open(day, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(folder))
    n++;
  g_assert_cmpuint(n, ==, IV_SNAPSHOT_FILES);
  rig_clear(&rig);
}

static void test_none(void) {
  IvSnapshotConfig config = {.kinds = (char *)"none"};
  IvPhotographerOptions options = {.config = &config};
  g_assert_null(iv_photographer_new(&options));
}

/* ---- what is kept ---- */

static void keep(const Rig *rig, IvTime moment, guint64 track) {
  g_autoptr(GError) error = NULL;
  IvEvent event = event_at(IV_EVENT_LINE_CROSSED, moment, track);
  g_autoptr(IvFrame) frame = grey(90, moment);
  g_auto(IvStill) still = {0};
  const IvStillMarks marks = {0};
  IvSnapshot about = {
      .camera_id = event.camera_id, .event_id = event.id, .moment = moment, .frame_ts = moment};
  strcpy(about.kind, "line.crossed");
  g_assert_true(iv_still_make(frame, &marks, &still));
  iv_album_keep(rig->album, &about, &still, &error);
  g_assert_no_error(error);
}

typedef struct {
  IvTime from, to;
  guint n;
} Hold;

static gboolean hold(IvSql *sql, gpointer arg, GError **error) {
  Hold *job = arg;
  return iv_snapshots_hold(sql, "demo", "door", job->from, job->to, NULL, "evidence:1", &job->n,
                           error);
}

static gboolean let_go(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_snapshots_let_go(sql, "evidence:1", error);
}

static void write_job(const Rig *rig, IvStoreJob job, gpointer arg) {
  g_autoptr(GError) error = NULL;
  iv_store_write(rig->fixture.store, job, arg, &error);
  g_assert_no_error(error);
}

static void test_retention(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig, "line.crossed");
  g_assert_true(iv_album_open(rig.album, &error));
  for (guint i = 0; i < 10; i++)
    keep(&rig, T0 + i * IV_DAY, i + 1);
  iv_album_retain(rig.album, T0 + 33 * IV_DAY, FALSE, &never); /* a clock that may be wrong */
  g_autoptr(GArray) all = rows(&rig);
  g_assert_cmpuint(all->len, ==, 10);
  Hold job = {T0 + IV_DAY, T0 + 2 * IV_DAY, 0};
  write_job(&rig, hold, &job);
  g_assert_cmpuint(job.n, ==, 1);
  iv_album_retain(rig.album, T0 + 33 * IV_DAY, TRUE, &never);
  g_autoptr(GArray) left = rows(&rig);
  g_assert_cmpuint(left->len, ==, 8); /* of the first three the held one */
  g_assert_cmpint(row(left, 7)->moment, ==, T0 + IV_DAY);
  g_assert_true(row(left, 7)->held);
  g_autoptr(GBytes) bytes = file_of(&rig, row(left, 7), IV_SNAPSHOT_MARKED);
  g_assert_cmpuint(g_bytes_get_size(bytes), >, 0);
  g_autofree char *gone = g_build_filename(rig.fixture.dir, "snapshots", "2026-03-29", NULL);
  g_assert_false(g_file_test(gone, G_FILE_TEST_EXISTS));
  write_job(&rig, let_go, NULL);
  iv_album_retain(rig.album, T0 + 33 * IV_DAY, TRUE, &never);
  g_autoptr(GArray) last = rows(&rig);
  g_assert_cmpuint(last->len, ==, 7);
  rig_clear(&rig);
}

static void test_room(void) {
  Rig rig;
  rig_new(&rig, "line.crossed");
  for (guint i = 0; i < 10; i++)
    keep(&rig, T0 + i * IV_SECOND, i + 1);
  g_autoptr(GArray) all = rows(&rig);
  guint64 each = iv_snapshot_bytes(row(all, 0));
  rig.config.keep_gb = (double)each * 4.5 / 1e9;
  g_clear_pointer(&rig.album, iv_album_free);
  rig.album = iv_album_new(&rig.config, "demo", rig.fixture.dir, rig.fixture.store);
  iv_album_retain(rig.album, T0, FALSE, &never);
  g_autoptr(GArray) left = rows(&rig);
  g_assert_cmpuint(left->len, ==, 4);
  g_assert_cmpint(row(left, 3)->moment, ==, T0 + 6 * IV_SECOND);
  IvAlbumStats stats;
  iv_album_stats(rig.album, &stats);
  g_assert_cmpuint(stats.deleted, ==, 6);
  rig_clear(&rig);
}

/* Files without a row, as of a process that was killed, go at the start; others are left alone. */
static void test_sweep(void) {
  Rig rig;
  g_autoptr(GError) error = NULL;
  rig_new(&rig, "line.crossed");
  keep(&rig, T0, 1);
  g_autofree char *day = g_build_filename(rig.fixture.dir, "snapshots", "2026-03-29", NULL);
  g_autofree char *left = g_build_filename(day, "101500.250-door-1a2b3c4d.boxes.jpg", NULL);
  g_autofree char *notes = g_build_filename(day, "notes.txt", NULL);
  g_file_set_contents(left, "half", 4, &error);
  g_file_set_contents(notes, "mine", 4, &error);
  g_assert_no_error(error);
  g_assert_true(iv_album_open(rig.album, &error));
  g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_test(notes, G_FILE_TEST_EXISTS));
  g_autoptr(GArray) list = rows(&rig);
  g_autoptr(GBytes) bytes = file_of(&rig, row(list, 0), IV_SNAPSHOT_THUMBNAIL);
  g_assert_cmpuint(g_bytes_get_size(bytes), >, 0);
  rig_clear(&rig);
}

/* ---- what is drawn ---- */

static void test_marks(void) {
  IvTrackPoint tracks[] = {{.tracklet_id = 7, .state = IV_TRACK_LOST, .box = {0, 0, 0.1f, 0.1f}},
                           {.tracklet_id = 8, .state = IV_TRACK_CONFIRMED},
                           {.tracklet_id = 9, .state = IV_TRACK_TENTATIVE}};
  IvMoment moment = {.ts = T0, .n_tracks = 3, .tracks = tracks};
  IvZone zone = {.n_points = 3, .polygon = {{0, 0}, {1, 0}, {1, 1}}};
  IvLine line = {.a = {0, 0.5f}, .b = {1, 0.5f}};
  IvScene scene = {.version = 3, .n_zones = 1, .zones = &zone, .n_lines = 1, .lines = &line};
  IvEvent event = event_at(IV_EVENT_LINE_CROSSED, T0, 7);
  iv_slug_set(&zone.id, "shelf");
  iv_slug_set(&line.id, "entry");
  iv_slug_set(&event.line_id, "entry");
  event.scene_version = 3;
  g_autoptr(IvEventMarks) m = iv_event_marks_new(&event, &moment, &scene);
  const IvStillMarks *marks = iv_event_marks(m);
  g_assert_cmpuint(marks->n_boxes, ==, 2); /* nobody is framed who is not confirmed, but him */
  g_assert_cmpuint(marks->boxes[1].label, ==, 7);
  g_assert_false(marks->boxes[1].thin);
  g_assert_true(marks->boxes[0].thin);
  g_assert_cmpuint(marks->n_paths, ==, 1);
  g_assert_cmpuint(marks->paths[0].n, ==, 2);
  event.scene_version = 2; /* it was found by another drawing */
  g_autoptr(IvEventMarks) old = iv_event_marks_new(&event, &moment, &scene);
  g_assert_cmpuint(iv_event_marks(old)->n_paths, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/photographer/right-picture", test_right_picture);
  g_test_add_func("/photographer/files", test_files);
  g_test_add_func("/photographer/limited", test_limited);
  g_test_add_func("/photographer/camera-states", test_camera_states);
  g_test_add_func("/photographer/twice", test_twice);
  g_test_add_func("/photographer/none", test_none);
  g_test_add_func("/photographer/retention", test_retention);
  g_test_add_func("/photographer/room", test_room);
  g_test_add_func("/photographer/sweep", test_sweep);
  g_test_add_func("/photographer/marks", test_marks);
  return g_test_run();
}
