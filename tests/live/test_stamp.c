/* SPDX-License-Identifier: Apache-2.0 */
#include "live/stamp.h"

static IvEncodedUnit unit(IvTime ts, IvStreamTime pts, guint epoch) {
  return (IvEncodedUnit){.ts = ts, .pts = pts, .epoch = epoch, .size = 1000};
}

static void test_rtp(void) {
  g_assert_cmpuint(iv_stamp_rtp(0), ==, 0);
  g_assert_cmpuint(iv_stamp_rtp(IV_SECOND), ==, 90000);
  g_assert_cmpuint(iv_stamp_rtp(G_GINT64_CONSTANT(1764201600000000)), ==,
                   (guint32)(G_GUINT64_CONSTANT(1764201600) * 90000));
  /* It goes on over the end of 32 bits. */
  IvTime end = G_GINT64_CONSTANT(4294967296) * 100 / 9;
  g_assert_cmpuint(iv_stamp_rtp(end + IV_SECOND) - iv_stamp_rtp(end - IV_SECOND), ==, 180000);
}

static void test_step(void) {
  IvEncodedUnit small = {.size = 100}, large = {.size = 400000};
  g_assert_cmpint(iv_stamp_step(&small), ==, IV_STAMP_STEP_MIN);
  g_assert_cmpint(iv_stamp_step(&large), ==, 100 * IV_MS);
}

static void test_order(void) {
  IvOrderWatch watch = {0};
  IvEncodedUnit units[] = {unit(1000, 100, 0), unit(2000, 200, 0), unit(2000, 200, 0),
                           unit(3000, IV_STREAM_TIME_NONE, 0), unit(4000, 50, 0)};
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    g_assert_cmpint(iv_order_look(&watch, &units[i]), ==, IV_ORDER_FINE);
}

/* Times are mended once: no B-frames. */
static void test_one_step_back(void) {
  IvOrderWatch watch = {0};
  IvEncodedUnit units[] = {unit(1000, 300, 0), unit(2000, 400, 0), unit(1900, 390, 0)};
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    g_assert_cmpint(iv_order_look(&watch, &units[i]), ==, IV_ORDER_FINE);
}

/* The stream's own time goes back again and again within a connection: only B-frames do that. */
static void test_reordered(void) {
  IvOrderWatch watch = {0};
  IvOrder order = IV_ORDER_FINE;
  static const IvStreamTime shown[] = {0, 4, 2, 1, 3, 8, 6, 5, 7};
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    IvEncodedUnit next = unit(1000 + shown[i], shown[i], 0);
    order = iv_order_look(&watch, &next);
  }
  g_assert_cmpint(order, ==, IV_ORDER_REORDERED);
}

/* A new connection begins at 0 again. */
static void test_reconnected(void) {
  IvOrderWatch watch = {0};
  IvEncodedUnit first = unit(5 * IV_SECOND, 300, 0), second = unit(6 * IV_SECOND, 0, 1),
                third = unit(4 * IV_SECOND, 10, 2);
  g_assert_cmpint(iv_order_look(&watch, &first), ==, IV_ORDER_FINE);
  g_assert_cmpint(iv_order_look(&watch, &second), ==, IV_ORDER_FINE);
  g_assert_cmpint(iv_order_look(&watch, &third), ==, IV_ORDER_SET_BACK);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/live/stamp/rtp", test_rtp);
  g_test_add_func("/live/stamp/step", test_step);
  g_test_add_func("/live/stamp/order", test_order);
  g_test_add_func("/live/stamp/one_step_back", test_one_step_back);
  g_test_add_func("/live/stamp/reordered", test_reordered);
  g_test_add_func("/live/stamp/reconnected", test_reconnected);
  return g_test_run();
}
