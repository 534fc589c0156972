/* SPDX-License-Identifier: Apache-2.0 */
#include "media/standby.h"

#include "base/clock.h"
#include "media/clock_share.h"

struct IvStandby {
  gatomicrefcount refs;
  IvIngestConfig config; /* its texts are owned */
  IvTime linger;
  IvIngestEvents events;
  gpointer user_data;

  GMutex mutex; /* guards what follows; ingests are opened and freed without it */
  GCond changed;
  IvIngest *ingest; /* NULL while it is not pulled */
  gboolean runs;    /* a thread ends the pull when it is time; it holds a reference */
  gboolean closed;
  guint holders;
  IvTime left; /* monotonic: when the last holder went */
};

static IvIngestConfig copy_of(const IvIngestConfig *config) {
  IvIngestConfig copy = *config;
  copy.source = g_strdup(config->source);
  copy.user = g_strdup(config->user);
  copy.password = g_strdup(config->password);
  copy.decode = FALSE;
  copy.clock = config->clock ? iv_clock_share_ref(config->clock) : NULL;
  copy.slots = config->slots ? iv_host_slots_ref(config->slots) : NULL;
  return copy;
}

IvStandby *iv_standby_new(const IvIngestConfig *config, IvTime linger, const IvIngestEvents *events,
                          gpointer user_data, GError **error) {
  g_autoptr(IvIngest) trial = iv_ingest_new(config, events, user_data, error);
  if (!trial)
    return NULL;
  IvStandby *standby = g_new0(IvStandby, 1);
  g_atomic_ref_count_init(&standby->refs);
  g_mutex_init(&standby->mutex);
  g_cond_init(&standby->changed);
  standby->config = copy_of(config);
  standby->linger = linger > 0 ? linger : IV_STANDBY_LINGER;
  standby->events = *events;
  standby->user_data = user_data;
  return standby;
}

IvStandby *iv_standby_ref(IvStandby *standby) {
  g_atomic_ref_count_inc(&standby->refs);
  return standby;
}

void iv_standby_unref(IvStandby *standby) {
  if (!g_atomic_ref_count_dec(&standby->refs))
    return;
  g_free((char *)standby->config.source);
  g_free((char *)standby->config.user);
  g_free((char *)standby->config.password);
  g_clear_pointer(&standby->config.clock, iv_clock_share_unref);
  g_clear_pointer(&standby->config.slots, iv_host_slots_unref);
  g_cond_clear(&standby->changed);
  g_mutex_clear(&standby->mutex);
  g_free(standby);
}

/* ---- ending a pull ---- */

/* Called with the mutex. */
static void wait_until_idle(IvStandby *standby) {
  while (!standby->closed) {
    if (standby->holders > 0) {
      g_cond_wait(&standby->changed, &standby->mutex);
      continue;
    }
    IvTime until = standby->left + standby->linger;
    if (iv_clock_monotonic() >= until)
      return;
    g_cond_wait_until(&standby->changed, &standby->mutex, until);
  }
}

static gpointer watch_over(gpointer user_data) {
  IvStandby *standby = user_data;
  g_mutex_lock(&standby->mutex);
  wait_until_idle(standby);
  IvIngest *ingest = g_steal_pointer(&standby->ingest); /* who comes now waits until it is gone */
  g_mutex_unlock(&standby->mutex);
  iv_ingest_free(ingest);
  g_mutex_lock(&standby->mutex);
  standby->runs = FALSE;
  g_cond_broadcast(&standby->changed);
  g_mutex_unlock(&standby->mutex);
  iv_standby_unref(standby);
  return NULL;
}

void iv_standby_close(IvStandby *standby) {
  g_mutex_lock(&standby->mutex);
  standby->closed = TRUE;
  if (standby->ingest)
    iv_ingest_stop(standby->ingest);
  g_cond_broadcast(&standby->changed);
  while (standby->runs)
    g_cond_wait(&standby->changed, &standby->mutex);
  g_mutex_unlock(&standby->mutex);
}

/* ---- beginning one ---- */

static void release(gpointer owner) {
  IvStandby *standby = owner;
  g_mutex_lock(&standby->mutex);
  standby->holders--;
  standby->left = iv_clock_monotonic();
  g_cond_broadcast(&standby->changed);
  g_mutex_unlock(&standby->mutex);
  iv_standby_unref(standby);
}

/* Called with the mutex. FALSE when it can't be made any more, which iv_standby_new ruled out but
 * for a file that is gone. */
static gboolean begin(IvStandby *standby) {
  standby->ingest = iv_ingest_new(&standby->config, &standby->events, standby->user_data, NULL);
  if (!standby->ingest)
    return FALSE;
  standby->runs = TRUE;
  iv_ingest_start(standby->ingest);
  g_thread_unref(g_thread_new("standby", watch_over, iv_standby_ref(standby)));
  return TRUE;
}

IvStreamHold *iv_standby_hold(IvStandby *standby) {
  IvStreamHold *hold = NULL;
  g_mutex_lock(&standby->mutex);
  while (!standby->closed && standby->runs && !standby->ingest)
    g_cond_wait(&standby->changed, &standby->mutex);
  if (!standby->closed && (standby->ingest || begin(standby))) {
    standby->holders++;
    g_cond_broadcast(&standby->changed);
    hold = iv_stream_hold_new(iv_ingest_ring(standby->ingest), release, iv_standby_ref(standby));
  }
  g_mutex_unlock(&standby->mutex);
  return hold;
}

/* ---- what is told of it ---- */

gboolean iv_standby_stats(IvStandby *standby, IvIngestStats *ret_stats) {
  g_mutex_lock(&standby->mutex);
  gboolean pulled = standby->ingest != NULL;
  if (pulled)
    iv_ingest_stats(standby->ingest, ret_stats);
  g_mutex_unlock(&standby->mutex);
  return pulled;
}

gboolean iv_standby_is_ring(IvStandby *standby, const IvUnitRing *ring) {
  g_mutex_lock(&standby->mutex);
  gboolean is = standby->ingest && iv_ingest_ring(standby->ingest) == ring;
  g_mutex_unlock(&standby->mutex);
  return is;
}

gboolean iv_standby_is_reordered(IvStandby *standby) {
  g_mutex_lock(&standby->mutex);
  gboolean is = standby->ingest && iv_unit_ring_is_reordered(iv_ingest_ring(standby->ingest));
  g_mutex_unlock(&standby->mutex);
  return is;
}
