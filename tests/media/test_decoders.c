/* SPDX-License-Identifier: Apache-2.0 */
/* What is not installed: decoders are taken out of this process's registry one after the other. */
#include <gst/gst.h>
#include <string.h>

#include "clip.h"
#include "server.h"
#include "watcher.h"

static char *dir, *clip;

static void forget(const char *name) {
  GstRegistry *registry = gst_registry_get();
  GstPluginFeature *feature = gst_registry_lookup_feature(registry, name);
  if (!feature)
    return;
  gst_registry_remove_feature(registry, feature);
  gst_object_unref(feature);
}

static IvIngest *read_clip(Watcher *watcher) {
  IvIngestConfig config = {.source = clip, .decode = TRUE, .pace = IV_PACE_AS_FAST_AS_TAKEN};
  watcher_init(watcher);
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  return ingest;
}

/* Without gstreamer1.0-libav. */
static void test_openh264(void) {
  forget("avdec_h264");
  Watcher watcher;
  IvIngest *ingest = read_clip(&watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 30));
  g_assert_cmpuint(watcher.seqs->len, ==, 40);
  for (guint i = 0; i < 40; i++)
    g_assert_cmpint(g_array_index(watcher.numbers, int, i), ==, i);
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
}

static void test_none(void) {
  forget("avdec_h264");
  forget("openh264dec");
  Watcher watcher;
  IvIngest *ingest = read_clip(&watcher);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_OFFLINE, 30));
  g_assert_true(watcher_told(&watcher, "apt-get install"));
  g_assert_true(watcher_told(&watcher, "gstreamer1.0-libav"));
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
}

/* A camera's stream is understood without a decoder; the camera says so and stays. */
static void test_camera_without_decoder(void) {
  Server server;
  Watcher watcher;
  g_autofree char *mount = g_strdup_printf("cam=%s", clip);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "cam", "");
  IvIngestConfig config = {.source = url, .decode = TRUE};
  watcher_init(&watcher);
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, &watcher, NULL);
  iv_ingest_start(ingest);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_DEGRADED, 30));
  g_assert_true(watcher_told(
      &watcher, "no decoder for H.264 is installed: apt-get install gstreamer1.0-libav"));
  iv_ingest_free(ingest);
  watcher_clear(&watcher);
  server_clear(&server);
}

static void test_no_rtsp(void) {
  forget("rtspsrc");
  IvIngestConfig config = {.source = "rtsp://127.0.0.1/x", .decode = TRUE};
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_ingest_new(&config, &watcher_events, NULL, &error));
  g_assert_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_PLUGIN);
  g_assert_nonnull(strstr(error->message, "gstreamer1.0-plugins-good"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-decoders-XXXXXX", NULL);
  clip = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 40, .gop = 10};
  g_assert_true(clip_write(clip, &spec));
  g_test_add_func("/media/decoders/openh264", test_openh264);
  g_test_add_func("/media/decoders/none", test_none);
  g_test_add_func("/media/decoders/camera", test_camera_without_decoder);
  g_test_add_func("/media/decoders/no-rtsp", test_no_rtsp);
  int rc = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(dir);
  return rc;
}
