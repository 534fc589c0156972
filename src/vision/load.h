/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* How busy the pool's workers are, and what share of the pictures they can take without falling
 * behind. The share follows from the load on offer (pictures a second times mean work a picture),
 * not from the load done, so it settles at once and does not swing. Reads no clock; the caller
 * locks. */

#define IV_LOAD_SLICES 10
#define IV_LOAD_SLICE (IV_SECOND / 2)
#define IV_LOAD_FACTOR_MIN 0.05

typedef struct {
  guint offered; /* pictures that should be analysed, taken or not */
  guint served;
  IvTime busy; /* work on those served */
} IvLoadSlice;

typedef struct {
  guint workers;
  double bar;   /* use of the workers that must not be passed, 0..1 */
  IvTime first; /* of the first call; IV_TIME_NONE before it */
  gint64 slice; /* number of the newest slice */
  IvLoadSlice slices[IV_LOAD_SLICES];
} IvLoad;

void iv_load_init(IvLoad *load, guint workers, double bar);

/* `now` is monotonic and never goes back from call to call. */
void iv_load_offer(IvLoad *load, IvTime now);
void iv_load_serve(IvLoad *load, IvTime now, IvTime busy);

/* Share of the workers' time in use over the last 5 s, 0..1. */
double iv_load_busy_share(IvLoad *load, IvTime now);

/* Share of the pictures to take, IV_LOAD_FACTOR_MIN..1; 1 in the first second. */
double iv_load_factor(IvLoad *load, IvTime now);
