/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "config/scene_grid.h"
#include "config/scene_reader.h"

/* ---- calibration of a camera ---- */

/* A place on the plan, rounded to IV_PLAN_GRID. */
static gboolean read_metres(const json_t *json, IvPlanPoint *ret_point) {
  const json_t *x = json_array_get(json, 0), *y = json_array_get(json, 1);
  if (json_array_size(json) != 2 || !json_is_number(x) || !json_is_number(y) ||
      !(fabs(json_number_value(x)) <= IV_PLAN_SIDE_MAX) ||
      !(fabs(json_number_value(y)) <= IV_PLAN_SIDE_MAX))
    return FALSE;
  ret_point->x = round(json_number_value(x) * IV_PLAN_GRID) / IV_PLAN_GRID + 0.0; /* no -0 */
  ret_point->y = round(json_number_value(y) * IV_PLAN_GRID) / IV_PLAN_GRID + 0.0;
  return TRUE;
}

static void read_pair(IvSceneReader *reader, const json_t *json, IvPointPair *pair) {
  static const char *const keys[] = {"image", "plan"};
  if (!iv_reader_is_object(reader, json, keys, G_N_ELEMENTS(keys)))
    return;
  gsize back = iv_reader_enter(reader, "image");
  iv_reader_point(reader, json_object_get(json, "image"), &pair->image);
  iv_reader_leave(reader, back);
  back = iv_reader_enter(reader, "plan");
  if (!read_metres(json_object_get(json, "plan"), &pair->plan))
    iv_reader_fault(reader, "must be a place on the floor plan [x, y], in metres from its top left "
                            "corner");
  iv_reader_leave(reader, back);
}

static guint read_pairs(IvSceneReader *reader, const json_t *json, IvPointPair **ret_pairs) {
  const json_t *list = json_object_get(json, "pairs");
  guint n = (guint)json_array_size(list), before = reader->faults;
  gsize back = iv_reader_enter(reader, "pairs");
  if (json_is_array(list) && n < IV_POINT_PAIRS_MIN)
    iv_reader_fault(reader,
                    "has %u of at least %d; a pair {image: [x, y], plan: [x, y]} is a point in the "
                    "picture and the same spot on the floor plan, in metres: add %u",
                    n, IV_POINT_PAIRS_MIN, IV_POINT_PAIRS_MIN - n);
  else if (!json_is_array(list) || n > IV_POINT_PAIRS_MAX)
    iv_reader_fault(reader, "must be a list of %d to %d pairs {image: [x, y], plan: [x, y]}",
                    IV_POINT_PAIRS_MIN, IV_POINT_PAIRS_MAX);
  if (n < IV_POINT_PAIRS_MIN || n > IV_POINT_PAIRS_MAX)
    n = 0;
  g_autofree IvPointPair *pairs = g_new0(IvPointPair, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    gsize item = iv_reader_enter_item(reader, i);
    read_pair(reader, json_array_get(list, i), &pairs[i]);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
  if (reader->faults > before)
    return 0;
  *ret_pairs = g_steal_pointer(&pairs);
  return n;
}

void iv_reader_calibration(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  static const char *const keys[] = {"height_m", "pairs"};
  const json_t *calibration = json_object_get(json, "calibration");
  if (!calibration)
    return;
  gsize back = iv_reader_enter(reader, "calibration");
  if (iv_reader_is_object(reader, calibration, keys, G_N_ELEMENTS(keys))) {
    scene->camera_height_m = iv_reader_number(reader, calibration, "height_m", IV_CAMERA_HEIGHT_MIN,
                                              IV_CAMERA_HEIGHT_MAX, 0);
    scene->n_pairs = read_pairs(reader, calibration, &scene->pairs);
  }
  iv_reader_leave(reader, back);
}

/* ---- the floor plan ---- */

static double read_side(IvSceneReader *reader, const json_t *plan, const char *key) {
  if (!json_object_get(plan, key))
    iv_reader_fault(reader, "has no %s; give the plan's size in metres", key);
  double v = iv_reader_number(reader, plan, key, IV_PLAN_SIDE_MIN, IV_PLAN_SIDE_MAX, 0);
  return round(v * IV_PLAN_GRID) / IV_PLAN_GRID;
}

static void read_plan(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  static const char *const keys[] = {"width_m", "height_m", "image"};
  const json_t *plan = json_object_get(json, "plan");
  if (!plan)
    return;
  gsize back = iv_reader_enter(reader, "plan");
  if (iv_reader_is_object(reader, plan, keys, G_N_ELEMENTS(keys))) {
    scene->plan.width_m = read_side(reader, plan, "width_m");
    scene->plan.height_m = read_side(reader, plan, "height_m");
    const char *image = iv_reader_text(reader, plan, "image", "");
    if (*image && !iv_plan_image_is_valid(image))
      iv_reader_fault(reader, "image is not a name that the upload of a plan's picture gave");
    else
      g_strlcpy(scene->plan.image, image, sizeof scene->plan.image);
  }
  if (scene->plan.width_m > 0 && scene->plan.height_m > 0)
    scene->image = iv_plan_picture_size(scene->plan.width_m, scene->plan.height_m);
  iv_reader_leave(reader, back);
}

static void read_outline(IvSceneReader *reader, const json_t *json, IvArea *area) {
  static const char *const keys[] = {"polygon"};
  if (!iv_reader_is_object(reader, json, keys, 1))
    return;
  if (json_object_get(json, "polygon"))
    area->n_points = iv_reader_points(reader, json, "polygon", 3, IV_POLYGON_MAX, area->polygon);
  else
    iv_reader_fault(reader, "has no polygon; give its corners as [[x, y], [x, y], [x, y], ...]");
}

static void read_obstacle(IvSceneReader *reader, const json_t *json, IvPlanObstacle *obstacle) {
  static const char *const keys[] = {"polygon", "height_m"};
  if (!iv_reader_is_object(reader, json, keys, G_N_ELEMENTS(keys)))
    return;
  if (json_object_get(json, "polygon"))
    obstacle->area.n_points =
        iv_reader_points(reader, json, "polygon", 3, IV_POLYGON_MAX, obstacle->area.polygon);
  else
    iv_reader_fault(reader, "has no polygon; give its corners as [[x, y], [x, y], [x, y], ...]");
  obstacle->height_m = iv_reader_number(reader, json, "height_m", IV_OBSTACLE_HEIGHT_MIN,
                                        IV_OBSTACLE_HEIGHT_MAX, IV_OBSTACLE_HEIGHT);
}

static void read_walls(IvSceneReader *reader, const json_t *list, IvPlanSheet *plan) {
  gsize back = iv_reader_enter(reader, "walls");
  plan->n_walls = (guint)json_array_size(list);
  plan->walls = g_new0(IvArea, plan->n_walls);
  for (guint i = 0; i < plan->n_walls; i++) {
    gsize item = iv_reader_enter_item(reader, i);
    read_outline(reader, json_array_get(list, i), &plan->walls[i]);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

static void read_obstacles(IvSceneReader *reader, const json_t *list, IvPlanSheet *plan) {
  gsize back = iv_reader_enter(reader, "obstacles");
  plan->n_obstacles = (guint)json_array_size(list);
  plan->obstacles = g_new0(IvPlanObstacle, plan->n_obstacles);
  for (guint i = 0; i < plan->n_obstacles; i++) {
    gsize item = iv_reader_enter_item(reader, i);
    read_obstacle(reader, json_array_get(list, i), &plan->obstacles[i]);
    iv_reader_leave(reader, item);
  }
  iv_reader_leave(reader, back);
}

void iv_reader_measures(IvSceneReader *reader, const json_t *json, IvScene *scene) {
  guint before = reader->faults;
  g_autoptr(GError) error = NULL;
  iv_reader_calibration(reader, json, scene);
  read_plan(reader, json, scene);
  read_walls(reader, iv_reader_list(reader, json, "walls", IV_PLAN_WALLS_MAX), &scene->plan);
  read_obstacles(reader, iv_reader_list(reader, json, "obstacles", IV_PLAN_OBSTACLES_MAX),
                 &scene->plan);
  gboolean calibrated = reader->faults > before || iv_scene_calibrate(scene, &error);
  if (!calibrated) {
    gsize back = iv_reader_enter(reader, "calibration");
    iv_reader_fault(reader, "%s", error->message);
    iv_reader_leave(reader, back);
  } else if (reader->faults == before && !iv_scene_check_measures(scene, &error)) {
    iv_reader_fault(reader, "%s", error->message);
  }
}
