/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/detector.h"
#include "vision/motion.h"

/* A few worker threads that run detectors for many cameras, with bounded latency: each camera has
 * at most one picture in work and one waiting, and a newer one takes the place of the one that
 * waits. Who has waited longest is served first. Every picture that is not analysed is counted:
 * due = analysed + failed + gated + skipped + (0..2 still here). */
typedef struct IvInferencePool IvInferencePool;

#define IV_POOL_CAMERAS_MAX 1024
#define IV_POOL_BUSY_BAR 0.80 /* above this use the analysed rate goes down evenly */

/* What became of one picture. Valid during the callback only. */
typedef struct {
  guint camera;                  /* from iv_inference_pool_add_camera */
  IvFrame *frame;                /* borrowed; take a reference to keep it */
  const IvDetection *detections; /* best score first */
  guint n;
  gboolean discontinuity; /* this picture, or one skipped since the last result, follows a seam */
  const GError *error;    /* not NULL: the detector failed, n is 0 */
} IvInferenceResult;

/* Called on a worker thread. Results of one camera come in order and never two at once; those of
 * different cameras come concurrently. The worker is held meanwhile, so it should be short. It must
 * not call submit_wait, drain, remove_camera or free. */
typedef void (*IvInferenceDone)(const IvInferenceResult *result, gpointer user);

typedef struct {
  guint64 due;      /* pictures submitted */
  guint64 analysed; /* went through the detector */
  guint64 gated;    /* nothing moved */
  guint64 skipped;  /* replaced by a newer one, or thinned out because the machine is busy */
  guint64 failed;   /* the detector reported an error */
  IvTime latency;   /* mean time from submit to the end of the callback, recent pictures, µs */
} IvInferenceCounts;

typedef struct {
  guint workers;
  double busy_share;  /* 0..1 of the workers' time, over the last seconds */
  double rate_factor; /* 0..1: share of the moving pictures that are let in; 1 = all */
  IvInferenceCounts total;
} IvInferenceStats;

/* `detectors` (n >= 1): one worker thread each; the pool takes them over (the array stays the
 * caller's). */
IvInferencePool *iv_inference_pool_new(IvDetector *const *detectors, guint n, IvInferenceDone done,
                                       gpointer user);

/* Ends the work in hand, drops what waits, joins the workers. */
void iv_inference_pool_free(IvInferencePool *pool);

/* Workers that suit this machine: cores - 1, at least 1. */
guint iv_inference_pool_default_workers(void);

/* `gate` = NULL: every picture is analysed. Returns the camera's number (lowest free one), or -1
 * when IV_POOL_CAMERAS_MAX are there. Any thread. */
int iv_inference_pool_add_camera(IvInferencePool *pool, const IvMotionConfig *gate);

/* Drops what waits, and returns when no callback for this camera runs or will run. Its counts go
 * into the total. Nobody may submit to it meanwhile. */
void iv_inference_pool_remove_camera(IvInferencePool *pool, guint camera);

typedef enum {
  IV_SUBMIT_QUEUED,   /* will be analysed unless a newer one comes first */
  IV_SUBMIT_REPLACED, /* the same, and the picture that waited is skipped */
  IV_SUBMIT_GATED,    /* nothing moves */
  IV_SUBMIT_THINNED,  /* the machine is busy; skipped */
} IvSubmit;

/* Hands over a picture; takes a reference of its own. Never blocks. One thread at a time per
 * camera; runs the motion gate on it. */
IvSubmit iv_inference_pool_submit(IvInferencePool *pool, guint camera, IvFrame *frame);

/* For files: waits for room, so nothing is replaced or thinned and the result does not depend on
 * the machine's speed. The motion gate, if the camera has one, applies. */
IvSubmit iv_inference_pool_submit_wait(IvInferencePool *pool, guint camera, IvFrame *frame);

/* While `watched`, the gate lets every picture of this camera through (people are being tracked).
 * Any thread, also from the callback. */
void iv_inference_pool_set_watched(IvInferencePool *pool, guint camera, gboolean watched);

/* Returns when nothing of this camera waits or runs. */
void iv_inference_pool_drain(IvInferencePool *pool, guint camera);

/* Snapshots; any thread. */
IvInferenceStats iv_inference_pool_stats(IvInferencePool *pool);
IvInferenceCounts iv_inference_pool_camera_counts(IvInferencePool *pool, guint camera);

/* Share of moving pictures that are let in, as in the stats; for an ingest that would rather decode
 * less. Cheap; any thread. */
double iv_inference_pool_rate_factor(IvInferencePool *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvInferencePool, iv_inference_pool_free)
