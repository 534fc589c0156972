/* SPDX-License-Identifier: Apache-2.0 */
#include "app/steady_clock.h"

static void test_runs_evenly(void) {
  IvSteadyClock clock = {0};
  IvTime wall = 1000 * IV_DAY;
  g_assert_false(iv_steady_clock_look(&clock, wall, IV_DAY));
  g_assert_false(iv_steady_clock_look(&clock, wall + IV_HOUR / 2, IV_DAY + IV_HOUR / 2));
  g_assert_true(iv_steady_clock_look(&clock, wall + IV_HOUR, IV_DAY + IV_HOUR));
  /* a second put right is no jump */
  g_assert_true(iv_steady_clock_look(&clock, wall + 2 * IV_HOUR + IV_SECOND, IV_DAY + 2 * IV_HOUR));
}

static void test_jumps(void) {
  IvSteadyClock clock = {0};
  IvTime wall = 1000 * IV_DAY;
  iv_steady_clock_look(&clock, wall, IV_DAY);
  g_assert_false(iv_steady_clock_look(&clock, wall - 900 * IV_DAY, IV_DAY + IV_HOUR));
  g_assert_false(iv_steady_clock_look(&clock, wall - 900 * IV_DAY + IV_HOUR / 2,
                                      IV_DAY + IV_HOUR + IV_HOUR / 2));
  g_assert_true(iv_steady_clock_look(&clock, wall - 900 * IV_DAY + IV_HOUR, IV_DAY + 2 * IV_HOUR));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/steady_clock/runs-evenly", test_runs_evenly);
  g_test_add_func("/steady_clock/jumps", test_jumps);
  return g_test_run();
}
