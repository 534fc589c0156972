/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/scenario.h"

/* What a party means to do before it comes in: where it stops, what it takes, what it buys. Depends
 * on the kind and the random stream alone. */

#define IV_STOPS_MAX 64

typedef struct {
  int slot;
  guint8 keep;     /* units taken to the till, or away by a thief */
  guint8 put_back; /* units taken and put back */
  gboolean touches, steals;
  double weight; /* share of the dwell, relative */
} IvPlannedStop;

typedef struct {
  IvPlannedStop stops[IV_STOPS_MAX];
  guint n_stops;
  int items; /* units to pay for */
  gboolean buys;
  double minutes;    /* entry to exit, without queue and service */
  int absence_after; /* the party goes out after so many stops, -1 never */
  double absence_minutes;
  double session_s; /* try-on, 0 for none */
} IvVisitPlan;

/* `start` is where the party comes in: stops are visited in an order that makes a short way. */
void iv_visit_plan(const IvScenario *s, const IvShopperKind *kind, IvSpot start, IvRandom *random,
                   IvVisitPlan *ret_plan);
