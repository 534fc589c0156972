/* SPDX-License-Identifier: Apache-2.0 */
/* Real viewers, each a process, on a real camera behind the RTSP server of the tests. */
#include <gst/gst.h>
#include <string.h>

#include "base/clock.h"
#include "media/clip.h"
#include "view.h"

static char *dir, *clip;

static void watch(IvWhep *whep, Camera *camera, Viewer *viewer) {
  g_autoptr(GError) error = NULL;
  viewer_start(viewer);
  open_for(whep, &mia, camera->ingest, viewer, &error);
  g_assert_no_error(error);
}

static IvWhep *make_whep(guint viewers, guint camera_viewers) {
  IvWhepOptions options = {.viewers_max = viewers, .camera_viewers_max = camera_viewers};
  return iv_whep_new(&options);
}

static IvWhepStats stats_of(IvWhep *whep) {
  IvWhepStats stats;
  iv_whep_stats(whep, &stats);
  return stats;
}

/* ---- tests ---- */

/* RTP timestamps are capture times: what came last was taken just now. The camera's clock is ours
 * to some 10 ms only, so it may be a little ahead. */
static void check_time(guint rtp_time) {
  guint32 now = (guint32)((guint64)iv_clock_now() * 9 / 100);
  gint32 age = (gint32)(now - rtp_time);
  g_assert_cmpint(age, >, -90000);
  g_assert_cmpint(age, <, PATIENCE * 90000);
}

static void test_video_comes(void) {
  Camera camera;
  Viewer viewer;
  guint rtp_time = 0;
  camera_open(&camera, clip);
  g_autoptr(IvWhep) whep = make_whep(4, 4);
  watch(whep, &camera, &viewer);
  wait_until(units_of(&viewer, &rtp_time) >= 60);
  check_time(rtp_time);
  g_assert_cmpuint(stats_of(whep).viewers, ==, 1);
  IvWhepViewer other = mia;
  other.login = "another login";
  g_assert_false(iv_whep_close(whep, &other, viewer.id));
  other = mia;
  other.camera_id = "another camera";
  g_assert_false(iv_whep_close(whep, &other, viewer.id));
  g_assert_true(iv_whep_close(whep, &mia, viewer.id));
  g_assert_false(iv_whep_close(whep, &mia, viewer.id));
  wait_until(stats_of(whep).viewers == 0);
  g_assert_cmpuint(stats_of(whep).lost, ==, 0);
  viewer_clear(&viewer);
  camera_close(&camera);
}

static void test_camera_comes_back(void) {
  Camera camera;
  Viewer viewer;
  camera_open(&camera, clip);
  g_autoptr(IvWhep) whep = make_whep(4, 4);
  watch(whep, &camera, &viewer);
  wait_until(units_of(&viewer, NULL) >= 10);
  server_freeze(&camera.server, TRUE); /* it says nothing any more: the ingest gives it up */
  g_assert_true(watcher_wait_state(&camera.watcher, IV_INGEST_OFFLINE, PATIENCE));
  guint64 before = units_of(&viewer, NULL);
  server_restart(&camera.server);
  wait_until(units_of(&viewer, NULL) >= before + 40);
  g_assert_cmpuint(stats_of(whep).viewers, ==, 1);
  viewer_clear(&viewer);
  camera_close(&camera);
}

/* A browser that is gone says nothing; the other viewer sees nothing of it. */
static void test_dead_viewer_is_dropped(void) {
  Camera camera;
  Viewer dead, alive;
  camera_open(&camera, clip);
  g_autoptr(IvWhep) whep = make_whep(4, 4);
  watch(whep, &camera, &dead);
  watch(whep, &camera, &alive);
  wait_until(units_of(&dead, NULL) >= 10);
  viewer_clear(&dead);
  wait_until(stats_of(whep).viewers == 1);
  g_assert_cmpuint(stats_of(whep).lost, ==, 1);
  guint64 before = units_of(&alive, NULL);
  wait_until(units_of(&alive, NULL) >= before + 20);
  viewer_clear(&alive);
  camera_close(&camera);
}

static gint allowed = 1;

static gboolean may(const IvWhepViewer *viewer, gpointer user_data) {
  (void)user_data;
  g_assert_cmpstr(viewer->login, ==, mia.login);
  return g_atomic_int_get(&allowed);
}

static void test_may_no_more(void) {
  Camera camera;
  Viewer viewer;
  camera_open(&camera, clip);
  IvWhepOptions options = {.viewers_max = 4, .camera_viewers_max = 4, .may = may};
  g_autoptr(IvWhep) whep = iv_whep_new(&options);
  watch(whep, &camera, &viewer);
  wait_until(units_of(&viewer, NULL) >= 10);
  iv_whep_recheck(whep, mia.user_id);
  iv_whep_recheck(whep, 12345);
  guint64 before = units_of(&viewer, NULL);
  wait_until(units_of(&viewer, NULL) >= before + 10);
  g_atomic_int_set(&allowed, 0);
  iv_whep_recheck(whep, mia.user_id);
  wait_until(stats_of(whep).viewers == 0);
  viewer_clear(&viewer);
  camera_close(&camera);
}

/* "a=candidate:1 1 UDP 2015363327 192.0.2.2 40001 typ host": every port of it that listens. */
static void check_ports(const char *answer, guint min, guint max) {
  guint n = 0;
  g_auto(GStrv) lines = g_strsplit(answer, "\r\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto(GStrv) words = g_strsplit(*line, " ", -1);
    if (!g_str_has_prefix(*line, "a=candidate:") || strstr(*line, "tcptype active"))
      continue;
    g_assert_cmpuint(g_strv_length(words), >, 6);
    guint64 port = g_ascii_strtoull(words[5], NULL, 10);
    g_assert_cmpuint(port, >=, min);
    g_assert_cmpuint(port, <=, max);
    n++;
  }
  g_assert_cmpuint(n, >=, 2); /* UDP, and TCP where UDP is blocked */
  g_assert_nonnull(strstr(answer, "tcptype passive"));
}

static void test_ports(void) {
  Camera camera;
  Viewer viewer;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  camera_open(&camera, clip);
  viewer_start(&viewer);
  IvWhepOptions options = {
      .viewers_max = 4, .camera_viewers_max = 4, .paths = {.port_min = 41000, .port_max = 41099}};
  g_autoptr(IvWhep) whep = iv_whep_new(&options);
  answer = ask_for(whep, &mia, camera.ingest, &viewer, viewer.offer, &error);
  g_assert_no_error(error);
  check_ports(answer, 41000, 41099);
  viewer_clear(&viewer);
  camera_close(&camera);
}

static void refuse(IvWhep *whep, IvIngest *ingest, Viewer *viewer, const IvWhepViewer *who,
                   int code, const char *part) {
  g_autoptr(GError) error = NULL;
  g_assert_false(open_for(whep, who, ingest, viewer, &error));
  g_assert_error(error, IV_LIVE_ERROR, code);
  if (!strstr(error->message, part))
    g_error("\"%s\" lacks \"%s\"", error->message, part);
}

static void test_limits(void) {
  Camera camera;
  Viewer viewers[3];
  g_autoptr(GError) error = NULL;
  IvWhepViewer there = mia;
  there.camera_id = "another camera";
  camera_open(&camera, clip);
  g_autoptr(IvWhep) whep = make_whep(2, 1);
  watch(whep, &camera, &viewers[0]);
  for (guint i = 1; i < G_N_ELEMENTS(viewers); i++)
    viewer_start(&viewers[i]);
  refuse(whep, camera.ingest, &viewers[1], &mia, IV_LIVE_ERROR_FULL, "live.camera_viewers");
  open_for(whep, &there, camera.ingest, &viewers[1], &error);
  g_assert_no_error(error);
  there.camera_id = "a third";
  refuse(whep, camera.ingest, &viewers[2], &there, IV_LIVE_ERROR_FULL, "live.viewers");
  g_assert_cmpuint(stats_of(whep).refused, ==, 2);
  g_assert_true(iv_whep_close(whep, &mia, viewers[0].id));
  wait_until(stats_of(whep).viewers == 1);
  open_for(whep, &there, camera.ingest, &viewers[2], &error);
  g_assert_no_error(error);
  for (guint i = 0; i < G_N_ELEMENTS(viewers); i++)
    viewer_clear(&viewers[i]);
  camera_close(&camera);
}

/* From a film: to the viewer a camera like any other. */
static void refuse_film(const char *name, const char *encoder, const char *muxer,
                        const char *advice) {
  Watcher watcher;
  Viewer viewer;
  g_autofree char *path = g_build_filename(dir, name, NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 400, .encoder = encoder, .muxer = muxer};
  if (!clip_write(path, &spec)) {
    g_test_skip("its encoder is not installed");
    return;
  }
  IvIngest *ingest = read_source(path, &watcher);
  g_assert_true(watcher_wait_frames(&watcher, 24, PATIENCE));
  g_autoptr(IvWhep) whep = make_whep(4, 4);
  viewer_start(&viewer);
  refuse(whep, ingest, &viewer, &mia, IV_LIVE_ERROR_STREAM, advice);
  g_assert_cmpuint(stats_of(whep).viewers, ==, 0);
  viewer_clear(&viewer);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
}

static void test_b_frames(void) {
  refuse_film("b.mp4", "x264enc bframes=3 b-adapt=false key-int-max=40 bitrate=400", NULL,
              "B-frames");
}

static void test_h265(void) {
  refuse_film("h265.mp4", "x265enc key-int-max=20 bitrate=400", "h265parse ! mp4mux", "H.265");
}

static guint count_in(const char *folder) {
  guint n = 0;
  g_autoptr(GDir) opened = g_dir_open(folder, 0, NULL);
  while (g_dir_read_name(opened))
    n++;
  return n;
}

/* They come and are killed before they said goodbye; the first ones fill caches. */
static void come_and_go(IvWhep *whep, Camera *camera, guint n) {
  g_autofree Viewer *viewers = g_new0(Viewer, n);
  for (guint i = 0; i < n; i++)
    watch(whep, camera, &viewers[i]);
  for (guint i = 0; i < n; i++) {
    wait_until(units_of(&viewers[i], NULL) >= 1);
    viewer_clear(&viewers[i]);
  }
  wait_until(stats_of(whep).viewers == 0);
}

static void test_nothing_is_left(void) {
  Camera camera;
  camera_open(&camera, clip);
  g_autoptr(IvWhep) whep = make_whep(16, 16);
  come_and_go(whep, &camera, 2);
  guint threads = count_in("/proc/self/task"), descriptors = count_in("/proc/self/fd");
  come_and_go(whep, &camera, 8);
  wait_until(count_in("/proc/self/task") <= threads && count_in("/proc/self/fd") <= descriptors);
  g_assert_cmpuint(stats_of(whep).lost, ==, 10);
  camera_close(&camera);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-live-XXXXXX", NULL);
  clip = g_build_filename(dir, "cam.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 40, .gop = 10};
  g_assert_true(clip_write(clip, &spec));
  g_test_add_func("/live/whep/video_comes", test_video_comes);
  g_test_add_func("/live/whep/camera_comes_back", test_camera_comes_back);
  g_test_add_func("/live/whep/dead_viewer_is_dropped", test_dead_viewer_is_dropped);
  g_test_add_func("/live/whep/may_no_more", test_may_no_more);
  g_test_add_func("/live/whep/ports", test_ports);
  g_test_add_func("/live/whep/limits", test_limits);
  g_test_add_func("/live/whep/b_frames", test_b_frames);
  g_test_add_func("/live/whep/h265", test_h265);
  g_test_add_func("/live/whep/nothing_is_left", test_nothing_is_left);
  int result = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(dir);
  return result;
}
