/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The simulator's own generator (xoshiro256++), so that the same seed gives the same bytes on every
 * machine and whatever the C library does. A stream belongs to one subject (a day's arrivals, one
 * visitor, one member of staff): what one does never shifts the draws of another. Not for secrets.
 * Values in place, no allocation, one thread a stream. */

typedef struct {
  guint64 state[4];
} IvRandom;

/* A drawn value within bounds. (GLib's CLAMP would draw it again for each comparison.) */
static inline double iv_random_kept(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

/* Different (seed, subject, index) give independent streams. */
void iv_random_init(IvRandom *random, guint64 seed, const char *subject, guint64 index);

guint64 iv_random_bits(IvRandom *random);

/* In [0, 1). */
double iv_random_unit(IvRandom *random);

static inline double iv_random_between(IvRandom *random, double low, double high) {
  return low + (high - low) * iv_random_unit(random);
}

/* 0 .. n-1; n > 0. */
guint iv_random_below(IvRandom *random, guint n);

/* low .. high, both included. */
int iv_random_whole(IvRandom *random, int low, int high);

gboolean iv_random_chance(IvRandom *random, double probability);

double iv_random_normal(IvRandom *random, double mean, double sd);

/* Mean and standard deviation of the values themselves, not of their logarithm; mean > 0. */
double iv_random_lognormal(IvRandom *random, double mean, double sd);

/* Takes time in proportion to the mean. */
guint iv_random_poisson(IvRandom *random, double mean);

/* Index of one of n weights (>= 0, not all 0), each as probable as it is heavy; the last of the
 * heavy ones when rounding leaves a rest. */
guint iv_random_weighted(IvRandom *random, const double *weights, guint n);

typedef enum { IV_SPREAD_NORMAL, IV_SPREAD_LOGNORMAL, IV_SPREAD_POISSON1 } IvSpreadShape;

/* A distribution as a scenario names it. poisson1: 1 + Poisson(mean - 1), and 0 when the mean is 0.
 */
typedef struct {
  IvSpreadShape shape;
  double mean, sd;
} IvRange;

double iv_range_draw(const IvRange *spread, IvRandom *random);
