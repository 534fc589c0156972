/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/load.h"

/* `fps` pictures a second for `seconds`, each of `work` µs of work; all that the factor lets in are
 * served. Returns the time afterwards. */
static IvTime run(IvLoad *load, IvTime from, int seconds, int fps, IvTime work) {
  double credit = 0;
  for (int i = 0; i < seconds * fps; i++) {
    IvTime now = from + i * IV_SECOND / fps;
    iv_load_offer(load, now);
    credit += iv_load_factor(load, now);
    if (credit < 1)
      continue;
    credit -= 1;
    iv_load_serve(load, now, work);
  }
  return from + seconds * IV_SECOND;
}

static void test_light(void) {
  IvLoad load;
  iv_load_init(&load, 1, 0.8);
  IvTime now = run(&load, 5 * IV_HOUR, 10, 20, 30 * IV_MS);
  g_assert_cmpfloat(iv_load_factor(&load, now), ==, 1);
  g_assert_cmpfloat_with_epsilon(iv_load_busy_share(&load, now), 0.6, 0.05);
}

/* 100 pictures a second of 20 ms each want two workers; one may do 40 of them (80 %). */
static void test_heavy(void) {
  IvLoad load;
  iv_load_init(&load, 1, 0.8);
  IvTime now = run(&load, 0, 20, 100, 20 * IV_MS);
  g_assert_cmpfloat_with_epsilon(iv_load_factor(&load, now), 0.4, 0.02);
  g_assert_cmpfloat_with_epsilon(iv_load_busy_share(&load, now), 0.8, 0.05);
}

static void test_more_workers(void) {
  IvLoad load;
  iv_load_init(&load, 4, 0.8);
  IvTime now = run(&load, 0, 20, 100, 20 * IV_MS);
  g_assert_cmpfloat(iv_load_factor(&load, now), ==, 1);
}

static void test_recovers(void) {
  IvLoad load;
  iv_load_init(&load, 1, 0.8);
  IvTime now = run(&load, 0, 10, 100, 20 * IV_MS);
  g_assert_cmpfloat(iv_load_factor(&load, now), <, 0.5);
  now = run(&load, now, 10, 10, 20 * IV_MS);
  g_assert_cmpfloat(iv_load_factor(&load, now), ==, 1);
  g_assert_cmpfloat(iv_load_factor(&load, now + IV_HOUR), ==, 1);
  g_assert_cmpfloat(iv_load_busy_share(&load, now + IV_HOUR), ==, 0);
}

static void test_floor(void) {
  IvLoad load;
  iv_load_init(&load, 1, 0.8);
  IvTime now = run(&load, 0, 60, 100, 10 * IV_SECOND);
  g_assert_cmpfloat(iv_load_factor(&load, now), ==, IV_LOAD_FACTOR_MIN);
  g_assert_cmpfloat(iv_load_busy_share(&load, now), ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/load/light", test_light);
  g_test_add_func("/vision/load/heavy", test_heavy);
  g_test_add_func("/vision/load/more-workers", test_more_workers);
  g_test_add_func("/vision/load/recovers", test_recovers);
  g_test_add_func("/vision/load/floor", test_floor);
  return g_test_run();
}
