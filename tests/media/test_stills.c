/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of a moment, and what is made of it. */
#include "media/moments.h"
#include "media/picture.h"
#include "media/still.h"

#define T0 (1774778400 * IV_SECOND)

/* A grey picture whose grey tells it from others. */
static IvFrame *grey(int width, int height, guint8 value, IvTime ts) {
  IvFrame *frame = iv_frame_new();
  gsize luma = (gsize)width * (gsize)height;
  guint8 *bytes = g_malloc(luma * 3 / 2 + (gsize)width + (gsize)height + 2);
  memset(bytes, 128, luma * 3 / 2 + (gsize)width + (gsize)height + 2);
  memset(bytes, value, luma);
  frame->pixels = IV_PIXELS_I420;
  frame->size = (IvSize){width, height};
  frame->plane[0] = frame->owner = bytes;
  frame->plane[1] = bytes + luma;
  frame->plane[2] = bytes + luma + luma / 4;
  frame->stride[0] = width;
  frame->stride[1] = frame->stride[2] = width / 2;
  frame->full_range = TRUE;
  frame->release = g_free;
  frame->ts = ts;
  return frame;
}

static void see(IvMoments *moments, guint8 value, IvTime ts, guint n_tracks) {
  IvTrackPoint tracks[2] = {{.tracklet_id = value, .state = IV_TRACK_CONFIRMED, .ts = ts},
                            {.tracklet_id = 1000, .state = IV_TRACK_CONFIRMED, .ts = ts}};
  g_autoptr(IvFrame) frame = grey(64, 48, value, ts);
  iv_moments_come(moments, frame);
  if (iv_moments_see(moments, frame, tracks, n_tracks))
    iv_moments_keep(moments, frame, tracks, n_tracks);
}

static guint8 value_of(const IvMoment *moment) {
  g_autoptr(IvFrame) frame =
      moment->frame ? iv_frame_ref(moment->frame) : iv_still_decode(moment->jpeg);
  g_assert_nonnull(frame);
  g_assert_cmpint(frame->size.width, ==, 64);
  g_assert_cmpint(frame->size.height, ==, 48);
  return frame->plane[0][10];
}

static void check(IvMoments *moments, IvTime ts, int value, IvTime frame_ts, guint n_tracks) {
  g_auto(IvMoment) moment = {0};
  g_assert_true(iv_moments_find(moments, ts, IV_SECOND, &moment));
  g_assert_cmpint(moment.ts, ==, frame_ts);
  g_assert_cmpint(ABS((int)value_of(&moment) - value), <=, 1);
  g_assert_cmpuint(moment.n_tracks, ==, n_tracks);
  if (n_tracks > 0)
    g_assert_cmpuint(moment.tracks[0].tracklet_id, ==, value);
}

/* 100 pictures, five a second: the last ones as they are, older ones once a second. */
static void test_moment(void) {
  g_autoptr(IvMoments) moments = iv_moments_new(TRUE);
  g_auto(IvMoment) none = {0};
  g_assert_cmpint(iv_moments_last(moments), ==, IV_TIME_NONE);
  g_assert_false(iv_moments_find(moments, T0, IV_HOUR, &none));
  for (int i = 0; i < 100; i++)
    see(moments, (guint8)(20 + i), T0 + i * 200 * IV_MS, 1);
  IvTime last = T0 + 99 * 200 * IV_MS;
  g_assert_cmpint(iv_moments_last(moments), ==, last);
  check(moments, last, 119, last, 1);
  check(moments, last + 100 * IV_MS, 119, last, 1);
  check(moments, last - 290 * IV_MS, 118, last - 200 * IV_MS, 1);
  check(moments, T0 + 7 * IV_SECOND + 100 * IV_MS, 20 + 35, T0 + 7 * IV_SECOND, 1);
  check(moments, T0 - 900 * IV_MS, 20, T0, 1);
  g_assert_false(iv_moments_find(moments, last + 2 * IV_SECOND, IV_SECOND, &none));
  iv_moments_forget(moments);
  g_assert_false(iv_moments_find(moments, last, IV_HOUR, &none));
}

/* Where nobody is seen nothing is kept for long; a picture that was not analysed has no tracks. */
static void test_empty(void) {
  g_autoptr(IvMoments) moments = iv_moments_new(TRUE);
  g_auto(IvMoment) none = {0};
  for (int i = 0; i < 50; i++)
    see(moments, (guint8)(20 + i), T0 + i * 200 * IV_MS, 0);
  g_assert_false(iv_moments_find(moments, T0 + 2 * IV_SECOND, 500 * IV_MS, &none));
  g_autoptr(IvFrame) still = grey(64, 48, 200, T0 + 10 * IV_SECOND);
  iv_moments_come(moments, still);
  check(moments, T0 + 10 * IV_SECOND, 200, T0 + 10 * IV_SECOND, 0);
  g_autoptr(IvMoments) of_cameras = iv_moments_new(FALSE);
  for (int i = 0; i < 50; i++)
    see(of_cameras, (guint8)(20 + i), T0 + i * 200 * IV_MS, 1);
  g_assert_false(iv_moments_find(of_cameras, T0 + 2 * IV_SECOND, 500 * IV_MS, &none));
}

/* Memory is bounded by pictures and bytes, however large they are. */
static void test_large(void) {
  g_autoptr(IvMoments) moments = iv_moments_new(FALSE);
  g_auto(IvMoment) found = {0};
  for (int i = 0; i < 6; i++) {
    g_autoptr(IvFrame) frame = grey(3840, 2160, (guint8)i, T0 + i * IV_SECOND);
    iv_moments_see(moments, frame, NULL, 0);
  }
  g_assert_false(iv_moments_find(moments, T0 + 3 * IV_SECOND, 500 * IV_MS, &found));
  g_assert_true(iv_moments_find(moments, T0 + 4 * IV_SECOND, 500 * IV_MS, &found));
}

static void test_clock_back(void) {
  g_autoptr(IvMoments) moments = iv_moments_new(TRUE);
  for (int i = 0; i < 20; i++)
    see(moments, (guint8)(20 + i), T0 + i * IV_SECOND, 1);
  for (int i = 0; i < 20; i++)
    see(moments, (guint8)(60 + i), T0 - IV_HOUR + i * IV_SECOND, 1);
  check(moments, T0 - IV_HOUR + 3 * IV_SECOND, 63, T0 - IV_HOUR + 3 * IV_SECOND, 1);
  check(moments, T0 + 3 * IV_SECOND, 23, T0 + 3 * IV_SECOND, 1);
}

static void check_planes(int width, int height) {
  g_autoptr(IvFrame) frame = grey(width, height, 90, T0);
  g_autoptr(GBytes) jpeg = iv_jpeg_encode(frame, IV_JPEG_FULL, 95, NULL, 0);
  g_autoptr(IvFrame) back = iv_still_decode(jpeg);
  g_assert_nonnull(back);
  g_assert_cmpint(back->size.width, ==, width);
  g_assert_cmpint(back->size.height, ==, height);
  g_assert_true(back->full_range);
  const guint8 *last = back->plane[0] + (gssize)(height - 1) * back->stride[0] + width - 1;
  g_assert_cmpint(ABS(*last - 90), <=, 1);
  g_assert_cmpint(ABS(back->plane[1][0] - 128), <=, 1);
}

static void test_decode(void) {
  check_planes(64, 48);
  check_planes(1, 1);
  check_planes(33, 17);
  check_planes(1280, 720);
  g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
  g_assert_null(iv_still_decode(nothing));
  g_autoptr(GBytes) words = g_bytes_new_static("this is no picture at all", 25);
  g_assert_null(iv_still_decode(words));
}

static guint8 luma_at(GBytes *jpeg, int x, int y) {
  g_autoptr(IvFrame) frame = iv_still_decode(jpeg);
  return frame->plane[0][(gssize)y * frame->stride[0] + x];
}

/* The clean one has nothing drawn on it; the marked one has boxes, lines and outlines. */
static void test_still(void) {
  const IvJpegBox boxes[] = {{.box = {0.25f, 0.25f, 0.5f, 0.75f}, .rgb = 0xffffff},
                             {.box = {0.6f, 0.6f, 5, 5}, .rgb = 0xffffff, .thin = TRUE}};
  const IvPoint line[] = {{0.1f, 0.1f}, {0.9f, 0.1f}};
  const IvPoint zone[] = {{0.05f, 0.2f}, {0.15f, 0.2f}, {0.15f, 0.9f}};
  const IvStillPath paths[] = {{line, 2, FALSE, 0xffffff}, {zone, 3, TRUE, 0xffffff}};
  const IvStillMarks marks = {boxes, 2, paths, 2};
  g_autoptr(IvFrame) frame = grey(1280, 720, 40, T0);
  g_auto(IvStill) still = {0};
  g_assert_true(iv_still_make(frame, &marks, &still));
  g_assert_cmpint(still.size.width, ==, 1280);
  g_assert_cmpint(luma_at(still.marked, 321, 360), >, 200); /* left edge of the box */
  g_assert_cmpint(luma_at(still.marked, 400, 360), <, 60);  /* inside */
  g_assert_cmpint(luma_at(still.marked, 640, 72), >, 200);  /* the line */
  g_assert_cmpint(luma_at(still.marked, 192, 400), >, 200); /* side of the outline */
  g_assert_cmpint(luma_at(still.clean, 321, 360), <, 60);
  g_assert_cmpint(luma_at(still.clean, 640, 72), <, 60);
  g_autoptr(IvFrame) small = iv_still_decode(still.thumbnail);
  g_assert_cmpint(small->size.width, ==, 320);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stills/moment", test_moment);
  g_test_add_func("/stills/nobody-seen", test_empty);
  g_test_add_func("/stills/large-pictures", test_large);
  g_test_add_func("/stills/clock-back", test_clock_back);
  g_test_add_func("/stills/decode", test_decode);
  g_test_add_func("/stills/three-files", test_still);
  return g_test_run();
}
