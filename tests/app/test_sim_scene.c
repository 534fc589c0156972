/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_scene.h"

#include <math.h>
#include <string.h>

#include "../shared_data.h"
#include "config/scene_json.h"
#include "model/floor_view.h"
#include "sim/view.h"

static const char *const stores[] = {"convenience", "fashion", "supermarket"};

/* NULL (and the test is skipped) without the shared data. */
static IvScenario *scenario_of(const char *name) {
  g_autofree char *file = g_strdup_printf("data/scenarios/%s.yaml", name);
  g_autofree char *path = iv_test_shared_path(file);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  if (!path) {
    g_test_skip("no shared data beside the checkout");
    return NULL;
  }
  g_assert_true(g_file_get_contents(path, &text, &length, NULL));
  IvScenario *scenario = iv_scenario_parse(text, length, &error);
  g_assert_no_error(error);
  return scenario;
}

/* The formula of docs/simulator.md, in double precision. FALSE outside the picture. */
static gboolean project(const IvSimCamera *c, IvSpot p, double *ret_u, double *ret_v) {
  double f = c->width / 2.0 / tan(c->hfov / 2);
  double q[3] = {p.x - c->position.x, p.y - c->position.y, -c->height};
  double sy = sin(c->yaw), cy = cos(c->yaw), sp = sin(c->pitch), cp = cos(c->pitch);
  double right = -sy * q[0] + cy * q[1];
  double down = -sp * cy * q[0] - sp * sy * q[1] - cp * q[2];
  double ahead = cp * cy * q[0] + cp * sy * q[1] - sp * q[2];
  *ret_u = 0.5 + f * right / ahead / c->width;
  *ret_v = 0.5 + f * down / ahead / c->height_px;
  return ahead > 0 && *ret_u >= 0 && *ret_u <= 1 && *ret_v >= 0 && *ret_v <= 1;
}

/* How far off the floor is, at most, within 15 m of the camera, metres. */
static double worst_of(const IvScenario *s, guint camera, const IvScene *scene) {
  const IvSimCamera *c = &s->cameras[camera];
  double worst = 0, u, v;
  guint n = 0;
  for (double x = -15; x <= 15; x += 0.5)
    for (double y = -15; y <= 15; y += 0.5) {
      IvSpot at = {c->position.x + x, c->position.y + y};
      IvPlanPoint found, wanted = iv_sim_on_plan(s, at);
      if (hypot(x, y) > 15 || !project(c, at, &u, &v))
        continue;
      g_assert_true(
          iv_homography_to_plan(&scene->homography, (IvPoint){(float)u, (float)v}, &found));
      worst = MAX(worst, hypot(found.x - wanted.x, found.y - wanted.y));
      n++;
    }
  g_assert_cmpuint(n, >, 20);
  return worst;
}

static IvScene *through_json(const IvScene *scene) {
  g_autofree char *text = iv_scene_canonical(scene);
  g_autoptr(GError) error = NULL;
  IvScene *again = iv_scene_from_text(text, strlen(text), &error);
  g_assert_no_error(error);
  return again;
}

static void check_camera(const IvScenario *s, guint camera, const IvScene *plan) {
  g_autoptr(IvScene) scene = g_new0(IvScene, 1);
  g_assert_true(iv_sim_calibrate(s, camera, scene));
  g_assert_cmpuint(scene->n_pairs, >=, 5);
  g_assert_cmpfloat(scene->homography_error.worst, <, 0.01);
  g_assert_true(iv_scene_check_on_plan(scene, plan, NULL));
  double exact = worst_of(s, camera, scene);
  g_autoptr(IvScene) stored = through_json(scene);
  double kept = worst_of(s, camera, stored);
  g_test_message("%s: %.2f mm, as stored %.2f mm", s->cameras[camera].id.text, exact * 1e3,
                 kept * 1e3);
  g_assert_cmpfloat(exact, <, 0.01);
  g_assert_cmpfloat(kept, <, 0.01);
}

static void test_calibration(gconstpointer name) {
  g_autoptr(IvScenario) s = scenario_of(name);
  if (!s)
    return;
  IvFloorArea area = iv_sim_plan_area(s);
  IvScene plan = {.plan = {.width_m = area.x1 - area.x0, .height_m = area.y1 - area.y0}};
  for (guint i = 0; i < s->n_cameras; i++)
    check_camera(s, i, &plan);
}

static IvScene *plan_of(const IvScenario *s) {
  IvFloorArea area = iv_sim_plan_area(s);
  IvScene *plan = g_new0(IvScene, 1);
  plan->plan.width_m = area.x1 - area.x0;
  plan->plan.height_m = area.y1 - area.y0;
  plan->image = iv_plan_picture_size(plan->plan.width_m, plan->plan.height_m);
  iv_sim_put_floor(s, plan);
  g_autoptr(GError) error = NULL;
  iv_scene_check(plan, &error);
  g_assert_no_error(error);
  return plan;
}

/* What cameras see, found from their calibrations and the drawn plan alone, against what the
 * simulator lets them see: shared cells of all that either says is seen. */
static void test_sight(gconstpointer name) {
  g_autoptr(IvScenario) s = scenario_of(name);
  g_autoptr(IvGrid) grid = s ? iv_grid_new(s, NULL) : NULL;
  if (!s)
    return;
  g_autoptr(IvView) truth = iv_view_new(s, grid, FALSE);
  g_autoptr(IvScene) plan = plan_of(s);
  guint both = 0, either = 0;
  for (guint c = 0; c < s->n_cameras; c++) {
    g_autoptr(IvScene) scene = g_new0(IvScene, 1);
    g_assert_true(iv_sim_calibrate(s, c, scene));
    IvSight sight = iv_sight_of(scene);
    g_assert_false(sight.pose.assumed_lens);
    g_assert_cmpfloat(fabs(sight.pose.height - s->cameras[c].height), <, 0.02);
    for (guint i = 0; i < grid->columns * grid->rows; i++) {
      IvSpot spot = iv_grid_centre(grid, i);
      IvPlanPoint at = iv_sim_on_plan(s, spot);
      if (!iv_plan_is_floor(&plan->plan, at))
        continue;
      gboolean seen = iv_sight_sees(&sight, &plan->plan, at);
      gboolean true_seen = (iv_view_cameras(truth, spot) >> c & 1) != 0;
      both += seen && true_seen;
      either += seen || true_seen;
    }
  }
  g_test_message("%s: %.1f %% of %u cells", (const char *)name, 100.0 * both / either, either);
  g_assert_cmpfloat((double)both / either, >, 0.9);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(stores); i++) {
    g_autofree char *path = g_strdup_printf("/app/sim-scene/%s", stores[i]);
    g_test_add_data_func(path, stores[i], test_calibration);
    g_autofree char *sight = g_strdup_printf("/app/sim-scene/sight-%s", stores[i]);
    g_test_add_data_func(sight, stores[i], test_sight);
  }
  return g_test_run();
}
