/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's cameras, read like any camera over real RTSP. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "clip.h"
#include "media/demo_server.h"
#include "watcher.h"

#define LENGTH 30

static char *dir, *film;

typedef struct {
  int calls;
  double last;
} Progress;

static void on_progress(double share, gpointer user_data) {
  Progress *progress = user_data;
  g_assert_cmpfloat(share, >=, progress->last);
  progress->last = share;
  progress->calls++;
}

static IvDemoServer *start(Progress *progress) {
  IvDemoConfig config = {
      .video = film, .cache = dir, .on_progress = on_progress, .user_data = progress};
  g_autoptr(GError) error = NULL;
  IvDemoServer *server = iv_demo_server_new(&config, &error);
  g_assert_no_error(error);
  return server;
}

static IvIngest *connect_to(const IvDemoCamera *camera, Watcher *watcher) {
  IvIngestConfig config = {.source = camera->url, .decode = TRUE};
  watcher_init(watcher);
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  return ingest;
}

static void check_camera(const IvDemoCamera *camera, Watcher *watcher) {
  g_assert_true(watcher_wait_frames(watcher, 5, 20));
  g_mutex_lock(&watcher->mutex);
  g_assert_cmpint(watcher->last->size.width, ==, camera->size.width);
  g_assert_cmpint(watcher->last->size.height, ==, camera->size.height);
  g_mutex_unlock(&watcher->mutex);
}

static void test_four_cameras(void) {
  Progress progress = {0};
  g_autoptr(IvDemoServer) server = start(&progress);
  g_assert_cmpfloat(progress.last, ==, 1);
  const IvDemoCamera *cameras = iv_demo_server_cameras(server);
  Watcher watchers[IV_DEMO_CAMERAS];
  IvIngest *ingests[IV_DEMO_CAMERAS];
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    ingests[i] = connect_to(&cameras[i], &watchers[i]);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    check_camera(&cameras[i], &watchers[i]);
  g_assert_cmpint(cameras[0].size.width, ==, 640);
  g_assert_cmpint(cameras[0].size.height, ==, 480);
  g_assert_cmpint(cameras[1].size.width, ==, 320);
  g_assert_cmpfloat(cameras[0].fps, ==, 10);
  g_assert_cmpfloat(cameras[0].loop_seconds, ==, LENGTH / 10.0);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++) {
    iv_ingest_free(ingests[i]);
    watcher_clear(&watchers[i]);
  }
}

/* Every picture of the film comes once a round, and the seam is told by the stream. */
static void test_seam(void) {
  Progress progress = {0};
  g_autoptr(IvDemoServer) server = start(&progress);
  g_assert_cmpint(progress.calls, ==, 0); /* it was in the cache */
  Watcher watcher;
  IvIngest *ingest = connect_to(&iv_demo_server_cameras(server)[0], &watcher);
  g_assert_true(watcher_wait_frames(&watcher, 2 * LENGTH + 5, 30));
  iv_ingest_free(ingest);
  guint seams = 0;
  for (guint i = 1; i < 2 * LENGTH + 5; i++) {
    int before = g_array_index(watcher.numbers, int, i - 1);
    int now = g_array_index(watcher.numbers, int, i);
    g_assert_cmpint(now, ==, (before + 1) % LENGTH);
    IvTime d =
        g_array_index(watcher.times, IvTime, i) - g_array_index(watcher.times, IvTime, i - 1);
    g_assert_cmpint(ABS(d - 100 * IV_MS), <, 5 * IV_MS);
    if (now == 0)
      g_assert_cmpuint(g_array_index(watcher.breaks, guint, seams++), ==, i);
  }
  g_assert_cmpuint(seams, >=, 2);
  g_assert_cmpuint(watcher.breaks->len, ==, seams);
  watcher_clear(&watcher);
}

/* A client that comes back finds the camera where time has brought it, not at the beginning. */
static void test_time_goes_on(void) {
  Progress progress = {0};
  g_autoptr(IvDemoServer) server = start(&progress);
  for (int round = 0; round < 3; round++) {
    Watcher watcher;
    IvIngest *ingest = connect_to(&iv_demo_server_cameras(server)[0], &watcher);
    g_assert_true(watcher_wait_frames(&watcher, 8, 20));
    iv_ingest_free(ingest);
    watcher_clear(&watcher);
  }
}

static void check_error(const char *video, int code, const char *part) {
  IvDemoConfig config = {.video = video, .cache = dir};
  g_autoptr(GError) error = NULL;
  IvDemoServer *server = iv_demo_server_new(&config, &error);
  g_assert_null(server);
  g_assert_error(error, IV_DEMO_ERROR, code);
  g_assert_nonnull(strstr(error->message, part));
  g_assert_nonnull(strstr(error->message, "--demo-video"));
}

static guint count_folders(void) {
  guint n = 0;
  g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(open)))
    n += strstr(name, "demo-") != NULL;
  return n;
}

static void test_bad_films(void) {
  guint folders = count_folders();
  check_error(NULL, IV_DEMO_ERROR_VIDEO, "vtest.avi");
  check_error("/no/such/film.mp4", IV_DEMO_ERROR_VIDEO, "/no/such/film.mp4");
  g_autofree char *text = g_build_filename(dir, "text.txt", NULL);
  g_assert_true(g_file_set_contents(text, "no film", -1, NULL));
  check_error(text, IV_DEMO_ERROR_VIDEO, "text.txt");
  g_assert_cmpuint(count_folders(), ==, folders); /* nothing half-made is left */
}

/* The real film: all its pictures, and nothing but its pictures. */
static void test_vtest(void) {
  g_autofree char *path = g_build_filename(g_get_user_cache_dir(), "inveye", "vtest.avi", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("vtest.avi is not in the cache (make setup)");
    return;
  }
  IvDemoConfig config = {.video = path, .cache = dir};
  g_autoptr(GError) error = NULL;
  g_autoptr(IvDemoServer) server = iv_demo_server_new(&config, &error);
  g_assert_no_error(error);
  const IvDemoCamera *cameras = iv_demo_server_cameras(server);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    g_assert_cmpfloat(cameras[i].loop_seconds, ==, 79.5);
  g_assert_cmpint(cameras[0].size.width, ==, 768);
  g_assert_cmpint(cameras[0].size.height, ==, 576);
  g_assert_cmpint(cameras[1].size.width, ==, 384);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-demo-XXXXXX", NULL);
  film = g_build_filename(dir, "film.mp4", NULL);
  ClipSpec spec = {.size = {640, 480}, .fps = 10, .n = LENGTH, .gop = 10};
  g_assert_true(clip_write(film, &spec));
  g_test_add_func("/media/demo/four-cameras", test_four_cameras);
  g_test_add_func("/media/demo/seam", test_seam);
  g_test_add_func("/media/demo/time-goes-on", test_time_goes_on);
  g_test_add_func("/media/demo/bad-films", test_bad_films);
  g_test_add_func("/media/demo/vtest", test_vtest);
  int rc = g_test_run();
  clip_remove_dir(dir);
  g_free(film);
  g_free(dir);
  return rc;
}
