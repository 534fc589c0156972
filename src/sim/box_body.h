/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "sim/box_shade.h"

/* An upright body in a picture, and how much of it is to be seen. The box stands on the projected
 * foot point, which is the middle of its lower edge; it reaches up to the projected top of the head
 * and is as wide as the shoulders half way up; seen from above, it is at least as high as wide, in
 * pixels. Visibility is sampled at the middles of 5 columns x 10 rows of the full box. Pure. */

#define IV_BODY_COLUMNS IV_SHADE_COLUMNS
#define IV_BODY_ROWS 10
#define IV_BODY_SAMPLES (IV_BODY_COLUMNS * IV_BODY_ROWS)
#define IV_BODY_ALL ((G_GUINT64_CONSTANT(1) << IV_BODY_SAMPLES) - 1)
#define IV_BODY_STANDARD_M 1.70f

typedef struct {
  IvBox full;        /* shares of the picture; may lie outside of it */
  float standard_px; /* height of a 1.70 m person in its place */
  guint64 visible;   /* bit 10 c + r: column c from the left, row r from the top */
} IvBody;

/* Everything visible. FALSE when it stands behind the camera, or nearer than IV_LENS_NEAR_M. */
gboolean iv_body_project(const IvLens *lens, IvSpot foot, double height, double width,
                         IvBody *ret_body);

static inline gboolean iv_body_stands_in_picture(const IvBody *body) {
  IvPoint foot = iv_box_ground_point(&body->full);
  return foot.x >= 0 && foot.x <= 1 && foot.y >= 0 && foot.y <= 1;
}

/* Samples of somebody `height` m tall that the cell's shadows leave. */
guint64 iv_body_above(const IvShadeCell *cell, float height);

/* Samples that lie in the area, its edges included. */
guint64 iv_body_within(const IvBox *full, const IvBox *area);

static inline float iv_body_share(guint64 visible) {
  return visible == IV_BODY_ALL ? 1 : (float)__builtin_popcountll(visible) / (float)IV_BODY_SAMPLES;
}

/* The part of the full box that holds what is visible, cut at the picture's edge; the full box when
 * nothing is. */
IvBox iv_body_visible_box(const IvBody *body);
