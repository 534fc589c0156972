/* SPDX-License-Identifier: Apache-2.0 */
/* Files as sources: every frame, in order, with the right times. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "clip.h"
#include "media/ingest.h"
#include "watcher.h"

#define START (1700000000 * IV_SECOND)

static char *dir;

static char *make_clip(const char *name, const ClipSpec *spec) {
  char *path = g_build_filename(dir, name, NULL);
  if (!clip_write(path, spec))
    g_clear_pointer(&path, g_free);
  return path;
}

static IvIngest *open_file(const char *path, double fps, gboolean loop, Watcher *watcher) {
  IvIngestConfig config = {.source = path,
                           .fps = fps,
                           .decode = TRUE,
                           .pace = IV_PACE_AS_FAST_AS_TAKEN,
                           .loop = loop,
                           .start = START};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  return ingest;
}

/* Reads a clip of `n` pictures to its end and checks that each came once, in order, on time. */
static void check_every_frame(const char *path, guint n, double fps) {
  Watcher watcher;
  watcher_init(&watcher);
  g_autoptr(IvIngest) ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 60));
  g_assert_cmpuint(watcher.seqs->len, ==, n);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint(g_array_index(watcher.seqs, guint64, i), ==, i);
    g_assert_cmpint(g_array_index(watcher.numbers, int, i), ==, i);
    double off = (double)(g_array_index(watcher.times, IvTime, i) - START) - i * 1e6 / fps;
    g_assert_cmpfloat(ABS(off), <, 1500);
  }
  g_assert_cmpuint(watcher.breaks->len, ==, 0);
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  g_assert_cmpuint(stats.frames_decoded, ==, n);
  g_assert_cmpuint(stats.units, ==, n);
  g_assert_cmpuint(stats.decode_errors, ==, 0);
  g_assert_cmpuint(stats.units_dropped, ==, 0);
  g_clear_pointer(&ingest, iv_ingest_free);
  watcher_clear(&watcher);
}

static void test_every_frame(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 25, .n = 120, .gop = 25};
  g_autofree char *path = make_clip("every.mp4", &spec);
  g_assert_nonnull(path);
  check_every_frame(path, 120, 25);
}

static void test_b_frames(void) {
  ClipSpec spec = {.size = {320, 240},
                   .fps = 25,
                   .n = 120,
                   .encoder = "x264enc bframes=3 b-adapt=false key-int-max=40 bitrate=400"};
  g_autofree char *path = make_clip("b.mp4", &spec);
  if (!path) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  check_every_frame(path, 120, 25);
}

static void test_h265(void) {
  ClipSpec spec = {.size = {320, 240},
                   .fps = 20,
                   .n = 60,
                   .encoder = "x265enc key-int-max=20 bitrate=400",
                   .muxer = "h265parse ! mp4mux"};
  g_autofree char *path = make_clip("h265.mp4", &spec);
  if (!path) {
    g_test_skip("x265enc (gstreamer1.0-plugins-bad) is not installed");
    return;
  }
  check_every_frame(path, 60, 20);
}

/* A codec without a parser of ours, in another container. */
static void test_motion_jpeg(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 10, .n = 40, .encoder = "jpegenc", .muxer = "avimux"};
  g_autofree char *path = make_clip("m.avi", &spec);
  g_assert_nonnull(path);
  check_every_frame(path, 40, 10);
}

/* The consumer's pace is the reading pace: nothing is dropped before a slow one. */
static void test_waits_for_the_consumer(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 25, .n = 60, .gop = 25};
  g_autofree char *path = make_clip("slow.mp4", &spec);
  Watcher watcher;
  watcher_init(&watcher);
  watcher.slow_us = 3000;
  g_autoptr(IvIngest) ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 60));
  g_assert_cmpuint(watcher.seqs->len, ==, 60);
  g_clear_pointer(&ingest, iv_ingest_free);
  watcher_clear(&watcher);
}

static void test_analysed_rate(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 10, .n = 100, .gop = 20};
  g_autofree char *path = make_clip("rate.mp4", &spec);
  Watcher watcher;
  watcher_init(&watcher);
  g_autoptr(IvIngest) ingest = open_file(path, 5, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 60));
  g_assert_cmpuint(watcher.seqs->len, ==, 50);
  for (guint i = 0; i < 50; i++) /* every other one, and numbers count all that were decoded */
    g_assert_cmpuint(g_array_index(watcher.seqs, guint64, i), ==, 2 * i);
  g_clear_pointer(&ingest, iv_ingest_free);
  watcher_clear(&watcher);
}

static void test_loop_marks_its_seam(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 10, .n = 20, .gop = 10};
  g_autofree char *path = make_clip("loop.mp4", &spec);
  Watcher watcher;
  watcher_init(&watcher);
  g_autoptr(IvIngest) ingest = open_file(path, 0, TRUE, &watcher);
  g_assert_true(watcher_wait_frames(&watcher, 50, 60));
  g_clear_pointer(&ingest, iv_ingest_free);
  for (guint i = 0; i < 50; i++) {
    g_assert_cmpint(g_array_index(watcher.numbers, int, i), ==, i % 20);
    IvTime off = g_array_index(watcher.times, IvTime, i) - START - i * 100 * IV_MS;
    g_assert_cmpint(ABS(off), <, 1500);
  }
  g_assert_cmpuint(g_array_index(watcher.breaks, guint, 0), ==, 20);
  g_assert_cmpuint(g_array_index(watcher.breaks, guint, 1), ==, 40);
  watcher_clear(&watcher);
}

/* A frame outlives the ingest it came from. */
static void test_frame_outlives_its_source(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 10, .n = 12, .gop = 10};
  g_autofree char *path = make_clip("keep.mp4", &spec);
  Watcher watcher;
  watcher_init(&watcher);
  IvIngest *ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 60));
  iv_ingest_free(ingest);
  g_assert_cmpint(clip_number(watcher.last), ==, 11);
  g_assert_cmpint(watcher.last->size.width, ==, 320);
  watcher_clear(&watcher);
}

/* Stopping in the middle, with a consumer that is busy, does not hang. */
static void test_stop_in_the_middle(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = 25, .n = 200, .gop = 25};
  g_autofree char *path = make_clip("stop.mp4", &spec);
  for (int i = 0; i < 10; i++) {
    Watcher watcher;
    watcher_init(&watcher);
    watcher.slow_us = 2000;
    IvIngest *ingest = open_file(path, 0, FALSE, &watcher);
    g_assert_true(watcher_wait_frames(&watcher, 1 + i, 30));
    iv_ingest_free(ingest);
    guint n = watcher.seqs->len;
    g_assert_cmpuint(n, <, 200);
    watcher_clear(&watcher);
  }
}

static void test_no_such_file(void) {
  IvIngestConfig config = {.source = "/no/such/video.mp4", .decode = TRUE};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, NULL, &error);
  g_assert_null(ingest);
  g_assert_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE);
  g_assert_nonnull(strstr(error->message, "/no/such/video.mp4"));
}

static void check_bad_file(const char *name, const char *bytes, gsize size, const char *part) {
  g_autofree char *path = g_build_filename(dir, name, NULL);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
  Watcher watcher;
  watcher_init(&watcher);
  IvIngest *ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 30));
  iv_ingest_free(ingest);
  g_autofree char *story = watcher_story(&watcher);
  if (!strstr(story, part))
    g_test_message("%s", story);
  g_assert_nonnull(strstr(story, part));
  watcher_clear(&watcher);
}

static void test_not_a_video(void) {
  check_bad_file("text.mp4", "this is no video, just text\n", 28, "not a video");
}

static void test_damaged_file_gives_what_it_has(void) {
  ClipSpec spec = {
      .size = {320, 240}, .fps = 25, .n = 100, .gop = 25, .encoder = "jpegenc", .muxer = "avimux"};
  g_autofree char *path = make_clip("cut.avi", &spec);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)(size / 2), NULL));
  Watcher watcher;
  watcher_init(&watcher);
  IvIngest *ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_frames(&watcher, 30, 30));
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
}

static void test_vtest(void) {
  g_autofree char *path = g_build_filename(g_get_user_cache_dir(), "inveye", "vtest.avi", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("vtest.avi is not in the cache (make setup)");
    return;
  }
  Watcher watcher;
  watcher_init(&watcher);
  g_autoptr(IvIngest) ingest = open_file(path, 0, FALSE, &watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 100));
  g_assert_cmpuint(watcher.seqs->len, ==, 795);
  for (guint i = 0; i < 795; i++)
    g_assert_cmpint(g_array_index(watcher.times, IvTime, i), ==, START + i * 100 * IV_MS);
  g_assert_cmpint(watcher.last->size.width, ==, 768);
  g_assert_cmpint(watcher.last->size.height, ==, 576);
  g_clear_pointer(&ingest, iv_ingest_free);
  watcher_clear(&watcher);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-file-XXXXXX", NULL);
  g_test_add_func("/media/file/every-frame", test_every_frame);
  g_test_add_func("/media/file/b-frames", test_b_frames);
  g_test_add_func("/media/file/h265", test_h265);
  g_test_add_func("/media/file/motion-jpeg", test_motion_jpeg);
  g_test_add_func("/media/file/waits-for-the-consumer", test_waits_for_the_consumer);
  g_test_add_func("/media/file/analysed-rate", test_analysed_rate);
  g_test_add_func("/media/file/loop-marks-its-seam", test_loop_marks_its_seam);
  g_test_add_func("/media/file/frame-outlives-its-source", test_frame_outlives_its_source);
  g_test_add_func("/media/file/stop-in-the-middle", test_stop_in_the_middle);
  g_test_add_func("/media/file/no-such-file", test_no_such_file);
  g_test_add_func("/media/file/not-a-video", test_not_a_video);
  g_test_add_func("/media/file/damaged", test_damaged_file_gives_what_it_has);
  g_test_add_func("/media/file/vtest", test_vtest);
  int rc = g_test_run();
  clip_remove_dir(dir);
  g_free(dir);
  return rc;
}
