/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/camera_pose.h"
#include "model/scene.h"

/* What calibrated cameras see of the floor plan. A place is seen when a person who stands there is
 * large enough in the picture (iv_pose_sees) and the straight line from the camera to 0.90 m above
 * it meets no drawn wall or obstacle. What is not drawn hides nothing here: without obstacles the
 * blind spots are fewer than in the store. Pure. */

#define IV_SIGHT_M 0.90
#define IV_FLOOR_VIEW_CELLS_MAX 40000
#define IV_FLOOR_VIEW_CELL_M 0.25 /* doubled until the plan has no more cells than that */
#define IV_FLOOR_VIEW_CAMERAS_MAX 128
#define IV_CELL_OUTSIDE 255 /* no floor: outside the walls, or an obstacle */
#define IV_VIEW_POINTS_MAX 66

/* A camera as the plan sees it. */
typedef struct {
  gboolean has_pose; /* FALSE: not calibrated; the plan ignores the camera */
  IvCameraPose pose;
} IvSight;

IvSight iv_sight_of(const IvScene *camera);

/* The view on an empty floor: what of the picture lies below the horizon, cut where people are too
 * small. Metres, not cut to the plan; returns the number of corners, 0 = sees no floor. */
guint iv_sight_polygon(const IvSight *sight, IvPlanPoint ret_points[IV_VIEW_POINTS_MAX]);

gboolean iv_sight_sees(const IvSight *sight, const IvPlanSheet *plan, IvPlanPoint at);

/* Inside the walls and in no obstacle. */
gboolean iv_plan_is_floor(const IvPlanSheet *plan, IvPlanPoint at);

/* Cells from the top left corner of the plan, row by row, each judged at its middle. */
typedef struct {
  double cell_m;
  guint columns, rows;
  guint8 *cells; /* how many cameras see it, or IV_CELL_OUTSIDE; owned */
  double floor_m2, blind_m2;
  guint n_cameras;
  double *seen_m2;    /* of each camera; owned */
  double *overlap_m2; /* of each pair, [i * n_cameras + k]; owned */
} IvFloorView;

/* `sights`: at most IV_FLOOR_VIEW_CAMERAS_MAX. The caller frees. */
IvFloorView *iv_floor_view_new(const IvPlanSheet *plan, const IvSight *sights, guint n);
void iv_floor_view_free(IvFloorView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFloorView, iv_floor_view_free)

typedef struct {
  IvPlanPoint at; /* a cell of it, near its middle */
  double area_m2;
} IvBlindSpot;

/* Floor that no camera sees, in connected pieces of at least `min_m2`, largest first (GArray of
 * IvBlindSpot). The caller frees. */
GArray *iv_floor_view_blind_spots(const IvFloorView *view, double min_m2);
