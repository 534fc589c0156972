/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/pool.h"
#include "base/clock.h"
#include "vision/pool_private.h"

IvPoolCamera *iv_pool_camera_at(IvInferencePool *pool, guint camera) {
  IvPoolCamera *it = camera < pool->cameras->len ? g_ptr_array_index(pool->cameras, camera) : NULL;
  g_assert(it != NULL);
  return it;
}

static void camera_free(IvPoolCamera *camera) {
  iv_motion_gate_free(camera->gate);
  g_free(camera);
}

IvInferencePool *iv_inference_pool_new(IvDetector *const *detectors, guint n, IvInferenceDone done,
                                       gpointer user) {
  g_assert(n >= 1);
  IvInferencePool *pool = g_new0(IvInferencePool, 1);
  pool->done = done;
  pool->user = user;
  pool->n_workers = n;
  pool->workers = g_new0(IvPoolWorker, n);
  pool->cameras = g_ptr_array_new();
  g_mutex_init(&pool->lock);
  g_cond_init(&pool->work);
  g_cond_init(&pool->room);
  iv_load_init(&pool->load, n, IV_POOL_BUSY_BAR);
  for (guint i = 0; i < n; i++) {
    pool->workers[i].pool = pool;
    pool->workers[i].detector = detectors[i];
    pool->workers[i].thread = g_thread_new("inference", iv_pool_worker_run, &pool->workers[i]);
  }
  return pool;
}

void iv_inference_pool_free(IvInferencePool *pool) {
  if (!pool)
    return;
  g_mutex_lock(&pool->lock);
  pool->closing = TRUE;
  g_cond_broadcast(&pool->work);
  g_cond_broadcast(&pool->room);
  g_mutex_unlock(&pool->lock);
  for (guint i = 0; i < pool->n_workers; i++) {
    g_thread_join(pool->workers[i].thread);
    iv_detector_free(pool->workers[i].detector);
  }
  for (guint i = 0; i < pool->cameras->len; i++) {
    IvPoolCamera *camera = g_ptr_array_index(pool->cameras, i);
    if (camera) {
      g_clear_pointer(&camera->pending, iv_frame_unref);
      camera_free(camera);
    }
  }
  g_ptr_array_unref(pool->cameras);
  g_mutex_clear(&pool->lock);
  g_cond_clear(&pool->work);
  g_cond_clear(&pool->room);
  g_free(pool->workers);
  g_free(pool);
}

guint iv_inference_pool_default_workers(void) {
  return MAX(1, g_get_num_processors() - 1);
}

/* ---- cameras */

int iv_inference_pool_add_camera(IvInferencePool *pool, const IvMotionConfig *gate) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  guint slot = 0;
  while (slot < pool->cameras->len && g_ptr_array_index(pool->cameras, slot))
    slot++;
  if (slot == IV_POOL_CAMERAS_MAX)
    return -1;
  IvPoolCamera *camera = g_new0(IvPoolCamera, 1);
  camera->gate = gate ? iv_motion_gate_new(gate) : NULL;
  if (slot == pool->cameras->len)
    g_ptr_array_add(pool->cameras, camera);
  else
    g_ptr_array_index(pool->cameras, slot) = camera;
  return (int)slot;
}

static void add_counts(IvInferenceCounts *sum, const IvInferenceCounts *counts) {
  sum->due += counts->due;
  sum->analysed += counts->analysed;
  sum->gated += counts->gated;
  sum->skipped += counts->skipped;
  sum->failed += counts->failed;
}

void iv_pool_camera_skip_pending(IvPoolCamera *camera) {
  if (!camera->pending)
    return;
  camera->seam = camera->seam || camera->pending_seam;
  camera->counts.skipped++;
  g_clear_pointer(&camera->pending, iv_frame_unref);
}

void iv_inference_pool_remove_camera(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  IvPoolCamera *camera = iv_pool_camera_at(pool, number);
  iv_pool_camera_skip_pending(camera);
  while (camera->in_flight)
    g_cond_wait(&pool->room, &pool->lock);
  add_counts(&pool->gone, &camera->counts);
  g_ptr_array_index(pool->cameras, number) = NULL;
  camera_free(camera);
}

void iv_inference_pool_set_watched(IvInferencePool *pool, guint number, gboolean watched) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  g_atomic_int_set(&iv_pool_camera_at(pool, number)->watched, watched ? 1 : 0);
}

void iv_inference_pool_drain(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  IvPoolCamera *camera = iv_pool_camera_at(pool, number);
  while (camera->pending || camera->in_flight)
    g_cond_wait(&pool->room, &pool->lock);
}

/* ---- what it did */

IvInferenceStats iv_inference_pool_stats(IvInferencePool *pool) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  IvTime now = iv_clock_monotonic();
  IvInferenceStats stats = {.workers = pool->n_workers,
                            .busy_share = iv_load_busy_share(&pool->load, now),
                            .rate_factor = iv_load_factor(&pool->load, now),
                            .total = pool->gone};
  for (guint i = 0; i < pool->cameras->len; i++) {
    const IvPoolCamera *camera = g_ptr_array_index(pool->cameras, i);
    if (camera)
      add_counts(&stats.total, &camera->counts);
  }
  stats.total.latency = pool->latency;
  return stats;
}

IvInferenceCounts iv_inference_pool_camera_counts(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return iv_pool_camera_at(pool, number)->counts;
}

double iv_inference_pool_rate_factor(IvInferencePool *pool) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return iv_load_factor(&pool->load, iv_clock_monotonic());
}
