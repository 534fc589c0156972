/* SPDX-License-Identifier: Apache-2.0 */
#define GST_USE_UNSTABLE_API
#include "live/whep_session.h"

#include <gst/webrtc/webrtc.h>
#include <nice/agent.h>

#include "base/clock.h"
#include "live/live_error.h"
#include "live/whep_private.h"

#define RELAY_TIME                                                                                 \
  (1 * IV_SECOND) /* to give back a relay; a server that is gone does not answer                   \
                   */

G_DEFINE_QUARK(iv - live - error - quark, iv_live_error)

/* ---- its life ---- */

static IvWhepSession *session_new(void) {
  IvWhepSession *session = g_new0(IvWhepSession, 1);
  g_atomic_ref_count_init(&session->refs);
  g_mutex_init(&session->mutex);
  g_cond_init(&session->changed);
  iv_whep_feed_init(&session->feed);
  session->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  session->opened = iv_clock_monotonic();
  return session;
}

IvWhepSession *iv_whep_session_ref(IvWhepSession *session) {
  g_atomic_ref_count_inc(&session->refs);
  return session;
}

void iv_whep_session_unref(gpointer pointer) {
  IvWhepSession *session = pointer;
  if (!g_atomic_ref_count_dec(&session->refs))
    return;
  iv_whep_feed_clear(&session->feed);
  g_cond_clear(&session->changed);
  g_mutex_clear(&session->mutex);
  g_free(session);
}

static void unref_of_closure(gpointer session, GClosure *closure) {
  (void)closure;
  iv_whep_session_unref(session);
}

void iv_whep_session_end(IvWhepSession *session, const char *why) {
  g_mutex_lock(&session->mutex);
  if (!session->over)
    session->over = why;
  g_cond_broadcast(&session->changed);
  g_mutex_unlock(&session->mutex);
}

const char *iv_whep_session_is_over(IvWhepSession *session, IvTime now) {
  g_mutex_lock(&session->mutex);
  const char *over = session->over;
  IvTime heard = session->heard;
  g_mutex_unlock(&session->mutex);
  if (over)
    return over;
  if (heard == 0 && now - session->opened > IV_WHEP_CONNECT_TIME)
    return "the viewer never connected";
  if (heard != 0 && now - heard > IV_WHEP_SILENCE)
    return "the viewer is silent";
  return NULL;
}

static void on_agent_closed(GObject *agent, GAsyncResult *result, gpointer done) {
  (void)agent;
  (void)result;
  *(gboolean *)done = TRUE;
}

static gboolean on_patience_over(gpointer over) {
  *(gboolean *)over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Gives back what the TURN server lent, which it would keep for ten minutes. webrtcbin does not. */
static void give_relay_back(IvWhepSession *session) {
  gboolean done = FALSE, over = FALSE;
  g_autoptr(GObject) ice = NULL, agent = NULL;
  g_object_get(session->webrtc, "ice-agent", &ice, NULL);
  g_object_get(ice, "agent", &agent, NULL);
  g_autoptr(GMainContext) context = g_main_context_new();
  g_main_context_push_thread_default(context);
  g_autoptr(GSource) patience = g_timeout_source_new(RELAY_TIME / IV_MS);
  g_source_set_callback(patience, on_patience_over, &over, NULL);
  g_source_attach(patience, context);
  nice_agent_close_async(NICE_AGENT(agent), on_agent_closed, &done);
  while (!done && !over)
    g_main_context_iteration(context, TRUE);
  g_main_context_pop_thread_default(context);
}

void iv_whep_session_free(IvWhepSession *session) {
  if (!session)
    return;
  iv_whep_feed_stop(&session->feed);
  if (session->relayed)
    give_relay_back(session);
  gst_element_set_state(session->pipeline, GST_STATE_NULL);
  g_autoptr(GstBus) bus = gst_element_get_bus(session->pipeline);
  gst_bus_set_sync_handler(bus, NULL, NULL, NULL);
  gst_clear_object(&session->pipeline);
  iv_whep_session_unref(session);
}

/* ---- what the pipeline tells, on its threads ---- */

static GstBusSyncReply on_message(GstBus *bus, GstMessage *message, gpointer user_data) {
  (void)bus;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    g_debug("viewer: %s", error->message);
    iv_whep_session_end(user_data, "its pipeline failed");
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

static void on_gathering(GObject *webrtc, GParamSpec *spec, gpointer user_data) {
  IvWhepSession *session = user_data;
  GstWebRTCICEGatheringState state;
  (void)spec;
  g_object_get(webrtc, "ice-gathering-state", &state, NULL);
  g_mutex_lock(&session->mutex);
  session->gathered = state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
  g_cond_broadcast(&session->changed);
  g_mutex_unlock(&session->mutex);
}

static void on_connection(GObject *webrtc, GParamSpec *spec, gpointer user_data) {
  GstWebRTCPeerConnectionState state;
  (void)spec;
  g_object_get(webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    iv_whep_feed_start(&((IvWhepSession *)user_data)->feed);
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    iv_whep_session_end(user_data, "no way to the viewer was found, or it was lost");
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED)
    iv_whep_session_end(user_data, "the viewer closed it");
}

/* The one sign of life: a closed tab says nothing. */
static void on_rtcp(GstElement *rtpbin, guint id, guint ssrc, gpointer user_data) {
  IvWhepSession *session = user_data;
  (void)rtpbin;
  (void)id;
  (void)ssrc;
  g_mutex_lock(&session->mutex);
  session->heard = iv_clock_monotonic();
  g_mutex_unlock(&session->mutex);
}

static void connect_to(IvWhepSession *session, gpointer object, const char *signal,
                       GCallback call) {
  g_signal_connect_data(object, signal, call, iv_whep_session_ref(session), unref_of_closure, 0);
}

static void hear(IvWhepSession *session) {
  g_autoptr(GstBus) bus = gst_element_get_bus(session->pipeline);
  g_autoptr(GstElement) rtpbin = gst_bin_get_by_name(GST_BIN(session->webrtc), "rtpbin");
  gst_bus_set_sync_handler(bus, on_message, iv_whep_session_ref(session), iv_whep_session_unref);
  connect_to(session, session->webrtc, "notify::ice-gathering-state", G_CALLBACK(on_gathering));
  connect_to(session, session->webrtc, "notify::connection-state", G_CALLBACK(on_connection));
  connect_to(session, rtpbin, "on-ssrc-active", G_CALLBACK(on_rtcp));
}

/* ---- offer and answer ---- */

static void on_local_set(GstPromise *promise, gpointer user_data) {
  IvWhepSession *session = user_data;
  g_mutex_lock(&session->mutex);
  session->answered = gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED;
  g_cond_broadcast(&session->changed);
  g_mutex_unlock(&session->mutex);
  gst_promise_unref(promise);
}

static GstPromise *promise_for(IvWhepSession *session, GstPromiseChangeFunc call) {
  return gst_promise_new_with_change_func(call, iv_whep_session_ref(session),
                                          iv_whep_session_unref);
}

static void on_answer(GstPromise *promise, gpointer user_data) {
  IvWhepSession *session = user_data;
  g_autoptr(GstWebRTCSessionDescription) answer = NULL;
  const GstStructure *reply = gst_promise_get_reply(promise);
  if (reply)
    gst_structure_get(reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL);
  if (answer)
    g_signal_emit_by_name(session->webrtc, "set-local-description", answer,
                          promise_for(session, on_local_set));
  else
    iv_whep_session_end(session, "the offer could not be answered");
  gst_promise_unref(promise);
}

static void on_remote_set(GstPromise *promise, gpointer user_data) {
  IvWhepSession *session = user_data;
  const GstStructure *reply = gst_promise_get_reply(promise);
  if (gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED &&
      !(reply && gst_structure_has_field(reply, "error")))
    g_signal_emit_by_name(session->webrtc, "create-answer", NULL, promise_for(session, on_answer));
  else
    iv_whep_session_end(session, "the offer was not taken");
  gst_promise_unref(promise);
}

static void put_offer(IvWhepSession *session, const IvOffer *offer) {
  GstSDPMessage *copy = NULL;
  gst_sdp_message_copy(offer->sdp, &copy);
  g_autoptr(GstWebRTCSessionDescription) description =
      gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_OFFER, copy);
  g_signal_emit_by_name(session->webrtc, "set-remote-description", description,
                        promise_for(session, on_remote_set));
}

/* webrtcbin knows nothing of the extension: it is live/rtp_h264.h that puts it into packets. */
static void promise_soon(GstSDPMessage *answer, const IvOffer *offer) {
  if (offer->soon == 0 || offer->video >= gst_sdp_message_medias_len(answer))
    return;
  g_autofree char *value = g_strdup_printf("%u " IV_RTP_SOON_URI, offer->soon);
  GstSDPMedia *media = &g_array_index(answer->medias, GstSDPMedia, offer->video);
  gst_sdp_media_add_attribute(media, "extmap", value);
}

/* With the addresses gathered so far. */
static char *read_answer(IvWhepSession *session, const IvOffer *offer) {
  g_autoptr(GstWebRTCSessionDescription) local = NULL;
  g_object_get(session->webrtc, "local-description", &local, NULL);
  if (!local)
    return NULL;
  promise_soon(local->sdp, offer); /* a copy of it */
  return gst_sdp_message_as_text(local->sdp);
}

static const char *wait_for_answer(IvWhepSession *session, IvTime deadline) {
  g_mutex_lock(&session->mutex);
  while (!session->over && !(session->answered && session->gathered) &&
         g_cond_wait_until(&session->changed, &session->mutex, deadline))
    ;
  const char *fault = session->over;
  if (!fault && !session->answered)
    fault = "it took too long";
  g_mutex_unlock(&session->mutex);
  return fault;
}

static gboolean answer(IvWhepSession *session, const IvOffer *offer, IvTime deadline,
                       char **ret_answer, GError **error) {
  if (gst_element_set_state(session->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error_literal(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FAILED,
                        "The viewer's pipeline does not start; see the server's log.");
    return FALSE;
  }
  put_offer(session, offer);
  const char *fault = wait_for_answer(session, deadline);
  char *text = fault ? NULL : read_answer(session, offer);
  if (!text) {
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FAILED, "The viewer can't be served: %s.",
                fault ? fault : "there is no answer");
    return FALSE;
  }
  *ret_answer = text;
  return TRUE;
}

IvWhepSession *iv_whep_session_open(const IvWhepPaths *paths, IvUnitRing *ring,
                                    const IvOffer *offer, IvTime deadline, char **ret_answer,
                                    GError **error) {
  g_autoptr(IvWhepSession) session = session_new();
  if (!iv_whep_feed_open(&session->feed, ring, error) ||
      !iv_whep_pipeline_make(session, paths, offer, error))
    return NULL;
  session->relayed = paths->turn != NULL;
  hear(session);
  return answer(session, offer, deadline, ret_answer, error) ? g_steal_pointer(&session) : NULL;
}
