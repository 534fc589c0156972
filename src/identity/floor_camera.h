/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/camera_pose.h"
#include "identity/stature.h"

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

/* What a track saw lately: its mean height over the lower edge of its boxes in the last second (one
 * box is too vague far away), and what is seen since it began to be where it is. */
typedef struct {
  double metres; /* 0 = nothing yet */
  double sum, weight, x, y;
  guint n;
} IvTallness;

/* Where the person of `box` stands, the next box of a track: the middle of its lower edge is where
 * the feet are. Feet behind a shelf or a person would put him further away; they are recognised by
 * the height that he would have there, and then the head and `stature` decide. `stature` is brought
 * up to date, and so is `lately`. FALSE when neither feet nor head give a place. */
gboolean iv_floor_camera_place(const IvFloorCamera *camera, const IvBox *box, IvStature *stature,
                               IvTallness *lately, IvFloorPlace *ret_place);
