/* SPDX-License-Identifier: Apache-2.0 */
#include "app/box_stage.h"

#include "app/sim_scene.h"
#include "app/sim_stage.h"
#include "identity/floor_tracker.h"
#include "kpi/calendar.h"
#include "model/visitor.h"
#include "track/tracker.h"

#define CLOCKS_APART IV_SECOND
#define ZONE_BAND 0.35f /* metres: as vague as places are */
#define ZONE_DOUBT (3 * IV_SECOND)

/* How often somebody on the floor was seen, and how often that was staff. */
typedef struct {
  guint seen, staff;
  guint64 visitor; /* of the store's day on which he was seen first */
} Person;

typedef struct {
  IvTracker *tracker;
  IvCameraRules *rules; /* of its lines; NULL = it has none */
  gboolean is_on_plan;  /* it could be calibrated; else it counts its lines only */
} Camera;

struct IvBoxStage {
  IvSimStage *scenes; /* its scenes are used, its rules are not */
  Camera *cameras;
  guint n_cameras;
  IvFloorTracker *floor;
  IvCameraRules *plan_rules;
  GHashTable *people; /* number → Person, owned */
  GTimeZone *zone;
  IvTime newest;
};

/* ---- scenes and calibration ---- */

static IvPlanPoint middle_of(const IvScenario *s, const IvSpan *span) {
  return iv_sim_on_plan(s, (IvSpot){(span->a.x + span->b.x) / 2, (span->a.y + span->b.y) / 2});
}

static IvFloorPlan floor_plan(const IvScenario *s, const IvPlanSheet *sheet) {
  IvFloorPlan plan = {.width = sheet->width_m, .height = sheet->height_m};
  const IvArea *walls = sheet->n_walls ? &sheet->walls[0] : NULL;
  for (guint i = 0; walls && i < walls->n_points; i++) {
    IvPlanPoint corner = iv_plan_to_metres(sheet, walls->polygon[i]);
    plan.walls[plan.n_walls++] = (IvPoint){(float)corner.x, (float)corner.y};
  }
  for (guint i = 0; i < s->n_lines && plan.n_exits < IV_FLOOR_EXITS_MAX; i++)
    if (!s->lines[i].is_passby)
      plan.exits[plan.n_exits++] = middle_of(s, &s->lines[i].span);
  return plan;
}

/* Calibrated as somebody would do it in the editor. */
static IvFloorTracker *new_floor(const IvScenario *s, const IvPlanSheet *sheet, Camera *cameras) {
  IvFloorPlan plan = floor_plan(s, sheet);
  g_autofree IvFloorCamera *floor_cameras = g_new0(IvFloorCamera, s->n_cameras);
  for (guint i = 0; i < s->n_cameras; i++) {
    g_autoptr(IvScene) scene = g_new0(IvScene, 1);
    cameras[i].is_on_plan = iv_sim_calibrate(s, i, scene);
    if (cameras[i].is_on_plan)
      floor_cameras[i] =
          iv_floor_camera_new(&scene->homography, scene->image, scene->camera_height_m);
  }
  return iv_floor_tracker_new(NULL, &plan, floor_cameras, s->n_cameras);
}

static IvCameraRules *new_rules(const IvScenario *s, const IvRuleLimits *limits,
                                const IvScene *scene) {
  IvRulesSource source = {.camera_id = scene->camera_id, .model_version = "simulated"};
  source.store_id = s->id;
  iv_slug_set(&source.edge_id, "simulator");
  return iv_camera_rules_new(limits, &source, scene);
}

static IvCameraRules *new_plan_rules(const IvScenario *s, const IvRuleLimits *limits,
                                     const IvScene *plan) {
  IvRuleLimits on_plan = *limits;
  on_plan.zone_band = ZONE_BAND;
  on_plan.exit_grace = ZONE_DOUBT;
  return new_rules(s, &on_plan, plan);
}

static const IvScene *scene_of(const IvSimStage *scenes, const IvSlug *camera) {
  for (guint i = 0; i < iv_sim_stage_n_scenes(scenes); i++)
    if (g_str_equal(iv_sim_stage_scene(scenes, i)->camera_id.text, camera->text))
      return iv_sim_stage_scene(scenes, i);
  return NULL;
}

IvBoxStage *iv_box_stage_new(const IvScenario *s, const IvRuleLimits *limits) {
  IvBoxStage *stage = g_new0(IvBoxStage, 1);
  stage->scenes = iv_sim_stage_new(s, limits);
  stage->n_cameras = s->n_cameras;
  stage->cameras = g_new0(Camera, s->n_cameras);
  IvRuleLimits at_door = *limits;
  at_door.doorways = TRUE; /* cameras look at the doors from inside */
  for (guint i = 0; i < s->n_cameras; i++) {
    const IvScene *scene = scene_of(stage->scenes, &s->cameras[i].id);
    stage->cameras[i].tracker =
        iv_tracker_new(NULL, (IvSize){s->cameras[i].width, s->cameras[i].height_px});
    stage->cameras[i].rules = scene ? new_rules(s, &at_door, scene) : NULL;
  }
  guint last = iv_sim_stage_n_scenes(stage->scenes) - 1;
  stage->plan_rules = new_plan_rules(s, limits, iv_sim_stage_scene(stage->scenes, last));
  stage->floor = new_floor(s, &iv_sim_stage_scene(stage->scenes, last)->plan, stage->cameras);
  stage->people = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  stage->zone = iv_calendar_zone(s->time_zone);
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
  iv_camera_rules_free(stage->plan_rules);
  iv_floor_tracker_free(stage->floor);
  g_hash_table_unref(stage->people);
  g_time_zone_unref(stage->zone);
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

static Person *find_person(IvBoxStage *stage, guint64 number, IvTime ts) {
  gpointer key = GSIZE_TO_POINTER((gsize)number);
  Person *person = g_hash_table_lookup(stage->people, key);
  if (!person) {
    person = g_new0(Person, 1);
    person->visitor = iv_visitor_make(iv_calendar_day_number(stage->zone, ts), (guint32)number);
    g_hash_table_insert(stage->people, key, person);
  }
  return person;
}

static void vote(IvBoxStage *stage, guint camera, const IvTrackPoint *point,
                 const IvDetection *detections, const gboolean *staff, guint n) {
  guint64 number = iv_floor_tracker_person_of(stage->floor, camera, point->tracklet_id);
  int detection = number ? detection_of(point, detections, n) : -1;
  if (detection < 0)
    return;
  Person *person = find_person(stage, number, point->ts);
  person->seen++;
  person->staff += staff[detection] ? 1 : 0;
}

/* ---- frames ---- */

static void count_point(IvBoxStage *stage, const IvTrackPoint *at, GArray *ret_events) {
  IvTrackPoint point = *at;
  Person *person = find_person(stage, point.tracklet_id, point.ts);
  point.visitor = person->visitor;
  if (2 * person->staff <= person->seen)
    iv_camera_rules_update(stage->plan_rules, &point, 1, ret_events);
  else if (point.state == IV_TRACK_CONFIRMED)
    iv_camera_rules_see_staff(stage->plan_rules, point.ground, point.ts);
  if (point.state == IV_TRACK_ENDED)
    g_hash_table_remove(stage->people, GSIZE_TO_POINTER((gsize)point.tracklet_id));
}

static void count_on_plan(IvBoxStage *stage, const IvTrackPoint *points, guint n, IvTime ts,
                          GArray *ret_events) {
  for (guint i = 0; i < n; i++)
    count_point(stage, &points[i], ret_events);
  if (ts != IV_TIME_NONE)
    iv_camera_rules_tick(stage->plan_rules, ts, ret_events);
}

static void see(IvBoxStage *stage, guint camera, const IvDetection *detections,
                const gboolean *staff, guint n) {
  guint n_points;
  const IvTracker *tracker = stage->cameras[camera].tracker;
  const IvTrackPoint *points = iv_tracker_points(tracker, &n_points);
  for (guint i = 0; i < n_points; i++) {
    iv_floor_tracker_see(stage->floor, camera, &points[i],
                         iv_tracker_look(tracker, points[i].tracklet_id));
    vote(stage, camera, &points[i], detections, staff, n);
  }
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
  if (c->is_on_plan)
    see(stage, camera, detections, staff, n);
  if (ts <= stage->newest)
    return;
  stage->newest = ts;
  IvTime settled = ts - CLOCKS_APART;
  points = iv_floor_tracker_advance(stage->floor, settled, &n_points);
  count_on_plan(stage, points, n_points, settled - iv_floor_tracker_config_default().lag,
                ret_events);
}

void iv_box_stage_settle(IvBoxStage *stage, IvTime ts, GArray *ret_events) {
  guint n_points;
  const IvTrackPoint *points = iv_floor_tracker_advance(stage->floor, ts, &n_points);
  count_on_plan(stage, points, n_points, ts - iv_floor_tracker_config_default().lag, ret_events);
}

guint iv_box_stage_n_scenes(const IvBoxStage *stage) {
  return iv_sim_stage_n_scenes(stage->scenes);
}

const IvScene *iv_box_stage_scene(const IvBoxStage *stage, guint i) {
  return iv_sim_stage_scene(stage->scenes, i);
}
