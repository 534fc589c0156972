/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "vision"
#include "base/clock.h"
#include "vision/pool_private.h"

#define NOTICE_PAUSE (10 * IV_SECOND) /* between two messages about the load */

static gboolean gate_passes(IvPoolCamera *camera, const IvFrame *frame, gboolean owed) {
  return !camera->gate || iv_motion_gate_passes(camera->gate, frame,
                                                owed || g_atomic_int_get(&camera->watched) != 0);
}

/* Evenly: with a factor of 0.75 three of four are let in. */
static gboolean is_thinned(IvPoolCamera *camera, double factor) {
  camera->credit = MIN(camera->credit + factor, 1.0);
  if (camera->credit < 1.0)
    return TRUE;
  camera->credit -= 1.0;
  return FALSE;
}

static void put(IvInferencePool *pool, IvPoolCamera *camera, IvFrame *frame) {
  if (camera->place == 0)
    camera->place = ++pool->last_place;
  camera->owed = FALSE;
  camera->pending_seam = camera->seam || frame->discontinuity;
  camera->seam = FALSE;
  camera->pending = iv_frame_ref(frame);
  camera->submitted = iv_clock_monotonic();
  g_cond_signal(&pool->work);
}

/* What to tell the log about the load, if anything; NULL mostly. Under the lock. */
static char *load_notice(IvInferencePool *pool, IvTime now, double factor) {
  gboolean thinning = factor < 1;
  if (thinning == pool->thinning || (pool->noticed && now - pool->noticed < NOTICE_PAUSE))
    return NULL;
  pool->thinning = thinning;
  pool->noticed = now;
  return thinning ? g_strdup_printf("the machine is busy: %.0f %% of the moving pictures are "
                                    "analysed; use a smaller model, fewer cameras or a lower rate",
                                    factor * 100)
                  : g_strdup("all moving pictures are analysed again");
}

static IvSubmit submit_locked(IvInferencePool *pool, IvPoolCamera *camera, IvFrame *frame,
                              char **ret_notice) {
  IvTime now = iv_clock_monotonic();
  iv_load_offer(&pool->load, now);
  double factor = iv_load_factor(&pool->load, now);
  *ret_notice = load_notice(pool, now, factor);
  if (is_thinned(camera, factor)) {
    camera->counts.skipped++;
    camera->seam = camera->seam || frame->discontinuity;
    camera->owed = TRUE;
    return IV_SUBMIT_THINNED;
  }
  gboolean replaced = camera->pending != NULL;
  iv_pool_camera_skip_pending(camera);
  put(pool, camera, frame);
  return replaced ? IV_SUBMIT_REPLACED : IV_SUBMIT_QUEUED;
}

/* Counts the picture as due; TRUE when the gate lets it through. */
static gboolean enter(IvInferencePool *pool, IvPoolCamera *camera, const IvFrame *frame) {
  g_mutex_lock(&pool->lock);
  camera->counts.due++;
  gboolean owed = camera->owed;
  g_mutex_unlock(&pool->lock);
  if (gate_passes(camera, frame, owed))
    return TRUE;
  g_mutex_lock(&pool->lock);
  camera->counts.gated++;
  g_mutex_unlock(&pool->lock);
  return FALSE;
}

static IvPoolCamera *find_camera(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return iv_pool_camera_at(pool, number);
}

IvSubmit iv_inference_pool_submit(IvInferencePool *pool, guint number, IvFrame *frame) {
  IvPoolCamera *camera = find_camera(pool, number);
  if (!enter(pool, camera, frame))
    return IV_SUBMIT_GATED;
  g_autofree char *notice = NULL;
  g_mutex_lock(&pool->lock);
  IvSubmit what = submit_locked(pool, camera, frame, &notice);
  g_mutex_unlock(&pool->lock);
  if (notice)
    g_message("%s", notice);
  return what;
}

IvSubmit iv_inference_pool_submit_wait(IvInferencePool *pool, guint number, IvFrame *frame) {
  IvPoolCamera *camera = find_camera(pool, number);
  if (!enter(pool, camera, frame))
    return IV_SUBMIT_GATED;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  while (camera->pending)
    g_cond_wait(&pool->room, &pool->lock);
  put(pool, camera, frame);
  return IV_SUBMIT_QUEUED;
}
