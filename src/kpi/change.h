/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How much a figure changed against the weeks before. Pure. */

#define IV_CHANGE_COVERAGE 0.9 /* less says too little of a period to compare it */

/* A figure of a period, and the coverage that stands with it (NAN = it needs no camera, or what it
 * needs is not known). */
typedef struct {
  double value, coverage;
} IvMeasured;

/* (now - before) / before. NAN where one of both is NAN, `before` is not above 0, or one of the
 * coverages is under IV_CHANGE_COVERAGE. Of a ratio too it is the share by which it changed: 20 %
 * after 25 % is -0.2. */
double iv_change(IvMeasured now, IvMeasured before);
