/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/camera_pose.h"

/* A calibrated camera: where on the floor somebody stands whose box it sees, and how sure that is.
 * Pure values. */

typedef struct {
  IvHomography to_plan;
  IvSize image_px;
  gboolean has_pose;
  IvCameraPose pose;
} IvFloorCamera;

/* `height_m`: of the camera as measured, 0 = not known. `has_pose` is FALSE where the floor does
 * not tell how the camera hangs (straight down, along the floor) and nobody measured it: then
 * hidden feet cannot be told from visible ones. */
IvFloorCamera iv_floor_camera_new(const IvHomography *to_plan, IvSize image_px, double height_m);

/* A place on the floor with its uncertainty: standard deviations along the line of sight and
 * across it, metres. */
typedef struct {
  double x, y;
  double sight_x, sight_y; /* unit vector away from the camera */
  double sd_along, sd_across;
} IvFloorPlace;

/* How tall somebody is, as far as is known. Feet are hidden more often than heads, so it grows with
 * what is seen; it falls for who looks equally small at different distances, as what hides feet
 * stands in one place. A cleared value knows nothing yet. */
typedef struct {
  double metres;
  guint n;                                     /* sights that went in */
  guint n_low;                                 /* in a row that were lower */
  double low_sum, low_sum2, low_near, low_far; /* their heights; distances from the camera */
} IvStature;

#define IV_STATURE_USUAL 1.70

/* Where the person of `box` stands, the next box of a track: the middle of its lower edge is where
 * the feet are. Feet behind a shelf or a person would put him further away; they are recognised by
 * the height that he would have there, and then the head and `stature` decide. `stature` is brought
 * up to date, and so is `lately`, the track's mean height over the lower edge of its boxes in the
 * last second (0 before the first): one box is too vague far away. FALSE when neither feet nor head
 * give a place. */
gboolean iv_floor_camera_place(const IvFloorCamera *camera, const IvBox *box, IvStature *stature,
                               double *lately, IvFloorPlace *ret_place);
