/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "kpi/sketch.h"

static int by_size(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

static gint64 nearest_rank(gint64 *values, guint n, double q) {
  qsort(values, n, sizeof *values, by_size);
  guint rank = (guint)MAX(1, ceil(q * n - 1e-9));
  return values[rank - 1];
}

/* Dwells of many shapes: uniform, a long tail, all alike, huge, negative. */
static gint64 draw(GRand *dice, guint shape) {
  double u = g_rand_double(dice);
  switch (shape) {
  case 0:
    return g_rand_int_range(dice, 0, 600000);
  case 1:
    return (gint64)(2000 * pow(1 - u, -1.5));
  case 2:
    return 42000;
  case 3:
    return (gint64)(u * 1e12);
  default:
    return g_rand_int_range(dice, -5, 140);
  }
}

static guint distinct_values(gint64 *values, guint n) {
  guint distinct = 0;
  qsort(values, n, sizeof *values, by_size);
  for (guint i = 0; i < n; i++)
    distinct += i == 0 || MAX(values[i], 0) != MAX(values[i - 1], 0);
  return distinct;
}

/* `values` in order. */
static void assert_close(double estimate, gint64 exact, guint distinct) {
  if (distinct <= IV_SKETCH_EXACT || exact < 512)
    g_assert_cmpfloat(estimate, ==, (double)MAX(exact, 0));
  else
    g_assert_cmpfloat(fabs(estimate - (double)exact), <=, IV_SKETCH_ERROR_BOUND * (double)exact);
}

static void test_error_bound(void) {
  static const double qs[] = {0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1};
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  for (guint round = 0; round < 100; round++) {
    guint n = (guint)g_rand_int_range(dice, 1, 2000);
    g_autofree gint64 *values = g_new(gint64, n);
    g_autoptr(IvSketch) sketch = iv_sketch_new();
    for (guint i = 0; i < n; i++) {
      values[i] = draw(dice, round % 5);
      iv_sketch_add(sketch, values[i]);
    }
    g_assert_cmpuint(iv_sketch_count(sketch), ==, n);
    guint distinct = distinct_values(values, n);
    for (gsize i = 0; i < G_N_ELEMENTS(qs); i++)
      assert_close(iv_sketch_quantile(sketch, qs[i]), nearest_rank(values, n, qs[i]), distinct);
  }
}

/* Values between the true quantile and the estimate, as a share of all. */
static double rank_error(const gint64 *values, guint n, double exact, double estimate) {
  guint between = 0;
  for (guint i = 0; i < n; i++)
    between += (double)values[i] > MIN(exact, estimate) && (double)values[i] < MAX(exact, estimate);
  return (double)between / n;
}

/* Waits and dwells as stores have them, many and few, smooth or in half seconds. */
static gint64 draw_wait(GRand *dice, guint shape) {
  double u = g_rand_double(dice), v = g_rand_double(dice);
  double normal = sqrt(-2 * log(1 - u)) * cos(2 * G_PI * v);
  switch (shape) {
  case 0:
    return (gint64)(-60000 * log(1 - u));
  case 1:
    return (gint64)(90000 * exp(0.7 * normal));
  case 2:
    return 500 * llround(200 * exp(0.3 * normal));
  default:
    return (gint64)(120000 + 3000 * normal);
  }
}

static void test_ranks(void) {
  static const double qs[] = {0.05, 0.25, 0.5, 0.75, 0.9, 0.99};
  g_autoptr(GRand) dice = g_rand_new_with_seed(17);
  for (guint round = 0; round < 120; round++) {
    guint n = (guint)pow(10, g_rand_double_range(dice, 0, 4.7));
    g_autofree gint64 *values = g_new(gint64, n);
    g_autoptr(IvSketch) sketch = iv_sketch_new();
    for (guint i = 0; i < n; i++)
      iv_sketch_add(sketch, values[i] = draw_wait(dice, round % 4));
    for (gsize i = 0; i < G_N_ELEMENTS(qs); i++) {
      double exact = (double)nearest_rank(values, n, qs[i]);
      g_assert_cmpfloat(rank_error(values, n, exact, iv_sketch_quantile(sketch, qs[i])), <=, 0.01);
    }
  }
}

static void test_known_ranks(void) {
  g_autoptr(IvSketch) sketch = iv_sketch_new();
  g_assert_true(isnan(iv_sketch_quantile(sketch, 0.5)));
  for (gint64 v = 1; v <= 10; v++)
    iv_sketch_add(sketch, v * 10);
  g_assert_cmpfloat(iv_sketch_quantile(sketch, 0.5), ==, 50);
  g_assert_cmpfloat(iv_sketch_quantile(sketch, 0.9), ==, 90);
  g_assert_cmpfloat(iv_sketch_quantile(sketch, 1), ==, 100);
  g_assert_cmpfloat(iv_sketch_quantile(sketch, 0), ==, 10);
}

static void assert_same_bytes(const IvSketch *a, const IvSketch *b) {
  g_autoptr(GBytes) x = iv_sketch_to_bytes(a);
  g_autoptr(GBytes) y = iv_sketch_to_bytes(b);
  g_assert_true(g_bytes_equal(x, y));
}

static void merge_bytes_of(IvSketch *sketch, const IvSketch *other) {
  g_autoptr(GBytes) bytes = iv_sketch_to_bytes(other);
  gsize n;
  const void *raw = g_bytes_get_data(bytes, &n);
  g_assert_true(iv_sketch_merge_bytes(sketch, raw, n));
}

/* A wide one goes over to bins sooner; what it is merged into does too. */
static void assert_as_wide(const IvSketch *sketch) {
  g_autoptr(IvSketch) wide = iv_sketch_new_wide();
  g_autoptr(IvSketch) back = iv_sketch_new();
  iv_sketch_merge(wide, sketch);
  for (double q = 0; q <= 1; q += 0.01) {
    double exact = iv_sketch_quantile(sketch, q);
    g_assert_cmpfloat(fabs(iv_sketch_quantile(wide, q) - exact), <=, IV_SKETCH_ERROR_BOUND * exact);
  }
  iv_sketch_add(wide, 77777);
  iv_sketch_merge(back, wide);
  assert_same_bytes(back, wide);
  g_assert_cmpuint(iv_sketch_count(back), ==, iv_sketch_count(sketch) + 1);
}

/* However the values are shared out, merged and ordered, the bytes are the same. */
static void test_order_is_nothing(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(11);
  g_autoptr(IvSketch) whole = iv_sketch_new();
  IvSketch *parts[7];
  for (guint i = 0; i < 7; i++)
    parts[i] = iv_sketch_new();
  for (guint i = 0; i < 5000; i++) {
    gint64 value = draw(dice, i % 5);
    iv_sketch_add(whole, value);
    iv_sketch_add(parts[g_rand_int_range(dice, 0, 7)], value);
  }
  g_autoptr(IvSketch) forward = iv_sketch_new();
  g_autoptr(IvSketch) backward = iv_sketch_new();
  for (guint i = 0; i < 7; i++)
    iv_sketch_merge(forward, parts[i]);
  for (guint i = 7; i-- > 0;)
    merge_bytes_of(backward, parts[i]);
  g_autoptr(IvSketch) wide = iv_sketch_new_wide();
  for (guint i = 0; i < 7; i++) {
    assert_as_wide(parts[i]);
    merge_bytes_of(wide, parts[i]);
  }
  assert_same_bytes(whole, forward);
  assert_same_bytes(whole, backward);
  assert_same_bytes(whole, wide);
  for (double q = 0; q <= 1; q += 0.01)
    g_assert_cmpfloat(iv_sketch_quantile(wide, q), ==, iv_sketch_quantile(whole, q));
  for (guint i = 0; i < 7; i++)
    iv_sketch_free(parts[i]);
}

static void test_bytes(void) {
  gsize n;
  g_autoptr(IvSketch) sketch = iv_sketch_new();
  for (gint64 v = 0; v < 100; v++)
    iv_sketch_add(sketch, v * v * v);
  g_autoptr(GBytes) bytes = iv_sketch_to_bytes(sketch);
  const guint8 *raw = g_bytes_get_data(bytes, &n);
  g_autoptr(IvSketch) back = iv_sketch_from_bytes(raw, n);
  g_assert_nonnull(back);
  assert_same_bytes(sketch, back);
  g_assert_cmpuint(iv_sketch_count(back), ==, 100);
  /* three values in a small shop's bucket */
  g_autoptr(IvSketch) small = iv_sketch_new();
  iv_sketch_add(small, 12000);
  iv_sketch_add(small, 15500);
  iv_sketch_add(small, 90000);
  g_autoptr(GBytes) few = iv_sketch_to_bytes(small);
  g_assert_cmpuint(g_bytes_get_size(few), <=, 12);
}

/* Bins too come back as they went. */
static void test_bytes_of_bins(void) {
  g_autoptr(IvSketch) sketch = iv_sketch_new();
  for (gint64 v = 0; v < 3 * IV_SKETCH_EXACT; v++)
    iv_sketch_add(sketch, v * v * v);
  iv_sketch_add(sketch, G_MAXINT64);
  g_autoptr(GBytes) bytes = iv_sketch_to_bytes(sketch);
  gsize n;
  const void *raw = g_bytes_get_data(bytes, &n);
  g_autoptr(IvSketch) back = iv_sketch_from_bytes(raw, n);
  g_assert_nonnull(back);
  assert_same_bytes(sketch, back);
  for (double q = 0; q <= 1; q += 0.01)
    g_assert_cmpfloat(iv_sketch_quantile(back, q), ==, iv_sketch_quantile(sketch, q));
}

/* As the first form wrote 100 ms once, 12 s twice and 90 s once: bins 100, 541 and 727. */
static void test_old_bytes(void) {
  static const guint8 old[] = {100, 1, 0xb9, 0x03, 2, 0xba, 0x01, 1};
  g_autoptr(IvSketch) sketch = iv_sketch_from_bytes(old, sizeof old);
  g_assert_nonnull(sketch);
  g_assert_cmpuint(iv_sketch_count(sketch), ==, 4);
  g_assert_cmpfloat(iv_sketch_quantile(sketch, 0), ==, 100);
  g_assert_cmpfloat(fabs(iv_sketch_quantile(sketch, 0.5) - 12000), <=, 0.008 * 12000);
  g_assert_cmpfloat(fabs(iv_sketch_quantile(sketch, 1) - 90000), <=, 0.008 * 90000);
  g_autoptr(IvSketch) fresh = iv_sketch_new();
  iv_sketch_add(fresh, 50000);
  iv_sketch_merge(fresh, sketch);
  g_assert_cmpuint(iv_sketch_count(fresh), ==, 5);
  g_assert_cmpfloat(iv_sketch_quantile(fresh, 0.8), ==, 50000);
  g_autoptr(GBytes) bytes = iv_sketch_to_bytes(fresh);
  gsize n;
  const void *raw = g_bytes_get_data(bytes, &n);
  g_autoptr(IvSketch) back = iv_sketch_from_bytes(raw, n);
  assert_same_bytes(fresh, back);
}

/* Whatever bytes come, the answer is a sketch or NULL, and what is a sketch can be used. */
static void test_damaged_bytes(void) {
  static const guint8 zero_count[] = {5, 0}, half[] = {5}, endless[] = {0x80, 0x80, 0x80},
                      twice[] = {5, 1, 0, 1}, far[] = {0xff, 0xff, 0x7f, 1},
                      no_head[] = {2, 0, 5, 1}, far_bin[] = {1, 0, 0xff, 0xff, 0x7f, 1};
  g_assert_null(iv_sketch_from_bytes(zero_count, sizeof zero_count));
  g_assert_null(iv_sketch_from_bytes(half, sizeof half));
  g_assert_null(iv_sketch_from_bytes(endless, sizeof endless));
  g_assert_null(iv_sketch_from_bytes(twice, sizeof twice));
  g_assert_null(iv_sketch_from_bytes(far, sizeof far));
  g_assert_null(iv_sketch_from_bytes(no_head, sizeof no_head));
  g_assert_null(iv_sketch_from_bytes(far_bin, sizeof far_bin));
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  for (guint round = 0; round < 20000; round++) {
    guint8 bytes[24];
    guint n = (guint)g_rand_int_range(dice, 0, sizeof bytes);
    for (guint i = 0; i < n; i++)
      bytes[i] = (guint8)(g_rand_int_range(dice, 0, 4) ? g_rand_int_range(dice, 0, 8)
                                                       : g_rand_int_range(dice, 0, 256));
    g_autoptr(IvSketch) sketch = iv_sketch_from_bytes(bytes, n);
    if (sketch && iv_sketch_count(sketch) > 0)
      g_assert_false(isnan(iv_sketch_quantile(sketch, 0.9)));
  }
}

/* However lengths are put together, by themselves, from bytes or wide, it is one sketch. */
static void test_together(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(12);
  g_autoptr(IvSketch) all = iv_sketch_new(), merged = iv_sketch_new();
  g_autoptr(IvSketch) wide = iv_sketch_new_wide(), wider = iv_sketch_new_wide();
  for (guint part = 0; part < 60; part++) {
    g_autoptr(IvSketch) some = iv_sketch_new();
    for (guint i = 0; i < part; i++) {
      gint64 value = g_rand_int_range(dice, 0, 1 << g_rand_int_range(dice, 1, 30));
      iv_sketch_add(some, value);
      iv_sketch_add(all, value);
    }
    gsize n;
    g_autoptr(GBytes) bytes = iv_sketch_to_bytes(some);
    const void *start = g_bytes_get_data(bytes, &n);
    g_assert_true(iv_sketch_merge_bytes(merged, start, n));
    g_assert_true(iv_sketch_merge_bytes(wide, start, n));
    iv_sketch_merge(wider, some);
  }
  static const guint8 none[] = {3, 0}; /* a bin of nothing */
  g_assert_false(iv_sketch_merge_bytes(merged, none, sizeof none));
  g_assert_false(iv_sketch_merge_bytes(wide, none, sizeof none));
  g_autoptr(GBytes) truth = iv_sketch_to_bytes(all);
  const IvSketch *others[] = {merged, wide, wider};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(GBytes) bytes = iv_sketch_to_bytes(others[i]);
    g_assert_true(g_bytes_equal(bytes, truth));
    g_assert_cmpuint(iv_sketch_count(others[i]), ==, iv_sketch_count(all));
    for (double q = 0; q <= 1; q += 0.05)
      g_assert_cmpfloat(iv_sketch_quantile(others[i], q), ==, iv_sketch_quantile(all, q));
  }
  g_autoptr(IvSketch) empty = iv_sketch_new_wide();
  g_assert_true(isnan(iv_sketch_quantile(empty, 0.5)));
}

/* One after the other in one wide sketch, as if each were new; what is damaged changes nothing,
 * whether it has bins, values or nothing. */
static void test_emptied(void) {
  static const guint8 broken_bins[] = {1, 0, 5, 1, 7, 2, 0x80}, twice[] = {1, 0, 5, 1, 0, 1},
                      broken_values[] = {0, 0, 9, 1, 0x80}, no_count[] = {0, 0, 9, 0};
  static const double q[] = {0, 0.5, 0.9, 1};
  g_autoptr(GRand) dice = g_rand_new_with_seed(8);
  g_autoptr(IvSketch) reused = iv_sketch_new_wide();
  for (guint round = 0; round < 12; round++) {
    g_autoptr(IvSketch) fresh = iv_sketch_new_wide();
    for (guint part = 0; part < 3; part++) {
      g_autoptr(IvSketch) some = iv_sketch_new();
      for (guint i = 0; i < (round * 7 + part) % 5 * 300; i++)
        iv_sketch_add(some, g_rand_int_range(dice, 0, 1 << (6 + 2 * round % 24)));
      merge_bytes_of(fresh, some);
      merge_bytes_of(reused, some);
      g_assert_false(iv_sketch_merge_bytes(reused, broken_bins, sizeof broken_bins));
      g_assert_false(iv_sketch_merge_bytes(reused, twice, sizeof twice));
      g_assert_false(iv_sketch_merge_bytes(reused, broken_values, sizeof broken_values));
      g_assert_false(iv_sketch_merge_bytes(reused, no_count, sizeof no_count));
      assert_same_bytes(fresh, reused);
    }
    double at_once[G_N_ELEMENTS(q)];
    iv_sketch_quantiles(reused, q, G_N_ELEMENTS(q), at_once);
    for (guint i = 0; i < G_N_ELEMENTS(q); i++) {
      double one = iv_sketch_quantile(fresh, q[i]);
      g_assert_true(isnan(one) ? isnan(at_once[i]) : at_once[i] == one);
    }
    iv_sketch_empty(reused);
    g_assert_cmpuint(iv_sketch_count(reused), ==, 0);
    g_assert_true(isnan(iv_sketch_quantile(reused, 0.5)));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sketch/error_bound", test_error_bound);
  g_test_add_func("/sketch/ranks", test_ranks);
  g_test_add_func("/sketch/known_ranks", test_known_ranks);
  g_test_add_func("/sketch/order_is_nothing", test_order_is_nothing);
  g_test_add_func("/sketch/bytes", test_bytes);
  g_test_add_func("/sketch/bytes_of_bins", test_bytes_of_bins);
  g_test_add_func("/sketch/old_bytes", test_old_bytes);
  g_test_add_func("/sketch/damaged_bytes", test_damaged_bytes);
  g_test_add_func("/sketch/together", test_together);
  g_test_add_func("/sketch/emptied", test_emptied);
  return g_test_run();
}
