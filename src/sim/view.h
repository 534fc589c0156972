/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/grid.h"

/* Which camera sees whom. A floor spot is seen when its foot point is in the picture, a person of
 * 1.70 m there is at least 40 px high in a picture scaled to 640 px, and the straight line to 0.90
 * m above it is free of obstacles and walls; doors and windows are glass. The ideal view looks
 * through fixtures, not through walls. Worked out once for each cell of the grid, at its centre;
 * nobody sees into a cabin. Immutable once made. */

typedef struct IvView IvView;

IvView *iv_view_new(const IvScenario *s, const IvGrid *grid, gboolean ideal);
void iv_view_free(IvView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvView, iv_view_free)

/* Where (0..1 of from→p) the straight way leaves the obstacle for good, or -1 when it does not
 * cross its outline. */
double iv_obstacle_left(const IvObstacle *obstacle, IvSpot from, IvSpot p);

/* An outer wall, and neither door nor window, stands in the straight way from the camera to p. */
gboolean iv_view_behind_wall(const IvScenario *s, const IvSimCamera *camera, IvSpot p);

/* Bit c: camera c sees the cell of p. */
guint32 iv_view_cameras(const IvView *view, IvSpot p);

/* Whether any camera sees its cell and has the spot itself in the picture. */
gboolean iv_view_sees(const IvView *view, IvSpot p);

/* Foot point in the picture, 0..1 with y down; FALSE when it lies outside of it. */
gboolean iv_view_project(const IvView *view, guint camera, IvSpot p, float *ret_u, float *ret_v);
