/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <math.h>

#include "base/homography.h"

/* Pairs of points of a made-up camera: 3 m above x, y of the plan, looking along +x (yaw 0) or
 * another way (yaw in degrees, clockwise seen from above), 30 degrees down, 80 wide; 1280x720. It
 * sees the floor from 2 to some 18 m before it. */

#define LENS_PAIRS 6

static inline void lens_pairs(double x, double y, double yaw, IvPointPair ret_pairs[LENS_PAIRS]) {
  double pitch = G_PI / 6, f = 640 / tan(40 * G_PI / 180);
  double cy = cos(yaw * G_PI / 180), sy = sin(yaw * G_PI / 180);
  for (guint i = 0; i < LENS_PAIRS; i++) {
    double along = 4 + (i / 2) * 1.5, across = i % 2 ? 1 : -1;
    double ahead = cos(pitch) * along + sin(pitch) * 3;
    double down = -sin(pitch) * along + cos(pitch) * 3;
    ret_pairs[i].image = (IvPoint){(float)((640 + f * across / ahead) / 1280),
                                   (float)((360 + f * down / ahead) / 720)};
    ret_pairs[i].plan = (IvPlanPoint){x + cy * along - sy * across, y + sy * along + cy * across};
  }
}
