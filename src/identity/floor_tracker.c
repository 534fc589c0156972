/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_tracker.h"

#include <math.h>

#include "identity/floor_tracker_private.h"

#define STEP (250 * IV_MS) /* between decisions */
#define AT_EXIT 2.0        /* metres */
#define UNLIKE 0.4
#define UNLIKE_FOR (500 * IV_MS)
#define PART_AFTER IV_SECOND
#define PART_GATE 6.0
#define PART_FROM 0.8 /* metres */
#define ALONE 2.5     /* metres */
#define ALONE_FOR (2 * IV_SECOND)

IvFloorTrackerConfig iv_floor_tracker_config_default(void) {
  return (IvFloorTrackerConfig){.lag = 3 * IV_SECOND,
                                .tick = IV_SECOND / 2,
                                .gap = 10 * IV_SECOND,
                                .keep_lost = 20 * IV_MINUTE};
}

/* ---- life ---- */

static guint key_hash(gconstpointer p) {
  const IvFloorKey *key = p;
  return (guint)(key->tracklet * 31 + key->camera);
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const IvFloorKey *x = a, *y = b;
  return x->tracklet == y->tracklet && x->camera == y->camera;
}

static void track_free(gpointer data) {
  IvFloorTrack *track = data;
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
  tracker->looks = iv_floor_looks_new(n_cameras);
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
  iv_floor_looks_free(tracker->looks);
  g_free(tracker->cameras);
  g_free(tracker);
}

gboolean iv_floor_is_at_exit(const IvFloorTracker *t, double x, double y) {
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

static IvFloorTrack *add_track(IvFloorTracker *t, IvFloorKey key, IvTime ts) {
  IvFloorTrack *track = g_new0(IvFloorTrack, 1);
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
  for (guint c = 0; c < IV_FLOOR_CAMERAS_MAX && !seen_by_others; c++)
    seen_by_others = c != mark->camera && iv_floor_person_is_in(person, c, mark->ts);
  if (!seen_by_others)
    return FALSE;
  IvFloorState others, here = iv_floor_mark_state(mark);
  if (!iv_floor_path_without(&person->path, mark->camera, mark->ts, IV_FLOOR_SPAN / 2, &others))
    return FALSE;
  return iv_floor_apart(&others, &here, IV_FLOOR_CLOCK_SD).distance2 > PART_GATE &&
         hypot(here.x - others.x, here.y - others.y) > PART_FROM;
}

static void set_free(IvFloorTrack *track, IvTime ts) {
  track->person = NULL;
  track->apart = track->unlike = 0;
  track->n_shots = 0;
  track->first = ts;
  track->look = (IvFloorLook){0};
}

/* A track that goes its own way for a while is somebody else's. */
static void part(IvFloorTrack *track, const IvFloorMark *mark) {
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
static void watch_looks(IvFloorTrack *track, IvTime ts, const IvAppearance *look) {
  const IvFloorGlimpse *newest =
      &track->shots[(track->n_shots + IV_FLOOR_SHOTS - 1) % IV_FLOOR_SHOTS];
  if (track->n_shots == 0 || ts - newest->ts >= IV_SECOND) {
    track->shots[track->n_shots % IV_FLOOR_SHOTS] = (IvFloorGlimpse){*look, ts};
    track->n_shots++;
  }
  if (track->n_shots < IV_FLOOR_SHOTS)
    return;
  const IvFloorGlimpse *oldest = &track->shots[track->n_shots % IV_FLOOR_SHOTS];
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

static gboolean is_seen_with(const IvFloorTrack *track, const IvFloorTrack *other) {
  return other != track && !other->over && other->look.n >= IV_FLOOR_LOOKS_MIN &&
         track->last - other->last < IV_SECOND;
}

static gboolean is_alone(const IvFloorTracker *t, const IvFloorPerson *person) {
  const IvFloorMark *here = iv_floor_path_last(&person->path);
  for (guint i = 0; here && i < t->people->len; i++) {
    const IvFloorPerson *other = iv_floor_person_at(t, i);
    const IvFloorMark *there = iv_floor_path_last(&other->path);
    if (other != person && there && here->ts - there->ts < ALONE_FOR &&
        hypot(here->place.x - there->place.x, here->place.y - there->place.y) < ALONE)
      return FALSE;
  }
  return here != NULL;
}

/* Two in one camera are two; two tracks of somebody who is far from everybody are one. */
static void learn_looks(IvFloorTracker *t, const IvFloorTrack *track) {
  const IvFloorTrack *beside = NULL;
  gboolean alone = track->person && is_alone(t, track->person);
  for (guint i = 0; i < t->tracks->len; i++) {
    const IvFloorTrack *other = iv_floor_track_at(t, i);
    if (!is_seen_with(track, other))
      continue;
    if (other->key.camera == track->key.camera)
      beside = other;
    else if (alone && other->person == track->person)
      iv_floor_looks_learn_same(t->looks, track->key.camera, &track->look, other->key.camera,
                                &other->look);
  }
  iv_floor_looks_learn(t->looks, track->key.camera, &track->look, beside ? &beside->look : NULL);
}

static void take_look(IvFloorTracker *t, IvFloorTrack *track, IvTime ts, const IvAppearance *look) {
  track->glimpse = (IvFloorGlimpse){*look, ts};
  iv_floor_look_add(&track->look, look);
  if (track->look.n == IV_FLOOR_LOOKS_MIN)
    learn_looks(t, track);
  if (track->person)
    track->person->glimpses[track->key.camera] = track->glimpse;
}

/* What is known of everybody's looks by now. */
static void weigh_looks(IvFloorTracker *t) {
  for (guint i = 0; i < t->people->len; i++)
    iv_floor_person_at(t, i)->looks = iv_floor_person_at(t, i)->former;
  for (guint i = 0; i < t->tracks->len; i++) {
    IvFloorTrack *track = iv_floor_track_at(t, i);
    iv_floor_looks_evidence(t->looks, track->key.camera, &track->look, &track->looks);
    if (track->person)
      iv_floor_evidence_add(&track->person->looks, &track->looks);
  }
}

static void take_mark(IvFloorTracker *t, IvFloorTrack *track, const IvFloorMark *mark,
                      const IvAppearance *look) {
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
    take_look(t, track, mark->ts, look);
}

void iv_floor_tracker_see(IvFloorTracker *t, guint camera, const IvTrackPoint *point,
                          const IvAppearance *look) {
  IvFloorKey key = {point->tracklet_id, camera};
  IvFloorTrack *track = g_hash_table_lookup(t->by_key, &key);
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
  mark.lately = track->lately.metres;
  if (placed)
    take_mark(t, track, &mark, look);
}

guint64 iv_floor_tracker_person_of(const IvFloorTracker *t, guint camera, guint64 tracklet) {
  IvFloorKey key = {tracklet, camera};
  const IvFloorTrack *track = g_hash_table_lookup(t->by_key, &key);
  return track && track->person ? track->person->id : 0;
}

static gboolean belongs_to_gone(const IvFloorTrack *track) {
  return track->person && track->person->gone;
}

static void drop_gone(IvFloorTracker *t) {
  for (guint i = t->tracks->len; i-- > 0;) {
    IvFloorTrack *track = iv_floor_track_at(t, i);
    if ((track->over && !iv_floor_track_is_due(track, G_MAXINT64)) || belongs_to_gone(track)) {
      if (track->person)
        iv_floor_evidence_add(&track->person->former, &track->looks);
      g_hash_table_remove(t->by_key, &track->key);
      g_ptr_array_remove_index(t->tracks, i);
    }
  }
  for (guint i = t->people->len; i-- > 0;)
    if (iv_floor_person_at(t, i)->gone)
      g_ptr_array_remove_index(t->people, i);
}

static void step(IvFloorTracker *t, IvTime ts) {
  weigh_looks(t);
  iv_floor_give_out_tracks(t, ts);
  iv_floor_join_people(t, ts);
  iv_floor_tell_people(t, ts);
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
    iv_floor_track_at(t, i)->over = TRUE;
  IvTime end = MAX(t->newest, t->stepped == IV_TIME_NONE ? 0 : t->stepped);
  step(t, end + t->config.lag + t->config.gap);
  for (guint i = 0; i < t->people->len; i++)
    iv_floor_end_person(t, iv_floor_person_at(t, i));
  drop_gone(t);
  return points_of(t, ret_n);
}
