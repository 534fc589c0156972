/* SPDX-License-Identifier: Apache-2.0 */
#include "app/box_stage.h"

#include <math.h>

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

/* Floor to picture (docs/simulator.md), turned round: what exact pairs of points would give. */
static IvHomography homography_of(const IvSimCamera *c) {
  double f = c->width / 2.0 / tan(c->hfov / 2), w = c->width, h = c->height_px;
  double sy = sin(c->yaw), cy = cos(c->yaw), sp = sin(c->pitch), cp = cos(c->pitch);
  double x = c->position.x, y = c->position.y, z = c->height;
  double m3[3] = {cp * cy, cp * sy, -cp * (x * cy + y * sy) + z * sp};
  double m1[3] = {-sy * f, cy * f, f * (x * sy - y * cy)};
  double m2[3] = {-f * sp * cy, -f * sp * sy, f * (sp * (x * cy + y * sy) + z * cp)};
  double m[9], determinant;
  for (int i = 0; i < 3; i++) {
    m[i] = (m1[i] + w / 2 * m3[i]) / w;
    m[3 + i] = (m2[i] + h / 2 * m3[i]) / h;
    m[6 + i] = m3[i];
  }
  IvHomography back = {
      {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
       m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
       m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]}};
  determinant = m[0] * back.m[0] + m[1] * back.m[3] + m[2] * back.m[6];
  for (int i = 0; i < 9; i++)
    back.m[i] /= determinant;
  return back;
}

static IvFloorPlan floor_plan(const IvScenario *s) {
  IvFloorArea area = iv_sim_plan_area(s);
  IvFloorPlan plan = {
      .x0 = area.x0, .y0 = area.y0, .width = area.x1 - area.x0, .height = area.y1 - area.y0};
  plan.n_walls = MIN(s->walls.n, IV_POLYGON_MAX);
  for (guint i = 0; i < plan.n_walls; i++)
    plan.walls[i] = (IvPoint){(float)s->walls.at[i].x, (float)s->walls.at[i].y};
  for (guint i = 0; i < s->n_lines && plan.n_exits < IV_FLOOR_EXITS_MAX; i++) {
    const IvSpan *span = &s->lines[i].span;
    if (!s->lines[i].is_passby)
      plan.exits[plan.n_exits++] =
          (IvPlanPoint){(span->a.x + span->b.x) / 2, (span->a.y + span->b.y) / 2};
  }
  return plan;
}

static IvFloorTracker *new_floor(const IvScenario *s) {
  IvFloorPlan plan = floor_plan(s);
  g_autofree IvFloorCamera *cameras = g_new(IvFloorCamera, s->n_cameras);
  for (guint i = 0; i < s->n_cameras; i++) {
    IvHomography h = homography_of(&s->cameras[i]);
    cameras[i] = iv_floor_camera_new(&h, (IvSize){s->cameras[i].width, s->cameras[i].height_px});
  }
  return iv_floor_tracker_new(NULL, &plan, cameras, s->n_cameras);
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
  stage->floor = new_floor(s);
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
