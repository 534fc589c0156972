/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_tracker.h"

#include <math.h>
#include <string.h>

#include "base/assignment.h"
#include "identity/floor_person.h"

#define STEP (250 * IV_MS)   /* between decisions */
#define SETTLE (500 * IV_MS) /* a track is watched so long before it is given to somebody */
#define SPAN (900 * IV_MS)   /* of the marks that a place is made from, either side */
#define NEAR_MARK (450 * IV_MS)
#define STAYED 3.0  /* metres: unseen for long, and seen again so near */
#define AT_EXIT 2.0 /* metres */
#define KEEP_LEFT (10 * IV_SECOND)
#define WALK 1.0                   /* metres per second */
#define LATE_MARKS (2 * IV_SECOND) /* kept behind what was told */
#define KEEP_UNPROVEN (20 * IV_SECOND)
#define KNOWN_STATURE 20 /* sights */
#define CLOCK_SD 0.35    /* metres: cameras' clocks differ by some tenths of a second */

/* Prices, half squared standard deviations. */
#define LIMIT 4.0       /* above it somebody new is likelier */
#define GATE 9.0        /* the same at once in two cameras */
#define WANDER 0.75     /* metres per second: how vague a place becomes unseen */
#define WANDER_MAX 2.0  /* metres: further away he would have been seen */
#define VAGUE_AREA 0.36 /* square metres: as good as in sight */
#define SPEED_MAX 2.6   /* metres per second */
#define SPEED_SLACK 1.2 /* metres */
#define REACH 4.0       /* metres, and so many SDs */
#define REACH_SDS 4.0
#define LOOKS_MIN 4  /* others to compare with */
#define LOOK_GAP 2.2 /* standard deviations that one's own looks are above others' */
#define LOOK_MAX 3.0
#define LOOK_MIN -3.5

/* Looks in one camera within LATELY. */
#define LATELY (6 * IV_SECOND)
#define LATELY_EVEN 0.55
#define LATELY_GAIN 30.0
#define LATELY_MAX 7.0
#define SHOTS 3 /* seconds */
#define UNLIKE 0.4
#define UNLIKE_FOR (500 * IV_MS)

/* Joining and parting. */
#define JOIN_TIME (2 * IV_SECOND)
#define JOIN_GATE 2.5
#define JOIN_GATE_NEW 5.0
#define JOIN_LOOK 4.0
#define LOOK_EVEN 0.3
#define JOIN_WITHIN 3.0 /* metres */
#define PART_AFTER IV_SECOND
#define PART_GATE 6.0
#define PART_FROM 0.8 /* metres */

typedef struct {
  guint64 tracklet;
  guint camera;
} Key;

typedef struct {
  Key key;
  IvFloorPerson *person; /* NULL = held back */
  IvFloorPath held;
  IvFloorLook look;
  IvFloorGlimpse glimpse;      /* latest */
  IvFloorGlimpse shots[SHOTS]; /* one a second, of the time with its person; a ring */
  guint n_shots;
  IvTime unlike; /* since when it looks like somebody else; 0 = it does not */
  IvStature stature;
  double lately; /* iv_floor_camera_place */
  IvTime first, last;
  IvTime apart; /* since when it is not where its person is; 0 = it is */
  gboolean over;
} Track;

struct IvFloorTracker {
  IvFloorTrackerConfig config;
  IvFloorPlan plan;
  IvFloorCamera *cameras;
  guint n_cameras;
  GHashTable *by_key; /* Key → Track, borrowed */
  GPtrArray *tracks;  /* Track, owned, in order of appearance */
  GPtrArray *people;  /* IvFloorPerson, owned, in order of id */
  guint64 last_id;
  IvTime newest;  /* mark */
  IvTime stepped; /* IV_TIME_NONE before the first */
  IvTime joined;
  GArray *points; /* IvTrackPoint */
  IvAssignment *assignment;
};

IvFloorTrackerConfig iv_floor_tracker_config_default(void) {
  return (IvFloorTrackerConfig){.lag = 3 * IV_SECOND,
                                .tick = IV_SECOND / 2,
                                .gap = 10 * IV_SECOND,
                                .keep_lost = 4 * IV_MINUTE};
}

/* ---- life ---- */

static guint key_hash(gconstpointer p) {
  const Key *key = p;
  return (guint)(key->tracklet * 31 + key->camera);
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const Key *x = a, *y = b;
  return x->tracklet == y->tracklet && x->camera == y->camera;
}

static void track_free(gpointer data) {
  Track *track = data;
  iv_floor_path_clear(&track->held);
  g_free(track);
}

IvFloorTracker *iv_floor_tracker_new(const IvFloorTrackerConfig *config, const IvFloorPlan *plan,
                                     const IvFloorCamera *cameras, guint n_cameras) {
  g_return_val_if_fail(n_cameras <= IV_FLOOR_CAMERAS_MAX, NULL);
  IvFloorTracker *tracker = g_new0(IvFloorTracker, 1);
  tracker->config = config ? *config : iv_floor_tracker_config_default();
  tracker->plan = *plan;
  tracker->n_cameras = n_cameras;
  tracker->cameras = g_memdup2(cameras, n_cameras * sizeof *cameras);
  tracker->by_key = g_hash_table_new(key_hash, key_equal);
  tracker->tracks = g_ptr_array_new_with_free_func(track_free);
  tracker->people = g_ptr_array_new_with_free_func(iv_floor_person_free);
  tracker->points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  tracker->assignment = iv_assignment_new();
  tracker->stepped = IV_TIME_NONE;
  return tracker;
}

void iv_floor_tracker_free(IvFloorTracker *tracker) {
  if (!tracker)
    return;
  g_hash_table_unref(tracker->by_key);
  g_ptr_array_unref(tracker->tracks);
  g_ptr_array_unref(tracker->people);
  g_array_unref(tracker->points);
  iv_assignment_free(tracker->assignment);
  g_free(tracker->cameras);
  g_free(tracker);
}

static Track *track_at(const IvFloorTracker *t, guint i) {
  return g_ptr_array_index(t->tracks, i);
}

static IvFloorPerson *person_at(const IvFloorTracker *t, guint i) {
  return g_ptr_array_index(t->people, i);
}

static gboolean is_at_exit(const IvFloorTracker *t, double x, double y) {
  const IvFloorPlan *plan = &t->plan;
  IvPoint at = {(float)x, (float)y};
  if (plan->n_walls >= 3 && !iv_polygon_contains(plan->walls, plan->n_walls, at))
    return TRUE;
  for (guint i = 0; i < plan->n_exits; i++)
    if (hypot(plan->exits[i].x - x, plan->exits[i].y - y) < AT_EXIT)
      return TRUE;
  return FALSE;
}

/* ---- what cameras see ---- */

static Track *add_track(IvFloorTracker *t, Key key, IvTime ts) {
  Track *track = g_new0(Track, 1);
  track->key = key;
  track->first = ts;
  iv_floor_path_init(&track->held);
  g_ptr_array_add(t->tracks, track);
  g_hash_table_insert(t->by_key, &track->key, track);
  return track;
}

/* Somebody else's place at that time, without this camera's own marks: whoever is seen by one
 * camera only cannot part from himself. */
static gboolean is_apart(const IvFloorPerson *person, const IvFloorMark *mark) {
  gboolean seen_by_others = FALSE;
  for (guint c = 0; c < IV_FLOOR_CAMERAS && !seen_by_others; c++)
    seen_by_others = c != mark->camera && iv_floor_person_is_in(person, c, mark->ts);
  if (!seen_by_others)
    return FALSE;
  IvFloorState others, here = iv_floor_mark_state(mark);
  if (!iv_floor_path_without(&person->path, mark->camera, mark->ts, SPAN / 2, &others))
    return FALSE;
  return iv_floor_apart(&others, &here, CLOCK_SD).distance2 > PART_GATE &&
         hypot(here.x - others.x, here.y - others.y) > PART_FROM;
}

static void set_free(Track *track, IvTime ts) {
  track->person = NULL;
  track->apart = track->unlike = 0;
  track->n_shots = 0;
  track->first = ts;
  track->look = (IvFloorLook){0};
}

/* A track that goes its own way for a while is somebody else's. */
static void part(Track *track, const IvFloorMark *mark) {
  if (!is_apart(track->person, mark)) {
    track->apart = 0;
    return;
  }
  if (track->apart == 0)
    track->apart = mark->ts;
  if (mark->ts - track->apart >= PART_AFTER)
    set_free(track, mark->ts);
}

/* A camera's tracker sometimes goes on with whoever stepped in front: then the looks change within
 * seconds. The track is set free, and what it said since is taken back. */
static void watch_looks(Track *track, IvTime ts, const IvAppearance *look) {
  const IvFloorGlimpse *newest = &track->shots[(track->n_shots + SHOTS - 1) % SHOTS];
  if (track->n_shots == 0 || ts - newest->ts >= IV_SECOND) {
    track->shots[track->n_shots % SHOTS] = (IvFloorGlimpse){*look, ts};
    track->n_shots++;
  }
  if (track->n_shots < SHOTS)
    return;
  const IvFloorGlimpse *oldest = &track->shots[track->n_shots % SHOTS];
  double like = iv_floor_likeness(look, &oldest->look);
  if (!(like < UNLIKE)) {
    track->unlike = 0;
    return;
  }
  if (track->unlike == 0)
    track->unlike = ts;
  if (ts - track->unlike < UNLIKE_FOR)
    return;
  IvFloorPerson *person = track->person;
  iv_floor_path_take_back(&person->path, track->key.camera, track->unlike - IV_SECOND);
  person->in_camera[track->key.camera] = 0;
  person->glimpses[track->key.camera] = *oldest;
  set_free(track, ts);
}

static void take_look(Track *track, IvTime ts, const IvAppearance *look) {
  track->glimpse = (IvFloorGlimpse){*look, ts};
  if (!track->person) {
    iv_floor_look_add(&track->look, look);
    return;
  }
  iv_floor_look_add(&track->person->look, look);
  track->person->glimpses[track->key.camera] = track->glimpse;
}

static void take_mark(Track *track, const IvFloorMark *mark, const IvAppearance *look) {
  track->last = MAX(track->last, mark->ts);
  if (track->person)
    part(track, mark);
  if (track->person && look)
    watch_looks(track, mark->ts, look);
  if (track->person)
    iv_floor_person_mark(track->person, mark);
  else
    iv_floor_path_add(&track->held, mark);
  if (look)
    take_look(track, mark->ts, look);
}

void iv_floor_tracker_see(IvFloorTracker *t, guint camera, const IvTrackPoint *point,
                          const IvAppearance *look) {
  Key key = {point->tracklet_id, camera};
  Track *track = g_hash_table_lookup(t->by_key, &key);
  if (point->state != IV_TRACK_CONFIRMED) {
    if (track && point->state != IV_TRACK_TENTATIVE)
      track->over = point->state == IV_TRACK_ENDED;
    return;
  }
  if (!track)
    track = add_track(t, key, point->ts);
  IvFloorMark mark = {.box = point->box, .ts = point->ts, .camera = camera, .score = point->score};
  /* The look of a track is one of now: earlier points have it too. */
  IvStature *stature = track->person ? &track->person->stature : &track->stature;
  t->newest = MAX(t->newest, point->ts);
  gboolean placed =
      iv_floor_camera_place(&t->cameras[camera], &point->box, stature, &track->lately, &mark.place);
  mark.lately = track->lately;
  if (placed)
    take_mark(track, &mark, look);
}

guint64 iv_floor_tracker_person_of(const IvFloorTracker *t, guint camera, guint64 tracklet) {
  Key key = {tracklet, camera};
  const Track *track = g_hash_table_lookup(t->by_key, &key);
  return track && track->person ? track->person->id : 0;
}

/* ---- whose track it is ---- */

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

/* Being at a place by chance is the likelier the vaguer the place is. */
static double price_of(IvFloorApart apart) {
  return apart.distance2 / 2 + MAX(0, log(apart.area / VAGUE_AREA));
}

/* The mark as that of somebody whose height is known: hidden feet are elsewhere then. */
static IvFloorMark mark_of(const IvFloorTracker *t, const IvFloorMark *mark,
                           const IvFloorPerson *person) {
  IvFloorMark his = *mark;
  IvStature stature = person->stature;
  if (stature.n > KNOWN_STATURE && !iv_floor_camera_place(&t->cameras[mark->camera], &mark->box,
                                                          &stature, &his.lately, &his.place))
    his.place = mark->place;
  return his;
}

/* Of the time in which both were seen, in the mean; NAN when there is none. */
static double price_together(const IvFloorTracker *t, const Track *track,
                             const IvFloorPerson *person) {
  const GArray *marks = track->held.marks;
  guint step = MAX(1, marks->len / 8), n = 0;
  double sum = 0;
  for (guint i = 0; i < marks->len; i += step) {
    const IvFloorMark *mark = &g_array_index(marks, IvFloorMark, i);
    IvFloorState at;
    if (mark->ts > person->last + NEAR_MARK ||
        !iv_floor_path_at(&person->path, mark->ts, SPAN / 2, &at))
      continue;
    IvFloorMark his = mark_of(t, mark, person);
    IvFloorState here = iv_floor_mark_state(&his);
    sum += price_of(iv_floor_apart(&at, &here, CLOCK_SD));
    n++;
  }
  return n > 0 ? sum / n : (double)NAN;
}

/* Seen again after a while: how far from where he was going, against how vague that has become. */
static double price_after(const IvFloorTracker *t, const Track *track,
                          const IvFloorPerson *person) {
  IvFloorState was, now;
  IvTime gap = MAX(0, track->first - person->last);
  if (!iv_floor_path_at(&person->path, person->last, SPAN, &was) ||
      !iv_floor_path_at(&track->held, track->first, SPAN, &now))
    return INFINITY;
  if (hypot(now.x - was.x, now.y - was.y) > SPEED_SLACK + SPEED_MAX * seconds(gap))
    return INFINITY;
  double vague = WANDER * seconds(gap), ahead = MIN(seconds(gap), 1.0);
  if (!is_at_exit(t, was.x, was.y))
    vague = MIN(vague, WANDER_MAX);
  was.x += ahead * was.vx;
  was.y += ahead * was.vy;
  return price_of(iv_floor_apart(&was, &now, hypot(CLOCK_SD, vague)));
}

/* Before anything is reckoned: most people are far from most tracks. */
static gboolean is_in_reach(const Track *track, const IvFloorPerson *person) {
  const IvFloorMark *last = iv_floor_path_last(&person->path);
  const IvFloorMark *first = &g_array_index(track->held.marks, IvFloorMark, 0);
  if (!last)
    return FALSE;
  double vague = last->place.sd_along + first->place.sd_along;
  double reach = REACH + REACH_SDS * vague + SPEED_MAX * fabs(seconds(first->ts - last->ts));
  return hypot(last->place.x - first->place.x, last->place.y - first->place.y) < reach;
}

static double price_place(const IvFloorTracker *t, const Track *track,
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
static double likeness(const Track *track, const IvFloorPerson *person, gboolean *ret_lately) {
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

static Usual usual_likeness(const IvFloorTracker *t, const Track *track) {
  double sum = 0, sum2 = 0;
  guint n = 0;
  for (guint i = 0; i < t->people->len; i++) {
    double like = iv_floor_look_likeness(&track->look, &person_at(t, i)->look);
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
static double look_gain(const Usual *usual, const Track *track, const IvFloorPerson *person) {
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

static void give_track(const IvFloorTracker *t, Track *track, IvFloorPerson *person) {
  for (guint i = 0; i < track->held.marks->len; i++) {
    IvFloorMark mark = mark_of(t, &g_array_index(track->held.marks, IvFloorMark, i), person);
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

static gboolean is_due(const Track *track, IvTime ts) {
  return !track->person && track->held.marks->len > 0 &&
         (track->over || ts - track->first >= SETTLE);
}

static void set_prices(const IvFloorTracker *t, GPtrArray *due, double *price) {
  for (guint r = 0; r < due->len; r++) {
    const Track *track = g_ptr_array_index(due, r);
    Usual usual = usual_likeness(t, track);
    for (guint c = 0; c < t->people->len; c++) {
      double place = price_place(t, track, person_at(t, c));
      price[(gsize)r * t->people->len + c] =
          place > 3 * LIMIT ? INFINITY : place - look_gain(&usual, track, person_at(t, c));
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
    give_track(t, g_ptr_array_index(due, r), person_at(t, (guint)match[r]));
    any = TRUE;
  }
  if (any)
    return;
  IvFloorPerson *person = iv_floor_person_new(++t->last_id);
  g_ptr_array_add(t->people, person);
  give_track(t, g_ptr_array_index(due, 0), person);
}

static void give_out_tracks(IvFloorTracker *t, IvTime ts) {
  for (;;) {
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    for (guint i = 0; i < t->tracks->len; i++)
      if (is_due(track_at(t, i), ts))
        g_ptr_array_add(due, track_at(t, i));
    if (due->len == 0)
      return;
    give_round(t, due);
  }
}

/* ---- joining ---- */

static gboolean share_camera(const IvFloorPerson *a, const IvFloorPerson *b, IvTime since) {
  for (guint c = 0; c < G_N_ELEMENTS(a->in_camera); c++)
    if (a->in_camera[c] > since && b->in_camera[c] > since)
      return TRUE;
  return FALSE;
}

/* How far the two are apart over the last seconds, half squared deviations; INFINITY when they were
 * not both there. */
static double apart_lately(const IvFloorPerson *a, const IvFloorPerson *b, IvTime ts) {
  double sum = 0;
  guint n = 0;
  for (IvTime at = ts - JOIN_TIME; at <= ts; at += IV_SECOND / 2) {
    IvFloorState p, q;
    if (!iv_floor_path_at(&a->path, at, SPAN / 2, &p) ||
        !iv_floor_path_at(&b->path, at, SPAN / 2, &q) || hypot(p.x - q.x, p.y - q.y) > JOIN_WITHIN)
      return INFINITY;
    sum += iv_floor_apart(&p, &q, CLOCK_SD).distance2 / 2;
    n++;
  }
  return sum / n;
}

/* Somebody who is new is likelier to be a double than two who were told apart for long. */
static gboolean are_one(const IvFloorPerson *a, const IvFloorPerson *b, IvTime ts) {
  const IvFloorMark *p = iv_floor_path_last(&a->path), *q = iv_floor_path_last(&b->path);
  if (!p || !q || hypot(p->place.x - q->place.x, p->place.y - q->place.y) > 3 * JOIN_WITHIN)
    return FALSE;
  double like = iv_floor_look_likeness(&a->look, &b->look);
  double gate = a->confirmed && b->confirmed ? JOIN_GATE : JOIN_GATE_NEW;
  if (!isnan(like))
    gate += JOIN_LOOK * (like - LOOK_EVEN);
  return apart_lately(a, b, ts) < gate;
}

static void hand_over_tracks(IvFloorTracker *t, const IvFloorPerson *from, IvFloorPerson *to) {
  for (guint i = 0; i < t->tracks->len; i++)
    if (track_at(t, i)->person == from)
      track_at(t, i)->person = to;
}

static void join_people(IvFloorTracker *t, IvTime ts) {
  if (ts - t->joined < IV_SECOND)
    return;
  t->joined = ts;
  IvTime at = ts - IV_SECOND / 2;
  for (guint i = 0; i < t->people->len; i++) {
    IvFloorPerson *a = person_at(t, i);
    for (guint k = i + 1; k < t->people->len && !a->gone; k++) {
      IvFloorPerson *b = person_at(t, k);
      if (b->gone || a->last < at - IV_SECOND || b->last < at - IV_SECOND ||
          share_camera(a, b, at - JOIN_TIME - IV_SECOND) || !are_one(a, b, at))
        continue;
      hand_over_tracks(t, b, a);
      iv_floor_person_join(a, b);
    }
  }
}

/* ---- what comes out ---- */

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
                                  !is_at_exit(t, before->place.x, before->place.y));
}

/* The place at a tick; FALSE when it is not known (yet). */
static gboolean place_at(const IvFloorTracker *t, const IvFloorPerson *person, IvTime ts,
                         IvFloorState *ret_state) {
  const IvFloorMark *before = iv_floor_path_before(&person->path, ts);
  const IvFloorMark *after = iv_floor_path_after(&person->path, ts);
  if ((before && ts - before->ts <= NEAR_MARK) || (after && after->ts - ts <= NEAR_MARK))
    return iv_floor_path_at(&person->path, ts, SPAN, ret_state);
  if (!before || !after || !is_filled(t, before, after))
    return FALSE;
  IvFloorState p, q;
  if (!iv_floor_path_at(&person->path, before->ts, SPAN, &p) ||
      !iv_floor_path_at(&person->path, after->ts, SPAN, &q))
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
  iv_floor_path_at(&person->path, person->told, SPAN, &at);
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
  if (before && tick - before->ts <= NEAR_MARK)
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
  if (!person->confirmed)
    return;
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

static void end_person(IvFloorTracker *t, IvFloorPerson *person) {
  if (person->confirmed && person->told != IV_TIME_NONE)
    tell_lost(t, person, IV_TRACK_ENDED);
  person->gone = TRUE;
}

static void tell_people(IvFloorTracker *t, IvTime ts) {
  IvTime until = ts - t->config.lag;
  for (guint i = 0; i < t->people->len; i++) {
    IvFloorPerson *person = person_at(t, i);
    if (person->gone) {
      tell_lost(t, person, IV_TRACK_ENDED);
      continue;
    }
    iv_floor_person_judge(person, ts);
    tell_person(t, person, until);
    IvTime unseen = until - person->last;
    const IvFloorMark *last = iv_floor_path_last(&person->path);
    gboolean left = last && is_at_exit(t, last->place.x, last->place.y);
    if (unseen > (left ? KEEP_LEFT : t->config.keep_lost) ||
        (!person->confirmed && unseen > KEEP_UNPROVEN))
      end_person(t, person);
  }
}

static gboolean belongs_to_gone(const Track *track) {
  return track->person && track->person->gone;
}

static void drop_gone(IvFloorTracker *t) {
  for (guint i = t->tracks->len; i-- > 0;) {
    Track *track = track_at(t, i);
    if ((track->over && !is_due(track, G_MAXINT64)) || belongs_to_gone(track)) {
      g_hash_table_remove(t->by_key, &track->key);
      g_ptr_array_remove_index(t->tracks, i);
    }
  }
  for (guint i = t->people->len; i-- > 0;)
    if (person_at(t, i)->gone)
      g_ptr_array_remove_index(t->people, i);
}

static void step(IvFloorTracker *t, IvTime ts) {
  give_out_tracks(t, ts);
  join_people(t, ts);
  tell_people(t, ts);
  drop_gone(t);
}

static const IvTrackPoint *points_of(const IvFloorTracker *t, guint *ret_n) {
  *ret_n = t->points->len;
  return (const IvTrackPoint *)(gconstpointer)t->points->data;
}

const IvTrackPoint *iv_floor_tracker_advance(IvFloorTracker *t, IvTime ts, guint *ret_n) {
  g_array_set_size(t->points, 0);
  if (t->stepped == IV_TIME_NONE || ts < t->stepped || ts - t->stepped > t->config.keep_lost)
    t->stepped = ts - ts % STEP;
  for (; t->stepped + STEP <= ts; t->stepped += STEP)
    step(t, t->stepped + STEP);
  return points_of(t, ret_n);
}

const IvTrackPoint *iv_floor_tracker_finish(IvFloorTracker *t, guint *ret_n) {
  g_array_set_size(t->points, 0);
  for (guint i = 0; i < t->tracks->len; i++)
    track_at(t, i)->over = TRUE;
  IvTime end = MAX(t->newest, t->stepped == IV_TIME_NONE ? 0 : t->stepped);
  step(t, end + t->config.lag + t->config.gap);
  for (guint i = 0; i < t->people->len; i++)
    end_person(t, person_at(t, i));
  drop_gone(t);
  return points_of(t, ret_n);
}
