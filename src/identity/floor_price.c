/* SPDX-License-Identifier: Apache-2.0 */
/* Whose track it is: prices in half squared standard deviations. */
#include <math.h>

#include "identity/floor_tracker_private.h"

#define SETTLE (500 * IV_MS) /* a track is watched so long before it is given to somebody */
#define KNOWN_STATURE 20     /* sights */
#define LIMIT 4.0            /* above it somebody new is likelier */
#define GATE 9.0             /* the same at once in two cameras */
#define WANDER 0.75          /* metres per second: how vague a place becomes unseen */
#define WANDER_MAX 2.0       /* metres: further away he would have been seen */
#define VAGUE_AREA 0.36      /* square metres: as good as in sight */
#define SPEED_MAX 2.6        /* metres per second */
#define SPEED_SLACK 1.2      /* metres */
#define REACH 4.0            /* metres, and so many SDs */
#define REACH_SDS 4.0
#define LOOKS_MIN 4  /* others to compare with */
#define LOOK_GAP 2.2 /* standard deviations that one's own looks are above others' */
#define LOOK_MAX 3.0
#define LOOK_MIN -3.5
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
  if (stature.n > KNOWN_STATURE && !iv_floor_camera_place(&t->cameras[mark->camera], &mark->box,
                                                          &stature, &his.lately, &his.place))
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

/* How alike a track and a person look: at once and in one camera, or by all that is known. */
static double likeness(const IvFloorTrack *track, const IvFloorPerson *person,
                       gboolean *ret_lately) {
  const IvFloorGlimpse *glimpse = &person->glimpses[track->key.camera];
  *ret_lately = glimpse->ts != 0 && track->glimpse.ts != 0 && track->first - glimpse->ts < LATELY;
  return *ret_lately ? iv_floor_likeness(&track->glimpse.look, &glimpse->look)
                     : iv_floor_look_likeness(&track->look, &person->look);
}

/* Mean and spread of the likeness to everybody: what likeness means differs from camera to camera
 * and from one kind of appearance to another. */
typedef struct {
  double mean, sd;
  guint n;
} Usual;

static Usual usual_likeness(const IvFloorTracker *t, const IvFloorTrack *track) {
  double sum = 0, sum2 = 0;
  guint n = 0;
  for (guint i = 0; i < t->people->len; i++) {
    double like = iv_floor_look_likeness(&track->look, &iv_floor_person_at(t, i)->look);
    if (isnan(like))
      continue;
    sum += like;
    sum2 += like * like;
    n++;
  }
  double mean = n ? sum / n : 0;
  return (Usual){mean, n ? sqrt(MAX(0, sum2 / n - mean * mean)) : 0, n};
}

/* Log of how much likelier it is the same person: two normal distributions of one spread. */
static double look_gain(const Usual *usual, const IvFloorTrack *track,
                        const IvFloorPerson *person) {
  gboolean lately;
  double like = likeness(track, person, &lately);
  if (isnan(like))
    return 0;
  if (lately)
    return CLAMP(LATELY_GAIN * (like - LATELY_EVEN), -LATELY_MAX, LATELY_MAX);
  if (usual->n < LOOKS_MIN || usual->sd <= 0)
    return 0;
  double gain = LOOK_GAP * ((like - usual->mean) / usual->sd - LOOK_GAP / 2);
  return CLAMP(gain, LOOK_MIN, LOOK_MAX);
}

static void give_track(const IvFloorTracker *t, IvFloorTrack *track, IvFloorPerson *person) {
  for (guint i = 0; i < track->held.marks->len; i++) {
    IvFloorMark mark =
        iv_floor_mark_of(t, &g_array_index(track->held.marks, IvFloorMark, i), person);
    for (guint c = 0; c < G_N_ELEMENTS(person->in_camera) && !person->two_cameras; c++)
      person->two_cameras = c != mark.camera && iv_floor_person_is_in(person, c, mark.ts);
    iv_floor_person_mark(person, &mark);
  }
  iv_floor_look_join(&person->look, &track->look);
  if (track->glimpse.ts != 0)
    person->glimpses[track->key.camera] = track->glimpse;
  if (track->stature.n > person->stature.n)
    person->stature = track->stature;
  g_array_set_size(track->held.marks, 0);
  track->person = person;
}

gboolean iv_floor_track_is_due(const IvFloorTrack *track, IvTime ts) {
  return !track->person && track->held.marks->len > 0 &&
         (track->over || ts - track->first >= SETTLE);
}

static void set_prices(const IvFloorTracker *t, GPtrArray *due, double *price) {
  for (guint r = 0; r < due->len; r++) {
    const IvFloorTrack *track = g_ptr_array_index(due, r);
    Usual usual = usual_likeness(t, track);
    for (guint c = 0; c < t->people->len; c++) {
      double place = price_place(t, track, iv_floor_person_at(t, c));
      price[(gsize)r * t->people->len + c] =
          place > 3 * LIMIT ? INFINITY : place - look_gain(&usual, track, iv_floor_person_at(t, c));
    }
  }
}

/* Gives away what fits somebody, in the best way together, but one track to each, as the next one's
 * price depends on it. When nothing fits, the first begins somebody new, who may be whose the
 * others are. */
static void give_round(IvFloorTracker *t, GPtrArray *due) {
  g_autofree double *price = g_new(double, (gsize)due->len *MAX(t->people->len, 1));
  g_autofree int *match = g_new(int, due->len);
  set_prices(t, due, price);
  iv_assignment_solve(t->assignment, price, due->len, t->people->len, LIMIT, match);
  gboolean any = FALSE;
  for (guint r = 0; r < due->len; r++) {
    if (match[r] < 0)
      continue;
    give_track(t, g_ptr_array_index(due, r), iv_floor_person_at(t, (guint)match[r]));
    any = TRUE;
  }
  if (any)
    return;
  IvFloorPerson *person = iv_floor_person_new(++t->last_id);
  g_ptr_array_add(t->people, person);
  give_track(t, g_ptr_array_index(due, 0), person);
}

void iv_floor_give_out_tracks(IvFloorTracker *t, IvTime ts) {
  for (;;) {
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    for (guint i = 0; i < t->tracks->len; i++)
      if (iv_floor_track_is_due(iv_floor_track_at(t, i), ts))
        g_ptr_array_add(due, iv_floor_track_at(t, i));
    if (due->len == 0)
      return;
    give_round(t, due);
  }
}
