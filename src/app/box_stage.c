/* SPDX-License-Identifier: Apache-2.0 */
#include "app/box_stage.h"

#include "app/floor_stage.h"
#include "app/sim_scene.h"
#include "app/sim_stage.h"
#include "kpi/calendar.h"
#include "track/tracker.h"

#define CLOCKS_APART IV_SECOND

typedef struct {
  IvTracker *tracker;
  IvCameraRules *rules; /* of its lines; NULL = it has none */
} Camera;

struct IvBoxStage {
  IvSimStage *scenes; /* its scenes are used, its rules are not */
  Camera *cameras;
  guint n_cameras;
  IvFloorStage *floor;
  IvTime newest;
};

/* ---- scenes and calibration ---- */

static IvRulesSource source_of(const IvScenario *s) {
  IvRulesSource source = {.store_id = s->id, .model_version = "simulated"};
  iv_slug_set(&source.edge_id, IV_SIM_EDGE);
  return source;
}

static const IvScene *scene_of(const IvSimStage *scenes, const IvSlug *camera) {
  for (guint i = 0; i < iv_sim_stage_n_scenes(scenes); i++)
    if (g_str_equal(iv_sim_stage_scene(scenes, i)->camera_id.text, camera->text))
      return iv_sim_stage_scene(scenes, i);
  return NULL;
}

/* Calibrated as somebody would do it in the editor. */
static IvScene *calibrated(const IvScenario *s, guint camera, const IvScene *drawn) {
  IvScene *scene = drawn ? iv_scene_copy(drawn) : g_new0(IvScene, 1);
  iv_sim_calibrate(s, camera, scene);
  return scene;
}

static void open_camera(IvBoxStage *stage, const IvScenario *s, guint i,
                        const IvRuleLimits *limits) {
  const IvScene *scene = scene_of(stage->scenes, &s->cameras[i].id);
  IvSize image = {s->cameras[i].width, s->cameras[i].height_px};
  IvRulesSource source = source_of(s);
  source.camera_id = s->cameras[i].id;
  stage->cameras[i].tracker = iv_tracker_new(NULL, image);
  stage->cameras[i].rules = scene ? iv_camera_rules_new(limits, &source, scene) : NULL;
}

static IvFloorStage *new_floor(const IvScenario *s, const IvSimStage *scenes,
                               const IvRuleLimits *limits) {
  const IvScene *plan = iv_sim_stage_scene(scenes, iv_sim_stage_n_scenes(scenes) - 1);
  g_autoptr(GPtrArray) cameras = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free);
  g_autoptr(GTimeZone) zone = iv_calendar_zone(s->time_zone);
  IvFloorStageConfig config = {.limits = *limits, .source = source_of(s), .zone = zone};
  for (guint i = 0; i < s->n_cameras; i++)
    g_ptr_array_add(cameras, calibrated(s, i, scene_of(scenes, &s->cameras[i].id)));
  return iv_floor_stage_new(&config, plan, (const IvScene *const *)cameras->pdata, s->n_cameras);
}

IvBoxStage *iv_box_stage_new(const IvScenario *s, const IvRuleLimits *limits) {
  IvBoxStage *stage = g_new0(IvBoxStage, 1);
  stage->scenes = iv_sim_stage_new(s, limits);
  stage->n_cameras = s->n_cameras;
  stage->cameras = g_new0(Camera, s->n_cameras);
  IvRuleLimits at_door = *limits;
  at_door.doorways = TRUE; /* cameras look at the doors from inside */
  for (guint i = 0; i < s->n_cameras; i++)
    open_camera(stage, s, i, &at_door);
  stage->floor = new_floor(s, stage->scenes, limits);
  return stage;
}

void iv_box_stage_free(IvBoxStage *stage) {
  if (!stage)
    return;
  for (guint i = 0; i < stage->n_cameras; i++) {
    iv_tracker_free(stage->cameras[i].tracker);
    iv_camera_rules_free(stage->cameras[i].rules);
  }
  g_free(stage->cameras);
  iv_floor_stage_free(stage->floor);
  iv_sim_stage_free(stage->scenes);
  g_free(stage);
}

/* ---- staff ---- */

/* The detection that a point was made from is the one it covers best. */
static int detection_of(const IvTrackPoint *point, const IvDetection *detections, guint n) {
  int best = -1;
  float most = 0.3f;
  for (guint i = 0; i < n; i++) {
    float iou = iv_box_iou(&point->box, &detections[i].box);
    if (iou > most) {
      most = iou;
      best = (int)i;
    }
  }
  return best;
}

static void vote(IvBoxStage *stage, guint camera, const IvTrackPoint *point,
                 const IvDetection *detections, const gboolean *staff, guint n) {
  int detection = detection_of(point, detections, n);
  if (detection >= 0)
    iv_floor_stage_vote_staff(stage->floor, camera, point->tracklet_id, point->ts,
                              staff[detection]);
}

/* ---- frames ---- */

static void look(IvBoxStage *stage, guint camera, const IvDetection *detections,
                 const gboolean *staff, guint n) {
  guint n_points;
  const IvTracker *tracker = stage->cameras[camera].tracker;
  const IvTrackPoint *points = iv_tracker_points(tracker, &n_points);
  iv_floor_stage_see(stage->floor, camera, tracker);
  for (guint i = 0; i < n_points; i++)
    vote(stage, camera, &points[i], detections, staff, n);
}

void iv_box_stage_take(IvBoxStage *stage, guint camera, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, const gboolean *staff, guint n,
                       GArray *ret_events) {
  Camera *c = &stage->cameras[camera];
  guint n_points;
  iv_tracker_update(c->tracker, ts, detections, looks, n);
  const IvTrackPoint *points = iv_tracker_points(c->tracker, &n_points);
  if (c->rules) {
    iv_camera_rules_update(c->rules, points, n_points, ret_events);
    iv_camera_rules_tick(c->rules, ts, ret_events);
  }
  look(stage, camera, detections, staff, n);
  if (ts <= stage->newest)
    return;
  stage->newest = ts;
  iv_floor_stage_advance(stage->floor, ts - CLOCKS_APART, ret_events);
}

void iv_box_stage_settle(IvBoxStage *stage, IvTime ts, GArray *ret_events) {
  iv_floor_stage_advance(stage->floor, ts, ret_events);
}

guint iv_box_stage_n_scenes(const IvBoxStage *stage) {
  return iv_sim_stage_n_scenes(stage->scenes);
}

const IvScene *iv_box_stage_scene(const IvBoxStage *stage, guint i) {
  return iv_sim_stage_scene(stage->scenes, i);
}
