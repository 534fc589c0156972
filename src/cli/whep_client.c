/* SPDX-License-Identifier: Apache-2.0 */
#define GST_USE_UNSTABLE_API
#include "cli/whep_client.h"

#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

#include "base/clock.h"

#define OFFER_TIME (10 * IV_SECOND)
#define RTP_HEADER_BYTES 12
#define RTP_MARKER 0x80

struct IvWhepClient {
  GstElement *pipeline, *webrtc; /* `webrtc` borrowed from it */
  GMutex mutex;                  /* guards what follows; nothing else is locked under it */
  GCond changed;
  gboolean offered, gathered;
  IvWhepClientStats stats;
};

/* ---- what comes ---- */

static void count(IvWhepClient *client, GstBuffer *buffer) {
  guint8 header[RTP_HEADER_BYTES];
  if (gst_buffer_extract(buffer, 0, header, sizeof header) < sizeof header)
    return;
  g_mutex_lock(&client->mutex);
  IvWhepClientStats *stats = &client->stats;
  stats->packets++;
  stats->bytes += gst_buffer_get_size(buffer);
  if (header[1] & RTP_MARKER) {
    stats->units++;
    stats->last = iv_clock_monotonic();
    stats->first = stats->first ? stats->first : stats->last;
    stats->rtp_time = GST_READ_UINT32_BE(header + 4);
  }
  g_mutex_unlock(&client->mutex);
}

static gboolean count_of_list(GstBuffer **buffer, guint i, gpointer client) {
  (void)i;
  count(client, *buffer);
  return TRUE;
}

static GstPadProbeReturn on_packet(GstPad *pad, GstPadProbeInfo *info, gpointer client) {
  (void)pad;
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach(GST_PAD_PROBE_INFO_BUFFER_LIST(info), count_of_list, client);
  else
    count(client, GST_PAD_PROBE_INFO_BUFFER(info));
  return GST_PAD_PROBE_OK;
}

static void on_pad(GstElement *webrtc, GstPad *pad, gpointer user_data) {
  IvWhepClient *client = user_data;
  (void)webrtc;
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC)
    return;
  GstElement *sink = gst_element_factory_make("fakesink", NULL);
  g_object_set(sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add(GST_BIN(client->pipeline), sink);
  gst_element_sync_state_with_parent(sink);
  g_autoptr(GstPad) to = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(to, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet,
                    client, NULL);
  gst_pad_link(pad, to);
}

/* ---- how it is agreed ---- */

static void note(IvWhepClient *client, gboolean *what) {
  g_mutex_lock(&client->mutex);
  *what = TRUE;
  g_cond_broadcast(&client->changed);
  g_mutex_unlock(&client->mutex);
}

static void on_gathering(GObject *webrtc, GParamSpec *spec, gpointer user_data) {
  IvWhepClient *client = user_data;
  GstWebRTCICEGatheringState state;
  (void)spec;
  g_object_get(webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    note(client, &client->gathered);
}

static void on_connection(GObject *webrtc, GParamSpec *spec, gpointer user_data) {
  IvWhepClient *client = user_data;
  GstWebRTCPeerConnectionState state;
  (void)spec;
  g_object_get(webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    note(client, &client->stats.connected);
}

static void on_offer(GstPromise *promise, gpointer user_data) {
  IvWhepClient *client = user_data;
  g_autoptr(GstWebRTCSessionDescription) offer = NULL;
  const GstStructure *reply = gst_promise_get_reply(promise);
  if (reply)
    gst_structure_get(reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  if (offer) {
    g_signal_emit_by_name(client->webrtc, "set-local-description", offer, NULL);
    note(client, &client->offered);
  }
  gst_promise_unref(promise);
}

static GstBusSyncReply drop_message(GstBus *bus, GstMessage *message, gpointer user_data) {
  (void)bus;
  (void)user_data;
  gst_message_unref(message);
  return GST_BUS_DROP;
}

static void make_pipeline(IvWhepClient *client) {
  client->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  client->webrtc = gst_element_factory_make("webrtcbin", NULL);
  g_autoptr(GstBus) bus = gst_element_get_bus(client->pipeline);
  gst_bus_set_sync_handler(bus, drop_message, NULL, NULL);
  if (!client->webrtc)
    return;
  g_object_set(client->webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", 0,
               NULL);
  gst_bin_add(GST_BIN(client->pipeline), client->webrtc);
  g_signal_connect(client->webrtc, "pad-added", G_CALLBACK(on_pad), client);
  g_signal_connect(client->webrtc, "notify::ice-gathering-state", G_CALLBACK(on_gathering), client);
  g_signal_connect(client->webrtc, "notify::connection-state", G_CALLBACK(on_connection), client);
}

static void ask_for_video(IvWhepClient *client) {
  g_autoptr(GstCaps) caps = gst_caps_from_string(
      "application/x-rtp, media=video, encoding-name=H264, payload=102, clock-rate=90000, "
      "packetization-mode=(string)1, profile-level-id=(string)42e01f");
  g_autoptr(GstWebRTCRTPTransceiver) transceiver = NULL;
  g_signal_emit_by_name(client->webrtc, "add-transceiver",
                        GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
}

static gboolean wait_for_offer(IvWhepClient *client) {
  gint64 until = g_get_monotonic_time() + OFFER_TIME;
  g_mutex_lock(&client->mutex);
  while (!(client->offered && client->gathered) &&
         g_cond_wait_until(&client->changed, &client->mutex, until))
    ;
  gboolean done = client->offered && client->gathered;
  g_mutex_unlock(&client->mutex);
  return done;
}

static char *read_offer(IvWhepClient *client) {
  g_autoptr(GstWebRTCSessionDescription) local = NULL;
  gst_element_set_state(client->pipeline, GST_STATE_PLAYING);
  ask_for_video(client);
  g_signal_emit_by_name(client->webrtc, "create-offer", NULL,
                        gst_promise_new_with_change_func(on_offer, client, NULL));
  if (!wait_for_offer(client))
    return NULL;
  g_object_get(client->webrtc, "local-description", &local, NULL);
  return gst_sdp_message_as_text(local->sdp);
}

IvWhepClient *iv_whep_client_new(char **ret_offer, GError **error) {
  gst_init(NULL, NULL);
  IvWhepClient *client = g_new0(IvWhepClient, 1);
  g_mutex_init(&client->mutex);
  g_cond_init(&client->changed);
  make_pipeline(client);
  char *offer = client->webrtc ? read_offer(client) : NULL;
  if (offer) {
    *ret_offer = offer;
    return client;
  }
  iv_whep_client_free(client);
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                      "GStreamer makes no offer: are gstreamer1.0-plugins-bad and "
                      "gstreamer1.0-nice installed?");
  return NULL;
}

gboolean iv_whep_client_answer(IvWhepClient *client, const char *answer, GError **error) {
  GstSDPMessage *sdp = NULL;
  if (gst_sdp_message_new_from_text(answer, &sdp) != GST_SDP_OK) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the answer is not SDP");
    return FALSE;
  }
  g_autoptr(GstWebRTCSessionDescription) description =
      gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name(client->webrtc, "set-remote-description", description, NULL);
  return TRUE;
}

void iv_whep_client_stats(IvWhepClient *client, IvWhepClientStats *ret_stats) {
  g_mutex_lock(&client->mutex);
  *ret_stats = client->stats;
  g_mutex_unlock(&client->mutex);
}

void iv_whep_client_free(IvWhepClient *client) {
  if (!client)
    return;
  gst_element_set_state(client->pipeline, GST_STATE_NULL);
  gst_object_unref(client->pipeline);
  g_cond_clear(&client->changed);
  g_mutex_clear(&client->mutex);
  g_free(client);
}
