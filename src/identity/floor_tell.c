/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "identity/floor_tracker_private.h"

#define STAYED 3.0 /* metres: unseen for long, and seen again so near */
#define KEEP_LEFT (10 * IV_SECOND)
#define HIDDEN_VAR 0.5 /* square metres */
#define ONWARD 1.0     /* seconds that he went on for */
#define WALK 1.0       /* metres per second */
#define AHEAD_STEP (IV_SECOND / 2)
#define LATE_MARKS (2 * IV_SECOND) /* kept behind what was told */
#define KEEP_UNPROVEN (20 * IV_SECOND)
#define UNPROVEN_PATH (2 * IV_MINUTE)

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

static void give_point(IvFloorTracker *t, const IvFloorPerson *person, IvTrackState state,
                       IvTime ts, const IvFloorState *place) {
  IvPoint at = {(float)(place->x / t->plan.width), (float)(place->y / t->plan.height)};
  IvTrackPoint point = {.tracklet_id = person->id,
                        .state = state,
                        .ts = ts,
                        .box = {at.x, at.y, at.x, at.y},
                        .ground = at,
                        .score = state == IV_TRACK_CONFIRMED ? 1 : 0,
                        .doubt = (float)sqrt((place->xx + place->yy) / 2)};
  g_array_append_val(t->points, point);
}

/* What happened between two sights is known well enough: little time went by, or he was hidden
 * where he stood, and is surely the one who is seen again beside it. */
static gboolean is_filled(const IvFloorTracker *t, const IvFloorPerson *person,
                          const IvFloorMark *before, const IvFloorMark *after) {
  IvTime gap = after->ts - before->ts;
  double way = hypot(after->place.x - before->place.x, after->place.y - before->place.y);
  if (gap > t->config.gap && before->ts < person->doubtful && after->ts >= person->doubtful)
    return FALSE;
  return gap <= t->config.gap || (gap <= t->config.keep_lost && way <= STAYED &&
                                  !iv_floor_is_at_exit(t, before->place.x, before->place.y));
}

static IvFloorState on_way(const IvFloorState *p, const IvFloorState *q, double share) {
  double way = hypot(q->x - p->x, q->y - p->y) / 2;
  return (IvFloorState){.x = p->x + share * (q->x - p->x),
                        .y = p->y + share * (q->y - p->y),
                        .xx = MAX(p->xx, q->xx) + way * way / 2,
                        .yy = MAX(p->yy, q->yy) + way * way / 2};
}

/* Unseen for a moment: the straight way. */
static IvFloorState between(const IvFloorState *p, const IvFloorState *q, const IvFloorMark *before,
                            const IvFloorMark *after, IvTime ts) {
  return on_way(p, q, seconds(ts - before->ts) / seconds(after->ts - before->ts));
}

/* Unseen for long: he went on as he was going to where nobody sees him, stood there, and came back
 * the way he is coming now. */
static IvFloorState hidden(const IvFloorState *p, const IvFloorState *q, const IvFloorMark *before,
                           const IvFloorMark *after, IvTime ts) {
  IvFloorState there = {.x = (p->x + q->x + ONWARD * (p->vx - q->vx)) / 2,
                        .y = (p->y + q->y + ONWARD * (p->vy - q->vy)) / 2,
                        .xx = MAX(p->xx, q->xx) + HIDDEN_VAR,
                        .yy = MAX(p->yy, q->yy) + HIDDEN_VAR};
  double in = seconds(ts - before->ts) * WALK / MAX(0.01, hypot(there.x - p->x, there.y - p->y));
  double out = seconds(after->ts - ts) * WALK / MAX(0.01, hypot(there.x - q->x, there.y - q->y));
  if (in < 1)
    return on_way(p, &there, in);
  return out < 1 ? on_way(q, &there, out) : there;
}

/* The place at a tick; FALSE when it is not known (yet). */
static gboolean place_at(const IvFloorTracker *t, const IvFloorPerson *person, IvTime ts,
                         IvFloorState *ret_state) {
  const IvFloorMark *before = iv_floor_path_before(&person->path, ts);
  const IvFloorMark *after = iv_floor_path_after(&person->path, ts);
  if ((before && ts - before->ts <= IV_FLOOR_NEAR_MARK) ||
      (after && after->ts - ts <= IV_FLOOR_NEAR_MARK))
    return iv_floor_path_at(&person->path, ts, IV_FLOOR_SPAN, ret_state);
  if (!before || !after || !is_filled(t, person, before, after))
    return FALSE;
  IvFloorState p, q;
  if (!iv_floor_path_at(&person->path, before->ts, IV_FLOOR_SPAN, &p) ||
      !iv_floor_path_at(&person->path, after->ts, IV_FLOOR_SPAN, &q))
    return FALSE;
  *ret_state = after->ts - before->ts <= t->config.gap ? between(&p, &q, before, after, ts)
                                                       : hidden(&p, &q, before, after, ts);
  return TRUE;
}

/* The known places of now and the next two seconds. */
static guint look_ahead(const IvFloorTracker *t, const IvFloorPerson *person, IvTime ts,
                        IvFloorState ret_ahead[IV_FLOOR_AHEAD]) {
  guint n = 0;
  for (guint i = 0; i < IV_FLOOR_AHEAD; i++)
    if (place_at(t, person, ts + i * AHEAD_STEP, &ret_ahead[n]) && ret_ahead[n].n > 0)
      n++;
  return n;
}

/* Who stands is told in one place. */
static void steady(const IvFloorTracker *t, IvFloorPerson *person, IvTime ts, IvFloorState *at) {
  IvFloorState ahead[IV_FLOOR_AHEAD], stands;
  guint n = look_ahead(t, person, ts, ahead);
  if (!iv_floor_stay_see(&person->stay, ahead, n, at->n > 0, &stands))
    return;
  if (at->n == 0) { /* nobody saw whether he still stands there */
    stands.xx = at->xx;
    stands.xy = at->xy;
    stands.yy = at->yy;
  }
  *at = stands;
}

static void tell_lost(IvFloorTracker *t, IvFloorPerson *person, IvTrackState state) {
  IvFloorState at = {0};
  if (!person->confirmed || person->told == IV_TIME_NONE)
    return;
  iv_floor_path_at(&person->path, person->told, IV_FLOOR_SPAN, &at);
  give_point(t, person, state, person->told, &at);
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
  if (!before || !is_filled(t, person, before, after))
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
    steady(t, person, tick, &at);
    person->told = tick;
    person->lost_told = FALSE;
    give_point(t, person, IV_TRACK_CONFIRMED, tick, &at);
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
