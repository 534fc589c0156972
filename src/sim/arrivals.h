/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/store_time.h"

/* Who comes on a day: parties by a Poisson process whose mean follows the weekday's hours, people
 * who turn back in the door, passers-by, and who is in a staff room at night. */

typedef enum {
  IV_ARRIVAL_PARTY,
  IV_ARRIVAL_TURNER,
  IV_ARRIVAL_PASSER,
  IV_ARRIVAL_INTRUDER /* in a staff room, after hours */
} IvArrivalSort;

typedef struct {
  IvTime ts;
  IvArrivalSort sort;
  int kind, size; /* of a party */
  int line;       /* entrance line, or pass-by line of a passer; staff room of an intruder */
} IvArrival;

/* All of the day, in order of time (GArray of IvArrival; the caller unrefs). Arrivals fall within
 * the opening hours only. Depends on seed and date alone. */
GArray *iv_arrivals_of_day(const IvScenario *s, GTimeZone *zone, const IvStoreDay *day,
                           guint64 seed);
