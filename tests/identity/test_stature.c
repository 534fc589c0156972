/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/stature.h"

#include <math.h>

static double noise(GRand *dice, double sd) {
  return sd * sqrt(-2 * log(1 - g_rand_double(dice))) * cos(2 * G_PI * g_rand_double(dice));
}

static void test_usual(void) {
  IvStature stature = {.n = 0};
  iv_stature_begin(&stature);
  g_assert_cmpfloat_with_epsilon(stature.metres, 1.70, 0.02);
  g_assert_cmpfloat_with_epsilon(stature.sd, 0.09, 0.02);
}

/* Half of what is seen is cut off anywhere by shelves. */
static void test_hidden(void) {
  static const double heights[] = {1.15, 1.48, 1.62, 1.88};
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  for (guint k = 0; k < G_N_ELEMENTS(heights); k++) {
    IvStature stature = {.n = 0};
    for (guint i = 0; i < 30; i++) {
      double cut = i % 2 ? g_rand_double_range(dice, 0.15, 0.8) : 0;
      iv_stature_see(&stature, heights[k] - cut + noise(dice, 0.05), 0.05);
    }
    g_assert_cmpfloat_with_epsilon(stature.metres, heights[k], 0.05);
    g_assert_cmpfloat(stature.sd, <, 0.06);
  }
}

/* One low sight is a shelf; many of them, all alike, are a child. */
static void test_child(void) {
  IvStature stature = {.n = 0};
  iv_stature_see(&stature, 1.3, 0.05);
  g_assert_cmpfloat(stature.metres, >, 1.5);
  for (guint i = 0; i < 6; i++)
    iv_stature_see(&stature, 1.1 + 0.02 * (i % 3), 0.05);
  g_assert_cmpfloat_with_epsilon(stature.metres, 1.12, 0.06);
}

/* Two halves of what was seen of somebody say what all of it does. */
static void test_join(void) {
  static const double seen[] = {1.81, 1.2, 1.78, 1.83, 0.9, 1.8};
  IvStature all = {.n = 0}, parts[2] = {{.n = 0}, {.n = 0}};
  for (guint i = 0; i < G_N_ELEMENTS(seen); i++) {
    iv_stature_see(&all, seen[i], 0.05);
    iv_stature_see(&parts[i % 2], seen[i], 0.05);
  }
  iv_stature_join(&parts[0], &parts[1]);
  g_assert_cmpuint(parts[0].n, ==, all.n);
  g_assert_cmpfloat_with_epsilon(parts[0].metres, all.metres, 1e-9);
  g_assert_cmpfloat_with_epsilon(parts[0].sd, all.sd, 1e-9);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stature/usual", test_usual);
  g_test_add_func("/stature/hidden", test_hidden);
  g_test_add_func("/stature/child", test_child);
  g_test_add_func("/stature/join", test_join);
  return g_test_run();
}
