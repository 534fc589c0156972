/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_draw.h"

#include <math.h>

#define Z_MAX 4.0
#define BETA_STEPS 4096

IvDraws iv_draws_of(guint64 seed, const char *subject, guint64 a, guint64 b) {
  IvDraws draws = {seed};
  for (const char *c = subject; *c; c++)
    draws.state = iv_draws_bits(&draws) ^ (guint8)*c;
  draws.state = iv_draws_bits(&draws) ^ a;
  draws.state = iv_draws_bits(&draws) ^ b;
  draws.state = iv_draws_bits(&draws);
  return draws;
}

static double below(double z) {
  return erfc(-z * G_SQRT2 / 2) / 2;
}

static double density(double z) {
  return exp(-z * z / 2) / sqrt(2 * G_PI);
}

static double quantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 50; i++) {
    double middle = (low + high) / 2;
    if (below(middle) < p)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Each value is the mean of its part; as means vary less than what they stand for, they are
 * stretched to variance 1. */
void iv_normals_init(IvNormals *normals) {
  double squares = 0, last = 0, values[IV_NORMALS / 2];
  for (int i = 0; i < IV_NORMALS / 2; i++) {
    double next = i + 1 < IV_NORMALS / 2 ? density(quantile((i + 1.0) / IV_NORMALS)) : density(0);
    values[i] = (last - next) * IV_NORMALS;
    squares += 2 * values[i] * values[i];
    last = next;
  }
  double stretch = 1 / sqrt(squares / IV_NORMALS);
  for (int i = 0; i < IV_NORMALS / 2; i++) {
    normals->at[i] = (float)(values[i] * stretch);
    normals->at[IV_NORMALS - 1 - i] = -normals->at[i];
  }
}

IvChain iv_chain(double share, double mean_frames) {
  double ends = 1 / MAX(mean_frames, 1), begins = share * ends / (1 - share);
  if (begins > 1)
    begins = 1, ends = (1 - share) / share;
  return (IvChain){share, 1 - ends - begins};
}

gboolean iv_chain_after(const IvChain *chain, gboolean on, gint64 frames, IvDraws *draws) {
  double left = frames == 1 ? chain->memory : pow(fabs(chain->memory), (double)frames);
  if (frames != 1 && chain->memory < 0 && frames % 2)
    left = -left;
  double chance = chain->share + ((on ? 1 : 0) - chain->share) * left;
  return (double)iv_draws_unit(draws) < chance;
}

IvDrift iv_drift(double seconds, double tau) {
  double keep = exp(-seconds / tau);
  return (IvDrift){(float)keep, (float)sqrt(1 - keep * keep)};
}

/* Logarithm, as far as it depends on x. */
static double beta_log(const IvScoreShape *shape, double x) {
  x = CLAMP(x, 1e-12, 1 - 1e-12);
  return (shape->a - 1) * log(x) + (shape->b - 1) * log(1 - x);
}

/* Share under each step of `floor`..1. */
static void beta_shares(const IvScoreShape *shape, double floor, double *shares) {
  double mode = shape->a + shape->b > 2 ? (shape->a - 1) / (shape->a + shape->b - 2) : 0.5;
  double top = beta_log(shape, MAX(mode, floor)), width = (1 - floor) / BETA_STEPS;
  shares[0] = 0;
  for (int i = 0; i < BETA_STEPS; i++)
    shares[i + 1] = shares[i] + exp(beta_log(shape, floor + (i + 0.5) * width) - top);
  for (int i = 1; i <= BETA_STEPS; i++)
    shares[i] /= shares[BETA_STEPS];
}

void iv_score_table_init(IvScoreTable *table, const IvScoreShape *shape, double floor) {
  g_autofree double *shares = g_new(double, BETA_STEPS + 1);
  beta_shares(shape, floor, shares);
  int at = 0;
  for (int i = 0; i <= IV_SCORE_STEPS; i++) {
    double p = below(-Z_MAX + i * 2 * Z_MAX / IV_SCORE_STEPS);
    while (at < BETA_STEPS - 1 && shares[at + 1] < p)
      at++;
    double within = (p - shares[at]) / MAX(shares[at + 1] - shares[at], 1e-300);
    double score = floor + (at + CLAMP(within, 0, 1)) * (1 - floor) / BETA_STEPS;
    table->at[i] = (float)(shape->a > 0 ? score : shape->value);
  }
}

float iv_score_of(const IvScoreTable *table, float z) {
  const float steps = (float)(IV_SCORE_STEPS / (2 * Z_MAX));
  float at = (z + (float)Z_MAX) * steps;
  at = at < 0 ? 0 : at > IV_SCORE_STEPS - 1 ? IV_SCORE_STEPS - 1 : at;
  int i = (int)at;
  return table->at[i] + (at - (float)i) * (table->at[i + 1] - table->at[i]);
}
