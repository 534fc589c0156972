/* SPDX-License-Identifier: Apache-2.0 */
#include "track/kalman.h"

#include <glib.h>

#define NEAR 1e-9

static void assert_same(const IvKalman *a, const IvKalman *b) {
  g_assert_cmpfloat_with_epsilon(a->position, b->position, NEAR);
  g_assert_cmpfloat_with_epsilon(a->speed, b->speed, NEAR);
  g_assert_cmpfloat_with_epsilon(a->var_position, b->var_position, NEAR);
  g_assert_cmpfloat_with_epsilon(a->covariance, b->covariance, NEAR);
  g_assert_cmpfloat_with_epsilon(a->var_speed, b->var_speed, NEAR);
}

/* F = [1 t; 0 1], Q = q² [t³/3 t²/2; t²/2 t], by hand for t = 2, q = 1.5. */
static void test_predict(void) {
  IvKalman k = {.position = 5, .speed = -3, .var_position = 4, .covariance = 1, .var_speed = 9};
  iv_kalman_predict(&k, 2, 1.5);
  IvKalman expected = {.position = -1,
                       .speed = -3,
                       .var_position = 4 + 2 * 2 * 1 + 4 * 9 + 2.25 * 8 / 3,
                       .covariance = 1 + 2 * 9 + 2.25 * 2,
                       .var_speed = 9 + 2.25 * 2};
  assert_same(&k, &expected);
}

/* However an interval is cut, the estimate at its end is the same. */
static void test_any_split(void) {
  static const double cuts[] = {0, 0.001, 1. / 30, 0.2, 0.7, 1.3, 1.299, 1.3};
  for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
    IvKalman whole = iv_kalman_at(100, 4, 60);
    iv_kalman_update(&whole, 104, 3);
    whole.speed = 25;
    IvKalman parts = whole;
    iv_kalman_predict(&whole, 1.3, 30);
    iv_kalman_predict(&parts, cuts[i], 30);
    iv_kalman_predict(&parts, 1.3 - cuts[i], 30);
    assert_same(&parts, &whole);
  }
  IvKalman whole = iv_kalman_at(7, 2, 11), frames = whole;
  iv_kalman_predict(&whole, 2, 5);
  for (int i = 0; i < 64; i++)
    iv_kalman_predict(&frames, 2. / 64, 5);
  assert_same(&frames, &whole);
}

/* Two sights of something at rest: means weighted by 1 / variance. */
static void test_update(void) {
  IvKalman k = iv_kalman_at(10, 2, 0);
  iv_kalman_update(&k, 16, 1);
  g_assert_cmpfloat_with_epsilon(k.position, (10. / 4 + 16. / 1) / (1. / 4 + 1. / 1), NEAR);
  g_assert_cmpfloat_with_epsilon(k.var_position, 1 / (1. / 4 + 1. / 1), NEAR);
  g_assert_cmpfloat(k.speed, ==, 0);
}

/* n equally good sights of something that stands: their mean, with variance r² / n. */
static void test_standing(void) {
  static const double sights[] = {3, 5, 4, 8, 10};
  IvKalman k = iv_kalman_at(sights[0], 0.5, 0);
  for (int i = 1; i < 5; i++) {
    iv_kalman_predict(&k, 0.1, 0);
    iv_kalman_update(&k, sights[i], 0.5);
  }
  g_assert_cmpfloat_with_epsilon(k.position, 6, NEAR);
  g_assert_cmpfloat_with_epsilon(k.var_position, 0.25 / 5, NEAR);
}

/* Nothing known of the speed, then two sights: their difference over the time, variance 2r²/t². */
static void test_speed_from_two(void) {
  IvKalman k = iv_kalman_at(10, 0.5, 1e5);
  iv_kalman_predict(&k, 0.2, 0);
  iv_kalman_update(&k, 13, 0.5);
  g_assert_cmpfloat_with_epsilon(k.speed, 3 / 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon(k.var_speed, 2 * 0.25 / 0.04, 1e-6);
  g_assert_cmpfloat_with_epsilon(k.covariance, 0.25 / 0.2, 1e-6);
}

static void test_distance(void) {
  IvKalman a = {.position = 3, .speed = 1, .var_position = 1, .covariance = 0.5, .var_speed = 2};
  IvKalman b = {.position = 1, .speed = 4, .var_position = 3, .covariance = 0.5, .var_speed = 1};
  /* [2 -3] inv([4 1; 1 3]) [2 -3]' = (3·4 + 2·6 + 4·9) / 11 */
  g_assert_cmpfloat_with_epsilon(iv_kalman_distance2(&a, &b), 60. / 11, NEAR);
  g_assert_cmpfloat(iv_kalman_distance2(&a, &b), ==, iv_kalman_distance2(&b, &a));
  g_assert_cmpfloat(iv_kalman_distance2(&a, &a), ==, 0);
  IvKalman exact = {.position = 3, .speed = 1};
  g_assert_cmpfloat(iv_kalman_distance2(&exact, &exact), >=, 1e6);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kalman/predict", test_predict);
  g_test_add_func("/kalman/any-split", test_any_split);
  g_test_add_func("/kalman/update", test_update);
  g_test_add_func("/kalman/standing", test_standing);
  g_test_add_func("/kalman/speed-from-two", test_speed_from_two);
  g_test_add_func("/kalman/distance", test_distance);
  return g_test_run();
}
