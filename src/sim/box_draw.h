/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/box_noise.h"

/* Chance for the box level, drawn by the million: 8 bytes of state a stream (splitmix64), normal
 * values by table. Streams are made from what they belong to, so that what one camera or person
 * draws never shifts the draws of another, nor of the rest of the simulation. Values in place. */

typedef struct {
  guint64 state;
} IvDraws;

/* Different (seed, subject, a, b) give independent streams. */
IvDraws iv_draws_of(guint64 seed, const char *subject, guint64 a, guint64 b);

static inline guint64 iv_draws_bits(IvDraws *draws) {
  guint64 z = (draws->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* In [0, 1), 24 bits. */
static inline float iv_draws_unit(IvDraws *draws) {
  return (float)(iv_draws_bits(draws) >> 40) * 0x1.0p-24f;
}

static inline double iv_draws_between(IvDraws *draws, double low, double high) {
  return low + (high - low) * ((double)(iv_draws_bits(draws) >> 11) * 0x1.0p-53);
}

/* The normal distribution in 2048 equally probable values, mean 0 and variance 1 exactly; the
 * outermost are at about 3.6. */
#define IV_NORMALS 2048
typedef struct {
  float at[IV_NORMALS];
} IvNormals;
void iv_normals_init(IvNormals *normals);

/* Four from one draw of bits: the n-th, n = 0..3. */
static inline float iv_normal_nth(const IvNormals *normals, guint64 bits, int n) {
  return normals->at[bits >> (16 * n) & (IV_NORMALS - 1)];
}
static inline float iv_normal(const IvNormals *normals, IvDraws *draws) {
  return normals->at[iv_draws_bits(draws) >> 32 & (IV_NORMALS - 1)];
}

/* A two-state chain over frames: in the long run `share` of them are in the state, one stay lasts
 * 1 / (1 - stay) frames. What is asked for may not fit together; then stays are one frame. */
typedef struct {
  double share, memory; /* how much of a state is left after a frame, -1..1 */
} IvChain;
IvChain iv_chain(double share, double mean_frames);

/* The state `frames` (>= 1) after it was `on`. */
gboolean iv_chain_after(const IvChain *chain, gboolean on, gint64 frames, IvDraws *draws);
static inline gboolean iv_chain_begin(const IvChain *chain, IvDraws *draws) {
  return (double)iv_draws_unit(draws) < chain->share;
}

/* An Ornstein-Uhlenbeck process of variance 1, one step on: x = keep x + fresh n, n normal. */
typedef struct {
  float keep, fresh;
} IvDrift;
IvDrift iv_drift(double seconds, double tau);

/* Scores by Gaussian copula: the score that belongs to a standard normal z, from the shape cut off
 * under `floor` (drawing again there comes to the same). */
#define IV_SCORE_STEPS 512
typedef struct {
  float at[IV_SCORE_STEPS + 1]; /* z from -4 to 4 */
} IvScoreTable;
void iv_score_table_init(IvScoreTable *table, const IvScoreShape *shape, double floor);
float iv_score_of(const IvScoreTable *table, float z);
