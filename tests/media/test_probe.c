/* SPDX-License-Identifier: Apache-2.0 */
/* The camera test: its figures, its advice, and the command. */
#include <gst/gst.h>
#include <string.h>

#include "clip.h"
#include "media/probe_tally.h"
#include "server.h"

static char *dir, *clip, *clip_b;

/* --- advice --- */

static IvProbeReport good_report(void) {
  return (IvProbeReport){.reached = TRUE,
                         .codec = IV_CODEC_H264,
                         .size = {1280, 720},
                         .fps = 15,
                         .keyframe_interval = 2,
                         .span = 6,
                         .camera_clock = TRUE,
                         .decodes = TRUE};
}

static void check_advice(IvProbeReport report, IvAdviceLevel level, const char *part) {
  iv_probe_judge(&report);
  g_assert_cmpint(iv_probe_verdict(&report), ==, level);
  for (guint i = 0; part && i < report.n_advice; i++)
    if (strstr(report.advice[i].text, part))
      return;
  if (part)
    g_test_fail_printf("no advice says \"%s\"", part);
  else
    g_assert_cmpuint(report.n_advice, ==, 0);
}

static void test_advice(void) {
  IvProbeReport report = good_report();
  check_advice(report, IV_ADVICE_FINE, NULL);
  report.reordered = TRUE;
  check_advice(report, IV_ADVICE_WARNING, "B-frames");
  report = good_report();
  report.codec = IV_CODEC_H265;
  check_advice(report, IV_ADVICE_WARNING, "H.265");
  report = good_report();
  report.fps = 3;
  check_advice(report, IV_ADVICE_WARNING, "3.0 frames a second");
  report.fps = 1;
  check_advice(report, IV_ADVICE_FAILURE, "1.0 frames a second");
  report = good_report();
  report.size = (IvSize){3840, 2160};
  check_advice(report, IV_ADVICE_WARNING, "sub stream");
  report = good_report();
  report.keyframe_interval = 10;
  check_advice(report, IV_ADVICE_WARNING, "I-frame interval");
  report.keyframe_interval = 0;
  check_advice(report, IV_ADVICE_WARNING, "no second keyframe");
  report = good_report();
  report.decodes = FALSE;
  g_strlcpy(report.reason, "no decoder for H.265 is installed", sizeof report.reason);
  check_advice(report, IV_ADVICE_FAILURE, "no decoder for H.265");
  report = good_report();
  report.packets_lost = 7;
  check_advice(report, IV_ADVICE_WARNING, "7 packets");
  report = good_report();
  report.camera_clock = FALSE;
  check_advice(report, IV_ADVICE_FINE, "RTCP");
  report = (IvProbeReport){.reached = FALSE};
  check_advice(report, IV_ADVICE_FAILURE, NULL);
}

/* --- figures --- */

static void add(IvProbeTally *tally, int show, gboolean key) {
  g_autoptr(IvEncodedUnit) unit = iv_encoded_unit_new();
  unit->size = 1000;
  unit->ts = show * 50 * IV_MS;
  unit->pts = (IvStreamTime)show * 50000000;
  unit->keyframe = key;
  iv_probe_tally_add(tally, unit);
}

static void test_tally(void) {
  IvProbeTally tally;
  iv_probe_tally_init(&tally);
  for (int i = 0; i <= 100; i++)
    add(&tally, i, i % 20 == 0);
  IvProbeReport report = {0};
  iv_probe_tally_report(&tally, &report);
  g_assert_cmpfloat_with_epsilon(report.fps, 20, 1e-9);
  g_assert_cmpfloat_with_epsilon(report.bitrate, 160000, 1e-6);
  g_assert_cmpfloat_with_epsilon(report.keyframe_interval, 1, 1e-9);
  g_assert_false(report.reordered);
  add(&tally, 104, FALSE);
  add(&tally, 102, FALSE);
  iv_probe_tally_report(&tally, &report);
  g_assert_true(report.reordered);
}

/* --- against a server --- */

static IvProbeReport probe(const char *url) {
  IvProbeConfig config = {.source = url, .seconds = 2.5};
  g_autoptr(GError) error = NULL;
  IvProbeReport report;
  g_assert_true(iv_probe(&config, &report, NULL, &error));
  g_assert_no_error(error);
  return report;
}

static void test_camera(void) {
  Server server;
  g_autofree char *mount = g_strdup_printf("cam=%s", clip);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "cam", "");
  IvProbeReport report = probe(url);
  g_assert_true(report.reached);
  g_assert_true(report.decodes);
  g_assert_cmpint(report.codec, ==, IV_CODEC_H264);
  g_assert_cmpint(report.size.width, ==, 320);
  g_assert_cmpfloat_with_epsilon(report.fps, 20, 0.5);
  g_assert_cmpfloat_with_epsilon(report.keyframe_interval, 0.5, 0.05);
  g_assert_cmpfloat(report.bitrate, >, 20000);
  g_assert_cmpfloat(report.first_frame, >, 0);
  g_assert_false(report.reordered);
  g_assert_cmpstr(report.profile, ==, "constrained-baseline");
  server_clear(&server);
}

static void test_b_frames(void) {
  if (!clip_b) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  Server server;
  g_autofree char *mount = g_strdup_printf("cam=%s", clip_b);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, "cam", "");
  IvProbeReport report = probe(url);
  g_assert_true(report.reordered);
  g_assert_cmpint(iv_probe_verdict(&report), ==, IV_ADVICE_WARNING);
  server_clear(&server);
}

static void test_file(void) {
  IvProbeReport report = probe(clip);
  g_assert_true(report.reached);
  g_assert_cmpfloat_with_epsilon(report.fps, 20, 0.5);
}

static void test_not_reached(void) {
  IvProbeReport report = probe("rtsp://u:geheim@127.0.0.1:1/x");
  g_assert_false(report.reached);
  g_assert_nonnull(strstr(report.reason, "connection refused"));
  g_assert_cmpint(iv_probe_verdict(&report), ==, IV_ADVICE_FAILURE);
}

/* --- the command --- */

static int inveye(char **ret_out, const char *const *args) {
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_ptr_array_add(argv, (gpointer)g_getenv("INVEYE_BIN"));
  g_ptr_array_add(argv, (gpointer) "camera");
  g_ptr_array_add(argv, (gpointer) "test");
  for (; *args; args++)
    g_ptr_array_add(argv, (gpointer)*args);
  g_ptr_array_add(argv, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process =
      g_subprocess_newv((const char *const *)argv->pdata,
                        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, ret_out, NULL, &error));
  return g_subprocess_get_exit_status(process);
}

static void check_command(int status, const char *part, const char *const *args) {
  g_autofree char *out = NULL;
  int got = inveye(&out, args);
  if (got != status || !strstr(out, part) || strstr(out, "geheim"))
    g_test_message("%s", out);
  g_assert_cmpint(got, ==, status);
  g_assert_nonnull(strstr(out, part));
  g_assert_null(strstr(out, "geheim"));
}

static void test_command(void) {
  Server server;
  g_autofree char *mount = g_strdup_printf("cam=%s", clip);
  server_start(&server, "admin", "geheim", (const char *const[]){mount, NULL});
  g_autofree char *good = server_url(&server, "cam", "admin:geheim@");
  g_autofree char *bad = server_url(&server, "cam", "admin:geheim2@");
  g_autofree char *none = server_url(&server, "cam", "");
  g_autofree char *lost = server_url(&server, "other", "admin:geheim@");
  const char *const as_text[] = {good, "--seconds", "2", NULL};
  const char *const as_json[] = {good, "--json", "--seconds", "2", NULL};
  check_command(0, "320x240", as_text);
  check_command(0, "\"b_frames\": false", as_json);
  check_command(1, "wrong user or password (401)", (const char *const[]){bad, NULL});
  check_command(1, "asks for a user and password (401)", (const char *const[]){none, NULL});
  check_command(1, "(404)", (const char *const[]){lost, NULL});
  check_command(1, "rtsp://", (const char *const[]){"ftp://u:geheim@h/x", NULL});
  check_command(1, "begin with rtsp://", (const char *const[]){"u:geheim@127.0.0.1/x", NULL});
  check_command(2, "usage", (const char *const[]){NULL});
  check_command(2, "usage", (const char *const[]){good, "geheim", NULL});
  server_clear(&server);
}

static void make_clips(void) {
  dir = g_dir_make_tmp("inveye-probe-XXXXXX", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 60, .gop = 10};
  clip = g_build_filename(dir, "clip.mp4", NULL);
  g_assert_true(clip_write(clip, &spec));
  spec.encoder = "x264enc bframes=3 b-adapt=false key-int-max=20 bitrate=400";
  clip_b = g_build_filename(dir, "b.mp4", NULL);
  if (!clip_write(clip_b, &spec))
    g_clear_pointer(&clip_b, g_free);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  make_clips();
  g_test_add_func("/media/probe/advice", test_advice);
  g_test_add_func("/media/probe/tally", test_tally);
  g_test_add_func("/media/probe/camera", test_camera);
  g_test_add_func("/media/probe/b-frames", test_b_frames);
  g_test_add_func("/media/probe/file", test_file);
  g_test_add_func("/media/probe/not-reached", test_not_reached);
  g_test_add_func("/media/probe/command", test_command);
  int rc = g_test_run();
  clip_remove_dir(dir);
  return rc;
}
