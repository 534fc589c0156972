/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Too many people in a zone. It is over its capacity once more than `capacity` people have been
 * inside for IV_CAPACITY_HOLD without a break, from when they were; and no longer once at most 90 %
 * of the capacity are. Between the two nothing changes, so that somebody at the edge does not make
 * an event each time. */
#define IV_CAPACITY_HOLD (10 * IV_SECOND)
#define IV_CAPACITY_CLEAR 0.9

typedef struct {
  gboolean above; /* more than the capacity, at the last look */
  gboolean over;  /* and for long enough: an event is running */
  IvTime since;   /* above: since then */
  guint people;   /* most since then */
} IvZoneCrowd;

typedef enum { IV_CROWD_SAME, IV_CROWD_BEGAN, IV_CROWD_ENDED } IvCrowdChange;

/* `people` are inside at `ts`; looks in order of time. `capacity` from 1. On BEGAN and ENDED
 * `since` and `people` of the crowd say since when, and how many at most. A cleared IvZoneCrowd is
 * the start state. */
IvCrowdChange iv_zone_crowd_look(IvZoneCrowd *crowd, guint people, guint capacity, IvTime ts);
