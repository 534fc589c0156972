/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "vision/candidates.h"

static void add(IvCandidates *c, float x, float y, float size, float score, int class_id) {
  IvBox box = {x, y, x + size, y + size};
  iv_candidates_add(c, &box, score, class_id);
}

static void test_doubles(void) {
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0.3f, -1);
  add(c, 0, 0, 100, 0.5f, 0);
  add(c, 4, 0, 100, 0.9f, 0);  /* overlaps the first by 0.92: the better one stays */
  add(c, 2, 2, 100, 0.6f, 1);  /* another class */
  add(c, 50, 0, 100, 0.4f, 0); /* overlaps by a third only */
  guint n;
  const IvDetection *found = iv_candidates_finish(c, 0.6f, &n);
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpfloat(found[0].score, ==, 0.9f);
  g_assert_cmpint(found[1].class_id, ==, 1);
  g_assert_cmpfloat(found[2].score, ==, 0.4f);
}

/* The box that stays is the mean of those it stands for, weighted with score and overlap; also one
 * that is too weak to be reported has a say, down to half the score. */
static void test_voting(void) {
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0.4f, -1);
  add(c, 0, 0, 100, 0.8f, 0);
  add(c, 10, 0, 100, 0.25f, 0);
  add(c, 20, 0, 100, 0.19f, 0); /* under half: no say */
  guint n;
  const IvDetection *found = iv_candidates_finish(c, 0.6f, &n);
  double weight = 0.25 * 90.0 / 110.0;
  g_assert_cmpuint(n, ==, 1);
  g_assert_cmpfloat_with_epsilon(found[0].box.x0, 10 * weight / (0.8 + weight), 1e-4);
  g_assert_cmpfloat(found[0].score, ==, 0.8f);
}

static void test_without_suppression(void) {
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0.4f, -1);
  add(c, 0, 0, 100, 0.5f, 0);
  add(c, 0, 1, 100, 0.8f, 0);
  guint n;
  const IvDetection *found = iv_candidates_finish(c, 1, &n);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpfloat(found[0].box.y0, ==, 1);
  g_assert_cmpfloat(found[1].box.y0, ==, 0);
}

static void test_unwanted(void) {
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0.4f, 2);
  add(c, 0, 0, 10, 0.9f, 0);
  add(c, 0, 0, 10, 0.1f, 2);
  add(c, 0, 0, 10, NAN, 2);
  add(c, 0, 0, 10, INFINITY, 2);
  add(c, NAN, 0, 10, 0.9f, 2);
  add(c, 0, INFINITY, 10, 0.9f, 2);
  add(c, 0, 0, 0, 0.9f, 2);
  add(c, 0, 0, -5, 0.9f, 2);
  guint n;
  iv_candidates_finish(c, 0.6f, &n);
  g_assert_cmpuint(n, ==, 0);
  add(c, 0, 0, 10, 7, 2);
  const IvDetection *found = iv_candidates_finish(c, 0.6f, &n);
  g_assert_cmpuint(n, ==, 1);
  g_assert_cmpfloat(found[0].score, ==, 1);
}

static void test_best_class(void) {
  static const float scores[] = {0.1f, -1, 0.7f, -1, 0.3f, -1};
  g_autoptr(IvCandidates) c = iv_candidates_new();
  float score = 0;
  iv_candidates_start(c, 0.1f, -1);
  g_assert_cmpint(iv_candidates_best_class(c, scores, 2, 3, &score), ==, 1);
  g_assert_cmpfloat(score, ==, 0.7f);
  iv_candidates_start(c, 0.1f, 2);
  g_assert_cmpint(iv_candidates_best_class(c, scores, 2, 3, &score), ==, 2);
  g_assert_cmpfloat(score, ==, 0.3f);
  g_assert_cmpint(iv_candidates_best_class(c, scores, 2, 2, &score), ==, -1);
}

static void test_limits(void) {
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0, -1);
  for (int i = 0; i < IV_CANDIDATES_MAX + 10; i++)
    add(c, (float)(i % 250) * 20, (float)(i / 250) * 20, 10, (float)i / IV_CANDIDATES_MAX, 0);
  guint n;
  const IvDetection *found = iv_candidates_finish(c, 0.6f, &n);
  g_assert_cmpuint(n, ==, IV_DETECTIONS_MAX);
  for (guint i = 1; i < n; i++)
    g_assert_cmpfloat(found[i].score, <=, found[i - 1].score);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/candidates/doubles", test_doubles);
  g_test_add_func("/vision/candidates/voting", test_voting);
  g_test_add_func("/vision/candidates/no-suppression", test_without_suppression);
  g_test_add_func("/vision/candidates/unwanted", test_unwanted);
  g_test_add_func("/vision/candidates/best-class", test_best_class);
  g_test_add_func("/vision/candidates/limits", test_limits);
  return g_test_run();
}
