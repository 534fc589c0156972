/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "media/backoff.h"
#include "media/ingest_private.h"

#define TICK (200 * IV_MS)
#define FIRST_UNIT_PATIENCE (10 * IV_SECOND)
#define STABLE_AFTER (10 * IV_SECOND) /* of pictures, then the next pause is short again */
#define UNDECODED_PATIENCE (4 * IV_SECOND)
#define HEALTH_WINDOW (5 * IV_SECOND)
#define DAMAGED_MIN 3        /* pictures in a window, and */
#define DAMAGED_PER_UNITS 20 /* one in so many: degraded */

static gboolean is_stopping(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  gboolean stopping = ingest->stopping;
  g_mutex_unlock(&ingest->mutex);
  return stopping;
}

/* Ingest's thread. */
static void set_state(IvIngest *ingest, IvIngestState state, const char *reason) {
  g_autofree char *masked = iv_url_mask(reason);
  g_mutex_lock(&ingest->mutex);
  gboolean same =
      ingest->state == state && strncmp(ingest->reason, masked, sizeof ingest->reason - 1) == 0;
  ingest->state = state;
  g_strlcpy(ingest->reason, masked, sizeof ingest->reason);
  g_mutex_unlock(&ingest->mutex);
  if (!same && ingest->events.on_state)
    ingest->events.on_state(state, masked, ingest->user_data);
}

/* --- ingest's thread: watching one connection --- */

/* Takes a failed decoder away; the next keyframe makes a new one. For a file that's the end. */
static gboolean mend_decoder(IvIngest *ingest, char **ret_reason) {
  g_mutex_lock(&ingest->mutex);
  IvDecoder *decoder = ingest->decoder;
  g_autofree char *failure = decoder ? iv_decoder_failure(decoder) : NULL;
  if (failure)
    ingest->decoder = NULL;
  gboolean refused = ingest->connection.decoder_refused;
  if (failure || refused) {
    g_free(*ret_reason);
    *ret_reason = g_strdup(failure ? failure : ingest->decoder_reason);
  }
  g_mutex_unlock(&ingest->mutex);
  if (!failure)
    return !refused;
  g_mutex_lock(&ingest->mutex);
  ingest->dropped_before += iv_decoder_dropped(decoder);
  ingest->connection.damaged = TRUE;
  ingest->connection.window_start = iv_clock_monotonic();
  ingest->connection.decoder_refused = iv_ingest_is_file(ingest);
  g_mutex_unlock(&ingest->mutex);
  iv_frame_gate_count_errors(&ingest->gate, 1);
  iv_decoder_free(decoder);
  return FALSE;
}

/* Counts damage by windows; TRUE while too many pictures are damaged. */
static gboolean is_damaged(IvIngest *ingest, IvTime now) {
  IvIngestStats stats;
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  g_mutex_lock(&ingest->mutex);
  IvConnection *connection = &ingest->connection;
  if (now - connection->window_start >= HEALTH_WINDOW) {
    guint64 units = ingest->units - connection->window_units;
    guint64 errors = stats.decode_errors - connection->window_errors;
    connection->damaged = errors >= DAMAGED_MIN && errors * DAMAGED_PER_UNITS >= units;
    connection->window_start = now;
    connection->window_units = ingest->units;
    connection->window_errors = stats.decode_errors;
  }
  gboolean damaged = connection->damaged;
  g_mutex_unlock(&ingest->mutex);
  return damaged;
}

static void judge_state(IvIngest *ingest, IvTime now, gboolean decoder_fine, const char *reason) {
  gboolean damaged = is_damaged(ingest, now);
  g_mutex_lock(&ingest->mutex);
  IvConnection c = ingest->connection;
  g_mutex_unlock(&ingest->mutex);
  if (c.units == 0)
    return;
  if (!decoder_fine)
    set_state(ingest, IV_INGEST_DEGRADED, reason);
  else if (damaged)
    set_state(ingest, IV_INGEST_DEGRADED,
              "many pictures arrive damaged: check the network to the camera, or use tcp");
  else if (!ingest->decode || c.frames > 0)
    set_state(ingest, IV_INGEST_ONLINE, "");
  else if (now - c.first_unit > UNDECODED_PATIENCE)
    set_state(ingest, IV_INGEST_DEGRADED, "video comes, but no picture of it can be decoded");
}

static char *no_unit_reason(const IvIngest *ingest) {
  if (ingest->address.transport == IV_TRANSPORT_UDP)
    return g_strdup("connected, but no video came: a firewall may stop UDP, try transport tcp");
  return g_strdup("connected, but no video came: check that the camera's stream is switched on");
}

/* TRUE when a camera has been silent for too long. */
static gboolean is_stalled(IvIngest *ingest, IvTime now, char **ret_reason) {
  if (iv_ingest_is_file(ingest))
    return FALSE;
  g_mutex_lock(&ingest->mutex);
  IvConnection c = ingest->connection;
  g_mutex_unlock(&ingest->mutex);
  if (c.units == 0 && now - c.began > FIRST_UNIT_PATIENCE)
    *ret_reason = no_unit_reason(ingest);
  else if (c.units > 0 && now - c.last_unit > IV_INGEST_STALL)
    *ret_reason = g_strdup("no video for 3 s: the camera or the network hangs");
  return *ret_reason != NULL;
}

static IvSourceStatus watch(IvIngest *ingest, IvSource *source, char **ret_reason) {
  IvSourceStatus status = IV_SOURCE_RUNNING;
  g_autofree char *decoder_reason = NULL;
  while (status == IV_SOURCE_RUNNING && !is_stopping(ingest)) {
    status = iv_source_poll(source, TICK, ret_reason);
    IvTime now = iv_clock_monotonic();
    gboolean fine = mend_decoder(ingest, &decoder_reason);
    if (status == IV_SOURCE_RUNNING && iv_ingest_is_file(ingest) && !fine) {
      *ret_reason = g_steal_pointer(&decoder_reason);
      return IV_SOURCE_FAILED;
    }
    judge_state(ingest, now, fine, decoder_reason);
    if (status == IV_SOURCE_RUNNING && is_stalled(ingest, now, ret_reason))
      status = IV_SOURCE_FAILED;
  }
  return status;
}

/* A file is read to its end: wait until every frame of it was taken. */
static void drain(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  if (ingest->decoder)
    iv_decoder_finish(ingest->decoder);
  while (ingest->decoder && !ingest->stopping && !iv_decoder_is_over(ingest->decoder))
    g_cond_wait(&ingest->changed, &ingest->mutex);
  g_mutex_unlock(&ingest->mutex);
}

static void begin(IvIngest *ingest) {
  iv_intake_connect(&ingest->intake);
  IvTime now = iv_clock_monotonic();
  g_mutex_lock(&ingest->mutex);
  ingest->connection = (IvConnection){.began = now, .window_start = now};
  ingest->connection.window_units = ingest->units;
  IvIngestStats stats;
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  ingest->connection.window_errors = stats.decode_errors;
  g_mutex_unlock(&ingest->mutex);
  IvSource *source = iv_source_new(&ingest->address, iv_ingest_take_sample, ingest);
  g_mutex_lock(&ingest->mutex);
  ingest->source = source;
  g_mutex_unlock(&ingest->mutex);
}

/* The writer may wait for a reader of ours: that goes first, then the source, then the decoder. */
static void finish(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  IvSource *source = g_steal_pointer(&ingest->source);
  if (ingest->decoder)
    iv_decoder_cancel(ingest->decoder);
  g_mutex_unlock(&ingest->mutex);
  guint64 lost = iv_source_packets_lost(source);
  iv_source_free(source);
  g_mutex_lock(&ingest->mutex);
  IvDecoder *decoder = g_steal_pointer(&ingest->decoder);
  ingest->lost_before += lost;
  ingest->dropped_before += decoder ? iv_decoder_dropped(decoder) : 0;
  g_mutex_unlock(&ingest->mutex);
  if (decoder)
    iv_decoder_free(decoder);
  iv_unit_ring_reset(ingest->ring);
}

static void give_slot(IvIngest *ingest) {
  if (ingest->slots && !iv_ingest_is_file(ingest))
    iv_host_slots_give(ingest->slots, ingest->parts.host);
}

static IvSourceStatus connect_once(IvIngest *ingest, char **ret_reason) {
  begin(ingest);
  IvSourceStatus status = watch(ingest, ingest->source, ret_reason);
  if (status == IV_SOURCE_ENDED && iv_ingest_is_file(ingest)) {
    drain(ingest);
    g_autofree char *decoder_reason = NULL;
    if (!mend_decoder(ingest, &decoder_reason)) {
      g_free(*ret_reason);
      *ret_reason = g_steal_pointer(&decoder_reason);
      status = IV_SOURCE_FAILED;
    }
  }
  finish(ingest);
  give_slot(ingest);
  return status;
}

/* --- ingest's thread: one connection after the other --- */

static gboolean was_stable(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  IvConnection *c = &ingest->connection;
  gboolean stable = c->units > 0 && c->last_unit - c->first_unit > STABLE_AFTER;
  g_mutex_unlock(&ingest->mutex);
  return stable;
}

static void pause_before_retry(IvIngest *ingest, guint attempt) {
  IvTime pause = iv_backoff_pause(attempt, ingest->seed, ingest->backoff_max);
  gint64 deadline = g_get_monotonic_time() + pause;
  g_mutex_lock(&ingest->mutex);
  while (!ingest->stopping && g_cond_wait_until(&ingest->changed, &ingest->mutex, deadline))
    ;
  g_mutex_unlock(&ingest->mutex);
}

/* Waits while the camera's host has as many connections as it may have. FALSE when stopped. */
static gboolean take_slot(IvIngest *ingest) {
  if (!ingest->slots || iv_ingest_is_file(ingest))
    return TRUE;
  while (!is_stopping(ingest)) {
    if (iv_host_slots_take(ingest->slots, ingest->parts.host))
      return TRUE;
    g_autofree char *reason =
        g_strdup_printf("waits for a free connection: %u are open to this host, as many as "
                        "network.host_connections allows",
                        iv_host_slots_limit(ingest->slots));
    set_state(ingest, IV_INGEST_OFFLINE, reason);
    pause_before_retry(ingest, 0);
  }
  return FALSE;
}

/* TRUE when a file's pass is over and the next may begin at once. */
static gboolean is_next_pass(IvIngest *ingest, IvSourceStatus status) {
  return status == IV_SOURCE_ENDED && iv_ingest_is_file(ingest) && ingest->loop;
}

gpointer iv_ingest_run(gpointer user_data) {
  IvIngest *ingest = user_data;
  guint attempt = 0;
  while (!is_stopping(ingest)) {
    g_autofree char *reason = NULL;
    if (!take_slot(ingest))
      break;
    IvSourceStatus status = connect_once(ingest, &reason);
    if (is_stopping(ingest))
      break;
    if (is_next_pass(ingest, status))
      continue;
    if (status == IV_SOURCE_ENDED && iv_ingest_is_file(ingest)) {
      set_state(ingest, IV_INGEST_ENDED, "end of file");
      break;
    }
    set_state(ingest, IV_INGEST_OFFLINE, reason);
    attempt = was_stable(ingest) ? 0 : attempt;
    pause_before_retry(ingest, attempt++);
  }
  return NULL;
}
