/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live.h"

static void gone(gpointer flag) {
  *(gboolean *)flag = TRUE;
}

static IvFrame *frame_that_tells(gboolean *flag) {
  IvFrame *frame = iv_frame_new();
  frame->release = gone;
  frame->owner = flag;
  return frame;
}

static void test_pictures(void) {
  gboolean first_gone = FALSE, second_gone = FALSE;
  IvFrame *first = frame_that_tells(&first_gone), *second = frame_that_tells(&second_gone);
  IvLive *live = iv_live_new(2);
  IvGlance view = {.ts = 7, .people = 2, .n_tracks = 1, .n_zones = 1, .occupancy = {3}}, got;
  g_assert_null(iv_live_frame(live, 0, &got));
  g_assert_cmpint(got.ts, ==, IV_TIME_NONE);
  iv_live_put(live, 0, &view, first);
  iv_frame_unref(first);
  view.ts = 8;
  iv_live_put(live, 0, &view, NULL); /* a view without a picture keeps the last one */
  IvFrame *held = iv_live_frame(live, 0, &got);
  g_assert_true(held == first);
  g_assert_cmpint(got.ts, ==, 8);
  iv_live_put(live, 0, &view, second);
  g_assert_false(first_gone); /* its reader still holds it */
  iv_frame_unref(held);
  g_assert_true(first_gone);
  g_assert_null(iv_live_frame(live, 1, NULL));
  iv_frame_unref(second);
  g_assert_false(second_gone);
  iv_live_free(live);
  g_assert_true(second_gone);
}

static void test_clear(void) {
  g_autoptr(IvLive) live = iv_live_new(2);
  g_autoptr(IvFrame) frame = iv_frame_new();
  IvGlance view = {.ts = 7, .people = 2, .n_tracks = 1, .n_zones = 2, .occupancy = {3, 4}}, got;
  iv_live_put(live, 0, &view, frame);
  iv_live_put(live, 1, &view, frame);
  iv_live_clear(live, 0);
  g_autoptr(IvFrame) kept = iv_live_frame(live, 0, &got);
  g_assert_nonnull(kept);
  g_assert_cmpuint(got.people + got.n_tracks + got.occupancy[0] + got.occupancy[1], ==, 0);
  g_assert_cmpuint(got.n_zones, ==, 2);
  iv_live_get(live, 1, &got);
  g_assert_cmpuint(got.people + got.n_tracks + got.occupancy[0] + got.occupancy[1], ==, 10);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/live/pictures", test_pictures);
  g_test_add_func("/app/live/clear", test_clear);
  return g_test_run();
}
