/* SPDX-License-Identifier: Apache-2.0 */
#include "base/geometry.h"

#include <math.h>

#define NEAR 1e-6f

static void test_boxes(void) {
  IvBox a = {0, 0, 2, 2}, b = {1, 1, 3, 3}, far = {5, 5, 6, 6}, touching = {2, 0, 4, 2};
  IvBox none = {1, 1, 1, 1}, inverted = {2, 2, 0, 0};
  g_assert_cmpfloat_with_epsilon(iv_box_iou(&a, &a), 1, NEAR);
  g_assert_cmpfloat_with_epsilon(iv_box_iou(&a, &b), 1.f / 7, NEAR);
  g_assert_cmpfloat(iv_box_iou(&a, &b), ==, iv_box_iou(&b, &a));
  g_assert_cmpfloat(iv_box_iou(&a, &far), ==, 0);
  g_assert_cmpfloat(iv_box_iou(&a, &touching), ==, 0);
  g_assert_cmpfloat(iv_box_iou(&none, &none), ==, 0);
  g_assert_cmpfloat(iv_box_iou(&a, &inverted), ==, 0);
  g_assert_cmpfloat_with_epsilon(iv_box_covered(&a, &b), 0.25, NEAR);
  g_assert_cmpfloat_with_epsilon(iv_box_covered(&(IvBox){0.5f, 0.5f, 1, 1}, &a), 1, NEAR);
  g_assert_cmpfloat(iv_box_covered(&none, &a), ==, 0);
  IvPoint ground = iv_box_ground_point(&b);
  g_assert_cmpfloat(ground.x, ==, 2);
  g_assert_cmpfloat(ground.y, ==, 3);
  IvBox clipped = iv_box_clip(&(IvBox){-1, 0.5f, 9, 0.7f}, &(IvBox){0, 0, 1, 1});
  g_assert_cmpfloat(clipped.x0, ==, 0);
  g_assert_cmpfloat(clipped.x1, ==, 1);
  g_assert_cmpfloat(clipped.y1, ==, 0.7f);
}

static void test_contains(void) {
  const IvPoint square[] = {{0.2f, 0.2f}, {0.8f, 0.2f}, {0.8f, 0.8f}, {0.2f, 0.8f}};
  const IvPoint hook[] = {{0, 0}, {1, 0}, {1, 1}, {0.5f, 0.5f}, {0, 1}};
  g_assert_true(iv_polygon_contains(square, 4, (IvPoint){0.5f, 0.5f}));
  g_assert_false(iv_polygon_contains(square, 4, (IvPoint){0.1f, 0.5f}));
  g_assert_false(iv_polygon_contains(square, 4, (IvPoint){0.5f, 0.9f}));
  g_assert_true(iv_polygon_contains(square, 4, (IvPoint){0.2f, 0.5f}));  /* left edge */
  g_assert_false(iv_polygon_contains(square, 4, (IvPoint){0.8f, 0.5f})); /* right */
  g_assert_true(iv_polygon_contains(square, 4, (IvPoint){0.5f, 0.2f}));  /* upper */
  g_assert_false(iv_polygon_contains(square, 4, (IvPoint){0.5f, 0.8f})); /* lower */
  g_assert_true(iv_polygon_contains(hook, 5, (IvPoint){0.1f, 0.8f}));
  g_assert_false(iv_polygon_contains(hook, 5, (IvPoint){0.5f, 0.8f}));
  g_assert_false(iv_polygon_contains(square, 4, (IvPoint){NAN, 0.5f}));
}

/* A square cut by a random line from top to bottom: whatever point, on the cut or beside it, is in
 * exactly one of the parts, however each lists its corners. */
static void test_neighbours_share_no_point(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  for (guint i = 0; i < 200000; i++) {
    float top = (float)g_rand_double(rand), bottom = (float)g_rand_double(rand);
    IvPoint left[] = {{0, 0}, {top, 0}, {bottom, 1}, {0, 1}};
    IvPoint right[] = {{top, 0}, {1, 0}, {1, 1}, {bottom, 1}};
    IvPoint turned[] = {{bottom, 1}, {1, 1}, {1, 0}, {top, 0}};
    float y = (float)g_rand_double_range(rand, 0, 0.999);
    IvPoint p = {top + (bottom - top) * y, y}; /* on the cut, as nearly as floats can be */
    int in = iv_polygon_contains(left, 4, p) + iv_polygon_contains(right, 4, p);
    g_assert_cmpint(in, ==, 1);
    g_assert_cmpint(iv_polygon_contains(turned, 4, p), ==, iv_polygon_contains(right, 4, p));
  }
}

/* Points whose place on a slanted edge is exact, where rounding differs by the edge's direction. */
static void test_exact_points_on_an_edge(void) {
  for (int n = 3; n < 200; n++)
    for (int k = 1; k < n; k++) {
      float x = (float)k / (float)n;
      IvPoint lower[] = {{0, 0}, {1, 1}, {0, 1}}, upper[] = {{0, 0}, {1, 0}, {1, 1}};
      IvPoint steep_left[] = {{0, 0}, {0.3f, 0}, {0.6f, 0.9f}, {0, 0.9f}};
      IvPoint steep_right[] = {{0.6f, 0.9f}, {0.3f, 0}, {1, 0}, {1, 0.9f}};
      IvPoint on = {x, x}, steep = {0.3f + 0.3f * x, 0.9f * x};
      g_assert_cmpint(iv_polygon_contains(lower, 3, on) + iv_polygon_contains(upper, 3, on), ==, 1);
      g_assert_cmpint(iv_polygon_contains(steep_left, 4, steep) +
                          iv_polygon_contains(steep_right, 4, steep),
                      ==, 1);
    }
}

static void test_area(void) {
  const IvPoint square[] = {{0, 0}, {0, 1}, {1, 1}, {1, 0}};
  const IvPoint triangle[] = {{0, 0}, {0.5f, 0}, {0, 0.5f}};
  g_assert_cmpfloat_with_epsilon(iv_polygon_area(square, 4), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(iv_polygon_area(triangle, 3), 0.125, 1e-12);
}

/* The dashboard must say the same of each: web/src/lib/geometry/shapes.test.ts. */
static void test_simple(void) {
  static const struct {
    IvPoint corners[6];
    gsize n;
    gboolean simple;
  } cases[] = {
      {{{0, 0}, {1, 0}, {1, 1}}, 3, TRUE},
      {{{0, 0}, {1, 0}, {1, 1}, {0.5f, 0.5f}, {0, 1}}, 5, TRUE},
      {{{0, 0}, {1, 0}}, 2, FALSE},
      {{{0, 0}, {1, 1}, {1, 0}, {0, 1}}, 4, FALSE},            /* bow tie */
      {{{0, 0}, {0, 0}, {1, 0}, {1, 1}}, 4, FALSE},            /* corner twice */
      {{{0, 0}, {1, 0}, {1, 1}, {0, 0}}, 4, FALSE},            /* closed by hand */
      {{{0, 0}, {0.5f, 0}, {1, 0}}, 3, FALSE},                 /* flat */
      {{{0, 0}, {1, 0}, {0.5f, 0}, {0.5f, 1}}, 4, FALSE},      /* runs back on itself */
      {{{0, 0}, {1, 0}, {1, 1}, {0.5f, 0}, {0, 1}}, 5, FALSE}, /* corner on an edge */
      {{{0, 0}, {0.5f, 0}, {1, 0}, {1, 1}, {0, 1}}, 5, TRUE},  /* corner in a straight edge */
      {{{0, 0}, {0.9f, 0.3f}, {0.9f, 0.9f}, {0.3f, 0.1f}, {0, 0.9f}},
       5,
       FALSE}, /* on a slanted one */
      {{{0, 0}, {0.9f, 0.3f}, {0.9f, 0.9f}, {0.3f, 0.1001f}, {0, 0.9f}}, 5, TRUE}, /* a hair off */
      {{{0, 0}, {0.5f, 0.5f}, {1, 0}, {1, 1}, {0.5f, 0.5f}, {0, 1}}, 6, FALSE},    /* one for two */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    if (iv_polygon_is_simple(cases[i].corners, cases[i].n) != cases[i].simple)
      g_error("case %u", i);
}

static void test_segments(void) {
  IvPoint o = {0, 0}, e = {1, 0}, n = {0, 1}, ne = {1, 1}, mid = {0.5f, 0}, beyond = {2, 0};
  g_assert_true(iv_segments_touch(o, ne, e, n));
  g_assert_true(iv_segments_touch(o, e, e, ne));        /* at an end */
  g_assert_true(iv_segments_touch(o, e, mid, n));       /* end on the other */
  g_assert_true(iv_segments_touch(o, e, mid, beyond));  /* overlap */
  g_assert_false(iv_segments_touch(o, mid, e, beyond)); /* in line, apart */
  g_assert_false(iv_segments_touch(o, e, n, ne));       /* parallel */
}

static void test_polygon_passed(void) {
  static const IvPoint square[] = {{1, 1}, {3, 1}, {3, 3}, {1, 3}};
  g_assert_cmpfloat_with_epsilon(iv_polygon_passed(square, 4, (IvPoint){0, 2}, (IvPoint){2, 2}),
                                 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon(iv_polygon_passed(square, 4, (IvPoint){2, 2}, (IvPoint){2, 6}),
                                 0.25, 1e-6);
  /* through and out again: the last time counts */
  g_assert_cmpfloat_with_epsilon(iv_polygon_passed(square, 4, (IvPoint){0, 2}, (IvPoint){4, 2}),
                                 0.75, 1e-6);
  g_assert_cmpfloat(iv_polygon_passed(square, 4, (IvPoint){0, 0}, (IvPoint){0, 5}), ==, -1);
  g_assert_cmpfloat(iv_polygon_passed(square, 4, (IvPoint){2, 2}, (IvPoint){2, 2}), ==, -1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/geometry/boxes", test_boxes);
  g_test_add_func("/base/geometry/contains", test_contains);
  g_test_add_func("/base/geometry/neighbours", test_neighbours_share_no_point);
  g_test_add_func("/base/geometry/exact-points", test_exact_points_on_an_edge);
  g_test_add_func("/base/geometry/area", test_area);
  g_test_add_func("/base/geometry/simple", test_simple);
  g_test_add_func("/base/geometry/segments", test_segments);
  g_test_add_func("/geometry/polygon-passed", test_polygon_passed);
  return g_test_run();
}
