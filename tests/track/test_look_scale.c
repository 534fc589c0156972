/* SPDX-License-Identifier: Apache-2.0 */
#include "track/look_scale.h"

#include <math.h>

static const IvTrackTuning *const T = &iv_track_tuning;

/* Likenesses of two normal distributions. */
static IvLookScale learned(double same, double other, double sd, guint n) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  IvLookScale scale = {.same = {.n = 0}};
  for (guint i = 0; i < n; i++) {
    double radius = sqrt(-2 * log(1 - g_rand_double(dice)));
    double angle = 2 * G_PI * g_rand_double(dice);
    iv_look_scale_same(&scale, same + sd * radius * cos(angle));
    iv_look_scale_other(&scale, other + sd * radius * sin(angle));
  }
  return scale;
}

/* What the tuning was found with, as long as nothing is known. */
static void test_unlearned(void) {
  IvLookScale scale = {.same = {.n = 0}};
  IvLookWeight weight = iv_look_scale_weight(&scale, T);
  g_assert_cmpfloat_with_epsilon(weight.gain, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon(weight.even, T->look_even, 1e-9);
}

static void test_learned(void) {
  IvLookScale scale = learned(0.8, 0.2, 0.1, 3000);
  IvLookWeight weight = iv_look_scale_weight(&scale, T);
  double whole = 0.6 / (0.1 * 0.1) / (T->look_gap / (T->look_sd * T->look_sd));
  g_assert_cmpfloat_with_epsilon(weight.even, 0.5, 0.02);
  g_assert_cmpfloat(weight.gain, >, 0.8 * whole); /* the guess still counts a little */
  g_assert_cmpfloat(weight.gain, <, whole);
}

/* Where looks tell nothing they count for little, and never the wrong way round. */
static void test_useless(void) {
  IvLookScale scale = learned(0.4, 0.42, 0.3, 3000);
  IvLookWeight weight = iv_look_scale_weight(&scale, T);
  g_assert_cmpfloat(weight.gain, >, 0);
  g_assert_cmpfloat(weight.gain, <, 0.3);
}

/* Light changes: what was long ago is forgotten. */
static void test_forgets(void) {
  IvLookScale scale = learned(0.9, 0.7, 0.05, 5000);
  g_autoptr(GRand) dice = g_rand_new_with_seed(4);
  for (guint i = 0; i < 30000; i++) {
    iv_look_scale_same(&scale, g_rand_double_range(dice, 0.4, 0.6));
    iv_look_scale_other(&scale, g_rand_double_range(dice, 0.0, 0.2));
  }
  g_assert_cmpfloat_with_epsilon(iv_look_scale_weight(&scale, T).even, 0.3, 0.02);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/look-scale/unlearned", test_unlearned);
  g_test_add_func("/look-scale/learned", test_learned);
  g_test_add_func("/look-scale/useless", test_useless);
  g_test_add_func("/look-scale/forgets", test_forgets);
  return g_test_run();
}
