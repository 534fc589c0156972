/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "track/kalman.h"
#include "track/tuning.h"

/* Where a person's box is and how it moves: four filters, all in pixels. Noise is a share of the
 * box's height. */
typedef struct {
  IvKalman x, y, width, height; /* x and y of the centre */
} IvMotion;

IvMotion iv_motion_from(const IvTrackTuning *tuning, const IvBox *seen);
void iv_motion_predict(IvMotion *motion, const IvTrackTuning *tuning, double seconds);

/* `factor` on the noise of the sight. */
void iv_motion_update(IvMotion *motion, const IvTrackTuning *tuning, const IvBox *seen,
                      double factor);
IvBox iv_motion_box(const IvMotion *motion);

/* Squared Mahalanobis distance of a sight's centre. */
double iv_motion_distance2(const IvMotion *motion, const IvTrackTuning *tuning, const IvBox *seen);
