/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/random.h"

#include <math.h>

#define POISSON_PART 100.0 /* exp(-mean) must stay a number; parts add up */

static guint64 splitmix(guint64 *state) {
  guint64 z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void iv_random_init(IvRandom *random, guint64 seed, const char *subject, guint64 index) {
  guint64 state = seed;
  for (const char *c = subject; *c; c++)
    state = splitmix(&state) ^ (guint8)*c;
  state = splitmix(&state) ^ index;
  for (int i = 0; i < 4; i++)
    random->state[i] = splitmix(&state);
}

static guint64 rotated(guint64 x, int by) {
  return (x << by) | (x >> (64 - by));
}

guint64 iv_random_bits(IvRandom *random) {
  guint64 *s = random->state;
  guint64 result = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotated(s[3], 45);
  return result;
}

double iv_random_unit(IvRandom *random) {
  return (double)(iv_random_bits(random) >> 11) * 0x1.0p-53;
}

guint iv_random_below(IvRandom *random, guint n) {
  guint drawn = (guint)(iv_random_unit(random) * n);
  return MIN(drawn, n - 1);
}

int iv_random_whole(IvRandom *random, int low, int high) {
  return low + (int)iv_random_below(random, (guint)(high - low + 1));
}

gboolean iv_random_chance(IvRandom *random, double probability) {
  return iv_random_unit(random) < probability;
}

double iv_random_normal(IvRandom *random, double mean, double sd) {
  double u = 1 - iv_random_unit(random), v = iv_random_unit(random);
  return mean + sd * sqrt(-2 * log(u)) * cos(2 * G_PI * v);
}

double iv_random_lognormal(IvRandom *random, double mean, double sd) {
  double variance = log1p(sd * sd / (mean * mean));
  return exp(iv_random_normal(random, log(mean) - variance / 2, sqrt(variance)));
}

static guint poisson_part(IvRandom *random, double mean) {
  double limit = exp(-mean), product = iv_random_unit(random);
  guint n = 0;
  for (; product > limit; n++)
    product *= iv_random_unit(random);
  return n;
}

guint iv_random_poisson(IvRandom *random, double mean) {
  guint n = 0;
  for (; mean > POISSON_PART; mean -= POISSON_PART)
    n += poisson_part(random, POISSON_PART);
  return n + poisson_part(random, mean);
}

guint iv_random_weighted(IvRandom *random, const double *weights, guint n) {
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += weights[i];
  double left = iv_random_unit(random) * sum;
  guint last = 0;
  for (guint i = 0; i < n; i++) {
    if (weights[i] <= 0)
      continue;
    last = i;
    left -= weights[i];
    if (left < 0)
      return i;
  }
  return last;
}

double iv_range_draw(const IvRange *spread, IvRandom *random) {
  if (spread->mean <= 0 && spread->shape != IV_SPREAD_NORMAL)
    return 0;
  switch (spread->shape) {
  case IV_SPREAD_NORMAL:
    return iv_random_normal(random, spread->mean, spread->sd);
  case IV_SPREAD_POISSON1:
    return 1 + iv_random_poisson(random, MAX(spread->mean - 1, 0));
  case IV_SPREAD_LOGNORMAL:
  default:
    return iv_random_lognormal(random, spread->mean, spread->sd);
  }
}
