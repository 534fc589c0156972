/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "model/scene.h"
#include "rules/camera_rules.h"
#include "track/tracker.h"

/* The store stage: what the trackers of all cameras see becomes people on the floor plan
 * (identity/floor_tracker.h), and what is drawn on the plan is counted there. The same code runs
 * live and in `eval kpi`.
 *
 * It stands still while there is no plan or no camera that is calibrated. Events come out under the
 * plan's id (IV_FLOOR_PLAN_ID) and name visitors: numbers of the store's day that do not come again
 * after a start. Crossings are nameless: who came in by which door is told only once it is known
 * over a whole visit.
 *
 * Pure; one thread at a time. */
typedef struct IvFloorStage IvFloorStage;

typedef struct {
  IvRuleLimits limits;  /* as for cameras; what places on a plan need is put in here */
  IvRulesSource source; /* camera_id is set here */
  GTimeZone *zone;      /* the store's; a reference is taken */
} IvFloorStageConfig;

/* `plan` may be one that is not drawn yet (iv_scene_is_plan is FALSE). Scenes are copied; cameras
 * keep their places in the list; at a place that is NULL there is none. Of those that are
 * calibrated the first IV_FLOOR_CAMERAS_MAX. */
IvFloorStage *iv_floor_stage_new(const IvFloorStageConfig *config, const IvScene *plan,
                                 const IvScene *const *cameras, guint n_cameras);
void iv_floor_stage_free(IvFloorStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFloorStage, iv_floor_stage_free)

/* Whether the plan counts at all, and whether that camera is on it. */
gboolean iv_floor_stage_is_active(const IvFloorStage *stage);
gboolean iv_floor_stage_has_camera(const IvFloorStage *stage, guint camera);

/* The camera's tracker has new points (iv_tracker_points). */
void iv_floor_stage_see(IvFloorStage *stage, guint camera, const IvTracker *tracker);

/* Somebody says whether that track is staff, now; the most of what was said of a person holds.
 * After iv_floor_stage_see. */
void iv_floor_stage_vote_staff(IvFloorStage *stage, guint camera, guint64 tracklet, IvTime ts,
                               gboolean is_staff);

/* All frames up to `ts` were given: appends the events that follow to `ret_events` (GArray of
 * IvEvent). What is told is iv_floor_stage_lag behind. A `ts` that does not rise is ignored. */
void iv_floor_stage_advance(IvFloorStage *stage, IvTime ts, GArray *ret_events);
IvTime iv_floor_stage_lag(void);

/* Points that came when their time had been told already, since creation: where somebody was then
 * is lost. */
guint iv_floor_stage_late(const IvFloorStage *stage);

/* An edit of the plan, or of a camera's picture. Where that changes the floor (walls, doors,
 * calibrations), everybody is taken for somebody new from here on. A camera whose `scene` is NULL
 * is gone. */
void iv_floor_stage_set_plan(IvFloorStage *stage, const IvScene *plan, GArray *ret_events);
void iv_floor_stage_set_camera(IvFloorStage *stage, guint camera, const IvScene *scene,
                               GArray *ret_events);

/* The end of it all. */
void iv_floor_stage_finish(IvFloorStage *stage, GArray *ret_events);

/* The plan's rules as they stand; NULL while there is no plan. */
const IvCameraRules *iv_floor_stage_rules(const IvFloorStage *stage);

/* Who is on the floor now, without staff: at most `max` points in order of id. */
guint iv_floor_stage_people(const IvFloorStage *stage, guint max, IvTrackPoint *ret_points);
