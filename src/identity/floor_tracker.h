/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "identity/floor_camera.h"
#include "model/scene.h"
#include "model/track.h"

/* People on the floor plan: the tracks that a store's calibrated cameras make, each in its own
 * picture, become people who are in one place at a time, wherever cameras overlap, take over from
 * each other or lose somebody for a while. Zones, lines, lanes and heat maps that are drawn on the
 * plan are counted on what comes out here.
 *
 * A track is held back for half a second, or longer while it is not clear whose it is. Then it goes
 * to the person whose way it continues best (distance on the floor against its uncertainty, time in
 * between, appearance), or begins a new one, which inside of the store is unlikely. Two people who
 * are never in one camera together and walk as one are joined; a track that parts from its person
 * is set free. A person is confirmed by moving, by two cameras, or by good scores: a poster is seen
 * again and again, weakly and in one place. Who stands is told in one place.
 *
 * What comes out is `lag` behind and not changed later. Deterministic; no clock. One thread at a
 * time. */
typedef struct IvFloorTracker IvFloorTracker;

#define IV_FLOOR_CAMERAS_MAX 128

typedef struct {
  IvTime lag;       /* between a frame and the points of its time; more means better places */
  IvTime tick;      /* between two points of a person */
  IvTime gap;       /* unseen for so long at most: the straight way is filled in */
  IvTime keep_lost; /* unseen for longer: the person is given up; who is seen again before that,
                       near the place where he was hidden, stayed there */
} IvFloorTrackerConfig;

/* 3 s; 0.5 s; 10 s; 20 min. */
IvFloorTrackerConfig iv_floor_tracker_config_default(void);

#define IV_FLOOR_EXITS_MAX 32

/* The plan, metres from its upper left corner. Who was seen last outside of `walls` or near an exit
 * has probably left, everybody else is still somewhere. */
typedef struct {
  double width, height;
  guint n_walls; /* corners of the store's outline; 0 = all of the plan is inside */
  IvPoint walls[IV_POLYGON_MAX];
  guint n_exits;
  IvPlanPoint exits[IV_FLOOR_EXITS_MAX]; /* middles of the entrance lines */
} IvFloorPlan;

/* `config` NULL = the defaults. Cameras are copied; their numbers are their places in the list. */
IvFloorTracker *iv_floor_tracker_new(const IvFloorTrackerConfig *config, const IvFloorPlan *plan,
                                     const IvFloorCamera *cameras, guint n_cameras);
void iv_floor_tracker_free(IvFloorTracker *tracker);

/* What a camera's tracker gave at a frame (iv_tracker_points): confirmed points in order of time of
 * each track; those of a track just confirmed may be older. `look` may be NULL. LOST and ENDED
 * points end the track's part here. */
void iv_floor_tracker_see(IvFloorTracker *tracker, guint camera, const IvTrackPoint *point,
                          const IvAppearance *look);

/* All frames up to `ts` were given: moves on and returns the new points of people, in order of
 * person and time. `tracklet_id` is the person, `ground` the place in shares of the plan, the box
 * that point alone. LOST when somebody is unseen for longer than `gap`, ENDED when he is given up.
 * Borrowed until the next call. */
const IvTrackPoint *iv_floor_tracker_advance(IvFloorTracker *tracker, IvTime ts, guint *ret_n);

/* Everybody leaves: what is still held back, then ENDED for all. As above. */
const IvTrackPoint *iv_floor_tracker_finish(IvFloorTracker *tracker, guint *ret_n);

/* Who a camera's track is; 0 = not decided yet, or unknown. */
guint64 iv_floor_tracker_person_of(const IvFloorTracker *tracker, guint camera, guint64 tracklet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFloorTracker, iv_floor_tracker_free)
