/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"
#include "sim/scenario.h"

/* Scenes of a simulated store, in the coordinates of the product: the floor plan begins at the top
 * left corner of the walls' bounding box, grown by IV_SIM_PLAN_MARGIN, since pavements are on it.
 * Pure.
 */

#define IV_SIM_PLAN_MARGIN 3.0 /* metres */

/* What of the floor is on the plan, in the scenario's metres: the walls' bounds and the margin, in
 * whole centimetres. */
IvFloorArea iv_sim_plan_area(const IvScenario *scenario);

/* From the scenario's metres to the plan's. */
IvPlanPoint iv_sim_on_plan(const IvScenario *scenario, IvSpot at);

/* Gives the scene of camera `camera` its picture's size, height and calibration: pairs of points as
 * somebody who makes no mistake points them out, within IV_SIM_PAIRS_REACH of the camera. FALSE
 * when the camera sees too little floor; then it stays uncalibrated. */
#define IV_SIM_PAIRS_REACH 18.0 /* metres from the camera along the floor */
gboolean iv_sim_calibrate(const IvScenario *scenario, guint camera, IvScene *scene);

/* Gives the plan's scene, whose size is set, the walls and obstacles of the scenario; at most
 * IV_PLAN_OBSTACLES_MAX, none of more than IV_POLYGON_MAX corners, no specks. */
void iv_sim_put_floor(const IvScenario *scenario, IvScene *plan);
