/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/tuning.h"

/* What the likeness of two looks tells at this camera, learned from people who stand alone: how
 * like themselves they stay from frame to frame, and how like each other they are. Clothes'
 * colours in a dim picture tell little, a network's embedding nearly all. Pure values. */

typedef struct {
  double n, sum, sum2;
} IvLookSpread;

typedef struct {
  IvLookSpread same, other; /* likenesses of a track to its own sight, and to somebody else's */
} IvLookScale;

void iv_look_scale_same(IvLookScale *scale, double likeness);
void iv_look_scale_other(IvLookScale *scale, double likeness);

/* How looks count in a price: `gain` is a factor on the weights of the tuning, `even` the likeness
 * that speaks neither for nor against. */
typedef struct {
  double gain, even;
} IvLookWeight;

/* The ratio of two normal distributions of one spread, in logarithms, is a straight line: `even` is
 * the middle of the means, `gain` their distance over the variance, measured by what the tuning was
 * found with. A cleared scale gives the tuning's own figures. */
IvLookWeight iv_look_scale_weight(const IvLookScale *scale, const IvTrackTuning *tuning);
