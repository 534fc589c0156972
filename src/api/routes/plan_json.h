/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "model/floor_view.h"

/* Parts of the floor plan as docs/api/openapi.yaml promises them. Pure. New references. */

/* [x, y] in metres, to the millimetre. */
json_t *iv_plan_point_to_json(IvPlanPoint at);

/* Schema CalibrationError. */
json_t *iv_homography_error_to_json(const IvHomographyError *error);

/* Schema CameraPose. */
json_t *iv_pose_to_json(const IvCameraPose *pose);

/* The corners of what the camera sees; [] when it isn't calibrated. */
json_t *iv_sight_to_json(const IvSight *sight);

/* Schema PlanCoverage. */
json_t *iv_floor_view_to_json(const IvFloorView *coverage, gboolean obstacles_known);
