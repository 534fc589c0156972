/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/stature.h"

#include <math.h>

#define ADULTS 1.70 /* metres, mean and standard deviation of people's heights */
#define ADULTS_SD 0.10
#define CHILDREN 1.15
#define CHILDREN_SD 0.13
#define CHILDREN_SHARE 0.08
#define ODD_PEOPLE 0.01 /* per metre: of any height */
#define FEET_SEEN 0.6   /* of what is seen */
#define ODD_SIGHTS 0.02 /* per metre: that fit no height */
#define SD_MIN 0.03     /* metres: people stoop, and wear hats */
#define UNLIKELIEST -30.0
#define ABOUT 3 /* steps either side of the likeliest: a child and an adult have no mean */

static double height_of(guint i) {
  return IV_STATURE_MIN + IV_STATURE_STEP * i;
}

static double bell(double x, double sd) {
  return exp(-x * x / (2 * sd * sd)) / (sd * sqrt(2 * G_PI));
}

static double share_of_people(double height) {
  return (1 - CHILDREN_SHARE) * bell(height - ADULTS, ADULTS_SD) +
         CHILDREN_SHARE * bell(height - CHILDREN, CHILDREN_SD) + ODD_PEOPLE;
}

void iv_stature_begin(IvStature *stature) {
  double weights[IV_STATURE_STEPS], sum = 0, mean = 0, square = 0;
  guint best = 0;
  for (guint i = 0; i < IV_STATURE_STEPS; i++) {
    weights[i] = stature->likelihood[i] + log(share_of_people(height_of(i)));
    if (weights[i] > weights[best])
      best = i;
  }
  for (guint i = best > ABOUT ? best - ABOUT : 0;
       i < MIN(best + ABOUT + 1, (guint)IV_STATURE_STEPS); i++) {
    double weight = exp(weights[i] - weights[best]), height = height_of(i);
    sum += weight;
    mean += weight * height;
    square += weight * height * height;
  }
  stature->metres = mean / sum;
  stature->sd = sqrt(MAX(SD_MIN * SD_MIN, square / sum - stature->metres * stature->metres));
}

/* Keeps the likeliest at 0, so that nothing grows, and no height is given up for good. */
static void level(IvStature *stature) {
  double most = stature->likelihood[0];
  for (guint i = 1; i < IV_STATURE_STEPS; i++)
    most = MAX(most, stature->likelihood[i]);
  for (guint i = 0; i < IV_STATURE_STEPS; i++)
    stature->likelihood[i] = MAX(stature->likelihood[i] - most, UNLIKELIEST);
}

void iv_stature_see(IvStature *stature, double metres, double sd) {
  for (guint i = 0; i < IV_STATURE_STEPS; i++) {
    double height = height_of(i), is_less = (1 + erf((height - metres) / (sd * G_SQRT2))) / 2;
    double hidden = is_less / height; /* anything from nothing to all of him */
    stature->likelihood[i] +=
        log(FEET_SEEN * bell(metres - height, sd) + (1 - FEET_SEEN) * hidden + ODD_SIGHTS);
  }
  stature->n++;
  level(stature);
  iv_stature_begin(stature);
}

void iv_stature_join(IvStature *stature, const IvStature *other) {
  for (guint i = 0; i < IV_STATURE_STEPS; i++)
    stature->likelihood[i] += other->likelihood[i];
  stature->n += other->n;
  level(stature);
  iv_stature_begin(stature);
}
