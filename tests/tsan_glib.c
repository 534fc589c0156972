/* SPDX-License-Identifier: Apache-2.0 */
/* GLib's locks are futexes of its own that the thread sanitizer cannot see, so it would call every
 * correct use of them a race. Linked into a test of a -Db_sanitize=thread build, these take their
 * place, on pthread's, which it knows. */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A lock made at its first use, as zeroed static GMutex and GCond allow. */
static gpointer made(gpointer *slot, gpointer (*make)(void)) {
  gpointer it = __atomic_load_n(slot, __ATOMIC_ACQUIRE), expected = NULL;
  if (it)
    return it;
  it = make();
  if (__atomic_compare_exchange_n(slot, &expected, it, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return it;
  free(it);
  return expected;
}

static gpointer make_mutex(void) {
  pthread_mutex_t *mutex = malloc(sizeof *mutex);
  pthread_mutex_init(mutex, NULL);
  return mutex;
}

static gpointer make_cond(void) {
  pthread_cond_t *cond = malloc(sizeof *cond);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(cond, &attributes);
  pthread_condattr_destroy(&attributes);
  return cond;
}

static pthread_mutex_t *mutex_of(GMutex *mutex) {
  return made(&mutex->p, make_mutex);
}

static pthread_cond_t *cond_of(GCond *cond) {
  return made(&cond->p, make_cond);
}

void g_mutex_init(GMutex *mutex) {
  mutex->p = NULL;
}

void g_mutex_clear(GMutex *mutex) {
  if (!mutex->p)
    return;
  pthread_mutex_destroy(mutex->p);
  free(mutex->p);
  mutex->p = NULL;
}

void g_mutex_lock(GMutex *mutex) {
  pthread_mutex_lock(mutex_of(mutex));
}

gboolean g_mutex_trylock(GMutex *mutex) {
  return pthread_mutex_trylock(mutex_of(mutex)) == 0;
}

void g_mutex_unlock(GMutex *mutex) {
  pthread_mutex_unlock(mutex_of(mutex));
}

void g_cond_init(GCond *cond) {
  cond->p = NULL;
}

void g_cond_clear(GCond *cond) {
  if (!cond->p)
    return;
  pthread_cond_destroy(cond->p);
  free(cond->p);
  cond->p = NULL;
}

void g_cond_wait(GCond *cond, GMutex *mutex) {
  pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time) {
  struct timespec until = {end_time / G_USEC_PER_SEC, end_time % G_USEC_PER_SEC * 1000};
  return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &until) == 0;
}

void g_cond_signal(GCond *cond) {
  pthread_cond_signal(cond_of(cond));
}

void g_cond_broadcast(GCond *cond) {
  pthread_cond_broadcast(cond_of(cond));
}

/* The same for reference counts. */
#undef g_atomic_ref_count_init
#undef g_atomic_ref_count_inc
#undef g_atomic_ref_count_dec

void g_atomic_ref_count_init(gatomicrefcount *count) {
  *count = 1;
}

void g_atomic_ref_count_inc(gatomicrefcount *count) {
  __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
}

gboolean g_atomic_ref_count_dec(gatomicrefcount *count) {
  return __atomic_sub_fetch(count, 1, __ATOMIC_SEQ_CST) == 0;
}
