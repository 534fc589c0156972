/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "model/heat.h"
#include "rules/report.h"

/* Heat map of one camera's picture, or of the floor plan: how long people were where, as one or
 * more heat.samples for each bucket of 5 minutes. The time between two sights of a track goes to
 * the cells along the straight way between them, in even pace, and to the buckets that it lies in.
 *
 * On a picture, who stands at its edge with feet below it counts in the outermost cells; on the
 * plan, what lies outside is not counted. Pure: the samples follow from the calls alone. Memory: a
 * number per cell, for each bucket that is not told yet (rarely more than two), and one more. */
typedef struct IvHeat IvHeat;

/* How a place, in shares of the picture or plan, falls into cells. */
typedef struct {
  IvHeatGrid grid;
  double columns_a_share, rows_a_share; /* cells over the whole width and height */
} IvHeatFloor;

IvHeatFloor iv_heat_floor_picture(void);
/* FALSE as iv_heat_grid_of_plan. */
gboolean iv_heat_floor_plan(double width_m, double height_m, IvHeatFloor *ret_floor);

IvHeat *iv_heat_new(const IvHeatFloor *floor, const IvRulesSource *source);
void iv_heat_free(IvHeat *heat);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvHeat, iv_heat_free)

/* Somebody was at `from`, then at `to`, and seen often enough in between. O(cells on the way). */
void iv_heat_walk(IvHeat *heat, IvPoint from, IvTime from_ts, IvPoint to, IvTime to_ts);

/* It is `ts`: appends the samples (GArray of IvEvent) of the buckets that nothing more is likely to
 * come to. What does come later makes another sample; so does a clock that goes back. Seconds are
 * told in tenths; what rounding leaves over is told with a later bucket, so that sums stay true. */
void iv_heat_tick(IvHeat *heat, IvTime ts, int scene_version, GArray *ret_events);

/* Tells all that is not told yet. */
void iv_heat_finish(IvHeat *heat, int scene_version, GArray *ret_events);
