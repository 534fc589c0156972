/* SPDX-License-Identifier: Apache-2.0 */
/* Which cameras see what is drawn on the plan. */
#include "model/plan_sight.h"

#include <math.h>

#include "floor_lens.h"

#define WIDTH 30.0
#define HEIGHT 10.0

static IvSight sight_at(double x, double y, double yaw) {
  IvPointPair pairs[LENS_PAIRS];
  IvScene scene = {.image = {1280, 720}, .n_pairs = LENS_PAIRS, .pairs = pairs};
  lens_pairs(x, y, yaw, pairs);
  g_assert_true(iv_scene_calibrate(&scene, NULL));
  IvSight sight = iv_sight_of(&scene);
  g_assert_true(sight.has_pose);
  return sight;
}

static IvPoint share(double x, double y) {
  return (IvPoint){(float)(x / WIDTH), (float)(y / HEIGHT)};
}

static guint rectangle(IvPoint *polygon, double x0, double y0, double x1, double y1) {
  polygon[0] = share(x0, y0);
  polygon[1] = share(x1, y0);
  polygon[2] = share(x1, y1);
  polygon[3] = share(x0, y1);
  return 4;
}

static IvZone zone(double x0, double y0, double x1, double y1) {
  IvZone zone = {.n_points = 0};
  zone.n_points = rectangle(zone.polygon, x0, y0, x1, y1);
  return zone;
}

static IvArea area(double x0, double y0, double x1, double y1) {
  IvArea area = {.n_points = 0};
  area.n_points = rectangle(area.polygon, x0, y0, x1, y1);
  return area;
}

static IvScene empty_plan(void) {
  return (IvScene){.plan = {.width_m = WIDTH, .height_m = HEIGHT}};
}

/* "zone 0: 0 1, line 0:" */
static char *told(const IvScene *plan, const IvSight *sights, guint n) {
  GString *text = g_string_new(NULL);
  g_autoptr(GArray) all = iv_plan_seen(plan, sights, n);
  for (guint i = 0; i < all->len; i++) {
    const IvPlanSeen *seen = &g_array_index(all, IvPlanSeen, i);
    g_string_append_printf(text, "%s%s %u:", i ? ", " : "", iv_plan_part_name(seen->part),
                           seen->index);
    for (guint k = 0; k < seen->n_cameras; k++)
      g_string_append_printf(text, " %u", seen->cameras[k]);
  }
  return g_string_free(text, FALSE);
}

static void assert_told(const IvScene *plan, const IvSight *sights, guint n, const char *expected) {
  g_autofree char *text = told(plan, sights, n);
  g_assert_cmpstr(text, ==, expected);
}

/* One camera at each end, the one between them is not calibrated. */
static void test_zones(void) {
  IvSight sights[] = {sight_at(0, 5, 0), {0}, sight_at(WIDTH, 5, 180)};
  IvZone zones[] = {zone(3, 4, 6, 6), zone(24, 4, 27, 6), zone(13, 4, 17, 6), zone(0, 0, 1, 1)};
  IvScene plan = empty_plan();
  plan.zones = zones;
  plan.n_zones = G_N_ELEMENTS(zones);
  assert_told(&plan, sights, 3, "zone 0: 0, zone 1: 2, zone 2: 0 2, zone 3:");
  assert_told(&plan, sights, 2, "zone 0: 0, zone 1:, zone 2: 0, zone 3:");
  assert_told(&plan, NULL, 0, "zone 0:, zone 1:, zone 2:, zone 3:");
}

/* From a tenth of the floor in it on; what no one can stand on does not count. */
static void test_tenth(void) {
  IvSight west = sight_at(0, 5, 0);
  IvPlanObstacle wall = {.area = area(3.2, 0, 3.3, 10), .height_m = 3};
  IvPlanObstacle shelf = {.area = area(3.2, 3, 30, 7), .height_m = 2};
  IvZone zones[] = {zone(2.2, 4, 30, 6)};
  IvScene plan = empty_plan();
  plan.zones = zones;
  plan.n_zones = 1;
  assert_told(&plan, &west, 1, "zone 0: 0"); /* more than half of it */
  plan.plan.obstacles = &wall;
  plan.plan.n_obstacles = 1;
  assert_told(&plan, &west, 1, "zone 0:"); /* a metre of 28 */
  plan.plan.obstacles = &shelf;
  assert_told(&plan, &west, 1, "zone 0: 0"); /* that metre is all the floor in it */
}

/* A zone that the whole grid misses is looked at in its corners. */
static void test_thin(void) {
  IvSight west = sight_at(0, 5, 0);
  IvZone sliver = {.n_points = 4};
  sliver.polygon[0] = share(4, 4);
  sliver.polygon[1] = share(7, 6.0);
  sliver.polygon[2] = share(7, 6.002);
  sliver.polygon[3] = share(4, 4.002);
  IvScene plan = empty_plan();
  plan.zones = &sliver;
  plan.n_zones = 1;
  assert_told(&plan, &west, 1, "zone 0: 0");
}

/* An entrance is drawn on the wall itself, and is seen from inside. */
static void test_lines(void) {
  IvSight sights[] = {sight_at(0, 5, 0), sight_at(WIDTH, 5, 180)};
  IvArea walls[] = {area(0.2, 0.2, WIDTH - 0.2, HEIGHT - 0.2)};
  IvLine lines[] = {{.a = share(29.8, 4), .b = share(29.8, 6)}, /* below a camera */
                    {.a = share(5, 0.2), .b = share(8, 0.2)},   /* an end of it is seen */
                    {.a = share(15, 4), .b = share(15, 6)},
                    {.a = share(0.3, 1), .b = share(0.3, 2)}};
  IvScene plan = empty_plan();
  plan.lines = lines;
  plan.n_lines = G_N_ELEMENTS(lines);
  plan.plan.walls = walls;
  plan.plan.n_walls = 1;
  assert_told(&plan, sights, 2, "line 0:, line 1: 0, line 2: 0 1, line 3:");
}

/* Lanes of a group wait in one line. */
static void test_lanes(void) {
  IvSight sights[] = {sight_at(0, 5, 0), sight_at(WIDTH, 5, 180)};
  IvLane lanes[] = {{.queue = area(3, 4, 6, 6), .service = area(25, 4, 27, 6)},
                    {.service = area(0, 0, 1, 1)}};
  IvScene plan = empty_plan();
  iv_slug_set(&lanes[0].id, "a");
  iv_slug_set(&lanes[1].id, "b");
  iv_slug_set(&lanes[0].group, "tills");
  iv_slug_set(&lanes[1].group, "tills");
  plan.lanes = lanes;
  plan.n_lanes = 2;
  assert_told(&plan, sights, 2, "queue 0: 0, service 0: 1, queue 1: 0, service 1:");
}

/* As many of everything as there may be. */
static void test_speed(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  g_autofree IvSight *sights = g_new0(IvSight, IV_FLOOR_VIEW_CAMERAS_MAX);
  g_autofree IvZone *zones = g_new0(IvZone, IV_SCENE_ZONES_MAX);
  g_autofree IvLine *lines = g_new0(IvLine, IV_SCENE_LINES_MAX);
  g_autofree IvLane *lanes = g_new0(IvLane, IV_SCENE_LANES_MAX);
  g_autofree IvPlanObstacle *shelves = g_new0(IvPlanObstacle, IV_PLAN_OBSTACLES_MAX);
  IvScene plan = empty_plan();
  if (!g_test_perf()) {
    g_test_skip("only with -m perf");
    return;
  }
  for (guint i = 0; i < IV_FLOOR_VIEW_CAMERAS_MAX; i++)
    sights[i] = sight_at(g_rand_double(dice) * WIDTH, g_rand_double(dice) * HEIGHT,
                         g_rand_double(dice) * 360);
#define X g_rand_double(dice) * 20
#define Y g_rand_double(dice) * 6
  for (guint i = 0; i < IV_SCENE_ZONES_MAX; i++)
    zones[i] = zone(X, Y, 21 + X / 10, 7 + Y / 3);
  for (guint i = 0; i < IV_SCENE_LINES_MAX; i++)
    lines[i] = (IvLine){.a = share(X, Y), .b = share(X, Y + 1)};
  for (guint i = 0; i < IV_SCENE_LANES_MAX; i++)
    lanes[i] = (IvLane){.queue = area(X, Y, 21, 7), .service = area(X, Y, 21, 7)};
  for (guint i = 0; i < IV_PLAN_OBSTACLES_MAX; i++) {
    double x = X, y = Y;
    shelves[i] = (IvPlanObstacle){area(x, y, x + 0.2, y + 0.2), 0.5};
  }
  plan.zones = zones;
  plan.n_zones = IV_SCENE_ZONES_MAX;
  plan.lines = lines;
  plan.n_lines = IV_SCENE_LINES_MAX;
  plan.lanes = lanes;
  plan.n_lanes = IV_SCENE_LANES_MAX;
  plan.plan.obstacles = shelves;
  for (guint n = 0; n <= IV_PLAN_OBSTACLES_MAX; n += 64) {
    plan.plan.n_obstacles = n;
    g_test_timer_start();
    g_autoptr(GArray) all = iv_plan_seen(&plan, sights, IV_FLOOR_VIEW_CAMERAS_MAX);
    g_test_message("%u obstacles: %.1f ms", n, g_test_timer_elapsed() * 1000);
    g_assert_cmpuint(all->len, ==,
                     IV_SCENE_ZONES_MAX + IV_SCENE_LINES_MAX + 2 * IV_SCENE_LANES_MAX);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/plan-sight/zones", test_zones);
  g_test_add_func("/model/plan-sight/tenth", test_tenth);
  g_test_add_func("/model/plan-sight/thin", test_thin);
  g_test_add_func("/model/plan-sight/lines", test_lines);
  g_test_add_func("/model/plan-sight/lanes", test_lanes);
  g_test_add_func("/model/plan-sight/speed", test_speed);
  return g_test_run();
}
