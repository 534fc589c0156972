/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "model/scene_private.h"

#define PLAN_PX 100.0 /* a metre */
#define PLAN_SIDE_PX_MAX 16384.0
#define ROUNDING_M 0.001 /* a pair on the plan's edge may be off by this */

#define REFUSE(...) (g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID, __VA_ARGS__), FALSE)

IvSize iv_plan_picture_size(double width_m, double height_m) {
  double px = MIN(PLAN_PX, PLAN_SIDE_PX_MAX / MAX(width_m, height_m));
  return (IvSize){MAX(16, (int)lround(width_m * px)), MAX(16, (int)lround(height_m * px))};
}

gboolean iv_plan_image_is_valid(const char *image) {
  return strlen(image) == 16 && strspn(image, "0123456789abcdef") == 16;
}

IvPlanPoint iv_plan_to_metres(const IvPlanSheet *plan, IvPoint share) {
  return (IvPlanPoint){(double)share.x * plan->width_m, (double)share.y * plan->height_m};
}

IvPoint iv_plan_to_share(const IvPlanSheet *plan, IvPlanPoint metres) {
  return (IvPoint){(float)(metres.x / plan->width_m), (float)(metres.y / plan->height_m)};
}

gboolean iv_scene_calibrate(IvScene *scene, GError **error) {
  g_autoptr(GError) wrong = NULL;
  scene->has_homography = FALSE;
  if (scene->n_pairs == 0)
    return TRUE;
  scene->has_homography = iv_homography_from_pairs(scene->pairs, scene->n_pairs, &scene->homography,
                                                   &scene->homography_error, &wrong);
  return scene->has_homography || REFUSE("%s", wrong->message);
}

gboolean iv_scene_check_on_plan(const IvScene *camera, const IvScene *plan, GError **error) {
  for (guint i = 0; i < camera->n_pairs; i++) {
    IvPlanPoint p = camera->pairs[i].plan;
    if (p.x < -ROUNDING_M || p.y < -ROUNDING_M || p.x > plan->plan.width_m + ROUNDING_M ||
        p.y > plan->plan.height_m + ROUNDING_M)
      return REFUSE("pair %u of the calibration lies outside the floor plan of %g x %g m; move it, "
                    "or make the plan larger",
                    i + 1, plan->plan.width_m, plan->plan.height_m);
  }
  return TRUE;
}

static gboolean check_plan(const IvScene *scene, GError **error) {
  const IvPlanSheet *plan = &scene->plan;
  if (!(plan->width_m >= IV_PLAN_SIDE_MIN && plan->width_m <= IV_PLAN_SIDE_MAX &&
        plan->height_m >= IV_PLAN_SIDE_MIN && plan->height_m <= IV_PLAN_SIDE_MAX))
    return REFUSE("a floor plan is %g to %g m wide and high", IV_PLAN_SIDE_MIN, IV_PLAN_SIDE_MAX);
  if (scene->n_pairs > 0)
    return REFUSE("a floor plan has no calibration of its own; calibrate the cameras to it");
  if (scene->n_masks > 0)
    return REFUSE("masks belong in a camera's picture, not on the floor plan");
  if (plan->n_walls > IV_PLAN_WALLS_MAX || plan->n_obstacles > IV_PLAN_OBSTACLES_MAX)
    return REFUSE("a floor plan holds at most %d outlines of walls and %d obstacles",
                  IV_PLAN_WALLS_MAX, IV_PLAN_OBSTACLES_MAX);
  for (guint i = 0; i < plan->n_walls; i++) {
    g_autofree char *what = g_strdup_printf("walls: outline %u", i + 1);
    if (!iv_scene_check_polygon(what, plan->walls[i].polygon, plan->walls[i].n_points, error))
      return FALSE;
  }
  for (guint i = 0; i < plan->n_obstacles; i++) {
    const IvPlanObstacle *o = &plan->obstacles[i];
    g_autofree char *what = g_strdup_printf("obstacle %u", i + 1);
    if (!iv_scene_check_polygon(what, o->area.polygon, o->area.n_points, error))
      return FALSE;
    if (!(o->height_m >= IV_OBSTACLE_HEIGHT_MIN && o->height_m <= IV_OBSTACLE_HEIGHT_MAX))
      return REFUSE("%s is %g to %g m high", what, IV_OBSTACLE_HEIGHT_MIN, IV_OBSTACLE_HEIGHT_MAX);
  }
  return TRUE;
}

gboolean iv_scene_check_measures(const IvScene *scene, GError **error) {
  IvHomography made;
  g_autoptr(GError) wrong = NULL;
  if (scene->plan.width_m != 0 || scene->plan.height_m != 0)
    return check_plan(scene, error);
  if (scene->plan.n_walls > 0 || scene->plan.n_obstacles > 0)
    return REFUSE("walls and obstacles belong on the floor plan (%s), not in a camera's picture",
                  IV_FLOOR_PLAN_ID);
  if (scene->n_pairs > 0 &&
      !iv_homography_from_pairs(scene->pairs, scene->n_pairs, &made, NULL, &wrong))
    return REFUSE("calibration: %s", wrong->message);
  double h = scene->camera_height_m;
  if (h != 0 && !(h >= IV_CAMERA_HEIGHT_MIN && h <= IV_CAMERA_HEIGHT_MAX))
    return REFUSE("calibration: a camera hangs %g to %g m above the floor", IV_CAMERA_HEIGHT_MIN,
                  IV_CAMERA_HEIGHT_MAX);
  return TRUE;
}
