/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Kalman filter for one coordinate that moves at nearly constant speed: white noise acceleration
 * in continuous time (Bar-Shalom, Li, Kirubarajan: Estimation with Applications to Tracking and
 * Navigation, 2001, section 6.2.2), so any interval between frames is right. A box has four
 * coordinates that are filtered on their own: with diagonal noise the joint filter would give the
 * same figures at many times the cost. Units: pixels and seconds. */
typedef struct {
  double position, speed;
  double var_position, covariance, var_speed;
} IvKalman;

/* At rest at `position`; the noises are standard deviations. */
IvKalman iv_kalman_at(double position, double position_noise, double speed_noise);

/* `seconds` >= 0 later. `acceleration` is the root of the noise density, pixels / s^1.5: after one
 * second the speed has changed by that much (standard deviation). */
void iv_kalman_predict(IvKalman *k, double seconds, double acceleration);

/* Seen at `position` with this standard deviation > 0. */
void iv_kalman_update(IvKalman *k, double position, double noise);

/* Squared Mahalanobis distance between two estimates of the same moving thing, position and speed
 * together; large when the covariance is not invertible. */
double iv_kalman_distance2(const IvKalman *a, const IvKalman *b);
