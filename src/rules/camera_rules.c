/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "rules/camera_private.h"

#define BAND_SDS                                                                                   \
  2 /* standard deviations of a place: nearer to a zone's edge the side is in doubt */

static void walker_clear_scene(IvWalker *w) {
  g_clear_pointer(&w->crossings, g_free);
  g_clear_pointer(&w->steps, g_free);
  g_clear_pointer(&w->in_ts, g_free);
  g_clear_pointer(&w->stays, g_free);
}

static void walker_free(gpointer p) {
  walker_clear_scene(p);
  g_free(p);
}

static void walker_enter_scene(IvWalker *w, const IvScene *scene) {
  w->crossings = g_new0(IvCrossing, scene->n_lines);
  w->steps = g_new0(IvDoorstep, scene->n_lines);
  w->in_ts = g_new(IvTime, scene->n_lines);
  w->stays = g_new0(IvZoneStay, scene->n_zones);
  w->engaged = 0;
  for (guint i = 0; i < scene->n_lines; i++)
    w->in_ts[i] = IV_TIME_NONE;
  w->passed_line = -1;
  w->went_in = FALSE;
  w->on_way = FALSE; /* under another scene; it begins where it is seen */
}

static void begin_heat(IvCameraRules *rules) {
  const IvPlanSheet *plan = &rules->scene->plan;
  IvHeatFloor floor;
  if (!iv_heat_floor_plan(plan->width_m, plan->height_m, &floor)) /* a camera's scene has no size */
    floor = iv_heat_floor_picture();
  g_clear_pointer(&rules->heat, iv_heat_free);
  rules->heat = iv_heat_new(&floor, &rules->source);
}

static void departed_clear(gpointer p) {
  g_free(((IvBrokenTrack *)p)->crossings);
}

IvCameraRules *iv_camera_rules_new(const IvRuleLimits *limits, const IvRulesSource *source,
                                   const IvScene *scene) {
  IvCameraRules *rules = g_new0(IvCameraRules, 1);
  rules->limits = *limits;
  rules->source = *source;
  rules->scene = iv_scene_copy(scene);
  rules->queues = iv_queues_new(limits, source, rules->scene);
  rules->groups = iv_entry_groups_new(rules->scene);
  iv_zone_tiles_init(&rules->tiles, rules->scene);
  begin_heat(rules);
  rules->walkers = g_ptr_array_new_with_free_func(walker_free);
  rules->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  rules->departed = g_array_new(FALSE, FALSE, sizeof(IvBrokenTrack));
  rules->beat = rules->looked = rules->staff_ts = IV_TIME_NONE;
  g_array_set_clear_func(rules->departed, departed_clear);
  return rules;
}

void iv_camera_rules_free(IvCameraRules *rules) {
  if (!rules)
    return;
  g_hash_table_unref(rules->by_id);
  g_ptr_array_unref(rules->walkers);
  g_array_unref(rules->departed);
  iv_entry_groups_free(rules->groups);
  iv_queues_free(rules->queues);
  iv_heat_free(rules->heat);
  iv_scene_free(rules->scene);
  g_free(rules);
}

static IvWalker *find_walker(IvCameraRules *rules, guint64 tracklet_id) {
  return g_hash_table_lookup(rules->by_id, &tracklet_id);
}

static IvWalker *add_walker(IvCameraRules *rules, guint64 tracklet_id) {
  IvWalker *w = g_new0(IvWalker, 1);
  w->tracklet_id = tracklet_id;
  walker_enter_scene(w, rules->scene);
  g_ptr_array_add(rules->walkers, w);
  g_hash_table_insert(rules->by_id, &w->tracklet_id, w);
  return w;
}

void iv_camera_begin_event(const IvCameraRules *rules, const IvWalker *w, IvEventKind kind,
                           IvTime ts, IvEvent *ret_event) {
  iv_report_begin(&rules->source, rules->scene->version, kind, ts, w->tracklet_id, ret_event);
  ret_event->visitor = w->visitor;
}

float iv_walker_height(const IvWalker *w) {
  return iv_recent_median(&w->height);
}

float iv_camera_plan_metre(const IvScene *scene) {
  return iv_scene_is_plan(scene) ? (float)(scene->image.width / scene->plan.width_m) : 0;
}

/* ---- zones ---- */

static void report_stay(const IvCameraRules *rules, const IvWalker *w, guint zone,
                        const IvZoneChange *change, GArray *ret_events) {
  IvEvent event;
  if (change->ended) {
    iv_camera_begin_event(rules, w, IV_EVENT_ZONE_VISIT, change->start, &event);
    event.end_ts = MAX(change->end, change->start);
    event.zone_id = rules->scene->zones[zone].id;
    iv_event_set_number(&event, IV_ATTR_DWELL_S,
                        (double)(event.end_ts - event.ts) / (double)IV_SECOND);
    iv_report_finish(&event, ret_events);
  }
  if (change->started) {
    iv_camera_begin_event(rules, w, IV_EVENT_ZONE_VISIT_STARTED, w->stays[zone].start, &event);
    event.zone_id = rules->scene->zones[zone].id;
    iv_report_finish(&event, ret_events);
  }
}

/* When the way from the last sight to this one went over the zone's edge. */
static IvTime passed_at(const IvWalker *w, const IvZone *zone, const IvTrackPoint *point) {
  double share =
      w->on_way ? iv_polygon_passed(zone->polygon, zone->n_points, w->last_ground, point->ground)
                : -1;
  return share < 0 ? point->ts
                   : w->last_sight + (IvTime)llround(share * (double)(point->ts - w->last_sight));
}

/* On a plan, places have metres and are as vague as cameras see them; in a picture an absence alone
 * is judged, by its length. */
static gboolean is_sure(const IvCameraRules *rules, const IvZone *zone, gboolean inside,
                        const IvTrackPoint *point) {
  float metre = iv_camera_plan_metre(rules->scene);
  if (metre <= 0)
    return inside;
  IvPoint pixels[IV_POLYGON_MAX];
  for (guint i = 0; i < zone->n_points; i++)
    pixels[i] = iv_scene_to_pixels(rules->scene, zone->polygon[i]);
  double distance =
      iv_polygon_distance(pixels, zone->n_points, iv_scene_to_pixels(rules->scene, point->ground));
  float band = MAX(rules->limits.zone_band, BAND_SDS * point->doubt);
  return distance >= (double)(band * metre);
}

static void check_zones(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point,
                        GArray *ret_events) {
  guint64 near = w->engaged | iv_zone_tiles_at(&rules->tiles, point->ground);
  for (; near; near &= near - 1) {
    guint i = (guint)g_bit_nth_lsf(near, -1);
    const IvZone *zone = &rules->scene->zones[i];
    IvZoneStay *stay = &w->stays[i];
    gboolean inside = iv_polygon_contains(zone->polygon, zone->n_points, point->ground);
    IvZoneSight sight = {.inside = inside, .ts = point->ts};
    if (!sight.inside && !stay->open && !stay->coming)
      continue;
    sight.passed = sight.inside != stay->side ? passed_at(w, zone, point) : point->ts;
    sight.sure = (sight.inside && stay->open) || is_sure(rules, zone, sight.inside, point);
    IvZoneChange change = iv_zone_stay_seen(stay, &sight, rules->limits.exit_grace);
    guint64 bit = G_GUINT64_CONSTANT(1) << i;
    w->engaged = stay->open || stay->coming ? w->engaged | bit : w->engaged & ~bit;
    report_stay(rules, w, i, &change, ret_events);
  }
}

static void finish_stays(const IvCameraRules *rules, IvWalker *w, IvTime ts, GArray *ret_events) {
  for (guint i = 0; i < rules->scene->n_zones; i++) {
    IvZoneChange change = iv_zone_stay_finish(&w->stays[i], ts);
    report_stay(rules, w, i, &change, ret_events);
  }
  w->engaged = 0;
}

/* ---- capacity ---- */

static void report_crowd(IvCameraRules *rules, guint index, IvCrowdChange change, IvTime ts,
                         const char *reason, GArray *ret_events) {
  const IvZone *zone = &rules->scene->zones[index];
  const IvZoneCrowd *crowd = &rules->crowds[index];
  IvEvent event;
  iv_report_begin(&rules->source, rules->scene->version,
                  change == IV_CROWD_BEGAN ? IV_EVENT_ZONE_OVER_CAPACITY_STARTED
                                           : IV_EVENT_ZONE_OVER_CAPACITY,
                  crowd->since, 0, &event);
  if (change == IV_CROWD_ENDED)
    event.end_ts = ts;
  event.zone_id = zone->id;
  iv_event_set_number(&event, IV_ATTR_PEOPLE, crowd->people);
  iv_event_set_number(&event, IV_ATTR_CAPACITY, zone->capacity);
  if (reason)
    iv_event_set_text(&event, IV_ATTR_REASON, reason);
  iv_report_finish(&event, ret_events);
}

/* Capacity counts everybody. Where staff are told of, they are told of in each frame. */
static guint staff_in(const IvCameraRules *rules, guint zone, IvTime ts) {
  return rules->staff_ts != IV_TIME_NONE && ts - rules->staff_ts <= IV_SECOND ? rules->staff[zone]
                                                                              : 0;
}

static void check_crowds(IvCameraRules *rules, IvTime ts, GArray *ret_events) {
  for (guint i = 0; i < rules->scene->n_zones; i++) {
    guint capacity = rules->scene->zones[i].capacity;
    if (capacity == 0)
      continue;
    guint people = iv_camera_rules_occupancy(rules, i) + staff_in(rules, i, ts);
    IvCrowdChange change = iv_zone_crowd_look(&rules->crowds[i], people, capacity, ts);
    if (change != IV_CROWD_SAME)
      report_crowd(rules, i, change, ts, NULL, ret_events);
  }
}

/* Nobody will know when it was over. */
static void end_crowds(IvCameraRules *rules, const char *reason, GArray *ret_events) {
  for (guint i = 0; i < rules->scene->n_zones; i++)
    if (rules->crowds[i].over)
      report_crowd(rules, i, IV_CROWD_ENDED, rules->looked, reason, ret_events);
  memset(rules->crowds, 0, sizeof rules->crowds);
}

static void see_staff_in_zones(IvCameraRules *rules, IvPoint ground, IvTime ts) {
  if (ts != rules->staff_ts)
    memset(rules->staff, 0, sizeof rules->staff);
  rules->staff_ts = ts;
  guint64 near = iv_zone_tiles_at(&rules->tiles, ground);
  for (; near; near &= near - 1) {
    guint i = (guint)g_bit_nth_lsf(near, -1);
    const IvZone *zone = &rules->scene->zones[i];
    rules->staff[i] +=
        zone->capacity > 0 && iv_polygon_contains(zone->polygon, zone->n_points, ground);
  }
}

static void report_pass_by(const IvCameraRules *rules, const IvWalker *w, GArray *ret_events) {
  if (w->passed_line < 0 || w->went_in)
    return;
  IvEvent event;
  iv_camera_begin_event(rules, w, IV_EVENT_LINE_PASSED_BY, w->passed_ts, &event);
  event.line_id = rules->scene->lines[w->passed_line].id;
  iv_report_finish(&event, ret_events);
}

static void see(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point, GArray *ret_events) {
  gboolean begins =
      rules->scene->n_lines > 0 && w->height.n == 0 && iv_camera_lines_begin(rules, w, point);
  iv_camera_lines_meet(rules, w, point->ts);
  w->visitor = point->visitor ? point->visitor : w->visitor;
  iv_recent_median_add(&w->height, iv_box_height(&point->box) * (float)rules->scene->image.height);
  iv_camera_lines_see(rules, w, point, begins, ret_events);
  check_zones(rules, w, point, ret_events);
  if (rules->scene->n_lanes > 0)
    iv_queues_see(rules->queues, point, iv_walker_height(w), ret_events);
  if (w->sighted && point->ts - w->last_sight <= rules->limits.heat_gap)
    iv_heat_walk(rules->heat, w->last_ground, w->last_sight, point->ground, point->ts);
  w->sighted = TRUE;
  w->last_sight = point->ts;
  w->last_ground = point->ground;
  w->on_way = TRUE;
}

static void take_point(IvCameraRules *rules, const IvTrackPoint *point, GArray *ret_events) {
  IvWalker *w = find_walker(rules, point->tracklet_id);
  switch (point->state) {
  case IV_TRACK_TENTATIVE:
    return;
  case IV_TRACK_CONFIRMED:
    see(rules, w ? w : add_walker(rules, point->tracklet_id), point, ret_events);
    return;
  case IV_TRACK_LOST:
    if (w)
      w->on_way = FALSE;
    for (guint i = 0; w && i < rules->scene->n_zones; i++)
      iv_zone_stay_lost(&w->stays[i], w->last_sight);
    iv_queues_lose(rules->queues, point->tracklet_id);
    return;
  case IV_TRACK_ENDED:
    if (!w)
      return;
    finish_stays(rules, w, w->last_sight, ret_events);
    iv_camera_lines_leave(rules, w, ret_events);
    report_pass_by(rules, w, ret_events);
    iv_queues_end(rules->queues, point->tracklet_id, ret_events);
    iv_camera_lines_depart(rules, w);
    g_hash_table_remove(rules->by_id, &w->tracklet_id);
    g_ptr_array_remove(rules->walkers, w);
    return;
  }
}

void iv_camera_rules_update(IvCameraRules *rules, const IvTrackPoint *points, guint n,
                            GArray *ret_events) {
  for (guint i = 0; i < n; i++)
    take_point(rules, &points[i], ret_events);
}

void iv_camera_rules_set_scene(IvCameraRules *rules, const IvScene *scene, IvTime ts,
                               GArray *ret_events) {
  for (guint i = 0; i < rules->walkers->len; i++) {
    IvWalker *w = g_ptr_array_index(rules->walkers, i);
    finish_stays(rules, w, ts, ret_events);
    report_pass_by(rules, w, ret_events);
    walker_clear_scene(w);
    walker_enter_scene(w, scene);
  }
  g_array_set_size(rules->departed, 0);
  iv_camera_lines_tell_groups(rules, IV_TIME_NONE, ret_events);
  end_crowds(rules, "the scene was changed", ret_events);
  iv_queues_finish(rules->queues, "the scene was changed", ret_events);
  iv_heat_finish(rules->heat, rules->scene->version, ret_events);
  iv_queues_free(rules->queues);
  iv_entry_groups_free(rules->groups);
  iv_scene_free(rules->scene);
  rules->scene = iv_scene_copy(scene);
  rules->groups = iv_entry_groups_new(rules->scene);
  rules->staff_ts = IV_TIME_NONE;
  rules->queues = iv_queues_new(&rules->limits, &rules->source, rules->scene);
  iv_zone_tiles_init(&rules->tiles, rules->scene);
  begin_heat(rules);
}

void iv_camera_rules_see_staff(IvCameraRules *rules, IvPoint ground, IvTime ts) {
  iv_queues_see_staff(rules->queues, ground, ts);
  see_staff_in_zones(rules, ground, ts);
}

void iv_camera_rules_see_on_floor(IvCameraRules *rules, guint64 visitor, IvTime ts,
                                  IvPlanPoint at) {
  iv_entry_groups_see_on_floor(rules->groups, visitor, ts, at);
}

void iv_camera_rules_tick(IvCameraRules *rules, IvTime ts, GArray *ret_events) {
  iv_queues_tick(rules->queues, ts, ret_events);
  iv_heat_tick(rules->heat, ts, rules->scene->version, ret_events);
  iv_camera_lines_tell_groups(rules, ts, ret_events);
  rules->looked = ts;
  check_crowds(rules, ts, ret_events);
}

void iv_camera_rules_rest(IvCameraRules *rules, GArray *ret_events) {
  iv_heat_finish(rules->heat, rules->scene->version, ret_events);
}

void iv_camera_rules_finish(IvCameraRules *rules, GArray *ret_events) {
  iv_camera_lines_tell_groups(rules, IV_TIME_NONE, ret_events);
  end_crowds(rules, "the program was stopped", ret_events);
  iv_queues_finish(rules->queues, "the program was stopped", ret_events);
  iv_camera_rules_rest(rules, ret_events);
}

const IvQueues *iv_camera_rules_queues(const IvCameraRules *rules) {
  return rules->queues;
}

const IvScene *iv_camera_rules_scene(const IvCameraRules *rules) {
  return rules->scene;
}

guint iv_camera_rules_occupancy(const IvCameraRules *rules, guint zone) {
  guint inside = 0;
  for (guint i = 0; i < rules->walkers->len; i++) {
    const IvWalker *w = g_ptr_array_index(rules->walkers, i);
    inside += w->stays[zone].inside ? 1 : 0;
  }
  return inside;
}