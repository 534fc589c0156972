/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "base/timestamp.h"

/* A bounded pool of worker threads for what must not run on the network's thread. Password hashes
 * (64 MiB each) are heavy work, and what waits for the network is patient work: only so many of
 * each run at once, so that the other workers always serve the rest. */
typedef struct IvPool IvPool;

#define IV_POOL_HEAVY_MAX 2
#define IV_POOL_PATIENT_MAX 2
/* Of heavy and of patient work each, so that a flood of logins can't fill the queue. */
#define IV_POOL_BOUNDED_WAITING_MAX 32
#define IV_POOL_WORKERS_MIN (IV_POOL_HEAVY_MAX + IV_POOL_PATIENT_MAX + 1)

typedef enum { IV_WORK_LIGHT, IV_WORK_HEAVY, IV_WORK_PATIENT, IV_WORK_WEIGHTS } IvWorkWeight;

/* One piece of work; embed it as the first member of your own. */
typedef struct IvWork IvWork;
struct IvWork {
  gatomicrefcount refs; /* set by iv_work_init; one for the submitter, the pool takes its own */
  IvWorkWeight weight;
  IvTime deadline;      /* iv_clock_monotonic; checked when the work begins */
  GCancellable *cancel; /* owned; the submitter cancels it when nobody waits any more */
  /* Worker thread. `late` when the deadline passed or it was cancelled before it began: then only
   * say so, don't work. `worker` is what IvPoolCalls.worker_new gave. */
  void (*run)(IvWork *work, gpointer worker, gboolean late);
  /* Worker thread, after run: hands the result on. May be NULL. */
  void (*done)(IvWork *work);
  void (*free)(IvWork *work);
};

void iv_work_init(IvWork *work);
IvWork *iv_work_ref(IvWork *work);
void iv_work_unref(IvWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvWork, iv_work_unref)

/* What each worker thread keeps for itself (a database connection); called on that thread. */
typedef struct {
  gpointer (*worker_new)(gpointer user_data);
  void (*worker_free)(gpointer worker, gpointer user_data);
  gpointer user_data;
} IvPoolCalls;

/* `workers` >= IV_POOL_WORKERS_MIN, so that bounded work never takes all; `waiting_max` >= 1. */
IvPool *iv_pool_new(guint workers, guint waiting_max, const IvPoolCalls *calls);

/* FALSE when too much waits (counted) or the pool stops; then nothing of the work is called. */
gboolean iv_pool_submit(IvPool *pool, IvWork *work);

typedef struct {
  guint waiting, running;
  guint64 done, refused, late;
} IvPoolStats;
void iv_pool_stats(IvPool *pool, IvPoolStats *ret_stats);

/* Cancels what waits and what runs (`run` with late set), waits for the threads. Idempotent. */
void iv_pool_stop(IvPool *pool);
void iv_pool_free(IvPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPool, iv_pool_free)
