/* SPDX-License-Identifier: Apache-2.0 */
/* A stream that is pulled only while somebody holds it, from a real RTSP server. */
#include <gst/gst.h>
#include <stdlib.h>

#include "base/clock.h"
#include "clip.h"
#include "media/standby.h"
#include "server.h"

#define PATIENCE (15 * IV_SECOND)
#define LINGER (400 * IV_MS)

static char *clip;

static IvStandby *open_standby(Server *server, IvTime linger) {
  g_autofree char *cam = g_strdup_printf("cam=%s", clip);
  server_start(server, "-", "-", (const char *const[]){cam, NULL});
  g_autofree char *url = server_url(server, "cam", "");
  IvIngestConfig config = {.source = url, .backoff_max = 300 * IV_MS};
  g_autoptr(GError) error = NULL;
  IvStandby *standby = iv_standby_new(&config, linger, &(IvIngestEvents){0}, NULL, &error);
  g_assert_no_error(error);
  return standby;
}

static gboolean is_pulled(IvStandby *standby) {
  IvIngestStats stats;
  return iv_standby_stats(standby, &stats);
}

static void wait_until_idle(IvStandby *standby) {
  for (IvTime end = iv_clock_monotonic() + PATIENCE; is_pulled(standby); g_usleep(10000))
    g_assert_cmpint(iv_clock_monotonic(), <, end);
}

static void expect_keyframe(IvStreamHold *hold) {
  g_autoptr(IvUnitReader) reader =
      iv_unit_reader_new(iv_stream_hold_ring(hold), IV_READER_LIVE, 30, TRUE);
  g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(reader, PATIENCE, NULL);
  g_assert_nonnull(unit);
  g_assert_true(unit->keyframe);
}

/* Nobody: nothing. One or several: one pull. Nobody again: it ends after a while. */
static void test_only_while_held(void) {
  Server server;
  g_autoptr(IvStandby) standby = open_standby(&server, LINGER);
  g_assert_false(is_pulled(standby));
  IvStreamHold *first = iv_standby_hold(standby), *second = iv_standby_hold(standby);
  g_assert_true(iv_stream_hold_ring(first) == iv_stream_hold_ring(second));
  g_assert_true(iv_standby_is_ring(standby, iv_stream_hold_ring(first)));
  expect_keyframe(first);
  iv_stream_hold_unref(first);
  expect_keyframe(second);
  iv_stream_hold_unref(second);
  g_assert_true(is_pulled(standby));
  wait_until_idle(standby);
  IvStreamHold *again = iv_standby_hold(standby);
  expect_keyframe(again);
  iv_stream_hold_unref(again);
  iv_standby_close(standby);
  server_clear(&server);
}

/* Who comes back within the while finds it still open. */
static void test_lingers(void) {
  Server server;
  g_autoptr(IvStandby) standby = open_standby(&server, IV_MINUTE);
  IvStreamHold *hold = iv_standby_hold(standby);
  g_autoptr(IvUnitRing) ring = iv_unit_ring_ref(iv_stream_hold_ring(hold));
  expect_keyframe(hold);
  iv_stream_hold_unref(hold);
  hold = iv_standby_hold(standby);
  g_assert_true(iv_stream_hold_ring(hold) == ring);
  iv_stream_hold_unref(hold);
  iv_standby_close(standby);
  server_clear(&server);
}

/* A camera that is taken away takes its holders' ring with it, and gives no other one. */
static void test_closed_under_a_holder(void) {
  Server server;
  g_autoptr(IvStandby) standby = open_standby(&server, LINGER);
  g_autoptr(IvStreamHold) hold = iv_standby_hold(standby);
  expect_keyframe(hold);
  g_autoptr(IvUnitReader) reader =
      iv_unit_reader_new(iv_stream_hold_ring(hold), IV_READER_LIVE, 30, FALSE);
  iv_standby_close(standby);
  for (IvEncodedUnit *unit; (unit = iv_unit_reader_pop(reader, PATIENCE, NULL));)
    iv_encoded_unit_unref(unit);
  g_assert_true(iv_unit_reader_is_over(reader));
  g_assert_null(iv_standby_hold(standby));
  g_assert_false(is_pulled(standby));
  server_clear(&server);
}

typedef struct {
  IvStandby *standby;
  gint64 seed;
} Crowd;

static gpointer come_and_go(gpointer user_data) {
  Crowd *crowd = user_data;
  g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)crowd->seed);
  for (int i = 0; i < 8; i++) {
    g_autoptr(IvStreamHold) hold = iv_standby_hold(crowd->standby);
    expect_keyframe(hold);
    g_clear_pointer(&hold, iv_stream_hold_unref);
    g_usleep((gulong)g_rand_int_range(rand, 0, 30000));
  }
  return NULL;
}

/* Many come and go at once, with hardly any linger: it begins and ends many times. */
static void test_crowd(void) {
  Server server;
  IvStandby *standby = open_standby(&server, 1);
  GThread *threads[6];
  Crowd crowds[6];
  for (int i = 0; i < 6; i++) {
    crowds[i] = (Crowd){standby, i};
    threads[i] = g_thread_new("crowd", come_and_go, &crowds[i]);
  }
  for (int i = 0; i < 6; i++)
    g_thread_join(threads[i]);
  wait_until_idle(standby);
  iv_standby_close(standby);
  iv_standby_unref(standby);
  server_clear(&server);
}

static void test_bad_address(void) {
  IvIngestConfig config = {.source = "rtsp://"};
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_standby_new(&config, 0, &(IvIngestEvents){0}, NULL, &error));
  g_assert_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE);
}

/* Two streams of one clock tell one time. */
static void test_shared_clock(void) {
  g_autoptr(IvClockShare) share = iv_clock_share_new();
  g_assert_cmpint(iv_clock_share_follow(share, 5 * IV_SECOND), ==, 0);
  iv_clock_share_lead(share, 5 * IV_SECOND);
  g_assert_cmpint(iv_clock_share_follow(share, 5 * IV_SECOND + 80 * IV_MS), ==, -80 * IV_MS);
  g_assert_cmpint(iv_clock_share_follow(share, 60 * IV_SECOND), ==, 0);
  iv_clock_share_lead(share, IV_TIME_NONE);
  g_assert_cmpint(iv_clock_share_follow(share, 5 * IV_SECOND), ==, 0);
}

int main(int argc, char **argv) {
  gst_init(NULL, NULL);
  g_test_init(&argc, &argv, NULL);
  g_autofree char *dir = g_dir_make_tmp("inveye-standby-XXXXXX", NULL);
  clip = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 40, .gop = 10};
  g_test_add_func("/standby/shared-clock", test_shared_clock);
  g_test_add_func("/standby/bad-address", test_bad_address);
  if (clip_write(clip, &spec)) {
    g_test_add_func("/standby/only-while-held", test_only_while_held);
    g_test_add_func("/standby/lingers", test_lingers);
    g_test_add_func("/standby/closed-under-a-holder", test_closed_under_a_holder);
    g_test_add_func("/standby/crowd", test_crowd);
  } else {
    g_test_message("no H.264 encoder: the rest is skipped");
  }
  int status = g_test_run();
  clip_remove_dir(dir);
  return status;
}
