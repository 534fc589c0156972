/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "vision"
#include "vision/pool.h"
#include "base/clock.h"
#include "vision/load.h"

#define LATENCY_SHARE 16              /* a new latency counts 1/16 in the running mean */
#define NOTICE_PAUSE (10 * IV_SECOND) /* between two messages about the load */

typedef struct {
  IvMotionGate *gate; /* NULL = none; used by the submitting thread only */
  gint watched;       /* atomic */
  /* Below: under the pool's lock. */
  IvFrame *pending;
  IvTime submitted; /* of `pending`, monotonic */
  guint64
      place; /* in the row of those that wait: when it was first put since last served; 0 = none */
  gboolean in_flight;
  gboolean pending_seam; /* it, or one skipped before it, follows a seam */
  gboolean seam;         /* one skipped since `pending` was put follows a seam */
  gboolean owed; /* the newest picture that the gate let through was thinned: the next one passes */
  double credit; /* thinning: a picture is let in for each whole one */
  IvInferenceCounts counts;
} Camera;

typedef struct {
  IvInferencePool *pool;
  IvDetector *detector;
  GThread *thread;
  IvDetection found[IV_DETECTIONS_MAX];
} Worker;

struct IvInferencePool {
  IvInferenceDone done;
  gpointer user;
  guint n_workers;
  Worker *workers;
  GMutex lock;
  GCond work; /* something is pending, or closing */
  GCond room; /* a camera's picture was taken or finished */
  /* Below: under the lock. */
  gboolean closing;
  GPtrArray *cameras; /* Camera or NULL */
  guint64 last_place;
  IvLoad load;
  IvInferenceCounts gone; /* of removed cameras */
  IvTime latency;         /* running mean over all cameras */
  IvTime noticed;         /* when the last message about the load was written */
  gboolean thinning;      /* what it said */
};

static Camera *camera_at(IvInferencePool *pool, guint camera) {
  Camera *it = camera < pool->cameras->len ? g_ptr_array_index(pool->cameras, camera) : NULL;
  g_assert(it != NULL);
  return it;
}

static void camera_free(Camera *camera) {
  iv_motion_gate_free(camera->gate);
  g_free(camera);
}

/* ---- workers */

/* Whose picture has waited longest, among those without one in work. */
static Camera *next_camera(const IvInferencePool *pool, guint *ret_number) {
  Camera *best = NULL;
  for (guint i = 0; i < pool->cameras->len; i++) {
    Camera *camera = g_ptr_array_index(pool->cameras, i);
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

static gboolean analyse(Worker *worker, guint number, IvFrame *frame, gboolean seam) {
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
static void serve(Worker *worker, Camera *camera, guint number) {
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

static gpointer work(gpointer data) {
  Worker *worker = data;
  IvInferencePool *pool = worker->pool;
  g_mutex_lock(&pool->lock);
  while (!pool->closing) {
    guint number = 0;
    Camera *camera = next_camera(pool, &number);
    if (camera)
      serve(worker, camera, number);
    else
      g_cond_wait(&pool->work, &pool->lock);
  }
  g_mutex_unlock(&pool->lock);
  return NULL;
}

IvInferencePool *iv_inference_pool_new(IvDetector *const *detectors, guint n, IvInferenceDone done,
                                       gpointer user) {
  g_assert(n >= 1);
  IvInferencePool *pool = g_new0(IvInferencePool, 1);
  pool->done = done;
  pool->user = user;
  pool->n_workers = n;
  pool->workers = g_new0(Worker, n);
  pool->cameras = g_ptr_array_new();
  g_mutex_init(&pool->lock);
  g_cond_init(&pool->work);
  g_cond_init(&pool->room);
  iv_load_init(&pool->load, n, IV_POOL_BUSY_BAR);
  for (guint i = 0; i < n; i++) {
    pool->workers[i].pool = pool;
    pool->workers[i].detector = detectors[i];
    pool->workers[i].thread = g_thread_new("inference", work, &pool->workers[i]);
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
    Camera *camera = g_ptr_array_index(pool->cameras, i);
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
  Camera *camera = g_new0(Camera, 1);
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

/* What waits is given up; under the lock. */
static void skip_pending(Camera *camera) {
  if (!camera->pending)
    return;
  camera->seam = camera->seam || camera->pending_seam;
  camera->counts.skipped++;
  g_clear_pointer(&camera->pending, iv_frame_unref);
}

void iv_inference_pool_remove_camera(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  Camera *camera = camera_at(pool, number);
  skip_pending(camera);
  while (camera->in_flight)
    g_cond_wait(&pool->room, &pool->lock);
  add_counts(&pool->gone, &camera->counts);
  g_ptr_array_index(pool->cameras, number) = NULL;
  camera_free(camera);
}

/* ---- submitting */

static gboolean gate_passes(Camera *camera, const IvFrame *frame, gboolean owed) {
  return !camera->gate || iv_motion_gate_passes(camera->gate, frame,
                                                owed || g_atomic_int_get(&camera->watched) != 0);
}

/* Evenly: with a factor of 0.75 three of four are let in. */
static gboolean is_thinned(Camera *camera, double factor) {
  camera->credit = MIN(camera->credit + factor, 1.0);
  if (camera->credit < 1.0)
    return TRUE;
  camera->credit -= 1.0;
  return FALSE;
}

static void put(IvInferencePool *pool, Camera *camera, IvFrame *frame) {
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

static IvSubmit submit_locked(IvInferencePool *pool, Camera *camera, IvFrame *frame,
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
  skip_pending(camera);
  put(pool, camera, frame);
  return replaced ? IV_SUBMIT_REPLACED : IV_SUBMIT_QUEUED;
}

/* Counts the picture as due; TRUE when the gate lets it through. */
static gboolean enter(IvInferencePool *pool, Camera *camera, const IvFrame *frame) {
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

static Camera *find_camera(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return camera_at(pool, number);
}

IvSubmit iv_inference_pool_submit(IvInferencePool *pool, guint number, IvFrame *frame) {
  Camera *camera = find_camera(pool, number);
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
  Camera *camera = find_camera(pool, number);
  if (!enter(pool, camera, frame))
    return IV_SUBMIT_GATED;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  while (camera->pending)
    g_cond_wait(&pool->room, &pool->lock);
  put(pool, camera, frame);
  return IV_SUBMIT_QUEUED;
}

void iv_inference_pool_set_watched(IvInferencePool *pool, guint number, gboolean watched) {
  g_atomic_int_set(&find_camera(pool, number)->watched, watched ? 1 : 0);
}

void iv_inference_pool_drain(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  Camera *camera = camera_at(pool, number);
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
    const Camera *camera = g_ptr_array_index(pool->cameras, i);
    if (camera)
      add_counts(&stats.total, &camera->counts);
  }
  stats.total.latency = pool->latency;
  return stats;
}

IvInferenceCounts iv_inference_pool_camera_counts(IvInferencePool *pool, guint number) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return camera_at(pool, number)->counts;
}

double iv_inference_pool_rate_factor(IvInferencePool *pool) {
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&pool->lock);
  return iv_load_factor(&pool->load, iv_clock_monotonic());
}
