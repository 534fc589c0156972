/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "eval/ap.h"
#include "eval/mot_file.h"

static GArray *parse(const char *text, IvMotKind kind) {
  g_autoptr(GError) error = NULL;
  GArray *rows = iv_mot_parse(text, strlen(text), "t.txt", kind, &error);
  g_assert_no_error(error);
  return rows;
}

static IvDetectionScores scores_of(const char *gt_text, const char *det_text, const int *frames,
                                   guint n_frames) {
  g_autoptr(GArray) gt = parse(gt_text, IV_MOT_GROUND_TRUTH);
  g_autoptr(GArray) det = parse(det_text, IV_MOT_DETECTIONS);
  return iv_detection_scores(gt, det, 0.5, frames, n_frames);
}

static const int both[] = {1, 2};

static void test_perfect(void) {
  IvDetectionScores s = scores_of("1,1,0,0,10,20,1\n2,1,5,0,10,20,1\n",
                                  "1,-1,0,0,10,20,0.9\n2,-1,5,0,10,20,0.8\n", both, 2);
  g_assert_cmpfloat(s.ap50, ==, 1);
  g_assert_cmpfloat(s.recall, ==, 1);
  g_assert_cmpfloat(s.precision, ==, 1);
}

/* By hand: four people; hits at ranks 1, 3 and 4 of 5. Precision at the hits 1, 2/3, 3/4; made
 * falling 1, 3/4, 3/4; so AP = (1 + 3/4 + 3/4) / 4. Three score 0.5 or more, two of them hit. */
static void test_by_hand(void) {
  IvDetectionScores s =
      scores_of("1,1,0,0,10,20,1\n1,2,100,0,10,20,1\n2,1,0,0,10,20,1\n2,2,300,0,10,20,1\n",
                "1,-1,0,0,10,20,0.9\n1,-1,500,0,10,20,0.8\n1,-1,100,0,10,20,0.7\n"
                "2,-1,0,0,10,20,0.4\n2,-1,700,0,10,20,0.3\n",
                both, 2);
  g_assert_cmpfloat_with_epsilon(s.ap50, 2.5 / 4, 1e-12);
  g_assert_cmpfloat_with_epsilon(s.recall, 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon(s.precision, 2. / 3, 1e-12);
  g_assert_cmpuint(s.n_gt, ==, 4);
  g_assert_cmpuint(s.n_detections, ==, 5);
}

/* One person is found once: the better score takes it, the second is a false one. */
static void test_one_to_one(void) {
  IvDetectionScores s =
      scores_of("1,1,0,0,10,20,1\n", "1,-1,0,0,10,20,0.6\n1,-1,0,1,10,20,0.9\n", both, 2);
  g_assert_cmpfloat(s.ap50, ==, 1);
  g_assert_cmpfloat(s.precision, ==, 0.5);
}

/* Overlap of exactly one half counts, a little less does not. */
static void test_half(void) {
  g_assert_cmpfloat(scores_of("1,1,0,0,10,20,1\n", "1,-1,0,0,10,10,0.9\n", both, 2).recall, ==, 1);
  g_assert_cmpfloat(scores_of("1,1,0,0,10,20,1\n", "1,-1,0,0,10,9.9,0.9\n", both, 2).recall, ==, 0);
}

/* Rows marked 0 are no people, frames that were not looked at do not count on either side. */
static void test_left_out(void) {
  static const int second[] = {2};
  IvDetectionScores s = scores_of("1,1,0,0,10,20,1\n2,1,0,0,10,20,1\n2,2,50,0,10,20,0\n",
                                  "1,-1,90,0,10,20,0.9\n2,-1,0,0,10,20,0.9\n", second, 1);
  g_assert_cmpuint(s.n_gt, ==, 1);
  g_assert_cmpuint(s.n_detections, ==, 1);
  g_assert_cmpfloat(s.ap50, ==, 1);
}

static void test_nothing(void) {
  IvDetectionScores s = scores_of("", "1,-1,0,0,10,20,0.9\n", both, 2);
  g_assert_cmpfloat(s.ap50, ==, 0);
  g_assert_cmpfloat(s.precision, ==, 0);
  s = scores_of("1,1,0,0,10,20,1\n", "", both, 2);
  g_assert_cmpfloat(s.ap50, ==, 0);
  g_assert_cmpfloat(s.recall, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/eval/ap/perfect", test_perfect);
  g_test_add_func("/eval/ap/by-hand", test_by_hand);
  g_test_add_func("/eval/ap/one-to-one", test_one_to_one);
  g_test_add_func("/eval/ap/half", test_half);
  g_test_add_func("/eval/ap/left-out", test_left_out);
  g_test_add_func("/eval/ap/nothing", test_nothing);
  return g_test_run();
}
