/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/load.h"
#include "vision/pool.h"

/* Shared by pool.c (the pool and its cameras), pool_worker.c (serving) and pool_submit.c. */

typedef struct {
  IvMotionGate *gate; /* NULL = none; used by the submitting thread only */
  gint watched;       /* atomic */
  /* Below: under the pool's lock. */
  IvFrame *pending;
  IvTime submitted; /* of `pending`, monotonic */
  guint64 place;    /* in the row of those that wait since last served; 0 = none */
  gboolean in_flight;
  gboolean pending_seam; /* it, or one skipped before it, follows a seam */
  gboolean seam;         /* one skipped since `pending` was put follows a seam */
  gboolean owed;         /* the newest that the gate let through was thinned: the next one passes */
  double credit;         /* thinning: a picture is let in for each whole one */
  IvInferenceCounts counts;
} IvPoolCamera;

typedef struct {
  IvInferencePool *pool;
  IvDetector *detector;
  GThread *thread;
  IvDetection found[IV_DETECTIONS_MAX];
} IvPoolWorker;

struct IvInferencePool {
  IvInferenceDone done;
  gpointer user;
  guint n_workers;
  IvPoolWorker *workers;
  GMutex lock;
  GCond work; /* something is pending, or closing */
  GCond room; /* a camera's picture was taken or finished */
  /* Below: under the lock. */
  gboolean closing;
  GPtrArray *cameras; /* IvPoolCamera or NULL */
  guint64 last_place;
  IvLoad load;
  IvInferenceCounts gone; /* of removed cameras */
  IvTime latency;         /* running mean over all cameras */
  IvTime noticed;         /* when the last message about the load was written */
  gboolean thinning;      /* what it said */
};

/* The camera of that number; it must be there. Under the lock. */
IvPoolCamera *iv_pool_camera_at(IvInferencePool *pool, guint number);

/* Gives up what waits, and counts it. Under the lock. */
void iv_pool_camera_skip_pending(IvPoolCamera *camera);

/* A worker's thread; `data` is its IvPoolWorker. Returns when the pool closes. */
gpointer iv_pool_worker_run(gpointer data);
