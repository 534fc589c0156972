/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/assignment.h"

#define SIDE_MAX 6
#define FORBIDDEN 5.0 /* the limit in these tests */

static double sum_of(const double *cost, guint columns, const int *match, guint rows) {
  double sum = 0;
  for (guint i = 0; i < rows; i++)
    if (match[i] >= 0)
      sum += cost[i * columns + (guint)match[i]] - FORBIDDEN;
  return sum;
}

/* Least sum over every way to pair rows from `row` on with columns not in `taken`. */
static double best_by_trying(const double *cost, guint rows, guint columns, guint row,
                             guint taken) {
  if (row == rows)
    return 0;
  double best = best_by_trying(cost, rows, columns, row + 1, taken);
  for (guint j = 0; j < columns; j++) {
    double c = cost[row * columns + j];
    if (taken & 1u << j || !(c < FORBIDDEN))
      continue;
    double rest = best_by_trying(cost, rows, columns, row + 1, taken | 1u << j);
    best = MIN(best, c - FORBIDDEN + rest);
  }
  return best;
}

static void check_valid(const int *match, guint rows, guint columns, guint pairs) {
  guint seen = 0, n = 0;
  for (guint i = 0; i < rows; i++) {
    g_assert_cmpint(match[i], >=, -1);
    g_assert_cmpint(match[i], <, (int)columns);
    if (match[i] < 0)
      continue;
    g_assert_false(seen & 1u << match[i]);
    seen |= 1u << match[i];
    n++;
  }
  g_assert_cmpuint(n, ==, pairs);
}

static void test_equals_brute_force(void) {
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  for (int round = 0; round < 3000; round++) {
    guint rows = (guint)g_rand_int_range(random, 0, SIDE_MAX + 1);
    guint columns = (guint)g_rand_int_range(random, 0, SIDE_MAX + 1);
    double cost[SIDE_MAX * SIDE_MAX];
    int match[SIDE_MAX];
    for (guint k = 0; k < rows * columns; k++)
      cost[k] = round % 2 ? g_rand_double_range(random, -4, 8) : g_rand_int_range(random, 0, 8);
    guint pairs = iv_assignment_solve(assignment, cost, rows, columns, FORBIDDEN, match);
    check_valid(match, rows, columns, pairs);
    double best = best_by_trying(cost, rows, columns, 0, 0);
    g_assert_cmpfloat_with_epsilon(sum_of(cost, columns, match, rows), best, 1e-9);
  }
}

static void test_never_pairs_at_limit(void) {
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  double cost[] = {FORBIDDEN, NAN, INFINITY, -INFINITY};
  int match[2];
  g_assert_cmpuint(iv_assignment_solve(assignment, cost, 2, 2, FORBIDDEN, match), ==, 0);
  g_assert_cmpint(match[0], ==, -1);
  g_assert_cmpint(match[1], ==, -1);
}

static void test_prefers_more_pairs(void) {
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  double cost[] = {1, 2, 2, FORBIDDEN}; /* the greedy 1 would leave the second row alone */
  int match[2];
  g_assert_cmpuint(iv_assignment_solve(assignment, cost, 2, 2, FORBIDDEN, match), ==, 2);
  g_assert_cmpint(match[0], ==, 1);
  g_assert_cmpint(match[1], ==, 0);
}

static void test_large(void) {
  enum { N = 300 };
  g_autoptr(IvAssignment) assignment = iv_assignment_new();
  g_autoptr(GRand) random = g_rand_new_with_seed(3);
  g_autofree double *cost = g_new(double, N *N);
  g_autofree int *match = g_new(int, N);
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++)
      cost[i * N + j] = j == (i * 7) % N ? 0 : g_rand_double_range(random, 1, 4);
  g_assert_cmpuint(iv_assignment_solve(assignment, cost, N, N, FORBIDDEN, match), ==, N);
  for (guint i = 0; i < N; i++)
    g_assert_cmpint(match[i], ==, (int)((i * 7) % N));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/assignment/equals-brute-force", test_equals_brute_force);
  g_test_add_func("/assignment/never-pairs-at-limit", test_never_pairs_at_limit);
  g_test_add_func("/assignment/prefers-more-pairs", test_prefers_more_pairs);
  g_test_add_func("/assignment/large", test_large);
  return g_test_run();
}
