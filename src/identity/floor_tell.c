/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "identity/floor_tracker_private.h"

#define STAYED 3.0 /* metres: unseen for long, and seen again so near */
#define KEEP_LEFT (10 * IV_SECOND)
#define WALK 1.0                   /* metres per second */
#define LATE_MARKS (2 * IV_SECOND) /* kept behind what was told */
#define KEEP_UNPROVEN (20 * IV_SECOND)
#define UNPROVEN_PATH (2 * IV_MINUTE)

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

static void give_point(IvFloorTracker *t, const IvFloorPerson *person, IvTrackState state,
                       IvTime ts, double x, double y) {
  IvPoint at = {(float)(x / t->plan.width), (float)(y / t->plan.height)};
  IvTrackPoint point = {.tracklet_id = person->id,
                        .state = state,
                        .ts = ts,
                        .box = {at.x, at.y, at.x, at.y},
                        .ground = at,
                        .score = state == IV_TRACK_CONFIRMED ? 1 : 0};
  g_array_append_val(t->points, point);
}

/* What happened between two sights is known well enough: little time went by, or he was hidden
 * where he stood, and is seen again beside it. */
static gboolean is_filled(const IvFloorTracker *t, const IvFloorMark *before,
                          const IvFloorMark *after) {
  IvTime gap = after->ts - before->ts;
  double way = hypot(after->place.x - before->place.x, after->place.y - before->place.y);
  return gap <= t->config.gap || (gap <= t->config.keep_lost && way <= STAYED &&
                                  !iv_floor_is_at_exit(t, before->place.x, before->place.y));
}

/* The place at a tick; FALSE when it is not known (yet). */
static gboolean place_at(const IvFloorTracker *t, const IvFloorPerson *person, IvTime ts,
                         IvFloorState *ret_state) {
  const IvFloorMark *before = iv_floor_path_before(&person->path, ts);
  const IvFloorMark *after = iv_floor_path_after(&person->path, ts);
  if ((before && ts - before->ts <= IV_FLOOR_NEAR_MARK) ||
      (after && after->ts - ts <= IV_FLOOR_NEAR_MARK))
    return iv_floor_path_at(&person->path, ts, IV_FLOOR_SPAN, ret_state);
  if (!before || !after || !is_filled(t, before, after))
    return FALSE;
  IvFloorState p, q;
  if (!iv_floor_path_at(&person->path, before->ts, IV_FLOOR_SPAN, &p) ||
      !iv_floor_path_at(&person->path, after->ts, IV_FLOOR_SPAN, &q))
    return FALSE;
  double walk = MIN(seconds(after->ts - before->ts), hypot(q.x - p.x, q.y - p.y) / WALK);
  if (after->ts - before->ts <= t->config.gap)
    walk = seconds(after->ts - before->ts);
  double share = walk > 0 ? 1 - MIN(1, seconds(after->ts - ts) / walk) : 1;
  *ret_state = (IvFloorState){.x = p.x + share * (q.x - p.x), .y = p.y + share * (q.y - p.y)};
  return TRUE;
}

static void tell_lost(IvFloorTracker *t, IvFloorPerson *person, IvTrackState state) {
  IvFloorState at = {0};
  if (!person->confirmed || person->told == IV_TIME_NONE)
    return;
  iv_floor_path_at(&person->path, person->told, IV_FLOOR_SPAN, &at);
  give_point(t, person, state, person->told, at.x, at.y);
  person->lost_told = TRUE;
}

static IvTime tick_after(const IvFloorTracker *t, IvTime ts) {
  return ts - ts % t->config.tick + t->config.tick;
}

/* Where the telling goes on after `from`: at the next tick, or past a gap that is too long to fill;
 * IV_TIME_NONE when nothing is known yet. */
static IvTime next_tick(const IvFloorTracker *t, const IvFloorPerson *person, IvTime from) {
  IvTime tick = tick_after(t, from);
  const IvFloorMark *before = iv_floor_path_before(&person->path, tick);
  const IvFloorMark *after = iv_floor_path_after(&person->path, tick);
  if (before && tick - before->ts <= IV_FLOOR_NEAR_MARK)
    return tick;
  if (!after)
    return IV_TIME_NONE;
  if (!before || !is_filled(t, before, after))
    return MAX(tick, tick_after(t, after->ts - 1));
  return tick;
}

/* What made the last told place, and what a gap that follows begins with, is still needed. */
static void forget_told(IvFloorPerson *person) {
  IvTime told = person->told == IV_TIME_NONE ? person->born : person->told;
  const IvFloorMark *before = iv_floor_path_before(&person->path, told);
  if (before)
    iv_floor_path_forget(&person->path, before->ts - LATE_MARKS);
}

static void tell_person(IvFloorTracker *t, IvFloorPerson *person, IvTime until) {
  if (!person->confirmed) { /* a poster is seen all day */
    iv_floor_path_forget(&person->path, person->last - UNPROVEN_PATH);
    return;
  }
  IvTime from = person->told == IV_TIME_NONE ? person->born - 1 : person->told;
  for (;;) {
    IvTime tick = next_tick(t, person, from);
    if (tick == IV_TIME_NONE || tick > until)
      break;
    if (person->told != IV_TIME_NONE && tick - person->told > t->config.gap && !person->lost_told)
      tell_lost(t, person, IV_TRACK_LOST);
    IvFloorState at;
    from = tick;
    if (!place_at(t, person, tick, &at))
      continue;
    person->told = tick;
    person->lost_told = FALSE;
    give_point(t, person, IV_TRACK_CONFIRMED, tick, at.x, at.y);
  }
  if (until - person->last > t->config.gap && !person->lost_told)
    tell_lost(t, person, IV_TRACK_LOST);
  forget_told(person);
}

void iv_floor_end_person(IvFloorTracker *t, IvFloorPerson *person) {
  if (person->confirmed && person->told != IV_TIME_NONE)
    tell_lost(t, person, IV_TRACK_ENDED);
  person->gone = TRUE;
}

void iv_floor_tell_people(IvFloorTracker *t, IvTime ts) {
  IvTime until = ts - t->config.lag;
  for (guint i = 0; i < t->people->len; i++) {
    IvFloorPerson *person = iv_floor_person_at(t, i);
    if (person->gone) {
      tell_lost(t, person, IV_TRACK_ENDED);
      continue;
    }
    iv_floor_person_judge(person, ts);
    tell_person(t, person, until);
    IvTime unseen = until - person->last;
    const IvFloorMark *last = iv_floor_path_last(&person->path);
    gboolean left = last && iv_floor_is_at_exit(t, last->place.x, last->place.y);
    if (unseen > (left ? KEEP_LEFT : t->config.keep_lost) ||
        (!person->confirmed && unseen > KEEP_UNPROVEN))
      iv_floor_end_person(t, person);
  }
}
