/* SPDX-License-Identifier: Apache-2.0 */
/* What may be compared, and what may not. */
#include <math.h>

#include "kpi/change.h"

static double change(double now, double before, double coverage_now, double coverage_before) {
  return iv_change((IvMeasured){now, coverage_now}, (IvMeasured){before, coverage_before});
}

static void test_change(void) {
  const double none = (double)NAN;
  g_assert_cmpfloat(change(120, 100, 1, 1), ==, 0.2);
  g_assert_cmpfloat(change(0, 100, 1, 1), ==, -1);
  g_assert_cmpfloat(change(0.5, 0.25, none, none), ==, 1); /* needs no camera */
  g_assert_cmpfloat(change(3, 2, 0.9, 0.9), ==, 0.5);
  g_assert_true(isnan(change(120, 0, 1, 1)));
  g_assert_true(isnan(change(120, -5, 1, 1)));
  g_assert_true(isnan(change(none, 100, 1, 1)));
  g_assert_true(isnan(change(120, none, 1, 1)));
  g_assert_true(isnan(change(120, 100, 0.89, 1)));
  g_assert_true(isnan(change(120, 100, 1, 0.5)));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/change/rules", test_change);
  return g_test_run();
}
