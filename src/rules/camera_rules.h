/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "model/scene.h"
#include "model/track.h"
#include "rules/heat.h"
#include "rules/queue.h"
#include "rules/report.h"
#include "rules/thresholds.h"

/* The rules that need one camera's tracks only: crossings with turn-backs, groups, pass-by, zone
 * visits and capacity, queues, heat map and live occupancy. Pure: the events follow from the points
 * and the scene alone. One thread at a time. */
typedef struct IvCameraRules IvCameraRules;

/* `scene` is copied. The heat map lies on the picture in 32x18 cells, that of a floor plan in cells
 * of 0.5 m. */
IvCameraRules *iv_camera_rules_new(const IvRuleLimits *limits, const IvRulesSource *source,
                                   const IvScene *scene);
void iv_camera_rules_free(IvCameraRules *rules);

/* Takes the tracker's points in order (iv_tracker_points) and appends the events that follow to
 * `ret_events` (GArray of IvEvent). Tentative points are ignored. O(points × (lines + zones +
 * lanes)). */
void iv_camera_rules_update(IvCameraRules *rules, const IvTrackPoint *points, guint n,
                            GArray *ret_events);

/* Somebody known to be of the staff was seen there (a share of the picture): lanes open with staff,
 * and a zone's capacity is for everybody; nothing else counts them. */
void iv_camera_rules_see_staff(IvCameraRules *rules, IvPoint ground, IvTime ts);

/* Where a visitor is on the floor plan, as the store's cameras together know: tells who walks on
 * together, out of this camera's sight too. Only for cameras that are calibrated. */
void iv_camera_rules_see_on_floor(IvCameraRules *rules, guint64 visitor, IvTime ts, IvPlanPoint at);

/* The picture has been looked at until `ts`: time passes in the queues, also when nobody is there,
 * and heat maps of past minutes are told.
 * Call it after each update, and each second while a still picture is known to come. */
void iv_camera_rules_tick(IvCameraRules *rules, IvTime ts, GArray *ret_events);

/* Nothing is known to come for a while: tells the heat map as far as it goes. */
void iv_camera_rules_rest(IvCameraRules *rules, GArray *ret_events);

/* The end of everything: of what goes on (queues) nobody will know how it ended. Ended tracks were
 * told before. */
void iv_camera_rules_finish(IvCameraRules *rules, GArray *ret_events);

/* Puts a new scene version in force at `ts`: open stays end there under the old version, sides of
 * lines are forgotten (a track in the middle of a crossing is not counted under either). */
void iv_camera_rules_set_scene(IvCameraRules *rules, const IvScene *scene, IvTime ts,
                               GArray *ret_events);

const IvScene *iv_camera_rules_scene(const IvCameraRules *rules);

/* People seen inside zone number `zone` (index in the scene) now. */
guint iv_camera_rules_occupancy(const IvCameraRules *rules, guint zone);

/* Lines of people and lanes now. */
const IvQueues *iv_camera_rules_queues(const IvCameraRules *rules);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCameraRules, iv_camera_rules_free)
