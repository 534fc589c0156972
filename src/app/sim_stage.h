/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/sim_scene.h"
#include "rules/camera_rules.h"
#include "sim/sim.h"

/* The product's rules over a simulated store at track level: points of the simulator in, events
 * out, as real cameras would make them.
 *
 * - Lines are counted by their camera, in its picture, from its own tracklets.
 * - Zones are counted on the floor plan, from the people that the cameras see together: what
 *   identity will give (V5), which at track level is taken as perfect. The plan stands as a camera
 *   of its own, IV_SIM_PLAN, whose picture is the floor.
 * - Queues and lanes are on the plan too: the scenario's queue areas and paths, a small area round
 *   each service and staff point, true metres. The first IV_SCENE_LANES_MAX lanes only.
 * - Staff are left out, as V10 will; at track level that too is perfect. They open lanes.
 * - Who is who is perfect too: an agent is one visitor, numbered by agent, of the store's day of
 *   the first sight. So visits (rules/visits.h) are told too; they end at IV_QUIET_HOUR.
 *
 * One thread; pure. The scenario must outlive it. */
typedef struct IvSimStage IvSimStage;

#define IV_SIM_PLAN IV_FLOOR_PLAN_ID
#define IV_SIM_EDGE "simulator" /* edge_id of its events */

IvSimStage *iv_sim_stage_new(const IvScenario *scenario, const IvRuleLimits *limits);
void iv_sim_stage_free(IvSimStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSimStage, iv_sim_stage_free)

/* Points of one tick (IvSimOutput.points); `ts` goes up. Between two ticks nobody was seen. */
void iv_sim_stage_take(IvSimStage *stage, IvTime ts, const IvSimPoint *points, guint n,
                       GArray *ret_events);

/* Ends the visits that go on (of those inside nobody will know how long they stayed), but no track.
 */
void iv_sim_stage_end_visits(IvSimStage *stage, GArray *ret_events);

/* Ends every track and whatever goes on. */
void iv_sim_stage_end(IvSimStage *stage, GArray *ret_events);

/* The cameras as a store's configuration names them, for a catalog: those with a line, and the
 * plan. */
guint iv_sim_stage_n_scenes(const IvSimStage *stage);
const IvScene *iv_sim_stage_scene(const IvSimStage *stage, guint i);

/* The rules of that camera as they stand, and whom it has seen at `since` or later, at most `max`
 * (in no order; staff are left out). */
const IvCameraRules *iv_sim_stage_rules(const IvSimStage *stage, guint i);
guint iv_sim_stage_tracks(const IvSimStage *stage, guint i, IvTime since, guint max,
                          IvTrackPoint *ret_tracks);
