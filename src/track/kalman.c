/* SPDX-License-Identifier: Apache-2.0 */
#include "track/kalman.h"

#define UNRELATED 1e9

IvKalman iv_kalman_at(double position, double position_noise, double speed_noise) {
  return (IvKalman){.position = position,
                    .var_position = position_noise * position_noise,
                    .var_speed = speed_noise * speed_noise};
}

void iv_kalman_predict(IvKalman *k, double seconds, double acceleration) {
  double density = acceleration * acceleration;
  k->position += k->speed * seconds;
  k->var_position += seconds * (2 * k->covariance + seconds * k->var_speed) +
                     density * seconds * seconds * seconds / 3;
  k->covariance += seconds * k->var_speed + density * seconds * seconds / 2;
  k->var_speed += density * seconds;
}

void iv_kalman_update(IvKalman *k, double position, double noise) {
  double spread = k->var_position + noise * noise;
  double gain_position = k->var_position / spread, gain_speed = k->covariance / spread;
  double surprise = position - k->position;
  k->position += gain_position * surprise;
  k->speed += gain_speed * surprise;
  k->var_speed -= gain_speed * k->covariance;
  k->covariance -= gain_position * k->covariance;
  k->var_position -= gain_position * k->var_position;
}

double iv_kalman_distance2(const IvKalman *a, const IvKalman *b) {
  double d = a->position - b->position, v = a->speed - b->speed;
  double dd = a->var_position + b->var_position, vv = a->var_speed + b->var_speed;
  double dv = a->covariance + b->covariance;
  double determinant = dd * vv - dv * dv;
  if (!(determinant > 0))
    return UNRELATED;
  return (vv * d * d - 2 * dv * d * v + dd * v * v) / determinant;
}
