/* SPDX-License-Identifier: Apache-2.0 */
/* Capture times of units as they come from a source. */
#include "media/intake.h"

#define T0 (1700000000 * IV_SECOND)

/* A slice of a picture that is no keyframe; `at` in ms, -1 = without times. */
static IvTime take(IvIntake *intake, int at, IvTime wall) {
  static const guint8 slice[] = {0, 0, 0, 1, 0x41, 0x9a, 0x24, 0x6c, 0x41};
  GstBuffer *buffer = gst_buffer_new_memdup(slice, sizeof slice);
  GST_BUFFER_PTS(buffer) = at < 0 ? GST_CLOCK_TIME_NONE : (GstClockTime)at * GST_MSECOND;
  GstCaps *caps = gst_caps_from_string(
      "video/x-h264, stream-format=byte-stream, alignment=au, width=64, height=64");
  GstSample *sample = gst_sample_new(buffer, caps, NULL, NULL);
  IvEncodedUnit *unit = iv_intake_take(intake, sample, (IvArrival){wall, wall});
  g_assert_nonnull(unit);
  IvTime ts = unit->ts;
  iv_encoded_unit_unref(unit);
  gst_sample_unref(sample);
  gst_caps_unref(caps);
  gst_buffer_unref(buffer);
  return ts;
}

/* Part of the picture before it, whenever it came: not the beginning of the connection. */
static void test_without_times(void) {
  IvIntake intake;
  iv_intake_init(&intake, FALSE, IV_TIME_NONE);
  iv_intake_connect(&intake);
  IvTime first = take(&intake, 5000, T0);
  IvTime second = take(&intake, 5100, T0 + 100 * IV_MS);
  g_assert_cmpint(second - first, ==, 100 * IV_MS);
  g_assert_cmpint(take(&intake, -1, T0 + 140 * IV_MS), ==, second);
  g_assert_cmpint(take(&intake, -1, T0 + 150 * IV_MS), ==, second);
  IvTime third = take(&intake, 5200, T0 + 200 * IV_MS);
  g_assert_cmpint(third - second, ==, 100 * IV_MS);
  iv_intake_connect(&intake); /* nothing is known of the new connection */
  g_assert_cmpint(ABS(take(&intake, -1, T0 + 10 * IV_SECOND) - T0 - 10 * IV_SECOND), <, IV_SECOND);
  iv_intake_clear(&intake);
}

static void test_file_without_times(void) {
  IvIntake intake;
  iv_intake_init(&intake, TRUE, T0);
  iv_intake_connect(&intake);
  g_assert_cmpint(take(&intake, 0, 1), ==, T0);
  g_assert_cmpint(take(&intake, 400, 1), ==, T0 + 400 * IV_MS);
  g_assert_cmpint(take(&intake, -1, 1), ==, T0 + 400 * IV_MS);
  iv_intake_clear(&intake);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(&argc, &argv);
  g_test_add_func("/media/intake/without-times", test_without_times);
  g_test_add_func("/media/intake/file-without-times", test_file_without_times);
  return g_test_run();
}
