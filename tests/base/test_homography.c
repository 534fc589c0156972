/* SPDX-License-Identifier: Apache-2.0 */
#include "base/homography.h"

#include <math.h>
#include <string.h>

/* A camera as a store has it: 3 m up in the corner, looking into the room and down. */
typedef struct {
  double x, y, height, yaw, pitch, hfov; /* metres, degrees */
  int w, h;                              /* pixels */
} Camera;

static const Camera corner = {1, 1, 3, 40, 32, 90, 1280, 720};

static IvPoint project(const Camera *c, IvPlanPoint p) {
  double yaw = c->yaw * G_PI / 180, pitch = c->pitch * G_PI / 180;
  double f = c->w / 2.0 / tan(c->hfov * G_PI / 360);
  double q[3] = {p.x - c->x, p.y - c->y, -c->height};
  double right = -sin(yaw) * q[0] + cos(yaw) * q[1];
  double down = -sin(pitch) * cos(yaw) * q[0] - sin(pitch) * sin(yaw) * q[1] - cos(pitch) * q[2];
  double ahead = cos(pitch) * cos(yaw) * q[0] + cos(pitch) * sin(yaw) * q[1] - sin(pitch) * q[2];
  return (IvPoint){(float)((c->w / 2.0 + f * right / ahead) / c->w),
                   (float)((c->h / 2.0 + f * down / ahead) / c->h)};
}

static const IvPlanPoint floor_points[] = {{3, 2}, {6, 3}, {4, 6}, {2.5, 4},
                                           {7, 6}, {5, 4}, {3, 3}};

static guint make_pairs(IvPointPair *pairs, guint n) {
  for (guint i = 0; i < n; i++)
    pairs[i] = (IvPointPair){project(&corner, floor_points[i]), floor_points[i]};
  return n;
}

static void assert_near(const IvHomography *h, double within) {
  for (guint i = 0; i < G_N_ELEMENTS(floor_points); i++) {
    IvPlanPoint found = {0};
    g_assert_true(iv_homography_to_plan(h, project(&corner, floor_points[i]), &found));
    g_assert_cmpfloat(hypot(found.x - floor_points[i].x, found.y - floor_points[i].y), <, within);
  }
}

static void test_four_pairs(void) {
  IvPointPair pairs[4];
  IvHomography h;
  IvHomographyError e;
  g_autoptr(GError) error = NULL;
  g_assert_true(iv_homography_from_pairs(pairs, make_pairs(pairs, 4), &h, &e, &error));
  g_assert_no_error(error);
  assert_near(&h, 1e-4);
  /* They fit whatever they say: no error is claimed. */
  g_assert_true(isnan(e.rms) && isnan(e.worst));
  g_assert_cmpint(e.suspect, ==, -1);
}

static void test_there_and_back(void) {
  IvPointPair pairs[7];
  IvHomography h;
  g_assert_true(iv_homography_from_pairs(pairs, make_pairs(pairs, 7), &h, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(floor_points); i++) {
    IvPoint image = {0}, truth = project(&corner, floor_points[i]);
    g_assert_true(iv_homography_to_image(&h, floor_points[i], &image));
    g_assert_cmpfloat(hypot((double)image.x - truth.x, (double)image.y - truth.y), <, 1e-4);
  }
  /* Behind the camera, and above the horizon. */
  IvPoint image;
  IvPlanPoint plan;
  g_assert_false(iv_homography_to_image(&h, (IvPlanPoint){-3, -4}, &image));
  g_assert_false(iv_homography_to_plan(&h, (IvPoint){0.5f, -0.6f}, &plan));
}

static void test_error_tells_the_wrong_pair(void) {
  IvPointPair pairs[7];
  IvHomography h;
  IvHomographyError good, bad;
  guint n = make_pairs(pairs, 7);
  g_assert_true(iv_homography_from_pairs(pairs, n, &h, &good, NULL));
  g_assert_cmpfloat(good.rms, <, 1e-3);
  g_assert_cmpfloat(good.worst, <, 1e-2);
  pairs[5].plan.x += 1;
  g_assert_true(iv_homography_from_pairs(pairs, n, &h, &bad, NULL));
  g_assert_cmpint(bad.suspect, ==, 5);
  g_assert_cmpfloat(bad.worst, >, 0.9);
  g_assert_cmpfloat(bad.rms, >, 0.1);
}

/* The claimed spread is the true one: points misplaced by 5 cm (standard deviation, each way). */
static void test_spread_is_honest(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  double sum = 0;
  for (int round = 0; round < 200; round++) {
    IvPointPair pairs[7];
    IvHomography h;
    IvHomographyError e;
    guint n = make_pairs(pairs, 7);
    for (guint i = 0; i < n; i++) {
      /* sum of 12 uniforms: near enough to normal, variance 1 */
      double dx = -6, dy = -6;
      for (int k = 0; k < 12; k++) {
        dx += g_rand_double(rand);
        dy += g_rand_double(rand);
      }
      pairs[i].plan.x += 0.05 * dx;
      pairs[i].plan.y += 0.05 * dy;
    }
    g_assert_true(iv_homography_from_pairs(pairs, n, &h, &e, NULL));
    sum += e.rms * e.rms / 200;
  }
  g_assert_cmpfloat(sqrt(sum), >, 0.05 * G_SQRT2 * 0.9);
  g_assert_cmpfloat(sqrt(sum), <, 0.05 * G_SQRT2 * 1.1);
}

static void test_scale(void) {
  IvPointPair pairs[7];
  IvHomography h;
  g_assert_true(iv_homography_from_pairs(pairs, make_pairs(pairs, 7), &h, NULL, NULL));
  /* By the camera's own figures: depth along its axis over the focal length. */
  IvPlanPoint at = {5, 4};
  double yaw = corner.yaw * G_PI / 180, pitch = corner.pitch * G_PI / 180;
  double f = corner.w / 2.0 / tan(corner.hfov * G_PI / 360);
  double depth = cos(pitch) * (cos(yaw) * (at.x - corner.x) + sin(yaw) * (at.y - corner.y)) +
                 sin(pitch) * corner.height;
  double scale = iv_homography_scale(&h, project(&corner, at), (IvSize){corner.w, corner.h});
  g_assert_cmpfloat(fabs(scale / (depth / f * corner.h) - 1), <, 0.01);
}

static void expect_failure(const IvPointPair *pairs, guint n, int code, const char *words) {
  IvHomography h = {{42}};
  g_autoptr(GError) error = NULL;
  g_assert_false(iv_homography_from_pairs(pairs, n, &h, NULL, &error));
  g_assert_error(error, IV_HOMOGRAPHY_ERROR, code);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_cmpfloat(h.m[0], ==, 42); /* untouched */
}

static void test_bad_pairs(void) {
  IvPointPair pairs[7];
  make_pairs(pairs, 7);
  expect_failure(pairs, 3, IV_HOMOGRAPHY_ERROR_PAIRS, "4 to 64");
  pairs[3] = pairs[1];
  expect_failure(pairs, 4, IV_HOMOGRAPHY_ERROR_PAIRS, "pairs 2 and 4");
  make_pairs(pairs, 7);
  pairs[2].plan.x = NAN;
  expect_failure(pairs, 7, IV_HOMOGRAPHY_ERROR_PAIRS, "pair 3");
  for (guint i = 0; i < 4; i++) {
    IvPlanPoint p = {3 + i, 2 + 0.5 * i};
    pairs[i] = (IvPointPair){project(&corner, p), p};
  }
  expect_failure(pairs, 4, IV_HOMOGRAPHY_ERROR_DEGENERATE, "on one line");
  make_pairs(pairs, 7);
  for (guint i = 0; i < 7; i++)
    pairs[i].plan.x = -pairs[i].plan.x;
  expect_failure(pairs, 7, IV_HOMOGRAPHY_ERROR_IMPOSSIBLE, "mirrored");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/homography/four-pairs", test_four_pairs);
  g_test_add_func("/homography/there-and-back", test_there_and_back);
  g_test_add_func("/homography/error-tells-the-wrong-pair", test_error_tells_the_wrong_pair);
  g_test_add_func("/homography/spread-is-honest", test_spread_is_honest);
  g_test_add_func("/homography/scale", test_scale);
  g_test_add_func("/homography/bad-pairs", test_bad_pairs);
  return g_test_run();
}
