/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "api/routes/plan_json.h"
#include "api/routes/scene_body.h"
#include "model/plan_sight.h"
#include "store/catalog.h"
#include "store/scenes.h"

#define OVERLAP_M2 0.25 /* less is no overlap */

/* ---- what the cameras see of the plan ---- */

typedef struct {
  IvScene *plan;
  GArray *cameras;   /* of IvCameraRow */
  GPtrArray *scenes; /* of IvScene, as cameras */
  IvSight *sights;
  IvFloorView *coverage; /* NULL without a plan */
} Floor;

static void floor_clear(Floor *floor) {
  g_clear_pointer(&floor->plan, iv_scene_free);
  g_clear_pointer(&floor->cameras, g_array_unref);
  g_clear_pointer(&floor->scenes, g_ptr_array_unref);
  g_clear_pointer(&floor->sights, g_free);
  g_clear_pointer(&floor->coverage, iv_floor_view_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Floor, floor_clear)

static IvScene *scene_of(const IvCall *call, const char *camera_id, GError **error) {
  return iv_scenes_get(call->api->store, iv_call_store(call), camera_id, 0, call->deadline, error);
}

static gboolean read_scenes(const IvCall *call, Floor *floor, GError **error) {
  floor->scenes = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free);
  floor->plan = scene_of(call, IV_FLOOR_PLAN_ID, error);
  for (guint i = 0; floor->plan && i < floor->cameras->len; i++) {
    const IvCameraRow *row = &g_array_index(floor->cameras, IvCameraRow, i);
    IvScene *scene = scene_of(call, row->id.text, error);
    if (!scene)
      return FALSE;
    g_ptr_array_add(floor->scenes, scene);
  }
  return floor->plan != NULL;
}

/* Cameras that are switched off see nothing. */
static gboolean read_floor(const IvCall *call, Floor *floor, GError **error) {
  floor->cameras = iv_catalog_cameras(call->api->store, iv_call_store(call), call->deadline, error);
  if (!floor->cameras || !read_scenes(call, floor, error))
    return FALSE;
  floor->sights = g_new0(IvSight, MAX(floor->scenes->len, 1));
  for (guint i = 0; i < floor->scenes->len; i++)
    if (g_array_index(floor->cameras, IvCameraRow, i).enabled)
      floor->sights[i] = iv_sight_of(g_ptr_array_index(floor->scenes, i));
  if (iv_scene_is_plan(floor->plan))
    floor->coverage = iv_floor_view_new(&floor->plan->plan, floor->sights, floor->scenes->len);
  return TRUE;
}

/* Why the plan ignores the camera, or should not be trusted with it; NULL = all is well. */
static char *problem_of(const Floor *floor, guint i) {
  const IvScene *scene = g_ptr_array_index(floor->scenes, i);
  g_autoptr(GError) error = NULL;
  if (!g_array_index(floor->cameras, IvCameraRow, i).enabled)
    return g_strdup("The camera is switched off.");
  if (!scene->has_homography)
    return g_strdup("Not calibrated: the floor plan ignores the camera, and what it measures in "
                    "metres is approximate.");
  if (!floor->sights[i].has_pose)
    return g_strdup("Its pairs of points fit no camera above a floor; calibrate it anew.");
  if (iv_scene_is_plan(floor->plan) && !iv_scene_check_on_plan(scene, floor->plan, &error))
    return g_strdup(error->message);
  return NULL;
}

static json_t *camera_to_json(const Floor *floor, guint i) {
  const IvCameraRow *row = &g_array_index(floor->cameras, IvCameraRow, i);
  const IvScene *scene = g_ptr_array_index(floor->scenes, i);
  const IvSight *sight = &floor->sights[i];
  g_autofree char *problem = problem_of(floor, i);
  json_t *error =
      scene->has_homography ? iv_homography_error_to_json(&scene->homography_error) : json_null();
  return json_pack("{ss ss si si sb so so so so so}", "camera_id", row->id.text, "name", row->name,
                   "number", row->number, "scene_version", row->scene_version, "calibrated",
                   scene->has_homography ? 1 : 0, "problem",
                   problem ? json_string(problem) : json_null(), "error", error, "pose",
                   sight->has_pose ? iv_pose_to_json(&sight->pose) : json_null(), "view",
                   iv_sight_to_json(sight), "seen_m2",
                   floor->coverage && i < floor->coverage->n_cameras && sight->has_pose
                       ? iv_json_number(floor->coverage->seen_m2[i])
                       : json_null());
}

static json_t *cameras_to_json(const Floor *floor) {
  json_t *list = json_array();
  for (guint i = 0; i < floor->scenes->len; i++)
    json_array_append_new(list, camera_to_json(floor, i));
  return list;
}

static json_t *overlaps_to_json(const Floor *floor) {
  const IvFloorView *c = floor->coverage;
  json_t *list = json_array();
  for (guint i = 0; c && i < c->n_cameras; i++)
    for (guint k = i + 1; k < c->n_cameras; k++)
      if (c->overlap_m2[i * c->n_cameras + k] >= OVERLAP_M2)
        json_array_append_new(list, json_pack("{s[ss] so}", "cameras",
                                              g_array_index(floor->cameras, IvCameraRow, i).id.text,
                                              g_array_index(floor->cameras, IvCameraRow, k).id.text,
                                              "area_m2",
                                              iv_json_number(c->overlap_m2[i * c->n_cameras + k])));
  return list;
}

static const char *name_of(const IvScene *plan, const IvPlanSeen *seen) {
  switch (seen->part) {
  case IV_PLAN_ZONE:
    return plan->zones[seen->index].id.text;
  case IV_PLAN_LINE:
    return plan->lines[seen->index].id.text;
  default:
    return plan->lanes[seen->index].id.text;
  }
}

/* Which cameras see what is drawn on the plan; [] for whatever counts nobody. */
static json_t *seen_to_json(const Floor *floor) {
  json_t *list = json_array();
  g_autoptr(GArray) all = iv_plan_seen(floor->plan, floor->sights, floor->scenes->len);
  for (guint i = 0; i < all->len; i++) {
    const IvPlanSeen *seen = &g_array_index(all, IvPlanSeen, i);
    json_t *cameras = json_array();
    for (guint k = 0; k < seen->n_cameras; k++)
      json_array_append_new(
          cameras,
          json_string(g_array_index(floor->cameras, IvCameraRow, seen->cameras[k]).id.text));
    json_array_append_new(list, json_pack("{ss ss so}", "part", iv_plan_part_name(seen->part), "id",
                                          name_of(floor->plan, seen), "cameras", cameras));
  }
  return list;
}

static json_t *plan_to_json(const IvScene *plan) {
  if (!iv_scene_is_plan(plan))
    return json_null();
  return json_pack("{si so so so}", "version", plan->version, "width_m",
                   iv_json_number(plan->plan.width_m), "height_m",
                   iv_json_number(plan->plan.height_m), "image",
                   plan->plan.image[0] ? json_string(plan->plan.image) : json_null());
}

static int count_uncalibrated(const Floor *floor) {
  int n = 0;
  for (guint i = 0; i < floor->scenes->len; i++)
    n += !((const IvScene *)g_ptr_array_index(floor->scenes, i))->has_homography;
  return n;
}

IvResponse *iv_route_get_floor_plan(IvCall *call) {
  GError *error = NULL;
  g_auto(Floor) floor = {0};
  if (!read_floor(call, &floor, &error))
    return iv_call_failed(call, error);
  gboolean obstacles = floor.plan->plan.n_obstacles > 0;
  json_t *coverage =
      floor.coverage ? iv_floor_view_to_json(floor.coverage, obstacles) : json_null();
  return iv_response_json(200, json_pack("{so so so so so si}", "plan", plan_to_json(floor.plan),
                                         "cameras", cameras_to_json(&floor), "overlaps",
                                         overlaps_to_json(&floor), "seen", seen_to_json(&floor),
                                         "coverage", coverage, "uncalibrated",
                                         count_uncalibrated(&floor)));
}

/* ---- a calibration while it is made ---- */

static json_t *pairs_to_json(const IvScene *scene) {
  json_t *list = json_array();
  gboolean told = scene->has_homography && scene->n_pairs > IV_POINT_PAIRS_MIN;
  for (guint i = 0; i < scene->n_pairs; i++) {
    IvPlanPoint at;
    double off = (double)NAN;
    if (told && iv_homography_to_plan(&scene->homography, scene->pairs[i].image, &at))
      off = hypot(at.x - scene->pairs[i].plan.x, at.y - scene->pairs[i].plan.y);
    json_array_append_new(list, iv_json_number(round(off * 1e4) / 1e4));
  }
  return list;
}

static IvResponse *judge(const IvScene *scene, const char *problem) {
  IvSight sight = iv_sight_of(scene);
  json_t *error =
      scene->has_homography ? iv_homography_error_to_json(&scene->homography_error) : json_null();
  return iv_response_json(200,
                          json_pack("{sb so so so so so}", "good", problem ? 0 : 1, "problem",
                                    problem ? json_string(problem) : json_null(), "error", error,
                                    "pairs_off_m", pairs_to_json(scene), "pose",
                                    sight.has_pose ? iv_pose_to_json(&sight.pose) : json_null(),
                                    "view", iv_sight_to_json(&sight)));
}

IvResponse *iv_route_check_calibration(IvCall *call) {
  IvResponse *problem = NULL;
  GError *failed = NULL;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(IvScene) scene = iv_scene_body(call, iv_calibration_from_json_all, &problem);
  if (!scene)
    return problem;
  g_autoptr(IvScene) plan = scene_of(call, IV_FLOOR_PLAN_ID, &failed);
  if (!plan)
    return iv_call_failed(call, failed);
  if (iv_scene_calibrate(scene, &wrong) && iv_scene_is_plan(plan))
    iv_scene_check_on_plan(scene, plan, &wrong);
  if (!wrong && !iv_sight_of(scene).has_pose)
    return judge(scene, "calibration: no camera above a floor sees these points so");
  return judge(scene, wrong ? wrong->message : NULL);
}
