/* SPDX-License-Identifier: Apache-2.0 */
#include "model/floor_view.h"

#include <math.h>

#include "floor_lens.h"

static IvScene *camera_at(double x, double y, double yaw) {
  IvScene *scene = g_new0(IvScene, 1);
  scene->image = (IvSize){1280, 720};
  scene->n_pairs = LENS_PAIRS;
  scene->pairs = g_new0(IvPointPair, LENS_PAIRS);
  lens_pairs(x, y, yaw, scene->pairs);
  g_assert_true(iv_scene_calibrate(scene, NULL));
  return scene;
}

static IvArea rectangle(const IvPlanSheet *plan, double x0, double y0, double x1, double y1) {
  IvArea area = {.n_points = 4};
  area.polygon[0] = iv_plan_to_share(plan, (IvPlanPoint){x0, y0});
  area.polygon[1] = iv_plan_to_share(plan, (IvPlanPoint){x1, y0});
  area.polygon[2] = iv_plan_to_share(plan, (IvPlanPoint){x1, y1});
  area.polygon[3] = iv_plan_to_share(plan, (IvPlanPoint){x0, y1});
  return area;
}

static void test_polygon(void) {
  g_autoptr(IvScene) camera = camera_at(0, 5, 0);
  IvSight sight = iv_sight_of(camera);
  IvPlanPoint at[IV_VIEW_POINTS_MAX];
  guint n = iv_sight_polygon(&sight, at);
  g_assert_cmpuint(n, >=, 8);
  /* The lower edge of the picture: 30 + 25.3 degrees down from 3 m. */
  double nearest = INFINITY, farthest = 0;
  for (guint i = 0; i < n; i++) {
    nearest = MIN(nearest, at[i].x);
    farthest = MAX(farthest, at[i].x);
    g_assert_cmpfloat(iv_pose_person_px(&sight.pose, at[i]), >, IV_PERSON_PX_MIN - 0.5);
  }
  g_assert_cmpfloat(fabs(nearest - 3 / tan(55.27 * G_PI / 180)), <, 0.05);
  g_assert_cmpfloat(farthest, >, 10);
  g_assert_cmpfloat(farthest, <, 40);
  IvSight none = {0};
  g_assert_cmpuint(iv_sight_polygon(&none, at), ==, 0);
}

/* Two cameras that face each other see what lies between them both. */
static void test_overlap(void) {
  g_autoptr(IvScene) east = camera_at(0, 5, 0);
  g_autoptr(IvScene) west = camera_at(16, 5, 180);
  IvSight sights[3] = {iv_sight_of(east), iv_sight_of(west)}; /* the third isn't calibrated */
  IvPlanSheet plan = {.width_m = 16, .height_m = 10};
  g_autoptr(IvFloorView) c = iv_floor_view_new(&plan, sights, 3);
  g_assert_cmpfloat(c->cell_m, ==, 0.25);
  g_assert_cmpuint(c->columns, ==, 64);
  g_assert_cmpfloat(c->floor_m2, ==, 160);
  g_assert_cmpfloat(fabs(c->seen_m2[0] - c->seen_m2[1]), <, 1);
  g_assert_cmpfloat(c->seen_m2[2], ==, 0);
  g_assert_cmpfloat(c->overlap_m2[1], >, 20);
  g_assert_cmpfloat(c->overlap_m2[1], ==, c->overlap_m2[3]);
  g_assert_cmpfloat(c->overlap_m2[2], ==, 0);
  /* Whoever is seen by one, by the other or by nobody. */
  g_assert_cmpfloat(
      fabs(c->seen_m2[0] + c->seen_m2[1] - c->overlap_m2[1] + c->blind_m2 - c->floor_m2), <, 1e-9);
  g_assert_cmpuint(c->cells[20 * 64 + 32], ==, 2); /* the middle */
  g_assert_cmpuint(c->cells[20 * 64], ==, 1);      /* below the east camera */
}

static void test_blind_spots(void) {
  g_autoptr(IvScene) east = camera_at(0, 5, 0);
  IvSight sight = iv_sight_of(east);
  IvPlanSheet plan = {.width_m = 16, .height_m = 10};
  IvPlanObstacle shelf = {.height_m = 2.0};
  IvArea wall = rectangle(&plan, 0, 1, 12, 9);
  shelf.area = rectangle(&plan, 5, 4.5, 5.5, 5.5);
  plan.n_obstacles = plan.n_walls = 1;
  plan.obstacles = &shelf;
  plan.walls = &wall;
  IvPlanPoint behind = {7, 5}, before = {4, 5}, beside = {7, 2};
  g_assert_false(iv_sight_sees(&sight, &plan, behind));
  g_assert_true(iv_sight_sees(&sight, &plan, before));
  g_assert_true(iv_sight_sees(&sight, &plan, beside));
  shelf.height_m = 0.5; /* one looks over it */
  g_assert_true(iv_sight_sees(&sight, &plan, behind));
  shelf.height_m = 2.0;
  g_assert_false(iv_plan_is_floor(&plan, (IvPlanPoint){5.2, 5}));
  g_assert_false(iv_plan_is_floor(&plan, (IvPlanPoint){13, 5}));
  g_autoptr(IvFloorView) c = iv_floor_view_new(&plan, &sight, 1);
  g_assert_cmpfloat(fabs(c->floor_m2 - (12 * 8 - 0.5)), <, 0.01);
  g_autoptr(GArray) spots = iv_floor_view_blind_spots(c, 0.0);
  double sum = 0;
  gboolean found = FALSE;
  for (guint i = 0; i < spots->len; i++) {
    const IvBlindSpot *spot = &g_array_index(spots, IvBlindSpot, i);
    sum += spot->area_m2;
    found |= spot->at.x > 5.5 && fabs(spot->at.y - 5) < 1;
    g_assert_true(i == 0 || spot->area_m2 <= g_array_index(spots, IvBlindSpot, i - 1).area_m2);
    g_assert_false(iv_sight_sees(&sight, &plan, spot->at));
  }
  g_assert_true(found);
  g_assert_cmpfloat(fabs(sum - c->blind_m2), <, 1e-6);
}

static void test_through_walls(void) {
  g_autoptr(IvScene) east = camera_at(0, 5, 0);
  IvSight sight = iv_sight_of(east);
  IvPlanSheet plan = {.width_m = 16, .height_m = 10};
  IvArea rooms[2] = {rectangle(&plan, 0.3, 0, 6, 10), rectangle(&plan, 6.2, 0, 16, 10)};
  plan.n_walls = 2;
  plan.walls = rooms;
  /* The camera hangs 0.3 m outside of its own wall, as measured: that wall hides nothing. */
  g_assert_true(iv_sight_sees(&sight, &plan, (IvPlanPoint){5, 5}));
  g_assert_false(iv_sight_sees(&sight, &plan, (IvPlanPoint){7, 5}));
}

/* A plan of any size has a bounded number of cells. */
static void test_large(void) {
  IvPlanSheet plan = {.width_m = 1000, .height_m = 900};
  g_autoptr(IvFloorView) c = iv_floor_view_new(&plan, NULL, 0);
  g_assert_cmpuint(c->columns * c->rows, <=, IV_FLOOR_VIEW_CELLS_MAX);
  g_assert_cmpfloat(c->blind_m2, ==, c->floor_m2);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/floor-view/polygon", test_polygon);
  g_test_add_func("/model/floor-view/overlap", test_overlap);
  g_test_add_func("/model/floor-view/blind-spots", test_blind_spots);
  g_test_add_func("/model/floor-view/walls", test_through_walls);
  g_test_add_func("/model/floor-view/large", test_large);
  return g_test_run();
}
