/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/distinct.h"

static IvDistinct *random_set(GRand *dice, guint n, guint64 from, guint64 range) {
  IvDistinct *set = iv_distinct_new();
  for (guint i = 0; i < n; i++)
    iv_distinct_add(set, from + (guint64)g_rand_int_range(dice, 0, (gint32)range));
  return set;
}

static void assert_same(const IvDistinct *a, const IvDistinct *b) {
  g_autoptr(GBytes) x = iv_distinct_to_bytes(a), y = iv_distinct_to_bytes(b);
  g_assert_true(g_bytes_equal(x, y));
}

static void test_counts_once(void) {
  g_autoptr(IvDistinct) set = iv_distinct_new();
  g_assert_cmpuint(iv_distinct_count(set), ==, 0);
  for (guint round = 0; round < 3; round++)
    for (guint64 i = 1; i <= 5000; i++)
      g_assert_cmpint(iv_distinct_add(set, (i * 2654435761u % 5003) + 1), ==, round == 0);
  g_assert_cmpuint(iv_distinct_count(set), ==, 5000); /* exact, also above 4096 */
}

/* However the parts of a day are put together, it is the same set, and the count of a table. */
static void test_merge(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  g_autoptr(GHashTable) truth = g_hash_table_new(g_direct_hash, g_direct_equal);
  g_autoptr(IvDistinct) there = iv_distinct_new(), back = iv_distinct_new();
  IvDistinct *parts[50];
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    parts[i] = iv_distinct_new();
    for (guint k = 0; k < 200; k++) {
      guint who = (guint)g_rand_int_range(dice, 1, 6000);
      iv_distinct_add(parts[i], who);
      g_hash_table_add(truth, GUINT_TO_POINTER(who));
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    iv_distinct_merge(there, parts[i]);
    iv_distinct_merge(back, parts[G_N_ELEMENTS(parts) - 1 - i]);
  }
  iv_distinct_merge(there, parts[7]);
  iv_distinct_merge(there, there);
  g_assert_cmpuint(iv_distinct_count(there), ==, g_hash_table_size(truth));
  assert_same(there, back);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    iv_distinct_free(parts[i]);
}

static void test_bytes(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(4);
  for (guint n = 0; n < 300; n++) {
    /* Visitors of one day: large numbers close together. */
    g_autoptr(IvDistinct) set = random_set(dice, n, (guint64)20535 << 32, 3000);
    g_autoptr(GBytes) bytes = iv_distinct_to_bytes(set);
    gsize size;
    const void *start = g_bytes_get_data(bytes, &size);
    g_autoptr(IvDistinct) again = iv_distinct_from_bytes(start, size);
    g_assert_nonnull(again);
    assert_same(set, again);
    g_assert_cmpuint(iv_distinct_count(again), ==, iv_distinct_count(set));
    g_assert_cmpuint(size, <=, 8 + 2 * n);
  }
}

/* Counting only, and merging bytes: the same as sets that are put together. */
static void test_sum(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(8);
  g_autoptr(IvDistinct) truth = iv_distinct_new(), merged = iv_distinct_new();
  g_autoptr(IvDistinctSum) sum = iv_distinct_sum_new();
  g_assert_cmpuint(iv_distinct_sum_count(sum), ==, 0);
  for (guint part = 0; part < 80; part++) {
    /* Of two days, and over the borders of what lies together. */
    g_autoptr(IvDistinct) some =
        random_set(dice, part, (guint64)(20535 + part % 2) << 32, part % 3 ? 9000 : 50);
    gsize n;
    g_autoptr(GBytes) bytes = iv_distinct_to_bytes(some);
    const void *start = g_bytes_get_data(bytes, &n);
    iv_distinct_merge(truth, some);
    g_assert_true(iv_distinct_merge_bytes(merged, start, n));
    g_assert_true(iv_distinct_sum_add(sum, start, n));
    g_assert_cmpuint(iv_distinct_sum_count(sum), ==, iv_distinct_count(truth));
  }
  assert_same(truth, merged);
  static const guint8 none[] = {5, 0};
  g_assert_false(iv_distinct_sum_add(sum, none, sizeof none));
  g_assert_false(iv_distinct_merge_bytes(merged, none, sizeof none));
  assert_same(truth, merged);
}

static void test_refused(void) {
  static const struct {
    guint8 bytes[12];
    gsize n;
  } cases[] = {
      {{0}, 1},                                                              /* no step */
      {{5, 0}, 2},                                                           /* twice the same */
      {{0x80}, 1},                                                           /* goes on, but ends */
      {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, 11}, /* too long */
      {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1}, 10},       /* too large */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_null(iv_distinct_from_bytes(cases[i].bytes, cases[i].n));
  g_autoptr(IvDistinct) empty = iv_distinct_from_bytes(NULL, 0);
  g_assert_cmpuint(iv_distinct_count(empty), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpi/distinct/counts-once", test_counts_once);
  g_test_add_func("/kpi/distinct/merge", test_merge);
  g_test_add_func("/kpi/distinct/bytes", test_bytes);
  g_test_add_func("/kpi/distinct/refused", test_refused);
  g_test_add_func("/kpi/distinct/sum", test_sum);
  return g_test_run();
}
