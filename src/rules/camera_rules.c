/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/camera_rules.h"

#include <math.h>
#include <string.h>

#include "rules/broken_track.h"
#include "rules/crossing.h"
#include "rules/doorway.h"
#include "rules/recent_median.h"
#include "rules/zone_dwell.h"
#include "rules/zone_tiles.h"

#define PERSON_M 1.7f /* on a floor plan, where people have no height */
#define DEPARTED_MAX 32

typedef struct {
  guint64 tracklet_id;
  guint64 visitor;  /* as told last; 0 = not known */
  gboolean sighted; /* there was a sight */
  IvTime last_sight;
  IvPoint last_ground;   /* of it */
  gboolean on_way;       /* nothing came between: the way from it to the next sight is known */
  IvRecentMedian height; /* pixels */
  gboolean heir;         /* another track goes on with where it was */
  gboolean went_in;      /* crossed an entrance line inward */
  int passed_line;       /* index of the pass-by line it crossed, or -1 */
  IvTime passed_ts;
  IvCrossing *crossings; /* per line of the scene */
  IvDoorstep *steps;     /* the same */
  IvTime *in_ts;         /* per line: last inward crossing, or IV_TIME_NONE */
  IvZoneStay *stays;     /* per zone */
  guint64 engaged;       /* bit per zone: a stay is open, or coming */
} Walker;

struct IvCameraRules {
  IvRuleLimits limits;
  IvRulesSource source;
  IvScene *scene;
  IvZoneTiles tiles;
  IvQueues *queues;
  IvHeat *heat;
  GPtrArray *walkers; /* Walker*, in order of appearance, so that output order is fixed */
  GHashTable *by_id;  /* the same, by tracklet; keys are theirs */
  GArray *departed;   /* IvBrokenTrack, latest last */
  IvTime beat;        /* shortest between two sights of one track; IV_TIME_NONE = no two yet */
};

static void walker_clear_scene(Walker *w) {
  g_clear_pointer(&w->crossings, g_free);
  g_clear_pointer(&w->steps, g_free);
  g_clear_pointer(&w->in_ts, g_free);
  g_clear_pointer(&w->stays, g_free);
}

static void walker_free(gpointer p) {
  walker_clear_scene(p);
  g_free(p);
}

static void walker_enter_scene(Walker *w, const IvScene *scene) {
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
  iv_zone_tiles_init(&rules->tiles, rules->scene);
  begin_heat(rules);
  rules->walkers = g_ptr_array_new_with_free_func(walker_free);
  rules->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  rules->departed = g_array_new(FALSE, FALSE, sizeof(IvBrokenTrack));
  rules->beat = IV_TIME_NONE;
  g_array_set_clear_func(rules->departed, departed_clear);
  return rules;
}

void iv_camera_rules_free(IvCameraRules *rules) {
  if (!rules)
    return;
  g_hash_table_unref(rules->by_id);
  g_ptr_array_unref(rules->walkers);
  g_array_unref(rules->departed);
  iv_queues_free(rules->queues);
  iv_heat_free(rules->heat);
  iv_scene_free(rules->scene);
  g_free(rules);
}

static Walker *find_walker(IvCameraRules *rules, guint64 tracklet_id) {
  return g_hash_table_lookup(rules->by_id, &tracklet_id);
}

static Walker *add_walker(IvCameraRules *rules, guint64 tracklet_id) {
  Walker *w = g_new0(Walker, 1);
  w->tracklet_id = tracklet_id;
  walker_enter_scene(w, rules->scene);
  g_ptr_array_add(rules->walkers, w);
  g_hash_table_insert(rules->by_id, &w->tracklet_id, w);
  return w;
}

static void begin_event(const IvCameraRules *rules, const Walker *w, IvEventKind kind, IvTime ts,
                        IvEvent *ret_event) {
  iv_report_begin(&rules->source, rules->scene->version, kind, ts, w->tracklet_id, ret_event);
  ret_event->visitor = w->visitor;
}

static float median_height(const Walker *w) {
  return iv_recent_median(&w->height);
}

/* Pixels a metre on a floor plan; 0 in a picture. */
static float plan_metre(const IvScene *scene) {
  return iv_scene_is_plan(scene) ? (float)(scene->image.width / scene->plan.width_m) : 0;
}

static void report_crossing(IvCameraRules *rules, Walker *w, guint line_index, IvCrossed crossed,
                            IvTime ts, GArray *ret_events) {
  const IvLine *line = &rules->scene->lines[line_index];
  IvTime in_ts = w->in_ts[line_index];
  IvEvent event;
  begin_event(rules, w, IV_EVENT_LINE_CROSSED, ts, &event);
  event.line_id = line->id;
  iv_event_set_text(&event, IV_ATTR_DIRECTION, crossed == IV_CROSSED_IN ? "in" : "out");
  if (crossed == IV_CROSSED_OUT && in_ts != IV_TIME_NONE && ts - in_ts <= rules->limits.turn_back) {
    iv_event_set_flag(&event, IV_ATTR_TURN_BACK, TRUE);
    iv_event_set_time(&event, IV_ATTR_IN_TS, in_ts);
  }
  iv_report_finish(&event, ret_events);

  w->in_ts[line_index] = crossed == IV_CROSSED_IN ? ts : IV_TIME_NONE;
  if (line->kind == IV_LINE_ENTRANCE && crossed == IV_CROSSED_IN)
    w->went_in = TRUE;
  if (line->kind == IV_LINE_PASS_BY && w->passed_line < 0) {
    w->passed_line = (int)line_index;
    w->passed_ts = ts;
  }
}

static void check_lines(IvCameraRules *rules, Walker *w, const IvTrackPoint *point,
                        GArray *ret_events) {
  const IvScene *scene = rules->scene;
  if (scene->n_lines == 0)
    return;
  float metre = plan_metre(rules->scene), height = metre > 0 ? PERSON_M * metre : median_height(w);
  float half_band = rules->limits.hysteresis * height;
  IvPoint p = iv_scene_to_pixels(scene, point->ground);
  for (guint i = 0; i < scene->n_lines; i++) {
    IvTime ts;
    IvCrossed crossed = iv_crossing_update(
        &w->crossings[i], iv_scene_to_pixels(scene, scene->lines[i].a),
        iv_scene_to_pixels(scene, scene->lines[i].b), half_band, p, point->ts, &ts);
    if (crossed != IV_CROSSED_NONE) {
      iv_doorstep_crossed(&w->steps[i]);
      report_crossing(rules, w, i, crossed, ts, ret_events);
    }
  }
}

/* `begins`: the track's first point, and it goes on from no other. */
static void check_doorsteps(IvCameraRules *rules, Walker *w, const IvTrackPoint *point,
                            gboolean begins, GArray *ret_events) {
  const IvScene *scene = rules->scene;
  for (guint i = 0; rules->limits.doorways && i < scene->n_lines; i++) {
    const IvLine *line = &scene->lines[i];
    IvTime ts;
    if (line->kind != IV_LINE_ENTRANCE ||
        !iv_doorstep_seen(&w->steps[i], iv_scene_to_pixels(scene, line->a),
                          iv_scene_to_pixels(scene, line->b), median_height(w),
                          iv_scene_to_pixels(scene, point->ground), point->ts, begins, &ts))
      continue;
    w->crossings[i].side = 1;
    report_crossing(rules, w, i, IV_CROSSED_IN, ts, ret_events);
  }
}

static void leave_over_doorstep(IvCameraRules *rules, Walker *w, GArray *ret_events) {
  for (guint i = 0; rules->limits.doorways && !w->heir && i < rules->scene->n_lines; i++)
    if (rules->scene->lines[i].kind == IV_LINE_ENTRANCE && w->crossings[i].side >= 0 &&
        iv_doorstep_left(&w->steps[i], median_height(w)))
      report_crossing(rules, w, i, IV_CROSSED_OUT, w->last_sight, ret_events);
}

/* ---- tracks that break ---- */

static IvBrokenTrack departed_of(const IvCameraRules *rules, const Walker *w) {
  return (IvBrokenTrack){w->last_sight, w->visitor,
                         iv_scene_to_pixels(rules->scene, w->last_ground), median_height(w),
                         w->crossings};
}

static void go_on_as(const IvCameraRules *rules, Walker *w, const IvBrokenTrack *was) {
  memcpy(w->crossings, was->crossings, rules->scene->n_lines * sizeof *w->crossings);
}

/* At one frame at least. Who is only not told of yet at this frame is somebody else. */
static gboolean is_missed(const IvCameraRules *rules, const Walker *w, IvTime ts) {
  return !w->on_way ||
         (rules->beat != IV_TIME_NONE && ts - w->last_sight > rules->beat + rules->beat / 2);
}

static void note_beat(IvCameraRules *rules, const Walker *w, IvTime ts) {
  IvTime step = ts - w->last_sight;
  if (w->sighted && step > 0 && (rules->beat == IV_TIME_NONE || step < rules->beat))
    rules->beat = step;
}

/* The state of the lines passes on to a track that begins where another broke off, once. */
static void inherit(IvCameraRules *rules, Walker *w, const IvTrackPoint *point) {
  for (guint i = rules->departed->len; i-- > 0;) {
    const IvBrokenTrack *was = &g_array_index(rules->departed, IvBrokenTrack, i);
    if (!iv_broken_track_goes_on(was, rules->scene, rules->limits.hysteresis, point))
      continue;
    go_on_as(rules, w, was);
    g_array_remove_index(rules->departed, i);
    return;
  }
  for (guint i = 0; i < rules->walkers->len; i++) {
    Walker *other = g_ptr_array_index(rules->walkers, i);
    IvBrokenTrack was = departed_of(rules, other);
    if (other == w || other->heir || !is_missed(rules, other, point->ts) ||
        !iv_broken_track_goes_on(&was, rules->scene, rules->limits.hysteresis, point))
      continue;
    go_on_as(rules, w, &was);
    other->heir = TRUE;
    return;
  }
}

/* Another track broke off near here a moment ago: this one may go on from it. */
static gboolean is_near_lost(const IvCameraRules *rules, const Walker *w,
                             const IvTrackPoint *point) {
  for (guint i = 0; i < rules->departed->len; i++)
    if (iv_broken_track_is_near(&g_array_index(rules->departed, IvBrokenTrack, i), rules->scene,
                                point))
      return TRUE;
  for (guint i = 0; i < rules->walkers->len; i++) {
    const Walker *other = g_ptr_array_index(rules->walkers, i);
    IvBrokenTrack was = departed_of(rules, other);
    if (other != w && is_missed(rules, other, point->ts) &&
        iv_broken_track_is_near(&was, rules->scene, point))
      return TRUE;
  }
  return FALSE;
}

/* Seen again, though another goes on for it: neither is sure, and where it was does not count. */
static void come_back(const IvCameraRules *rules, Walker *w) {
  if (w->heir)
    memset(w->crossings, 0, rules->scene->n_lines * sizeof *w->crossings);
  w->heir = FALSE;
}

static void depart(IvCameraRules *rules, Walker *w) {
  while (rules->departed->len > 0 &&
         (rules->departed->len >= DEPARTED_MAX ||
          w->last_sight - g_array_index(rules->departed, IvBrokenTrack, 0).ts >
              IV_BROKEN_TRACK_GAP_MAX))
    g_array_remove_index(rules->departed, 0);
  if (w->heir || rules->scene->n_lines == 0)
    return;
  IvBrokenTrack was = departed_of(rules, w);
  w->crossings = NULL;
  g_array_append_val(rules->departed, was);
}

/* ---- zones ---- */

static void report_stay(const IvCameraRules *rules, const Walker *w, guint zone,
                        const IvZoneChange *change, GArray *ret_events) {
  IvEvent event;
  if (change->ended) {
    begin_event(rules, w, IV_EVENT_ZONE_VISIT, change->start, &event);
    event.end_ts = MAX(change->end, change->start);
    event.zone_id = rules->scene->zones[zone].id;
    iv_event_set_number(&event, IV_ATTR_DWELL_S,
                        (double)(event.end_ts - event.ts) / (double)IV_SECOND);
    iv_report_finish(&event, ret_events);
  }
  if (change->started) {
    begin_event(rules, w, IV_EVENT_ZONE_VISIT_STARTED, w->stays[zone].start, &event);
    event.zone_id = rules->scene->zones[zone].id;
    iv_report_finish(&event, ret_events);
  }
}

/* When the way from the last sight to this one went over the zone's edge. */
static IvTime passed_at(const Walker *w, const IvZone *zone, const IvTrackPoint *point) {
  double share =
      w->on_way ? iv_polygon_passed(zone->polygon, zone->n_points, w->last_ground, point->ground)
                : -1;
  return share < 0 ? point->ts
                   : w->last_sight + (IvTime)llround(share * (double)(point->ts - w->last_sight));
}

/* On a plan, places have metres and are as vague as cameras see them; in a picture an absence alone
 * is judged, by its length. */
static gboolean is_sure(const IvCameraRules *rules, const IvZone *zone, gboolean inside,
                        IvPoint ground) {
  float metre = plan_metre(rules->scene);
  if (metre <= 0)
    return inside;
  IvPoint pixels[IV_POLYGON_MAX];
  for (guint i = 0; i < zone->n_points; i++)
    pixels[i] = iv_scene_to_pixels(rules->scene, zone->polygon[i]);
  double distance =
      iv_polygon_distance(pixels, zone->n_points, iv_scene_to_pixels(rules->scene, ground));
  return distance >= (double)(rules->limits.zone_band * metre);
}

static void check_zones(IvCameraRules *rules, Walker *w, const IvTrackPoint *point,
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
    sight.sure = (sight.inside && stay->open) || is_sure(rules, zone, sight.inside, point->ground);
    IvZoneChange change = iv_zone_stay_seen(stay, &sight, rules->limits.exit_grace);
    guint64 bit = G_GUINT64_CONSTANT(1) << i;
    w->engaged = stay->open || stay->coming ? w->engaged | bit : w->engaged & ~bit;
    report_stay(rules, w, i, &change, ret_events);
  }
}

static void finish_stays(const IvCameraRules *rules, Walker *w, IvTime ts, GArray *ret_events) {
  for (guint i = 0; i < rules->scene->n_zones; i++) {
    IvZoneChange change = iv_zone_stay_finish(&w->stays[i], ts);
    report_stay(rules, w, i, &change, ret_events);
  }
  w->engaged = 0;
}

static void report_pass_by(const IvCameraRules *rules, const Walker *w, GArray *ret_events) {
  if (w->passed_line < 0 || w->went_in)
    return;
  IvEvent event;
  begin_event(rules, w, IV_EVENT_LINE_PASSED_BY, w->passed_ts, &event);
  event.line_id = rules->scene->lines[w->passed_line].id;
  iv_report_finish(&event, ret_events);
}

static void see(IvCameraRules *rules, Walker *w, const IvTrackPoint *point, GArray *ret_events) {
  gboolean begins = rules->scene->n_lines > 0 && w->height.n == 0;
  if (begins) {
    inherit(rules, w, point);
    begins = !is_near_lost(rules, w, point);
  }
  come_back(rules, w);
  note_beat(rules, w, point->ts);
  w->visitor = point->visitor ? point->visitor : w->visitor;
  iv_recent_median_add(&w->height, iv_box_height(&point->box) * (float)rules->scene->image.height);
  check_lines(rules, w, point, ret_events);
  check_doorsteps(rules, w, point, begins, ret_events);
  check_zones(rules, w, point, ret_events);
  if (rules->scene->n_lanes > 0)
    iv_queues_see(rules->queues, point, median_height(w), ret_events);
  if (w->sighted && point->ts - w->last_sight <= rules->limits.heat_gap)
    iv_heat_walk(rules->heat, w->last_ground, w->last_sight, point->ground, point->ts);
  w->sighted = TRUE;
  w->last_sight = point->ts;
  w->last_ground = point->ground;
  w->on_way = TRUE;
}

static void take_point(IvCameraRules *rules, const IvTrackPoint *point, GArray *ret_events) {
  Walker *w = find_walker(rules, point->tracklet_id);
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
    leave_over_doorstep(rules, w, ret_events);
    report_pass_by(rules, w, ret_events);
    iv_queues_end(rules->queues, point->tracklet_id, ret_events);
    depart(rules, w);
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
    Walker *w = g_ptr_array_index(rules->walkers, i);
    finish_stays(rules, w, ts, ret_events);
    report_pass_by(rules, w, ret_events);
    walker_clear_scene(w);
    walker_enter_scene(w, scene);
  }
  g_array_set_size(rules->departed, 0);
  iv_queues_finish(rules->queues, "the scene was changed", ret_events);
  iv_heat_finish(rules->heat, rules->scene->version, ret_events);
  iv_queues_free(rules->queues);
  iv_scene_free(rules->scene);
  rules->scene = iv_scene_copy(scene);
  rules->queues = iv_queues_new(&rules->limits, &rules->source, rules->scene);
  iv_zone_tiles_init(&rules->tiles, rules->scene);
  begin_heat(rules);
}

void iv_camera_rules_see_staff(IvCameraRules *rules, IvPoint ground, IvTime ts) {
  iv_queues_see_staff(rules->queues, ground, ts);
}

void iv_camera_rules_tick(IvCameraRules *rules, IvTime ts, GArray *ret_events) {
  iv_queues_tick(rules->queues, ts, ret_events);
  iv_heat_tick(rules->heat, ts, rules->scene->version, ret_events);
}

void iv_camera_rules_rest(IvCameraRules *rules, GArray *ret_events) {
  iv_heat_finish(rules->heat, rules->scene->version, ret_events);
}

void iv_camera_rules_finish(IvCameraRules *rules, GArray *ret_events) {
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
    const Walker *w = g_ptr_array_index(rules->walkers, i);
    inside += w->stays[zone].inside ? 1 : 0;
  }
  return inside;
}
