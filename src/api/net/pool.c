/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/pool.h"

#include "base/clock.h"

struct IvPool {
  IvPoolCalls calls;
  guint waiting_max;
  guint n_threads;
  GThread **threads;
  GMutex lock; /* guards all below; nothing else is locked while it is held */
  GCond wake;
  GQueue waiting[IV_WORK_WEIGHTS];
  GPtrArray *running;               /* IvWork, borrowed from the running thread */
  guint of_weight[IV_WORK_WEIGHTS]; /* how many of each run */
  gboolean stopping;
  IvPoolStats counts;
};

void iv_work_init(IvWork *work) {
  g_atomic_ref_count_init(&work->refs);
  work->cancel = g_cancellable_new();
}

IvWork *iv_work_ref(IvWork *work) {
  g_atomic_ref_count_inc(&work->refs);
  return work;
}

void iv_work_unref(IvWork *work) {
  if (!g_atomic_ref_count_dec(&work->refs))
    return;
  g_clear_object(&work->cancel);
  work->free(work);
}

static const guint most_of_weight[IV_WORK_WEIGHTS] = {
    [IV_WORK_LIGHT] = G_MAXUINT,
    [IV_WORK_HEAVY] = IV_POOL_HEAVY_MAX,
    [IV_WORK_PATIENT] = IV_POOL_PATIENT_MAX,
};

/* What may run now: bounded work waits while enough of it runs. */
static IvWork *next_work(IvPool *pool) {
  static const IvWorkWeight order[] = {IV_WORK_HEAVY, IV_WORK_PATIENT, IV_WORK_LIGHT};
  IvWork *work = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(order) && !work; i++)
    if (pool->of_weight[order[i]] < most_of_weight[order[i]])
      work = g_queue_pop_head(&pool->waiting[order[i]]);
  return work;
}

static void run_unlocked(IvPool *pool, IvWork *work, gpointer worker) {
  gboolean late = g_cancellable_is_cancelled(work->cancel) || iv_clock_monotonic() > work->deadline;
  g_mutex_unlock(&pool->lock);
  work->run(work, worker, late);
  if (work->done)
    work->done(work);
  g_mutex_lock(&pool->lock);
  pool->counts.done++;
  pool->counts.late += late ? 1 : 0;
}

static void run_next(IvPool *pool, IvWork *work, gpointer worker) {
  IvWorkWeight weight = work->weight;
  pool->of_weight[weight]++;
  g_ptr_array_add(pool->running, work);
  run_unlocked(pool, work, worker);
  g_ptr_array_remove_fast(pool->running, work);
  pool->of_weight[weight]--;
  if (weight != IV_WORK_LIGHT)
    g_cond_broadcast(&pool->wake); /* one that waits for such a place may start */
  iv_work_unref(work);
}

static guint count_waiting(const IvPool *pool) {
  guint n = 0;
  for (guint i = 0; i < IV_WORK_WEIGHTS; i++)
    n += pool->waiting[i].length;
  return n;
}

static gpointer work_loop(gpointer user_data) {
  IvPool *pool = user_data;
  gpointer worker = pool->calls.worker_new ? pool->calls.worker_new(pool->calls.user_data) : NULL;
  g_mutex_lock(&pool->lock);
  for (;;) {
    IvWork *work = next_work(pool);
    if (work)
      run_next(pool, work, worker);
    else if (pool->stopping && count_waiting(pool) == 0)
      break;
    else
      g_cond_wait(&pool->wake, &pool->lock);
  }
  g_mutex_unlock(&pool->lock);
  if (pool->calls.worker_free)
    pool->calls.worker_free(worker, pool->calls.user_data);
  return NULL;
}

IvPool *iv_pool_new(guint workers, guint waiting_max, const IvPoolCalls *calls) {
  g_assert(workers >= IV_POOL_WORKERS_MIN && waiting_max >= 1);
  IvPool *pool = g_new0(IvPool, 1);
  pool->calls = *calls;
  pool->waiting_max = waiting_max;
  g_mutex_init(&pool->lock);
  g_cond_init(&pool->wake);
  pool->running = g_ptr_array_new();
  pool->n_threads = workers;
  pool->threads = g_new0(GThread *, workers);
  for (guint i = 0; i < workers; i++)
    pool->threads[i] = g_thread_new("api-worker", work_loop, pool);
  return pool;
}

static gboolean has_room(const IvPool *pool, const IvWork *work) {
  if (pool->stopping || count_waiting(pool) >= pool->waiting_max)
    return FALSE;
  return work->weight == IV_WORK_LIGHT ||
         pool->waiting[work->weight].length < IV_POOL_BOUNDED_WAITING_MAX;
}

gboolean iv_pool_submit(IvPool *pool, IvWork *work) {
  g_mutex_lock(&pool->lock);
  gboolean taken = has_room(pool, work);
  if (taken) {
    g_queue_push_tail(&pool->waiting[work->weight], iv_work_ref(work));
    g_cond_signal(&pool->wake);
  } else {
    pool->counts.refused++;
  }
  g_mutex_unlock(&pool->lock);
  return taken;
}

void iv_pool_stats(IvPool *pool, IvPoolStats *ret_stats) {
  g_mutex_lock(&pool->lock);
  *ret_stats = pool->counts;
  ret_stats->waiting = count_waiting(pool);
  ret_stats->running = pool->running->len;
  g_mutex_unlock(&pool->lock);
}

static void cancel_one(gpointer work, gpointer unused) {
  (void)unused;
  g_cancellable_cancel(((IvWork *)work)->cancel);
}

void iv_pool_stop(IvPool *pool) {
  g_mutex_lock(&pool->lock);
  pool->stopping = TRUE;
  for (guint i = 0; i < IV_WORK_WEIGHTS; i++)
    g_queue_foreach(&pool->waiting[i], cancel_one, NULL);
  g_ptr_array_foreach(pool->running, cancel_one, NULL);
  g_cond_broadcast(&pool->wake);
  g_mutex_unlock(&pool->lock);
  for (guint i = 0; i < pool->n_threads; i++)
    g_thread_join(pool->threads[i]);
  pool->n_threads = 0;
}

void iv_pool_free(IvPool *pool) {
  iv_pool_stop(pool);
  g_free(pool->threads);
  g_ptr_array_free(pool->running, TRUE);
  g_mutex_clear(&pool->lock);
  g_cond_clear(&pool->wake);
  g_free(pool);
}
