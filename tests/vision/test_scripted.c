/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vision/picture.h"
#include "vision/scripted.h"

static const char script[] = "2,-1,10,20,30,40,0.3\n"
                             "2,-1,0,0,100,50,0.9\n"
                             "1,-1,50,25,50,25,2.5\n"
                             "4,-1,0,0,10,10,0.5\n";

static void test_boxes_by_frame(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvDetector) detector = iv_scripted_detector_parse(script, (IvSize){100, 50}, &error);
  g_assert_no_error(error);
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_I420, (IvSize){2, 2});
  static const guint counts[] = {1, 2, 0, 1, 0};
  IvDetection found[8];
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
    guint n = 99;
    frame->seq = i;
    g_assert_true(iv_detector_detect(detector, frame, found, 8, &n, &error));
    g_assert_cmpuint(n, ==, counts[i]);
  }
  guint n;
  frame->seq = 1;
  g_assert_true(iv_detector_detect(detector, frame, found, 8, &n, &error));
  g_assert_cmpfloat_with_epsilon(found[0].score, 0.9, 1e-6); /* best first */
  g_assert_cmpfloat_with_epsilon(found[1].box.x0, 0.1, 1e-6);
  g_assert_cmpfloat_with_epsilon(found[1].box.y1, 1.2, 1e-6);
  g_assert_true(iv_detector_detect(detector, frame, found, 1, &n, &error));
  g_assert_cmpuint(n, ==, 1);
  frame->seq = 0;
  g_assert_true(iv_detector_detect(detector, frame, found, 8, &n, &error));
  g_assert_cmpfloat(found[0].score, ==, 1); /* scores of other detectors may not be shares */
  g_assert_true(g_str_has_prefix(iv_detector_version(detector), "scripted-"));
}

static void test_bad_scripts(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_scripted_detector_parse("1,-1,x\n", (IvSize){10, 10}, &error));
  g_assert_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL);
  g_assert_nonnull(strstr(error->message, ":1:"));
  g_clear_error(&error);
  g_assert_null(iv_scripted_detector_open("/nowhere/det.txt", (IvSize){10, 10}, &error));
  g_assert_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL);
  g_assert_nonnull(strstr(error->message, "/nowhere/det.txt"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/scripted/boxes", test_boxes_by_frame);
  g_test_add_func("/vision/scripted/bad", test_bad_scripts);
  return g_test_run();
}
