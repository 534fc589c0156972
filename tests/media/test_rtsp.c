/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras over real RTSP: what comes, what is lost, and what is said about it. */
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "clip.h"
#include "media/ingest.h"
#include "server.h"
#include "watcher.h"

static char *dir, *clip, *clip_b, *clip_h265;

static const IvIngestConfig usual = {.decode = TRUE, .backoff_max = 300 * IV_MS};

static IvIngest *connect_with(const IvIngestConfig *base, const char *url, Watcher *watcher) {
  IvIngestConfig config = *base;
  config.source = url;
  watcher_init(watcher);
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  return ingest;
}

static void start_cam(Server *server) {
  g_autofree char *cam = g_strdup_printf("cam=%s", clip);
  server_start(server, "-", "-", (const char *const[]){cam, NULL});
}

#define expect(condition, watcher)                                                                 \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      g_autofree char *story_ = watcher_story(watcher);                                            \
      g_test_message("%s", story_);                                                                \
      g_assert_true(condition);                                                                    \
    }                                                                                              \
  } while (0)

static void check_in_order(Watcher *watcher, guint n, guint clip_length) {
  for (guint i = 1; i < n; i++) {
    int before = g_array_index(watcher->numbers, int, i - 1);
    int now = g_array_index(watcher->numbers, int, i);
    g_assert_cmpint(now, ==, (before + 1) % (int)clip_length);
    g_assert_cmpint(g_array_index(watcher->times, IvTime, i), >,
                    g_array_index(watcher->times, IvTime, i - 1));
  }
}

static void test_every_picture_comes(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 60, 20), &watcher);
  expect(watcher.state == IV_INGEST_ONLINE, &watcher);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_free(ingest);
  check_in_order(&watcher, 60, 40);
  g_assert_cmpint(stats.codec, ==, IV_CODEC_H264);
  g_assert_cmpint(stats.size.width, ==, 320);
  g_assert_cmpfloat(stats.keyframe_interval, >, 0.4);
  g_assert_cmpfloat(stats.keyframe_interval, <, 0.6);
  g_assert_cmpuint(stats.reconnects, ==, 0);
  g_assert_cmpuint(stats.decode_errors, ==, 0);
  /* the loop's seam came through the stream itself */
  g_assert_cmpuint(watcher.breaks->len, >=, 1);
  guint at = g_array_index(watcher.breaks, guint, 0);
  g_assert_cmpint(g_array_index(watcher.numbers, int, at), ==, 0);
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_analysed_rate(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngestConfig config = usual;
  config.fps = 10;
  IvIngest *ingest = connect_with(&config, url, &watcher);
  expect(watcher_wait_frames(&watcher, 30, 20), &watcher);
  iv_ingest_free(ingest);
  for (guint i = 4; i < 18; i++) { /* 20 a second: every other one */
    int step = g_array_index(watcher.numbers, int, i) - g_array_index(watcher.numbers, int, i - 1);
    g_assert_cmpint((step + 40) % 40, ==, 2);
  }
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_udp(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngestConfig config = usual;
  config.transport = IV_TRANSPORT_UDP;
  IvIngest *ingest = connect_with(&config, url, &watcher);
  expect(watcher_wait_frames(&watcher, 30, 20), &watcher);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_h265(void) {
  if (!clip_h265) {
    g_test_skip("x265enc (gstreamer1.0-plugins-bad) is not installed");
    return;
  }
  Server server;
  Watcher watcher;
  g_autofree char *mount = g_strdup_printf("h265=%s", clip_h265);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "h265", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 30, 20), &watcher);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_free(ingest);
  g_assert_cmpint(stats.codec, ==, IV_CODEC_H265);
  check_in_order(&watcher, 30, 40);
  watcher_clear(&watcher);
  server_clear(&server);
}

/* Pictures nothing refers to are left out when they are not due, and the rest still decodes. */
static void test_leaves_out_disposable(void) {
  if (!clip_b) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  Server server;
  Watcher watcher;
  g_autofree char *mount = g_strdup_printf("cam=%s", clip_b);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngestConfig config = usual;
  config.fps = 5;
  IvIngest *ingest = connect_with(&config, url, &watcher);
  expect(watcher_wait_frames(&watcher, 15, 20), &watcher);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_free(ingest);
  g_assert_cmpuint(stats.frames_left_out, >, 10);
  g_assert_cmpuint(stats.decode_errors, ==, 0);
  for (guint i = 0; i < 15; i++)
    g_assert_cmpint(g_array_index(watcher.numbers, int, i), >=, 0);
  watcher_clear(&watcher);
  server_clear(&server);
}

/* Sound is not asked for, and doesn't hinder. */
static void test_sound(void) {
  Server server;
  Watcher watcher;
  g_autofree char *mount = g_strdup_printf("sound=%s", clip);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "sound", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 30, 20), &watcher);
  iv_ingest_free(ingest);
  check_in_order(&watcher, 30, 40);
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_camera_time(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  IvIngestStats stats = {0};
  for (guint n = 20; n < 400 && !stats.camera_clock; n += 10) {
    expect(watcher_wait_frames(&watcher, n, 20), &watcher);
    iv_ingest_stats(ingest, &stats);
  }
  g_assert_true(stats.camera_clock);
  guint from = watcher_frames(&watcher);
  expect(watcher_wait_frames(&watcher, from + 40, 20), &watcher);
  IvTime now = iv_clock_now();
  iv_ingest_free(ingest);
  for (guint i = from + 1; i < from + 40; i++) { /* spacing is the camera's, whatever arrival did */
    IvTime d =
        g_array_index(watcher.times, IvTime, i) - g_array_index(watcher.times, IvTime, i - 1);
    g_assert_cmpint(ABS(d - 50 * IV_MS), <, 2 * IV_MS);
  }
  IvTime age = now - g_array_index(watcher.times, IvTime, from + 39);
  g_assert_cmpint(ABS(age), <, 5 * IV_SECOND); /* absolute time is this machine's */
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_digest(void) {
  Server server;
  Watcher watcher;
  g_autofree char *cam = g_strdup_printf("cam=%s", clip);
  server_start(&server, "admin", "p@ss/w:rd", (const char *const[]){cam, NULL});
  g_autofree char *url = server_url(&server, "cam", "admin:p%40ss%2Fw%3Ard@");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 5, 20), &watcher);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);

  g_autofree char *bare = server_url(&server, "cam", "");
  IvIngestConfig config = usual;
  config.user = "admin";
  config.password = "p@ss/w:rd";
  ingest = connect_with(&config, bare, &watcher);
  expect(watcher_wait_frames(&watcher, 5, 20), &watcher);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
  server_clear(&server);
}

static void check_refusal(Server *server, const char *name, const char *login, const char *part) {
  Watcher watcher;
  g_autofree char *url = server_url(server, name, login);
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 20), &watcher);
  iv_ingest_free(ingest);
  expect(watcher_told(&watcher, part), &watcher);
  expect(!watcher_told(&watcher, "geheim"), &watcher);
  watcher_clear(&watcher);
}

static void test_wrong_password(void) {
  Server server;
  g_autofree char *cam = g_strdup_printf("cam=%s", clip);
  server_start(&server, "admin", "right", (const char *const[]){cam, NULL});
  check_refusal(&server, "cam", "admin:geheim@", "wrong user or password (401)");
  check_refusal(&server, "cam", "", "asks for a user and password (401)");
  server_clear(&server);
}

static void test_not_found(void) {
  Server server;
  start_cam(&server);
  check_refusal(&server, "nowhere", "u:geheim@", "stream not found (404)");
  server_clear(&server);
}

static void test_codec_not_supported(void) {
  Server server;
  server_start(&server, "-", "-", (const char *const[]){"jpeg=-", NULL});
  check_refusal(&server, "jpeg", "", "JPEG");
  server_clear(&server);
}

static void test_refused(void) {
  Server server;
  start_cam(&server);
  server_kill(&server);
  check_refusal(&server, "cam", "u:geheim@", "connection refused");
  server_clear(&server);
}

static void test_unknown_host(void) {
  Watcher watcher;
  IvIngest *ingest = connect_with(&usual, "rtsp://u:geheim@no-such-host.invalid/x", &watcher);
  expect(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 20), &watcher);
  iv_ingest_free(ingest);
  expect(watcher_told(&watcher, "host name"), &watcher);
  expect(!watcher_told(&watcher, "geheim"), &watcher);
  watcher_clear(&watcher);
}

static void test_bad_address(void) {
  IvIngestConfig config = {.source = "rtsp://u:geheim@/x", .decode = TRUE};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, NULL, &error);
  g_assert_null(ingest);
  g_assert_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE);
  g_assert_null(strstr(error->message, "geheim"));
}

static void test_comes_back_after_a_restart(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 10, 20), &watcher);
  server_kill(&server);
  expect(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 20), &watcher);
  guint before = watcher_frames(&watcher);
  server_restart(&server);
  expect(watcher_wait_frames(&watcher, before + 10, 20), &watcher);
  expect(watcher_wait_state(&watcher, IV_INGEST_ONLINE, 5), &watcher);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_free(ingest);
  g_assert_cmpuint(stats.reconnects, ==, 1);
  g_assert_cmpuint(g_array_index(watcher.breaks, guint, 0), ==, before);
  for (guint i = 1; i < before + 10; i++)
    g_assert_cmpint(g_array_index(watcher.times, IvTime, i), >,
                    g_array_index(watcher.times, IvTime, i - 1));
  watcher_clear(&watcher);
  server_clear(&server);
}

/* A camera that hangs in the middle gives neither an error nor an end. */
static void test_stall(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_frames(&watcher, 10, 20), &watcher);
  server_freeze(&server, TRUE);
  expect(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 10), &watcher);
  expect(watcher_told(&watcher, "no video for 3 s"), &watcher);
  guint before = watcher_frames(&watcher);
  server_freeze(&server, FALSE);
  expect(watcher_wait_frames(&watcher, before + 10, 30), &watcher);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
  server_clear(&server);
}

/* One that takes the connection and says nothing. */
static void test_hung_from_the_start(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  server_freeze(&server, TRUE);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 30), &watcher);
  expect(watcher_told(&watcher, "does not answer"), &watcher);
  IvTime began = iv_clock_monotonic();
  iv_ingest_free(ingest);
  g_test_message("stopping took %" G_GINT64_FORMAT " ms", (iv_clock_monotonic() - began) / 1000);
  watcher_clear(&watcher);
  server_clear(&server);
}

/* Damaged pictures are counted and the camera says so, but it stays. */
static void test_corrupt_stream(void) {
  Server server;
  Watcher watcher;
  g_autofree char *noisy = g_strdup_printf("noisy=%s", clip);
  server_start(&server, "-", "-", (const char *const[]){noisy, NULL});
  g_autofree char *url = server_url(&server, "noisy", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  expect(watcher_wait_state(&watcher, IV_INGEST_DEGRADED, 30), &watcher);
  guint before = watcher_frames(&watcher);
  expect(watcher_wait_frames(&watcher, before + 20, 20), &watcher);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_free(ingest);
  g_assert_cmpuint(stats.decode_errors, >, 3);
  g_assert_cmpuint(stats.reconnects, ==, 0);
  watcher_clear(&watcher);
  server_clear(&server);
}

/* A dead camera and a slow consumer do not touch another camera. */
static void test_others_go_on(void) {
  Server server;
  Watcher dead, slow, good;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *a = connect_with(&usual, "rtsp://127.0.0.1:1/x", &dead);
  IvIngest *b = connect_with(&usual, url, &slow);
  slow.slow_us = 400000;
  IvIngest *c = connect_with(&usual, url, &good);
  expect(watcher_wait_frames(&good, 100, 30), &good);
  iv_ingest_stop(a);
  iv_ingest_stop(b);
  iv_ingest_stop(c);
  iv_ingest_free(a);
  iv_ingest_free(b);
  iv_ingest_free(c);
  check_in_order(&good, 100, 40);
  g_assert_cmpuint(slow.seqs->len, <, 40);
  watcher_clear(&dead);
  watcher_clear(&slow);
  watcher_clear(&good);
  server_clear(&server);
}

/* A decoder that can't keep up goes on at a keyframe and counts what it left out. */
static void test_slow_consumer_is_counted(void) {
  Server server;
  Watcher watcher;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngest *ingest = connect_with(&usual, url, &watcher);
  watcher.slow_us = 200000;
  IvIngestStats stats = {0};
  for (guint n = 5; n < 100 && stats.units_dropped == 0; n += 5) {
    expect(watcher_wait_frames(&watcher, n, 20), &watcher);
    iv_ingest_stats(ingest, &stats);
  }
  iv_ingest_free(ingest);
  g_assert_cmpuint(stats.units_dropped, >=, 60);
  watcher_clear(&watcher);
  server_clear(&server);
}

static guint count_entries(const char *path) {
  guint n = 0;
  g_autoptr(GDir) open = g_dir_open(path, 0, NULL);
  while (g_dir_read_name(open))
    n++;
  return n;
}

static gboolean settles_at(const char *path, guint most) {
  gint64 deadline = g_get_monotonic_time() + 5 * G_TIME_SPAN_SECOND;
  while (count_entries(path) > most && g_get_monotonic_time() < deadline)
    g_usleep(10000); /* threads of a pool end when they like */
  return count_entries(path) <= most;
}

/* File descriptors and threads stay the same over many connections. */
static void test_no_leak(void) {
  int rounds = g_getenv("IV_RECONNECTS") ? atoi(g_getenv("IV_RECONNECTS")) : 30;
  Server server;
  start_cam(&server);
  g_autofree char *url = server_url(&server, "cam", "");
  guint fds = 0, threads = 0;
  for (int i = 0; i < rounds; i++) {
    Watcher watcher;
    IvIngest *ingest = connect_with(&usual, url, &watcher);
    expect(watcher_wait_frames(&watcher, 2, 20), &watcher);
    iv_ingest_free(ingest);
    watcher_clear(&watcher);
    if (i == 4) { /* pools and caches are warm */
      fds = count_entries("/proc/self/fd");
      threads = count_entries("/proc/self/task");
    }
  }
  g_assert_true(settles_at("/proc/self/fd", fds));
  g_assert_true(settles_at("/proc/self/task", threads + 1));
  server_clear(&server);
}

static void make_clips(void) {
  dir = g_dir_make_tmp("inveye-rtsp-XXXXXX", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 40, .gop = 10};
  clip = g_build_filename(dir, "clip.mp4", NULL);
  g_assert_true(clip_write(clip, &spec));
  spec.encoder = "x264enc bframes=3 b-adapt=false b-pyramid=false key-int-max=20 bitrate=400";
  clip_b = g_build_filename(dir, "b.mp4", NULL);
  if (!clip_write(clip_b, &spec))
    g_clear_pointer(&clip_b, g_free);
  spec.encoder = "x265enc key-int-max=10 bitrate=400 option-string=bframes=0";
  spec.muxer = "h265parse ! mp4mux";
  clip_h265 = g_build_filename(dir, "h265.mp4", NULL);
  if (!clip_write(clip_h265, &spec))
    g_clear_pointer(&clip_h265, g_free);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  make_clips();
  g_test_add_func("/media/rtsp/every-picture-comes", test_every_picture_comes);
  g_test_add_func("/media/rtsp/analysed-rate", test_analysed_rate);
  g_test_add_func("/media/rtsp/udp", test_udp);
  g_test_add_func("/media/rtsp/h265", test_h265);
  g_test_add_func("/media/rtsp/leaves-out-disposable", test_leaves_out_disposable);
  g_test_add_func("/media/rtsp/sound", test_sound);
  g_test_add_func("/media/rtsp/camera-time", test_camera_time);
  g_test_add_func("/media/rtsp/digest", test_digest);
  g_test_add_func("/media/rtsp/wrong-password", test_wrong_password);
  g_test_add_func("/media/rtsp/not-found", test_not_found);
  g_test_add_func("/media/rtsp/codec-not-supported", test_codec_not_supported);
  g_test_add_func("/media/rtsp/refused", test_refused);
  g_test_add_func("/media/rtsp/unknown-host", test_unknown_host);
  g_test_add_func("/media/rtsp/bad-address", test_bad_address);
  g_test_add_func("/media/rtsp/comes-back-after-a-restart", test_comes_back_after_a_restart);
  g_test_add_func("/media/rtsp/stall", test_stall);
  g_test_add_func("/media/rtsp/hung-from-the-start", test_hung_from_the_start);
  g_test_add_func("/media/rtsp/corrupt-stream", test_corrupt_stream);
  g_test_add_func("/media/rtsp/others-go-on", test_others_go_on);
  g_test_add_func("/media/rtsp/slow-consumer-is-counted", test_slow_consumer_is_counted);
  g_test_add_func("/media/rtsp/no-leak", test_no_leak);
  int rc = g_test_run();
  clip_remove_dir(dir);
  return rc;
}
