/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Whether what was foretold came true. A call says "within 15 min a queue of this pool gets long".
 * It is a hit when QUEUE_LONG begins in the pool within that time, else it was false; it is counted
 * when its time has passed, or at the hit. A long queue counts as foretold when a call was in force
 * 4 min before it began and stayed so, by itself or by the calls that followed it. Long queues from
 * before anybody looked ahead, or so soon after it that nobody could have called 4 min ahead, are
 * not counted: a history that was brought in says nothing of how good the calls are. Pure. */

#define IV_CALL_SPAN (15 * IV_MINUTE)
#define IV_CALL_LEAD (4 * IV_MINUTE)
#define IV_CALL_CHANCE 0.65 /* from which on a call is made */
#define IV_CALLS_KEPT (28 * IV_DAY)
#define IV_LONG_AFTER (30 * IV_SECOND) /* QUEUE_LONG begins so long after its event's time */

typedef struct IvCalls IvCalls;

IvCalls *iv_calls_new(void);
void iv_calls_free(IvCalls *calls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCalls, iv_calls_free)

/* A call was made, a queue of the pool (`line`: any number for it) got long; in order of time, the
 * same one may come again. What is older than IV_CALLS_KEPT is forgotten. */
void iv_calls_add(IvCalls *calls, guint pool, IvTime ts);
void iv_calls_long(IvCalls *calls, guint pool, guint line, IvTime ts);

/* Somebody looked ahead at `ts`, whether a call was made or not. */
void iv_calls_look(IvCalls *calls, IvTime ts);

/* When the call in force at `now` was made; IV_TIME_NONE = none is. */
IvTime iv_calls_in_force(const IvCalls *calls, guint pool, IvTime now);

typedef struct {
  IvTime since;          /* of the first look or call, within IV_CALLS_KEPT; IV_TIME_NONE = none */
  guint calls;           /* whose time has passed, or that were hits */
  guint hits, misses;    /* of those; misses are the false calls */
  guint pending;         /* calls whose time runs */
  guint longs, foretold; /* queues that got long; of those, foretold 4 min ahead */
} IvCallScore;

/* Of all pools, as of `now`. */
IvCallScore iv_calls_score(const IvCalls *calls, IvTime now);
