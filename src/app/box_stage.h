/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "rules/camera_rules.h"
#include "sim/scenario.h"

/* The product's tracker, its store stage and its rules over a simulated store at box level: noisy
 * boxes of every camera in, events out, as real cameras would make them.
 *
 * - Each camera has a tracker; lines are counted in its picture by its own tracks.
 * - The tracks of all cameras become people on the floor plan (identity/floor_tracker.h); zones and
 *   lanes are counted there.
 * - Staff are left out by the simulator's own word, person by person: what V10 will do.
 *
 * One thread; pure. The scenario must outlive it. */
typedef struct IvBoxStage IvBoxStage;

IvBoxStage *iv_box_stage_new(const IvScenario *scenario, const IvRuleLimits *limits);
void iv_box_stage_free(IvBoxStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvBoxStage, iv_box_stage_free)

/* An analysed frame of one camera; `staff` per detection, of the simulator. Frames of all cameras
 * in order of time but for the errors of their clocks. */
void iv_box_stage_take(IvBoxStage *stage, guint camera, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, const gboolean *staff, guint n,
                       GArray *ret_events);

/* No more frames until `ts`: what was held back is told. Who was still there has not left. */
void iv_box_stage_settle(IvBoxStage *stage, IvTime ts, GArray *ret_events);

/* As iv_sim_stage_scene. */
guint iv_box_stage_n_scenes(const IvBoxStage *stage);
const IvScene *iv_box_stage_scene(const IvBoxStage *stage, guint i);
