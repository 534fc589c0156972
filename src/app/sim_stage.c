/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_stage.h"

#include <math.h>
#include <string.h>

#include "app/visit_stage.h"
#include "kpi/calendar.h"

#define PLAN_PX 100 /* pixels of the plan's picture a metre */
#define PERSON_M 1.70
#define LOST_AFTER (5 * IV_SECOND)   /* then the simulator gives a new tracklet */
#define GONE_AFTER (135 * IV_MINUTE) /* a visitor: reentry_window + 2 h (kpis.md) */
#define SERVICE_M 0.12               /* round the service point: who is this near has arrived */
#define STAFF_M 0.60
#define RING 8 /* corners of what stands for a circle */

/* Somebody's latest point in one camera or on the plan. */
typedef struct {
  IvTrackPoint point;
  gboolean lost; /* told so */
  GList link;    /* in `seen` or `lost` of its place */
} Last;

typedef struct {
  IvScene *scene;
  IvCameraRules *rules;
  GHashTable *tracks; /* tracklet → Last*, owned */
  GQueue seen, lost;  /* Last*, those not told lost and those told, by the time of the point */
  IvTime gone_after;  /* unseen for longer: the track ends */
  IvTime swept;       /* when old tracks were looked for last */
} Place;

struct IvSimStage {
  const IvScenario *scenario;
  GPtrArray *places;            /* of Place, the plan last */
  GTimeZone *zone;              /* the store's */
  IvVisitStage *visits;         /* the store's */
  GHashTable *visitors;         /* agent → guint64*, owned: who was seen, numbered by agent */
  int place_of[IV_CAMERAS_MAX]; /* -1: nothing to count there */
  double x0, y0, width, height; /* of the plan, metres */
  IvTime looked;                /* at the plan, until then; IV_TIME_NONE = not yet */
};

/* ---- geometry ---- */

/* Share of the picture; `z` metres above the floor. FALSE behind the camera. The formulas are those
 * of the scenario format (docs/simulator.md). */
static gboolean project(const IvSimCamera *c, IvSpot p, double z, double *ret_u, double *ret_v) {
  double f = c->width / 2.0 / tan(c->hfov / 2);
  double q[3] = {p.x - c->position.x, p.y - c->position.y, z - c->height};
  double sy = sin(c->yaw), cy = cos(c->yaw), sp = sin(c->pitch), cp = cos(c->pitch);
  double right = -sy * q[0] + cy * q[1];
  double down = -sp * cy * q[0] - sp * sy * q[1] - cp * q[2];
  double ahead = cp * cy * q[0] + cp * sy * q[1] - sp * q[2];
  if (ahead <= 0)
    return FALSE;
  *ret_u = (c->width / 2.0 + f * right / ahead) / c->width;
  *ret_v = (c->height_px / 2.0 + f * down / ahead) / c->height_px;
  return TRUE;
}

/* Cuts a→b to where it lies in the picture (Liang and Barsky); FALSE when nothing of it does. */
static gboolean cut_to_picture(IvPoint *a, IvPoint *b) {
  double t0 = 0, t1 = 1, dx = (double)b->x - a->x, dy = (double)b->y - a->y;
  double p[4] = {-dx, dx, -dy, dy}, q[4] = {a->x, 1 - (double)a->x, a->y, 1 - (double)a->y};
  for (int i = 0; i < 4; i++) {
    if (p[i] == 0 && q[i] < 0)
      return FALSE;
    if (p[i] < 0)
      t0 = MAX(t0, q[i] / p[i]);
    else if (p[i] > 0)
      t1 = MIN(t1, q[i] / p[i]);
  }
  if (t0 >= t1)
    return FALSE;
  IvPoint from = *a;
  *a = (IvPoint){(float)(from.x + t0 * dx), (float)(from.y + t0 * dy)};
  *b = (IvPoint){(float)(from.x + t1 * dx), (float)(from.y + t1 * dy)};
  return TRUE;
}

/* ---- scenes ---- */

static gboolean line_in_picture(const IvScenario *s, const IvCountLine *line, IvLine *ret_line) {
  const IvSimCamera *camera = &s->cameras[line->camera];
  double u, v;
  *ret_line = (IvLine){.kind = line->is_passby ? IV_LINE_PASS_BY : IV_LINE_ENTRANCE};
  ret_line->id = line->id;
  g_strlcpy(ret_line->name, line->name, sizeof ret_line->name);
  if (!project(camera, line->span.a, 0, &u, &v))
    return FALSE;
  ret_line->a = (IvPoint){(float)u, (float)v};
  if (!project(camera, line->span.b, 0, &u, &v))
    return FALSE;
  ret_line->b = (IvPoint){(float)u, (float)v};
  return cut_to_picture(&ret_line->a, &ret_line->b);
}

static IvScene *camera_scene(const IvScenario *s, guint camera) {
  g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(IvLine));
  for (guint i = 0; i < s->n_lines; i++) {
    IvLine line;
    if (s->lines[i].camera == (int)camera && line_in_picture(s, &s->lines[i], &line))
      g_array_append_val(lines, line);
  }
  if (lines->len == 0)
    return NULL;
  IvScene *scene = g_new0(IvScene, 1);
  scene->camera_id = s->cameras[camera].id;
  scene->version = 1;
  scene->image = (IvSize){s->cameras[camera].width, s->cameras[camera].height_px};
  scene->n_lines = lines->len;
  scene->lines = (IvLine *)(gpointer)g_array_free(g_steal_pointer(&lines), FALSE);
  iv_sim_calibrate(s, camera, scene);
  return scene;
}

static const IvZoneKind zone_kinds[IV_SPACES] = {
    [IV_SPACE_FLOOR] = IV_ZONE_GENERAL,         [IV_SPACE_DEPARTMENT] = IV_ZONE_GENERAL,
    [IV_SPACE_ENTRANCE] = IV_ZONE_ENTRANCE,     [IV_SPACE_PRODUCT] = IV_ZONE_PRODUCT,
    [IV_SPACE_PROMOTION] = IV_ZONE_PROMOTION,   [IV_SPACE_CHECKOUT] = IV_ZONE_CHECKOUT,
    [IV_SPACE_FITTING] = IV_ZONE_FITTING,       [IV_SPACE_SERVICE] = IV_ZONE_SERVICE,
    [IV_SPACE_STAFF_ONLY] = IV_ZONE_STAFF_ONLY, [IV_SPACE_CORRIDOR] = IV_ZONE_CORRIDOR};

static IvPoint on_plan(const IvSimStage *stage, double x, double y) {
  return (IvPoint){(float)((x - stage->x0) / stage->width),
                   (float)((y - stage->y0) / stage->height)};
}

static void area_round(const IvSimStage *stage, IvSpot middle, double metres, IvArea *area) {
  area->n_points = RING;
  for (guint i = 0; i < RING; i++) {
    double angle = 2 * G_PI * (i + 0.5) / RING;
    area->polygon[i] =
        on_plan(stage, middle.x + metres * cos(angle), middle.y + metres * sin(angle));
  }
}

/* So near that one never stands at two tills. */
static double service_metres(const IvScenario *s, guint index) {
  double metres = SERVICE_M;
  for (guint i = 0; i < s->n_lanes; i++)
    if (i != index)
      metres = MIN(metres, 0.45 * iv_spot_distance(s->lanes[i].service_point,
                                                   s->lanes[index].service_point));
  return metres;
}

static void draw_queue(const IvSimStage *stage, const IvQueueShape *shape, IvLane *lane) {
  lane->queue.n_points = MIN(shape->area.n, IV_POLYGON_MAX);
  for (guint i = 0; i < lane->queue.n_points; i++)
    lane->queue.polygon[i] = on_plan(stage, shape->area.at[i].x, shape->area.at[i].y);
  lane->n_path = MIN(shape->path.n, IV_LANE_PATH_MAX);
  for (guint i = 0; i < lane->n_path; i++)
    lane->path[i] = on_plan(stage, shape->path.at[i].x, shape->path.at[i].y);
}

static gboolean is_first_of_group(const IvScenario *s, guint index) {
  for (guint i = 0; i < index; i++)
    if (s->lanes[i].group == s->lanes[index].group)
      return FALSE;
  return TRUE;
}

/* The line of a group is drawn on its first lane. */
static void draw_lane(const IvSimStage *stage, guint index, IvLane *lane) {
  const IvScenario *s = stage->scenario;
  const IvSimLane *from = &s->lanes[index];
  lane->id = from->id;
  g_strlcpy(lane->name, from->name, sizeof lane->name);
  lane->self_checkout = from->self_checkout;
  area_round(stage, from->service_point, service_metres(s, index), &lane->service);
  if (!from->self_checkout)
    area_round(stage, from->staff_point, STAFF_M, &lane->staff);
  if (from->group < 0) {
    draw_queue(stage, &from->queue, lane);
    return;
  }
  lane->group = s->groups[from->group].id;
  if (is_first_of_group(s, index))
    draw_queue(stage, &s->groups[from->group].queue, lane);
}

static IvScene *plan_scene(const IvSimStage *stage) {
  const IvScenario *s = stage->scenario;
  IvScene *scene = g_new0(IvScene, 1);
  iv_slug_set(&scene->camera_id, IV_SIM_PLAN);
  scene->version = 1;
  scene->image =
      (IvSize){(int)lround(stage->width * PLAN_PX), (int)lround(stage->height * PLAN_PX)};
  scene->plan.width_m = stage->width;
  scene->plan.height_m = stage->height;
  iv_sim_put_floor(s, scene);
  scene->n_lanes = MIN(s->n_lanes, IV_SCENE_LANES_MAX);
  scene->lanes = g_new0(IvLane, scene->n_lanes);
  for (guint i = 0; i < scene->n_lanes; i++)
    draw_lane(stage, i, &scene->lanes[i]);
  scene->zones = g_new0(IvZone, s->n_zones);
  for (guint i = 0; i < s->n_zones; i++) {
    IvZone *zone = &scene->zones[scene->n_zones++];
    zone->id = s->zones[i].id;
    g_strlcpy(zone->name, s->zones[i].name, sizeof zone->name);
    zone->kind = zone_kinds[s->zones[i].kind];
    if (s->zones[i].parent >= 0)
      zone->parent = s->zones[s->zones[i].parent].id;
    zone->n_points = MIN(s->zones[i].outline.n, IV_POLYGON_MAX);
    for (guint k = 0; k < zone->n_points; k++)
      zone->polygon[k] = on_plan(stage, s->zones[i].outline.at[k].x, s->zones[i].outline.at[k].y);
  }
  return scene;
}

static void measure_plan(IvSimStage *stage) {
  IvFloorArea area = iv_sim_plan_area(stage->scenario);
  stage->x0 = area.x0;
  stage->y0 = area.y0;
  stage->width = area.x1 - area.x0;
  stage->height = area.y1 - area.y0;
}

/* ---- life ---- */

static void place_free(gpointer data) {
  Place *place = data;
  iv_scene_free(place->scene);
  iv_camera_rules_free(place->rules);
  g_hash_table_unref(place->tracks);
  g_free(place);
}

static void add_place(IvSimStage *stage, const IvRuleLimits *limits, IvScene *scene,
                      IvTime gone_after) {
  Place *place = g_new0(Place, 1);
  IvRulesSource source = {.camera_id = scene->camera_id, .model_version = "simulated"};
  source.store_id = stage->scenario->id;
  iv_slug_set(&source.edge_id, IV_SIM_EDGE);
  place->scene = scene;
  place->gone_after = gone_after;
  place->rules = iv_camera_rules_new(limits, &source, scene);
  place->tracks = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  g_ptr_array_add(stage->places, place);
}

static void add_visits(IvSimStage *stage, const IvRuleLimits *limits) {
  IvVisitLimits visit_limits = iv_visit_limits_default();
  visit_limits.turn_back = limits->turn_back;
  stage->visits = iv_visit_stage_new(&visit_limits, stage->zone);
  for (guint i = 0; i < stage->places->len; i++)
    iv_visit_stage_set_scene(stage->visits, iv_sim_stage_scene(stage, i));
}

IvSimStage *iv_sim_stage_new(const IvScenario *scenario, const IvRuleLimits *limits) {
  IvSimStage *stage = g_new0(IvSimStage, 1);
  stage->scenario = scenario;
  stage->looked = IV_TIME_NONE;
  stage->places = g_ptr_array_new_with_free_func(place_free);
  stage->zone = iv_calendar_zone(scenario->time_zone);
  stage->visitors = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  measure_plan(stage);
  for (guint i = 0; i < scenario->n_cameras; i++) {
    IvScene *scene = camera_scene(scenario, i);
    stage->place_of[i] = scene ? (int)stage->places->len : -1;
    if (scene)
      add_place(stage, limits, scene, LOST_AFTER);
  }
  IvRuleLimits plan_limits = *limits;
  plan_limits.staff_known = plan_limits.people_known = TRUE;
  add_place(stage, &plan_limits, plan_scene(stage), GONE_AFTER);
  add_visits(stage, limits);
  return stage;
}

void iv_sim_stage_free(IvSimStage *stage) {
  if (!stage)
    return;
  g_ptr_array_unref(stage->places);
  g_hash_table_unref(stage->visitors);
  iv_visit_stage_free(stage->visits);
  g_clear_pointer(&stage->zone, g_time_zone_unref);
  g_free(stage);
}

/* ---- points ---- */

static void give(Place *place, const IvTrackPoint *point, GArray *ret_events) {
  gpointer key = GUINT_TO_POINTER((guint)point->tracklet_id);
  Last *last = g_hash_table_lookup(place->tracks, key);
  if (last) {
    g_queue_unlink(last->lost ? &place->lost : &place->seen, &last->link);
  } else {
    last = g_new0(Last, 1);
    last->link.data = last;
    g_hash_table_insert(place->tracks, key, last);
  }
  last->point = *point;
  last->lost = FALSE;
  g_queue_push_tail_link(&place->seen, &last->link);
  iv_camera_rules_update(place->rules, point, 1, ret_events);
}

/* An agent is one visitor, of the store's day on which the agent was first seen. */
static guint64 visitor_of(IvSimStage *stage, IvTime ts, guint32 agent) {
  guint64 *visitor = g_hash_table_lookup(stage->visitors, GUINT_TO_POINTER(agent));
  if (!visitor) {
    visitor = g_new(guint64, 1);
    *visitor = iv_visitor_make(iv_calendar_day_number(stage->zone, ts), agent);
    g_hash_table_insert(stage->visitors, GUINT_TO_POINTER(agent), visitor);
  }
  return *visitor;
}

static IvTrackPoint picture_point(const IvSimStage *stage, IvTime ts, const IvSimPoint *p) {
  double u = p->u, v = p->v - 0.2;
  project(&stage->scenario->cameras[p->camera], (IvSpot){p->x, p->y}, PERSON_M, &u, &v);
  float half = (p->v - (float)v) / 6;
  return (IvTrackPoint){.tracklet_id = p->tracklet,
                        .state = IV_TRACK_CONFIRMED,
                        .ts = ts,
                        .box = {p->u - half, (float)v, p->u + half, p->v},
                        .ground = {p->u, p->v},
                        .score = 1};
}

static IvTrackPoint plan_point(const IvSimStage *stage, IvTime ts, const IvSimPoint *p) {
  IvPoint at = on_plan(stage, p->x, p->y);
  return (IvTrackPoint){.tracklet_id = p->agent,
                        .state = IV_TRACK_CONFIRMED,
                        .ts = ts,
                        .box = {at.x, at.y, at.x, at.y},
                        .ground = at,
                        .score = 1};
}

/* The track that has been unseen for longest, if it is since before that time. */
static Last *oldest(GQueue *queue, IvTime before) {
  Last *last = g_queue_peek_head(queue);
  return last && last->point.ts < before ? last : NULL;
}

static void note(GArray *told, const Last *last, IvTrackState state) {
  IvTrackPoint point = last->point;
  point.state = state;
  g_array_append_val(told, point);
}

static void forget(Place *place, GQueue *queue, Last *last, GArray *told) {
  note(told, last, IV_TRACK_ENDED);
  g_queue_unlink(queue, &last->link);
  g_hash_table_remove(place->tracks, GUINT_TO_POINTER((guint)last->point.tracklet_id));
}

static int by_track(gconstpointer a, gconstpointer b) {
  const IvTrackPoint *x = a, *y = b;
  return x->tracklet_id < y->tracklet_id ? -1 : x->tracklet_id > y->tracklet_id;
}

/* Tracks not seen for a while are lost, then end; in order of their numbers. A visitor who cannot
 * be seen (in a cabin) is lost, and the same when he is found. */
static void sweep(Place *place, IvTime lost_before, IvTime gone_before, GArray *ret_events) {
  g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  for (Last *last; (last = oldest(&place->lost, gone_before));)
    forget(place, &place->lost, last, told);
  for (Last *last; (last = oldest(&place->seen, gone_before));)
    forget(place, &place->seen, last, told);
  for (Last *last; (last = oldest(&place->seen, lost_before));) {
    note(told, last, IV_TRACK_LOST);
    last->lost = TRUE;
    g_queue_unlink(&place->seen, &last->link);
    g_queue_push_tail_link(&place->lost, &last->link);
  }
  g_array_sort(told, by_track);
  for (guint i = 0; i < told->len; i++)
    iv_camera_rules_update(place->rules, &g_array_index(told, IvTrackPoint, i), 1, ret_events);
}

/* Once a second is often enough, and does not depend on who is about. */
static void sweep_all(IvSimStage *stage, IvTime ts, GArray *ret_events) {
  for (guint i = 0; i < stage->places->len; i++) {
    Place *place = g_ptr_array_index(stage->places, i);
    if (ts - place->swept < IV_SECOND)
      continue;
    place->swept = ts;
    sweep(place, ts - LOST_AFTER, ts - place->gone_after, ret_events);
    if (i + 1 < stage->places->len) /* the plan has its own time: look_until */
      iv_camera_rules_tick(place->rules, ts, ret_events);
  }
}

/* Time passes before the tills also while nobody is seen; each full second of it is looked at. */
static void look_until(IvSimStage *stage, IvTime ts, GArray *ret_events) {
  Place *plan = g_ptr_array_index(stage->places, stage->places->len - 1);
  if (stage->looked != IV_TIME_NONE)
    for (IvTime at = iv_time_floor(stage->looked, IV_SECOND) + IV_SECOND; at < ts; at += IV_SECOND)
      iv_camera_rules_tick(plan->rules, at, ret_events);
}

static void see_staff(const IvSimStage *stage, Place *plan, IvTime ts, const IvSimPoint *p) {
  iv_camera_rules_see_staff(plan->rules, on_plan(stage, p->x, p->y), ts);
}

/* Cameras at the doors hear where people go who are out of their sight. */
static void tell_doors(const IvSimStage *stage, const IvTrackPoint *on_plan) {
  const Place *plan = g_ptr_array_index(stage->places, stage->places->len - 1);
  IvPlanPoint at = iv_plan_to_metres(&plan->scene->plan, on_plan->ground);
  for (guint i = 0; i + 1 < stage->places->len; i++)
    iv_camera_rules_see_on_floor(((Place *)g_ptr_array_index(stage->places, i))->rules,
                                 on_plan->visitor, on_plan->ts, at);
}

void iv_sim_stage_take(IvSimStage *stage, IvTime ts, const IvSimPoint *points, guint n,
                       GArray *ret_events) {
  Place *plan = g_ptr_array_index(stage->places, stage->places->len - 1);
  guint from = ret_events->len;
  look_until(stage, ts, ret_events);
  sweep_all(stage, ts, ret_events);
  guint64 visitor = 0;
  for (guint i = 0; i < n; i++) {
    const IvSimPoint *p = &points[i];
    if (p->staff) {
      see_staff(stage, plan, ts, p);
      continue;
    }
    gboolean first = i == 0 || points[i - 1].agent != p->agent; /* points are in order of agent */
    visitor = first ? visitor_of(stage, ts, p->agent) : visitor;
    if (ts % IV_MINUTE == 0)
      iv_visit_stage_see(stage->visits, visitor, ts);
    if (stage->place_of[p->camera] >= 0) {
      IvTrackPoint point = picture_point(stage, ts, p);
      point.visitor = visitor;
      give(g_ptr_array_index(stage->places, stage->place_of[p->camera]), &point, ret_events);
    }
    if (first) { /* whoever several cameras see is on the plan once */
      IvTrackPoint point = plan_point(stage, ts, p);
      point.visitor = visitor;
      give(plan, &point, ret_events);
      tell_doors(stage, &point);
    }
  }
  iv_camera_rules_tick(plan->rules, ts, ret_events);
  stage->looked = ts;
  iv_visit_stage_take(stage->visits, ts, from, ret_events);
}

void iv_sim_stage_end_visits(IvSimStage *stage, GArray *ret_events) {
  iv_visit_stage_finish(stage->visits, ret_events);
}

void iv_sim_stage_end(IvSimStage *stage, GArray *ret_events) {
  guint from = ret_events->len;
  for (guint i = 0; i < stage->places->len; i++)
    sweep(g_ptr_array_index(stage->places, i), G_MAXINT64, G_MAXINT64, ret_events);
  for (guint i = 0; i < stage->places->len; i++)
    iv_camera_rules_finish(((Place *)g_ptr_array_index(stage->places, i))->rules, ret_events);
  iv_visit_stage_take(stage->visits, stage->looked, from, ret_events);
  iv_sim_stage_end_visits(stage, ret_events);
}

guint iv_sim_stage_n_scenes(const IvSimStage *stage) {
  return stage->places->len;
}

const IvScene *iv_sim_stage_scene(const IvSimStage *stage, guint i) {
  return ((const Place *)g_ptr_array_index(stage->places, i))->scene;
}

const IvCameraRules *iv_sim_stage_rules(const IvSimStage *stage, guint i) {
  return ((const Place *)g_ptr_array_index(stage->places, i))->rules;
}

guint iv_sim_stage_tracks(const IvSimStage *stage, guint i, IvTime since, guint max,
                          IvTrackPoint *ret_tracks) {
  GHashTableIter iter;
  gpointer value;
  guint n = 0;
  g_hash_table_iter_init(&iter, ((const Place *)g_ptr_array_index(stage->places, i))->tracks);
  while (n < max && g_hash_table_iter_next(&iter, NULL, &value))
    if (((const Last *)value)->point.ts >= since)
      ret_tracks[n++] = ((const Last *)value)->point;
  return n;
}
