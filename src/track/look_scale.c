/* SPDX-License-Identifier: Apache-2.0 */
#include "track/look_scale.h"

#define KEPT 3000.0  /* likenesses; older ones fade, as the light does */
#define GUESSED 60.0 /* the tuning's figures count as so many */
#define GAIN_MIN 0.25
#define GAIN_MAX 8.0

static void note(IvLookSpread *spread, double likeness) {
  if (spread->n >= KEPT) {
    double fade = 1 - 1 / KEPT;
    spread->n *= fade;
    spread->sum *= fade;
    spread->sum2 *= fade;
  }
  spread->n++;
  spread->sum += likeness;
  spread->sum2 += likeness * likeness;
}

void iv_look_scale_same(IvLookScale *scale, double likeness) {
  note(&scale->same, likeness);
}

void iv_look_scale_other(IvLookScale *scale, double likeness) {
  note(&scale->other, likeness);
}

/* With the guess mixed in. */
static void moments(const IvLookSpread *spread, double mean, double sd, double *ret_mean,
                    double *ret_variance) {
  double n = spread->n + GUESSED, sum = spread->sum + GUESSED * mean;
  double sum2 = spread->sum2 + GUESSED * (mean * mean + sd * sd);
  *ret_mean = sum / n;
  *ret_variance = sum2 / n - *ret_mean * *ret_mean;
}

IvLookWeight iv_look_scale_weight(const IvLookScale *scale, const IvTrackTuning *t) {
  double same, other, same_variance, other_variance;
  moments(&scale->same, t->look_even + t->look_gap / 2, t->look_sd, &same, &same_variance);
  moments(&scale->other, t->look_even - t->look_gap / 2, t->look_sd, &other, &other_variance);
  double slope = 2 * (same - other) / (same_variance + other_variance);
  double usual = t->look_gap / (t->look_sd * t->look_sd);
  return (IvLookWeight){CLAMP(slope / usual, GAIN_MIN, GAIN_MAX), (same + other) / 2};
}
