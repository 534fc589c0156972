/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "vision/pool_private.h"

#define LATENCY_SHARE 16 /* a new latency counts 1/16 in the running mean */

/* Whose picture has waited longest, among those without one in work. */
static IvPoolCamera *next_camera(const IvInferencePool *pool, guint *ret_number) {
  IvPoolCamera *best = NULL;
  for (guint i = 0; i < pool->cameras->len; i++) {
    IvPoolCamera *camera = g_ptr_array_index(pool->cameras, i);
    if (camera && camera->pending && !camera->in_flight && (!best || camera->place < best->place)) {
      best = camera;
      *ret_number = i;
    }
  }
  return best;
}

static IvTime mean_with(IvTime mean, IvTime value) {
  return mean == 0 ? value : mean + (value - mean) / LATENCY_SHARE;
}

static gboolean analyse(IvPoolWorker *worker, guint number, IvFrame *frame, gboolean seam) {
  g_autoptr(GError) error = NULL;
  guint n = 0;
  gboolean good =
      iv_detector_detect(worker->detector, frame, worker->found, IV_DETECTIONS_MAX, &n, &error);
  IvInferenceResult result = {.camera = number,
                              .frame = frame,
                              .detections = worker->found,
                              .n = good ? n : 0,
                              .discontinuity = seam,
                              .error = good ? NULL : error};
  worker->pool->done(&result, worker->pool->user);
  return good;
}

/* Takes the camera's picture, works on it without the lock, and books it. */
static void serve(IvPoolWorker *worker, IvPoolCamera *camera, guint number) {
  IvInferencePool *pool = worker->pool;
  g_autoptr(IvFrame) frame = g_steal_pointer(&camera->pending);
  IvTime submitted = camera->submitted, start = iv_clock_monotonic();
  gboolean seam = camera->pending_seam;
  camera->in_flight = TRUE;
  camera->place = 0;
  g_cond_broadcast(&pool->room);
  g_mutex_unlock(&pool->lock);

  gboolean good = analyse(worker, number, frame, seam);

  g_mutex_lock(&pool->lock);
  IvTime end = iv_clock_monotonic();
  camera->in_flight = FALSE;
  *(good ? &camera->counts.analysed : &camera->counts.failed) += 1;
  camera->counts.latency = mean_with(camera->counts.latency, end - submitted);
  pool->latency = mean_with(pool->latency, end - submitted);
  iv_load_serve(&pool->load, end, end - start);
  g_cond_broadcast(&pool->room);
}

gpointer iv_pool_worker_run(gpointer data) {
  IvPoolWorker *worker = data;
  IvInferencePool *pool = worker->pool;
  g_mutex_lock(&pool->lock);
  while (!pool->closing) {
    guint number = 0;
    IvPoolCamera *camera = next_camera(pool, &number);
    if (camera)
      serve(worker, camera, number);
    else
      g_cond_wait(&pool->work, &pool->lock);
  }
  g_mutex_unlock(&pool->lock);
  return NULL;
}
