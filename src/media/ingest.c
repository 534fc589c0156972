/* SPDX-License-Identifier: Apache-2.0 */
#include "media/ingest.h"

#include "base/clock.h"
#include "media/ingest_private.h"
#include "media/jpeg_chain.h"
#include "media/plugins.h"

G_DEFINE_QUARK(iv_ingest_error, iv_ingest_error)

static const char *const state_names[] = {
    [IV_INGEST_CONNECTING] = "connecting", [IV_INGEST_ONLINE] = "online",
    [IV_INGEST_DEGRADED] = "degraded",     [IV_INGEST_OFFLINE] = "offline",
    [IV_INGEST_ENDED] = "ended",
};

const char *iv_ingest_state_name(IvIngestState state) {
  return state_names[state];
}

static gboolean take_file(IvIngest *ingest, const IvIngestConfig *config, GError **error) {
  static const char *const needed[] = {"filesrc", "parsebin",     "appsink",
                                       "appsrc",  "videoconvert", NULL};
  if (!g_file_test(config->source, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *masked = iv_url_mask(config->source); /* it may lack only its rtsp:// */
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
                "%s: no such video file: check the path (cameras begin with rtsp://)", masked);
    return FALSE;
  }
  ingest->path = g_strdup(config->source);
  ingest->address.location = ingest->path;
  return iv_plugins_need(needed, error);
}

static gboolean take_camera(IvIngest *ingest, const IvIngestConfig *config, GError **error) {
  static const char *const needed[] = {"rtspsrc",   "rtpbin",       "rtph264depay",
                                       "h264parse", "h265parse",    "appsink",
                                       "appsrc",    "videoconvert", NULL};
  g_autoptr(GError) bad = NULL;
  if (!iv_url_split(config->source, &ingest->parts, &bad)) {
    g_autofree char *masked = iv_url_mask(config->source);
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE, "%s: %s", masked, bad->message);
    return FALSE;
  }
  ingest->user = g_strdup(config->user ? config->user : ingest->parts.user);
  ingest->password = g_strdup(config->password ? config->password : ingest->parts.password);
  ingest->address.location = ingest->parts.location;
  ingest->address.host = ingest->parts.host;
  ingest->address.port = ingest->parts.port;
  ingest->address.user = ingest->user;
  ingest->address.password = ingest->password;
  ingest->address.transport = config->transport;
  return iv_plugins_need(needed, error) &&
         (!iv_url_is_http(config->source) || iv_plugins_need(iv_jpeg_chain_needs, error));
}

static IvIngest *ingest_alloc(const IvIngestConfig *config) {
  IvIngest *ingest = g_new0(IvIngest, 1);
  g_mutex_init(&ingest->mutex);
  g_cond_init(&ingest->changed);
  ingest->ring = iv_unit_ring_new();
  ingest->masks = config->masks ? iv_masks_ref(config->masks) : NULL;
  ingest->slots = config->slots ? iv_host_slots_ref(config->slots) : NULL;
  ingest->clock_ahead = IV_TIME_NONE;
  iv_frame_gate_init(&ingest->gate, CLAMP(config->fps, 0, IV_INGEST_FPS_MAX));
  iv_rate_meter_init(&ingest->meter);
  ingest->decode = config->decode;
  ingest->loop = config->loop;
  ingest->address.pace = config->pace;
  ingest->backoff_max = config->backoff_max > 0 ? config->backoff_max : IV_INGEST_BACKOFF_MAX;
  ingest->seed = g_str_hash(config->source);
  return ingest;
}

IvIngest *iv_ingest_new(const IvIngestConfig *config, const IvIngestEvents *events,
                        gpointer user_data, GError **error) {
  iv_plugins_init();
  g_autoptr(IvIngest) ingest = ingest_alloc(config);
  ingest->events = *events;
  ingest->user_data = user_data;
  gboolean ok = iv_url_is_url(config->source) ? take_camera(ingest, config, error)
                                              : take_file(ingest, config, error);
  iv_intake_init(&ingest->intake, iv_ingest_is_file(ingest), config->start);
  if (config->clock)
    iv_intake_share_clock(&ingest->intake, config->clock, config->leads);
  return ok ? g_steal_pointer(&ingest) : NULL;
}

void iv_ingest_start(IvIngest *ingest) {
  g_return_if_fail(!ingest->thread);
  ingest->thread = g_thread_new("ingest", iv_ingest_run, ingest);
}

void iv_ingest_stop(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  ingest->stopping = TRUE;
  if (ingest->source)
    iv_source_wake(ingest->source);
  if (ingest->decoder)
    iv_decoder_cancel(ingest->decoder);
  g_cond_broadcast(&ingest->changed);
  g_mutex_unlock(&ingest->mutex);
}

void iv_ingest_free(IvIngest *ingest) {
  iv_ingest_stop(ingest);
  if (ingest->thread)
    g_thread_join(ingest->thread);
  iv_unit_ring_close(ingest->ring);
  iv_unit_ring_unref(ingest->ring);
  g_clear_pointer(&ingest->masks, iv_masks_unref);
  g_clear_pointer(&ingest->slots, iv_host_slots_unref);
  iv_intake_clear(&ingest->intake);
  iv_frame_gate_clear(&ingest->gate);
  iv_url_parts_clear(&ingest->parts);
  g_free(ingest->decoder_reason);
  g_free(ingest->path);
  g_free(ingest->user);
  g_free(ingest->password);
  g_cond_clear(&ingest->changed);
  g_mutex_clear(&ingest->mutex);
  g_free(ingest);
}

void iv_ingest_set_fps(IvIngest *ingest, double fps) {
  iv_frame_gate_set_fps(&ingest->gate, CLAMP(fps, 0, IV_INGEST_FPS_MAX));
}

IvUnitRing *iv_ingest_ring(IvIngest *ingest) {
  return ingest->ring;
}

static void fill_stats(IvIngest *ingest, IvTime now, IvIngestStats *stats) {
  const IvConnection *c = &ingest->connection;
  stats->state = ingest->state;
  g_strlcpy(stats->reason, ingest->reason, sizeof stats->reason);
  stats->codec = ingest->codec;
  stats->size = ingest->size;
  iv_rate_meter_read(&ingest->meter, now, &stats->fps_in, &stats->bitrate);
  stats->keyframe_interval = (double)ingest->meter.keyframe_interval / (double)IV_SECOND;
  stats->camera_clock = ingest->camera_clock;
  stats->clock_ahead = ingest->clock_ahead;
  stats->units = ingest->units;
  stats->bytes = ingest->bytes;
  stats->units_dropped =
      ingest->dropped_before + (ingest->decoder ? iv_decoder_dropped(ingest->decoder) : 0);
  stats->packets_lost =
      ingest->lost_before + (ingest->source ? iv_source_packets_lost(ingest->source) : 0);
  stats->reconnects = ingest->connections > 1 ? ingest->connections - 1 : 0;
  stats->discontinuities = ingest->discontinuities;
  stats->connected_for = c->units > 0 && ingest->source ? now - c->first_unit : -1;
}

void iv_ingest_stats(IvIngest *ingest, IvIngestStats *ret_stats) {
  IvTime now = iv_clock_monotonic();
  IvIngestStats stats = {0};
  iv_frame_gate_stats(&ingest->gate, now, &stats);
  g_mutex_lock(&ingest->mutex);
  fill_stats(ingest, now, &stats);
  g_mutex_unlock(&ingest->mutex);
  *ret_stats = stats;
}
