/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <math.h>

#include "identity/floor_camera.h"

/* A made-up floor seen by cameras whose place is known exactly. */

typedef struct {
  double x, y, height, yaw, pitch, hfov;
  IvSize image;
} Lens;

/* Share of the picture of a point `z` metres above the floor. */
static inline gboolean lens_project(const Lens *c, double x, double y, double z, IvPoint *ret) {
  double f = c->image.width / 2.0 / tan(c->hfov / 2);
  double q[3] = {x - c->x, y - c->y, z - c->height};
  double sy = sin(c->yaw), cy = cos(c->yaw), sp = sin(c->pitch), cp = cos(c->pitch);
  double right = -sy * q[0] + cy * q[1];
  double down = -sp * cy * q[0] - sp * sy * q[1] - cp * q[2];
  double ahead = cp * cy * q[0] + cp * sy * q[1] - sp * q[2];
  if (ahead <= 0.1)
    return FALSE;
  ret->x = (float)((c->image.width / 2.0 + f * right / ahead) / c->image.width);
  ret->y = (float)((c->image.height / 2.0 + f * down / ahead) / c->image.height);
  return TRUE;
}

static inline IvFloorCamera lens_calibrated(const Lens *c) {
  /* Points of the floor round the place that the middle of the picture looks at. */
  double far = c->height / tan(c->pitch), cx = c->x + far * cos(c->yaw),
         cy = c->y + far * sin(c->yaw);
  IvPointPair pairs[9];
  guint n = 0;
  for (int i = -1; i <= 1; i++)
    for (int k = -1; k <= 1; k++) {
      pairs[n].plan = (IvPlanPoint){cx + i, cy + k};
      g_assert_true(lens_project(c, cx + i, cy + k, 0, &pairs[n].image));
      n++;
    }
  IvHomography h;
  g_assert_true(iv_homography_from_pairs(pairs, n, &h, NULL, NULL));
  return iv_floor_camera_new(&h, c->image, 0);
}

/* The box of somebody of that height, feet hidden below `hidden` metres of the body; FALSE outside
 * the picture. */
static inline gboolean lens_box(const Lens *c, double x, double y, double tall, double hidden,
                                IvBox *ret) {
  IvPoint head, feet;
  if (!lens_project(c, x, y, tall, &head) || !lens_project(c, x, y, hidden, &feet))
    return FALSE;
  float half = 0.15f * (feet.y - head.y) * (float)c->image.height / (float)c->image.width;
  *ret = (IvBox){feet.x - half, head.y, feet.x + half, feet.y};
  return feet.x > 0.02f && feet.x < 0.98f && head.y > 0.01f && feet.y < 0.98f;
}
