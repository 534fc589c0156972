/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: crossings, doorsteps, groups, and what goes over from tracks that break. */
#include <string.h>

#include "rules/camera_private.h"

#define PERSON_M 1.7f /* on a floor plan, where people have no height */
#define DEPARTED_MAX 32

/* `point`: after the crossing. `at`: where the line was crossed, share of the picture. */
static void note_group(IvCameraRules *rules, const IvWalker *w, guint line, IvCrossed crossed,
                       IvTime ts, const IvTrackPoint *point, IvPoint at) {
  if (rules->scene->lines[line].kind != IV_LINE_ENTRANCE)
    return;
  if (crossed == IV_CROSSED_OUT) {
    iv_entry_groups_leave(rules->groups, line, w->tracklet_id, ts);
    return;
  }
  IvEntry entry = {.line = line,
                   .tracklet_id = w->tracklet_id,
                   .visitor = w->visitor,
                   .ts = ts,
                   .before = w->sighted && w->on_way ? w->last_sight : IV_TIME_NONE,
                   .here = point->ts,
                   .from = w->last_ground,
                   .to = point->ground,
                   .at = at,
                   .height = iv_walker_height(w)};
  iv_entry_groups_enter(rules->groups, &entry);
}

static void report_crossing(IvCameraRules *rules, IvWalker *w, guint line_index, IvCrossed crossed,
                            IvTime ts, GArray *ret_events) {
  const IvLine *line = &rules->scene->lines[line_index];
  IvTime in_ts = w->in_ts[line_index];
  IvEvent event;
  iv_camera_begin_event(rules, w, IV_EVENT_LINE_CROSSED, ts, &event);
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

/* Pixels. */
static float height_at(const IvCameraRules *rules, const IvWalker *w) {
  float metre = iv_camera_plan_metre(rules->scene);
  return metre > 0 ? PERSON_M * metre : iv_walker_height(w);
}

static IvPoint meeting(const IvLine *line, float place) {
  return (IvPoint){line->a.x + place * (line->b.x - line->a.x),
                   line->a.y + place * (line->b.y - line->a.y)};
}

static void check_lines(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point,
                        GArray *ret_events) {
  const IvScene *scene = rules->scene;
  if (scene->n_lines == 0)
    return;
  float half_band = rules->limits.hysteresis * height_at(rules, w);
  IvPoint p = iv_scene_to_pixels(scene, point->ground);
  for (guint i = 0; i < scene->n_lines; i++) {
    IvTime ts;
    IvCrossed crossed = iv_crossing_update(
        &w->crossings[i], iv_scene_to_pixels(scene, scene->lines[i].a),
        iv_scene_to_pixels(scene, scene->lines[i].b), half_band, p, point->ts, &ts);
    if (crossed != IV_CROSSED_NONE) {
      iv_doorstep_crossed(&w->steps[i]);
      report_crossing(rules, w, i, crossed, ts, ret_events);
      note_group(rules, w, i, crossed, ts, point, meeting(&scene->lines[i], w->crossings[i].meet));
    }
  }
}

/* `begins`: the track's first point, and it goes on from no other. */
static void check_doorsteps(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point,
                            gboolean begins, GArray *ret_events) {
  const IvScene *scene = rules->scene;
  for (guint i = 0; rules->limits.doorways && i < scene->n_lines; i++) {
    const IvLine *line = &scene->lines[i];
    IvTime ts;
    if (line->kind != IV_LINE_ENTRANCE ||
        !iv_doorstep_seen(&w->steps[i], iv_scene_to_pixels(scene, line->a),
                          iv_scene_to_pixels(scene, line->b), height_at(rules, w),
                          iv_scene_to_pixels(scene, point->ground), point->ts, begins, &ts))
      continue;
    w->crossings[i].side = 1;
    report_crossing(rules, w, i, IV_CROSSED_IN, ts, ret_events);
    note_group(rules, w, i, IV_CROSSED_IN, ts, point, point->ground);
  }
}

void iv_camera_lines_leave(IvCameraRules *rules, IvWalker *w, GArray *ret_events) {
  for (guint i = 0; rules->limits.doorways && !w->heir && i < rules->scene->n_lines; i++)
    if (rules->scene->lines[i].kind == IV_LINE_ENTRANCE && w->crossings[i].side >= 0 &&
        iv_doorstep_left(&w->steps[i], height_at(rules, w))) {
      report_crossing(rules, w, i, IV_CROSSED_OUT, w->last_sight, ret_events);
      iv_entry_groups_leave(rules->groups, i, w->tracklet_id, w->last_sight);
    }
}

/* ---- groups ---- */

/* As many of the numbers as fit, each of them whole. */
static void set_numbers(IvEvent *event, IvAttrKey key, const guint64 *numbers, guint n_numbers) {
  char text[IV_ATTR_TEXT_MAX + 1] = "";
  gsize n = 0;
  for (guint i = 0; i < n_numbers; i++) {
    char one[24];
    gsize more =
        (gsize)g_snprintf(one, sizeof one, "%s%" G_GUINT64_FORMAT, i ? " " : "", numbers[i]);
    if (n + more > IV_ATTR_TEXT_MAX)
      break;
    memcpy(text + n, one, more + 1);
    n += more;
  }
  iv_event_set_text(event, key, text);
}

static void set_members(IvEvent *event, const IvEntryGroup *group) {
  guint64 ms[IV_ENTRY_GROUP_MAX];
  for (guint i = 0; i < group->size; i++)
    ms[i] = (guint64)((group->crossings[i] - group->first) / IV_MS);
  iv_event_set_number(event, IV_ATTR_SIZE, group->size);
  set_numbers(event, IV_ATTR_TRACKLETS, group->tracklets, group->size);
  set_numbers(event, IV_ATTR_CROSSINGS_MS, ms, group->size);
}

void iv_camera_lines_tell_groups(IvCameraRules *rules, IvTime now, GArray *ret_events) {
  IvEntryGroup group;
  while (iv_entry_groups_next(rules->groups, now, &group)) {
    IvEvent event;
    iv_report_begin(&rules->source, rules->scene->version, IV_EVENT_GROUP_ENTERED, group.first,
                    group.tracklets[0], &event);
    event.end_ts = group.last;
    event.visitor = group.visitor;
    event.line_id = rules->scene->lines[group.line].id;
    set_members(&event, &group);
    iv_report_finish(&event, ret_events);
  }
}

/* ---- tracks that break ---- */

static IvBrokenTrack departed_of(const IvCameraRules *rules, const IvWalker *w) {
  return (IvBrokenTrack){w->last_sight, w->visitor,
                         iv_scene_to_pixels(rules->scene, w->last_ground), iv_walker_height(w),
                         w->crossings};
}

static void go_on_as(const IvCameraRules *rules, IvWalker *w, const IvBrokenTrack *was) {
  memcpy(w->crossings, was->crossings, rules->scene->n_lines * sizeof *w->crossings);
}

/* At one frame at least. Who is only not told of yet at this frame is somebody else. */
static gboolean is_missed(const IvCameraRules *rules, const IvWalker *w, IvTime ts) {
  return !w->on_way ||
         (rules->beat != IV_TIME_NONE && ts - w->last_sight > rules->beat + rules->beat / 2);
}

static void note_beat(IvCameraRules *rules, const IvWalker *w, IvTime ts) {
  IvTime step = ts - w->last_sight;
  if (w->sighted && step > 0 && (rules->beat == IV_TIME_NONE || step < rules->beat))
    rules->beat = step;
}

/* The state of the lines passes on to a track that begins where another broke off, once. */
static void inherit(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point) {
  for (guint i = rules->departed->len; i-- > 0;) {
    const IvBrokenTrack *was = &g_array_index(rules->departed, IvBrokenTrack, i);
    if (!iv_broken_track_goes_on(was, rules->scene, rules->limits.hysteresis, point))
      continue;
    go_on_as(rules, w, was);
    g_array_remove_index(rules->departed, i);
    return;
  }
  for (guint i = 0; i < rules->walkers->len; i++) {
    IvWalker *other = g_ptr_array_index(rules->walkers, i);
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
static gboolean is_near_lost(const IvCameraRules *rules, const IvWalker *w,
                             const IvTrackPoint *point) {
  for (guint i = 0; i < rules->departed->len; i++)
    if (iv_broken_track_is_near(&g_array_index(rules->departed, IvBrokenTrack, i), rules->scene,
                                point))
      return TRUE;
  for (guint i = 0; i < rules->walkers->len; i++) {
    const IvWalker *other = g_ptr_array_index(rules->walkers, i);
    IvBrokenTrack was = departed_of(rules, other);
    if (other != w && is_missed(rules, other, point->ts) &&
        iv_broken_track_is_near(&was, rules->scene, point))
      return TRUE;
  }
  return FALSE;
}

/* Seen again, though another goes on for it: neither is sure, and where it was does not count. */
static void come_back(const IvCameraRules *rules, IvWalker *w) {
  if (w->heir)
    memset(w->crossings, 0, rules->scene->n_lines * sizeof *w->crossings);
  w->heir = FALSE;
}

void iv_camera_lines_depart(IvCameraRules *rules, IvWalker *w) {
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

/* ---- the way in from the rules ---- */

gboolean iv_camera_lines_begin(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point) {
  inherit(rules, w, point);
  return !is_near_lost(rules, w, point);
}

void iv_camera_lines_meet(IvCameraRules *rules, IvWalker *w, IvTime ts) {
  come_back(rules, w);
  note_beat(rules, w, ts);
}

void iv_camera_lines_see(IvCameraRules *rules, IvWalker *w, const IvTrackPoint *point,
                         gboolean begins, GArray *ret_events) {
  check_lines(rules, w, point, ret_events);
  check_doorsteps(rules, w, point, begins, ret_events);
  iv_entry_groups_see(rules->groups, w->tracklet_id, point->ts, point->ground);
}
