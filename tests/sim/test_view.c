/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/view.h"
#include "store_file.h"

/* A camera 3 m up that looks along +x, 45° down: the floor 3 m ahead is in the middle. */
static void test_projection(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  s->cameras[0] = (IvSimCamera){.id = s->cameras[0].id,
                                .position = {1, 3},
                                .height = 3,
                                .yaw = 0,
                                .pitch = G_PI / 4,
                                .hfov = G_PI / 2,
                                .width = 1000,
                                .height_px = 500};
  g_autoptr(IvGrid) grid = iv_grid_new(s, NULL);
  g_autoptr(IvView) view = iv_view_new(s, grid, TRUE);
  float u, v;
  g_assert_true(iv_view_project(view, 0, (IvSpot){4, 3}, &u, &v));
  g_assert_cmpfloat_with_epsilon((double)u, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon((double)v, 0.5, 1e-6);
  /* y is down on the plan: +y is to the right of who looks along +x. f = 500 px, w = 3√2 m. */
  g_assert_true(iv_view_project(view, 0, (IvSpot){4, 4}, &u, &v));
  g_assert_cmpfloat_with_epsilon((double)u, 0.5 + 0.5 / (3 * sqrt(2)), 1e-6);
  g_assert_false(iv_view_project(view, 0, (IvSpot){0.5, 3}, &u, &v));
}

static guint seen(const IvScenario *s, const IvGrid *grid, const IvView *view,
                  guint *ret_walkable) {
  guint n = 0;
  *ret_walkable = 0;
  for (guint i = 0; i < grid->columns * grid->rows; i++) {
    IvSpot p = iv_grid_centre(grid, i);
    if (!iv_outline_contains(&s->walls, p) || !iv_grid_walkable(grid, IV_LAYER_LINE, p))
      continue;
    (*ret_walkable)++;
    n += iv_view_cameras(view, p) != 0;
  }
  return n;
}

/* The ideal view sees all of the kiosk's public floor, the true one not quite all. */
static void test_ideal(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(IvGrid) grid = iv_grid_new(s, NULL);
  g_autoptr(IvView) ideal = iv_view_new(s, grid, TRUE), true_view = iv_view_new(s, grid, FALSE);
  guint walkable, all = seen(s, grid, ideal, &walkable), some = seen(s, grid, true_view, &walkable);
  g_assert_cmpuint(all, ==, walkable);
  g_assert_cmpuint(some, <, all);
  g_assert_cmpuint(some, >, walkable * 8 / 10);
}

/* Nobody looks into the back room through its walls, ideal or not. */
static void test_walls_hide(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(IvGrid) grid = iv_grid_new(s, NULL);
  g_autoptr(IvView) view = iv_view_new(s, grid, TRUE);
  g_assert_cmpuint(iv_view_cameras(view, s->rooms[0].inside_point), ==, 0);
  g_assert_cmpuint(iv_view_cameras(view, (IvSpot){100, 100}), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/view/projection", test_projection);
  g_test_add_func("/sim/view/ideal", test_ideal);
  g_test_add_func("/sim/view/walls-hide", test_walls_hide);
  return g_test_run();
}
