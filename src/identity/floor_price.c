/* SPDX-License-Identifier: Apache-2.0 */
/* Whose track it is: prices in half squared standard deviations. */
#include <math.h>

#include "identity/floor_tracker_private.h"

#define SETTLE (500 * IV_MS)      /* a track is watched so long before it is given to somebody, */
#define SETTLE_MAX (2500 * IV_MS) /* and so long when it is not clear whose it is: */
#define SURE 3.0                  /* the next best is as near as that */
#define KNOWN_STATURE 1           /* heights */
#define NEW_AT_EXIT 4.0           /* above it somebody new is likelier, */
#define NEW_INSIDE 8.0            /* inside, where nobody comes out of nothing, */
#define NEW_WEAK 2.0              /* and when it may be a picture of a person: */
#define WEAK_SCORE 0.62           /* such scores in the mean, */
#define WEAK_STILL 0.5            /* and boxes that overlap the first one so much */
#define PLACE_MAX 12.0            /* whatever the looks */
#define GATE 9.0                  /* the same at once in two cameras */
#define SURELY 0.0      /* gain of the looks from which on he was somewhere while unseen for long */
#define WANDER 0.75     /* metres per second: how vague a place becomes unseen */
#define WANDER_MAX 2.0  /* metres: further away he would have been seen */
#define VAGUE_AREA 0.36 /* square metres: as good as in sight */
#define SPEED_MAX 2.6   /* metres per second */
#define SPEED_SLACK 1.2 /* metres */
#define REACH 4.0       /* metres, and so many SDs */
#define REACH_SDS 4.0
#define LATELY (6 * IV_SECOND)
#define LATELY_EVEN 0.55
#define LATELY_GAIN 30.0
#define LATELY_MAX 7.0

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

/* Being at a place by chance is the likelier the vaguer the place is. */
static double price_of(IvFloorApart apart) {
  return apart.distance2 / 2 + MAX(0, log(apart.area / VAGUE_AREA));
}

/* The mark as that of somebody whose height is known: hidden feet are elsewhere then. */
static IvFloorMark iv_floor_mark_of(const IvFloorTracker *t, const IvFloorMark *mark,
                                    const IvFloorPerson *person) {
  IvFloorMark his = *mark;
  IvStature stature = person->stature;
  IvTallness lately = {.metres = mark->lately};
  if (stature.n >= KNOWN_STATURE &&
      !iv_floor_camera_place(&t->cameras[mark->camera], &mark->box, &stature, &lately, &his.place))
    his.place = mark->place;
  return his;
}

/* Of the time in which both were seen, in the mean; NAN when there is none. */
static double price_together(const IvFloorTracker *t, const IvFloorTrack *track,
                             const IvFloorPerson *person) {
  const GArray *marks = track->held.marks;
  guint step = MAX(1, marks->len / 8), n = 0;
  double sum = 0;
  for (guint i = 0; i < marks->len; i += step) {
    const IvFloorMark *mark = &g_array_index(marks, IvFloorMark, i);
    IvFloorState at;
    if (mark->ts > person->last + IV_FLOOR_NEAR_MARK ||
        !iv_floor_path_at(&person->path, mark->ts, IV_FLOOR_SPAN / 2, &at))
      continue;
    IvFloorMark his = iv_floor_mark_of(t, mark, person);
    IvFloorState here = iv_floor_mark_state(&his);
    sum += price_of(iv_floor_apart(&at, &here, IV_FLOOR_CLOCK_SD));
    n++;
  }
  return n > 0 ? sum / n : (double)NAN;
}

/* Seen again after a while: how far from where he was going, against how vague that has become. */
static double price_after(const IvFloorTracker *t, const IvFloorTrack *track,
                          const IvFloorPerson *person) {
  IvFloorState was, now;
  IvTime gap = MAX(0, track->first - person->last);
  if (!iv_floor_path_at(&person->path, person->last, IV_FLOOR_SPAN, &was) ||
      !iv_floor_path_at(&track->held, track->first, IV_FLOOR_SPAN, &now))
    return INFINITY;
  if (hypot(now.x - was.x, now.y - was.y) > SPEED_SLACK + SPEED_MAX * seconds(gap))
    return INFINITY;
  double vague = WANDER * seconds(gap), ahead = MIN(seconds(gap), 1.0);
  if (!iv_floor_is_at_exit(t, was.x, was.y))
    vague = MIN(vague, WANDER_MAX);
  was.x += ahead * was.vx;
  was.y += ahead * was.vy;
  return price_of(iv_floor_apart(&was, &now, hypot(IV_FLOOR_CLOCK_SD, vague)));
}

/* Before anything is reckoned: most people are far from most tracks. */
static gboolean is_in_reach(const IvFloorTrack *track, const IvFloorPerson *person) {
  const IvFloorMark *last = iv_floor_path_last(&person->path);
  const IvFloorMark *first = &g_array_index(track->held.marks, IvFloorMark, 0);
  if (!last)
    return FALSE;
  double vague = last->place.sd_along + first->place.sd_along;
  double reach = REACH + REACH_SDS * vague + SPEED_MAX * fabs(seconds(first->ts - last->ts));
  return hypot(last->place.x - first->place.x, last->place.y - first->place.y) < reach;
}

static double price_place(const IvFloorTracker *t, const IvFloorTrack *track,
                          const IvFloorPerson *person) {
  if (iv_floor_person_is_in(person, track->key.camera, track->last))
    return INFINITY; /* there, as another */
  if (!is_in_reach(track, person))
    return INFINITY;
  double together = price_together(t, track, person);
  if (!isnan(together))
    return together > GATE ? INFINITY : together;
  return price_after(t, track, person);
}

/* At once and in one camera looks tell people apart far better than over cameras and time. */
static gboolean was_there_lately(const IvFloorTrack *track, const IvFloorPerson *person) {
  const IvFloorGlimpse *glimpse = &person->glimpses[track->key.camera];
  return glimpse->ts != 0 && track->glimpse.ts != 0 && track->first - glimpse->ts < LATELY;
}

/* Log of how much likelier it is the same person. */
static double look_gain(const IvFloorTracker *t, const IvFloorTrack *track,
                        const IvFloorPerson *person) {
  if (!was_there_lately(track, person))
    return iv_floor_looks_gain(t->looks, &track->looks, &person->looks);
  double like = iv_floor_likeness(&track->glimpse.look, &person->glimpses[track->key.camera].look);
  return isnan(like) ? 0 : CLAMP(LATELY_GAIN * (like - LATELY_EVEN), -LATELY_MAX, LATELY_MAX);
}

static void give_track(const IvFloorTracker *t, IvFloorTrack *track, IvFloorPerson *person) {
  if (person->n_marks > 0 && track->first - person->last > t->config.gap &&
      look_gain(t, track, person) < SURELY)
    person->doubtful = track->first;
  for (guint i = 0; i < track->held.marks->len; i++) {
    IvFloorMark mark =
        iv_floor_mark_of(t, &g_array_index(track->held.marks, IvFloorMark, i), person);
    for (guint c = 0; c < G_N_ELEMENTS(person->in_camera) && !person->two_cameras; c++)
      person->two_cameras = c != mark.camera && iv_floor_person_is_in(person, c, mark.ts);
    iv_floor_person_mark(person, &mark);
  }
  iv_floor_evidence_add(&person->looks, &track->looks);
  if (track->glimpse.ts != 0)
    person->glimpses[track->key.camera] = track->glimpse;
  if (track->stature.metres > 0)
    iv_stature_join(&person->stature, &track->stature);
  track->stature = (IvStature){.n = 0};
  g_array_set_size(track->held.marks, 0);
  track->person = person;
}

gboolean iv_floor_track_is_due(const IvFloorTrack *track, IvTime ts) {
  return !track->person && track->held.marks->len > 0 &&
         (track->over || ts - track->first >= SETTLE);
}

static gboolean may_be_a_picture(const IvFloorTrack *track) {
  const GArray *marks = track->held.marks;
  double score = 0, overlap = 1;
  for (guint i = 0; i < marks->len; i++) {
    const IvFloorMark *mark = &g_array_index(marks, IvFloorMark, i);
    score += (double)mark->score / marks->len;
    overlap =
        MIN(overlap, (double)iv_box_iou(&mark->box, &g_array_index(marks, IvFloorMark, 0).box));
  }
  return score < WEAK_SCORE && overlap > WEAK_STILL;
}

static double price_of_new(const IvFloorTracker *t, const IvFloorTrack *track) {
  const IvFloorPlace *first = &g_array_index(track->held.marks, IvFloorMark, 0).place;
  if (may_be_a_picture(track))
    return NEW_WEAK;
  return iv_floor_is_at_exit(t, first->x, first->y) ? NEW_AT_EXIT : NEW_INSIDE;
}

/* Against that of somebody new. */
static void set_prices(const IvFloorTracker *t, GPtrArray *due, double *price) {
  for (guint r = 0; r < due->len; r++) {
    const IvFloorTrack *track = g_ptr_array_index(due, r);
    double new_one = price_of_new(t, track);
    for (guint c = 0; c < t->people->len; c++) {
      const IvFloorPerson *person = iv_floor_person_at(t, c);
      double place = price_place(t, track, person);
      price[(gsize)r * t->people->len + c] =
          place > PLACE_MAX ? INFINITY : place - look_gain(t, track, person) - new_one;
    }
  }
}

/* Something else is nearly as good, and there is time to see more. */
static gboolean is_unsure(const IvFloorTrack *track, const double *price, guint n, int match,
                          IvTime ts) {
  if (track->over || ts - track->first >= SETTLE_MAX)
    return FALSE;
  double taken = match < 0 ? 0 : price[match], next = match < 0 ? INFINITY : 0;
  for (guint c = 0; c < n; c++)
    if ((int)c != match)
      next = MIN(next, price[c]);
  return next - taken < SURE;
}

static void begin_person(IvFloorTracker *t, IvFloorTrack *track) {
  IvFloorPerson *person = iv_floor_person_new(++t->last_id);
  g_ptr_array_add(t->people, person);
  give_track(t, track, person);
}

/* Gives away what fits somebody, in the best way together, but one track to each, as the next one's
 * price depends on it. When nothing fits, the first begins somebody new, who may be whose the
 * others are. */
static void give_round(IvFloorTracker *t, GPtrArray *due, IvTime ts) {
  g_autofree double *price = g_new(double, (gsize)due->len *MAX(t->people->len, 1));
  g_autofree int *match = g_new(int, due->len);
  IvFloorTrack *unclaimed = NULL;
  gboolean any = FALSE;
  set_prices(t, due, price);
  guint n = t->people->len;
  iv_assignment_solve(t->assignment, price, due->len, n, 0, match);
  for (guint r = 0; r < due->len; r++) {
    IvFloorTrack *track = g_ptr_array_index(due, r);
    gboolean waits = is_unsure(track, price + (gsize)r * n, n, match[r], ts);
    if (waits)
      track->waits = ts;
    else if (match[r] >= 0)
      give_track(t, track, iv_floor_person_at(t, (guint)match[r]));
    else if (!unclaimed)
      unclaimed = track;
    any = any || waits || match[r] >= 0;
  }
  if (!any)
    begin_person(t, unclaimed);
}

void iv_floor_give_out_tracks(IvFloorTracker *t, IvTime ts) {
  for (;;) {
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    for (guint i = 0; i < t->tracks->len; i++)
      if (iv_floor_track_is_due(iv_floor_track_at(t, i), ts) &&
          iv_floor_track_at(t, i)->waits != ts)
        g_ptr_array_add(due, iv_floor_track_at(t, i));
    if (due->len == 0)
      return;
    give_round(t, due, ts);
  }
}
