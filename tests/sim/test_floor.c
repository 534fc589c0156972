/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/route.h"
#include "store_file.h"

static void test_crossing_span(void) {
  IvSpan up = {{0, 10}, {0, 0}}; /* walked upwards on the drawing: the right hand is +x */
  gboolean right = FALSE;
  g_assert_cmpfloat(iv_span_crossed(&up, (IvSpot){-1, 5}, (IvSpot){3, 5}, &right), ==, 0.25);
  g_assert_true(right);
  g_assert_cmpfloat(iv_span_crossed(&up, (IvSpot){1, 5}, (IvSpot){-1, 5}, &right), ==, 0.5);
  g_assert_false(right);
  g_assert_cmpfloat(iv_span_crossed(&up, (IvSpot){-1, 11}, (IvSpot){1, 11}, &right), ==, -1);
  /* Stopping on the line and going on crosses once. */
  g_assert_cmpfloat(iv_span_crossed(&up, (IvSpot){-1, 5}, (IvSpot){0, 5}, &right), ==, -1);
  g_assert_cmpfloat(iv_span_crossed(&up, (IvSpot){0, 5}, (IvSpot){1, 5}, &right), >=, 0);
}

static void test_outline(void) {
  IvSpot corners[] = {{0, 0}, {4, 0}, {4, 2}, {0, 2}}, bow[] = {{0, 0}, {4, 2}, {4, 0}, {0, 2}};
  IvOutline square = {corners, 4}, crossed = {bow, 4};
  g_assert_true(iv_outline_is_simple(&square));
  g_assert_false(iv_outline_is_simple(&crossed));
  g_assert_cmpfloat(iv_outline_area(&square), ==, 8);
  g_assert_cmpfloat(iv_outline_passed(&square, (IvSpot){-2, 1}, (IvSpot){2, 1}), ==, 0.5);
}

static gboolean hits_obstacle(const IvScenario *s, IvSpot p, IvSpot q) {
  for (int i = 0; i <= 50; i++)
    for (guint o = 0; o < s->n_obstacles; o++)
      if (iv_outline_contains(&s->obstacles[o].outline, iv_spot_mix(p, q, i / 50.0)))
        return TRUE;
  return FALSE;
}

/* From everywhere to everywhere: 2000 ways, none through an obstacle, none much longer than what a
 * way over the grid can be. */
static void test_routes(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvGrid) grid = iv_grid_new(s, &error);
  g_autoptr(IvRoutes) routes = iv_routes_new(grid);
  IvRandom random;
  iv_random_init(&random, 1, "routes", 0);
  guint found = 0;
  for (int i = 0; i < 2000; i++) {
    IvSpot from = {iv_random_between(&random, 0, 6), iv_random_between(&random, 0, 6)};
    IvSpot to = s->slots[iv_random_below(&random, s->n_slots)].stand;
    if (!iv_grid_walkable(grid, IV_LAYER_CUSTOMER, from))
      continue;
    IvRoute route;
    g_assert_true(iv_routes_find(routes, IV_LAYER_CUSTOMER, from, to, &route));
    IvSpot at = from;
    for (guint c = 0; c < route.n; at = route.at[c++])
      g_assert_false(hits_obstacle(s, at, route.at[c]));
    g_assert_true(at.x == to.x && at.y == to.y);
    g_assert_cmpfloat(iv_route_length(&route, from), <, 14);
    found++;
  }
  g_assert_cmpuint(found, >, 500);
}

static void test_no_way(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(IvGrid) grid = iv_grid_new(s, NULL);
  g_autoptr(IvRoutes) routes = iv_routes_new(grid);
  IvRoute route;
  IvSpot outside = {9, 3};
  g_assert_false(iv_routes_find(routes, IV_LAYER_CUSTOMER, s->slots[0].stand, outside, &route));
  g_assert_cmpuint(route.n, ==, 0);
}

static void test_gate(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GError) error = NULL;
  IvGate gate;
  g_assert_true(iv_gate_of(s, 0, &gate, &error));
  g_assert_cmpfloat(gate.outer.a.y, >, 6);
  g_assert_cmpfloat(gate.inner.a.y, <, 5.4);
  /* The shop on the left hand is a mistake. */
  IvSpan *line = &s->lines[0].span;
  *line = (IvSpan){line->b, line->a};
  g_assert_false(iv_gate_of(s, 0, &gate, &error));
  g_assert_nonnull(strstr(error->message, "lines[0]"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/floor/crossing-span", test_crossing_span);
  g_test_add_func("/sim/floor/outline", test_outline);
  g_test_add_func("/sim/floor/routes", test_routes);
  g_test_add_func("/sim/floor/no-way", test_no_way);
  g_test_add_func("/sim/floor/gate", test_gate);
  return g_test_run();
}
