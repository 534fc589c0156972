/* SPDX-License-Identifier: Apache-2.0 */
/* A camera's streams: one is analysed and read all the time, the other one, where there is one,
 * only while it is recorded or watched (docs/adr/0022). Where none is analysed it is the main
 * stream that is read all the time, undecoded. */
#include "app/node_private.h"

static IvStream analysed_stream(const IvCameraConfig *config) {
  return iv_config_analyses_sub(config) ? IV_STREAM_SUB : IV_STREAM_MAIN;
}

static IvStream second_stream(const IvCameraConfig *config) {
  return analysed_stream(config) == IV_STREAM_SUB ? IV_STREAM_MAIN : IV_STREAM_SUB;
}

static const char *address_of(const IvCameraConfig *config, IvStream stream) {
  return stream == IV_STREAM_SUB && config->sub_url ? config->sub_url : config->url;
}

/* Standby's thread of its own. */
static void on_state(IvIngestState state, const char *reason, gpointer user_data) {
  const IvNodeCamera *camera = user_data;
  gboolean bad = state == IV_INGEST_OFFLINE || state == IV_INGEST_DEGRADED;
  g_log(G_LOG_DOMAIN, bad ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO, "camera %s, %s stream: %s%s%s",
        camera->config->id.text, iv_stream_name(second_stream(camera->config)),
        iv_ingest_state_name(state), reason[0] ? ": " : "", reason);
  iv_node_mark(camera->node, FALSE, TRUE);
}

gboolean iv_node_open_second(IvNodeCamera *camera, IvClockShare *clock, IvStandby **ret_second,
                             GError **error) {
  static const IvIngestEvents events = {.on_state = on_state};
  const IvCameraConfig *config = camera->config;
  if (!config->sub_url)
    return TRUE;
  IvIngestConfig source = {.source = address_of(config, second_stream(config)),
                           .transport = config->udp ? IV_TRANSPORT_UDP : IV_TRANSPORT_TCP,
                           .pace = IV_PACE_REAL_TIME,
                           .loop = config->loop,
                           .start = IV_TIME_NONE,
                           .clock = clock,
                           .slots = camera->node->slots};
  *ret_second = iv_standby_new(&source, 0, &events, camera, error);
  if (!*ret_second)
    g_prefix_error(error, "camera %s: ", config->id.text);
  return *ret_second != NULL;
}

gboolean iv_node_ingest_reads(const IvNodeCamera *camera, IvStream stream) {
  return !camera->second || stream == analysed_stream(camera->config);
}

gboolean iv_node_is_ring_of(const IvNodeCamera *camera, IvStream stream, const IvUnitRing *ring) {
  if (!camera->ingest)
    return FALSE;
  return iv_node_ingest_reads(camera, stream) ? iv_ingest_ring(camera->ingest) == ring
                                              : iv_standby_is_ring(camera->second, ring);
}

IvStreamHold *iv_node_hold(IvNode *node, const IvNodeCamera *camera, IvStream stream) {
  g_autoptr(IvStandby) standby = NULL;
  IvStreamHold *hold = NULL;
  g_rw_lock_reader_lock(&node->places);
  if (camera->ingest && iv_node_ingest_reads(camera, stream))
    hold = iv_stream_hold_new(iv_ingest_ring(camera->ingest), NULL, NULL);
  else if (camera->ingest)
    standby = iv_standby_ref(camera->second);
  g_rw_lock_reader_unlock(&node->places);
  return standby ? iv_standby_hold(standby) : hold;
}

/* ---- what is shown of them ---- */

static void show(const IvIngestStats *stats, gboolean reordered, IvStreamView *view) {
  view->state = iv_ingest_state_name(stats->state);
  g_strlcpy(view->reason, stats->reason, sizeof view->reason);
  view->codec = stats->codec == IV_CODEC_NONE ? NULL : iv_codec_name(stats->codec);
  view->size = stats->size;
  view->fps_in = stats->fps_in;
  view->bitrate = stats->bitrate;
  view->keyframe_interval = stats->keyframe_interval;
  view->packets_lost = stats->packets_lost;
  view->reconnects = stats->reconnects;
  view->reordered = reordered;
}

void iv_node_show_streams(const IvNodeCamera *camera, IvCameraView *view) {
  IvIngestStats stats;
  view->n_streams = camera->second ? 2 : 1;
  for (guint i = 0; i < view->n_streams; i++) {
    IvStreamView *stream = &view->streams[i];
    *stream = (IvStreamView){.name = iv_stream_name((IvStream)i),
                             .state = "idle",
                             .source = address_of(camera->config, (IvStream)i)};
    if (iv_node_ingest_reads(camera, (IvStream)i)) {
      iv_ingest_stats(camera->ingest, &stats);
      stream->analysed = iv_config_analyses(camera->config);
      show(&stats, iv_unit_ring_is_reordered(iv_ingest_ring(camera->ingest)), stream);
    } else if (iv_standby_stats(camera->second, &stats)) {
      show(&stats, iv_standby_is_reordered(camera->second), stream);
    }
  }
}
