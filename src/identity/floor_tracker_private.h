/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/assignment.h"
#include "identity/floor_person.h"
#include "identity/floor_tracker.h"

/* The state of a floor tracker and what its files call of each other. Private to this room. */

#define IV_FLOOR_SPAN (900 * IV_MS)      /* of the marks that a place is made from, either side */
#define IV_FLOOR_NEAR_MARK (450 * IV_MS) /* so near to a mark a place is known */
#define IV_FLOOR_CLOCK_SD 0.35 /* metres: cameras' clocks differ by some tenths of a second */
#define IV_FLOOR_SHOTS 3       /* seconds */

typedef struct {
  guint64 tracklet;
  guint camera;
} IvFloorKey;

typedef struct {
  IvFloorKey key;
  IvFloorPerson *person; /* NULL = held back */
  IvFloorPath held;
  IvFloorLook look;                     /* since it began or was set free */
  IvFloorEvidence looks;                /* what that says */
  IvFloorGlimpse glimpse;               /* latest */
  IvFloorGlimpse shots[IV_FLOOR_SHOTS]; /* one a second, of the time with its person; a ring */
  guint n_shots;
  IvTime unlike; /* since when it looks like somebody else; 0 = it does not */
  IvStature stature;
  IvTallness lately; /* iv_floor_camera_place */
  IvTime first, last;
  IvTime apart; /* since when it is not where its person is; 0 = it is */
  IvTime waits; /* step at which it was not clear whose it is */
  gboolean over;
} IvFloorTrack;

struct IvFloorTracker {
  IvFloorTrackerConfig config;
  IvFloorPlan plan;
  IvFloorCamera *cameras;
  guint n_cameras;
  GHashTable *by_key; /* IvFloorKey → IvFloorTrack, borrowed */
  GPtrArray *tracks;  /* IvFloorTrack, owned, in order of appearance */
  GPtrArray *people;  /* IvFloorPerson, owned, in order of id */
  guint64 last_id;
  IvFloorLooks *looks;
  IvTime newest;  /* mark */
  IvTime stepped; /* IV_TIME_NONE before the first */
  IvTime joined;
  GArray *points; /* IvTrackPoint */
  IvAssignment *assignment;
};

static inline IvFloorTrack *iv_floor_track_at(const IvFloorTracker *t, guint i) {
  return g_ptr_array_index(t->tracks, i);
}

static inline IvFloorPerson *iv_floor_person_at(const IvFloorTracker *t, guint i) {
  return g_ptr_array_index(t->people, i);
}

/* Who is last seen there has probably left. */
gboolean iv_floor_is_at_exit(const IvFloorTracker *t, double x, double y);

/* floor_price.c: whose tracks those are that are known for long enough. */
void iv_floor_give_out_tracks(IvFloorTracker *t, IvTime ts);
gboolean iv_floor_track_is_due(const IvFloorTrack *track, IvTime ts);

/* floor_join.c: two who walk as one and are never in one camera together become one. */
void iv_floor_join_people(IvFloorTracker *t, IvTime ts);

/* floor_tell.c: the points of everybody, as far as they are sure at `ts`. */
void iv_floor_tell_people(IvFloorTracker *t, IvTime ts);
void iv_floor_end_person(IvFloorTracker *t, IvFloorPerson *person);
