/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/random.h"

#define DRAWS 200000

static void moments(const IvRange *spread, double *ret_mean, double *ret_sd) {
  IvRandom random;
  iv_random_init(&random, 7, "moments", 0);
  double sum = 0, squares = 0;
  for (int i = 0; i < DRAWS; i++) {
    double value = iv_range_draw(spread, &random);
    sum += value, squares += value * value;
  }
  *ret_mean = sum / DRAWS;
  *ret_sd = sqrt(squares / DRAWS - *ret_mean * *ret_mean);
}

/* Within five standard errors of the mean; the spread within 3 %. */
static void check(IvSpreadShape shape, double mean, double sd, double drawn_sd) {
  IvRange spread = {shape, mean, sd};
  double found, found_sd;
  moments(&spread, &found, &found_sd);
  g_assert_cmpfloat_with_epsilon(found, mean, 5 * drawn_sd / sqrt(DRAWS));
  g_assert_cmpfloat_with_epsilon(found_sd, drawn_sd, 0.03 * drawn_sd);
}

static void test_spreads(void) {
  check(IV_SPREAD_NORMAL, 1.7, 0.09, 0.09);
  check(IV_SPREAD_LOGNORMAL, 60, 28, 28);
  check(IV_SPREAD_POISSON1, 4, 0, sqrt(3));
}

static void test_large_poisson(void) {
  IvRandom random;
  double sum = 0;
  iv_random_init(&random, 7, "large", 0);
  for (int i = 0; i < 1000; i++)
    sum += iv_random_poisson(&random, 5000);
  g_assert_cmpfloat_with_epsilon(sum / 1000, 5000, 5 * sqrt(5000.0 / 1000));
}

static void test_nothing_to_draw(void) {
  IvRandom random;
  iv_random_init(&random, 1, "nothing", 0);
  g_assert_cmpfloat(iv_range_draw(&(IvRange){IV_SPREAD_POISSON1, 0, 0}, &random), ==, 0);
  g_assert_cmpfloat(iv_range_draw(&(IvRange){IV_SPREAD_LOGNORMAL, 0, 1}, &random), ==, 0);
}

static void test_streams_differ(void) {
  IvRandom a, b, c, again;
  iv_random_init(&a, 1, "agent", 1);
  iv_random_init(&b, 1, "agent", 2);
  iv_random_init(&c, 1, "spawn", 1);
  iv_random_init(&again, 1, "agent", 1);
  guint64 first = iv_random_bits(&a);
  g_assert_cmpuint(first, ==, iv_random_bits(&again));
  g_assert_cmpuint(first, !=, iv_random_bits(&b));
  g_assert_cmpuint(first, !=, iv_random_bits(&c));
}

static void test_below(void) {
  IvRandom random;
  guint counts[3] = {0};
  iv_random_init(&random, 3, "below", 0);
  for (int i = 0; i < 30000; i++)
    counts[iv_random_below(&random, 3)]++;
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon(counts[i], 10000, 5 * sqrt(30000 * 2.0 / 9));
}

static void test_weighted(void) {
  IvRandom random;
  const double weights[] = {0, 1, 0, 3, 0};
  guint counts[5] = {0};
  iv_random_init(&random, 3, "weighted", 0);
  for (int i = 0; i < 40000; i++)
    counts[iv_random_weighted(&random, weights, 5)]++;
  g_assert_cmpuint(counts[0] + counts[2] + counts[4], ==, 0);
  g_assert_cmpfloat_with_epsilon(counts[1], 10000, 5 * sqrt(40000 * 0.1875));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/random/spreads", test_spreads);
  g_test_add_func("/sim/random/large-poisson", test_large_poisson);
  g_test_add_func("/sim/random/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func("/sim/random/streams-differ", test_streams_differ);
  g_test_add_func("/sim/random/below", test_below);
  g_test_add_func("/sim/random/weighted", test_weighted);
  return g_test_run();
}
