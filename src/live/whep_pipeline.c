/* SPDX-License-Identifier: Apache-2.0 */
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "base/clock.h"
#include "live/live_error.h"
#include "live/whep_private.h"

#define RTP_SEQ_FIRST_MAX 32768 /* SRTP: it must not come round soon, RFC 3711 */
#define LEAD IV_MINUTE          /* running times of units up to this old are not negative */
#define SLACK (500 * IV_MS)     /* so much a unit may be early without being held back */

/* Which Debian package brings an element. */
static const struct {
  const char *element, *package;
} packages[] = {
    {"appsrc", "gstreamer1.0-plugins-base"},
    {"rtpbin", "gstreamer1.0-plugins-good"},
    {"webrtcbin", "gstreamer1.0-plugins-bad"},
    {"nicesrc", "gstreamer1.0-nice"},
};

static GstElement *make(IvWhepSession *session, const char *element) {
  GstElement *made = gst_element_factory_make(element, NULL);
  if (made)
    gst_bin_add(GST_BIN(session->pipeline), made);
  return made;
}

static gboolean check_installed(GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(packages); i++) {
    g_autoptr(GstElementFactory) factory = gst_element_factory_find(packages[i].element);
    if (factory)
      continue;
    g_set_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FAILED,
                "GStreamer's %s is missing: install the Debian package %s.", packages[i].element,
                packages[i].package);
    return FALSE;
  }
  return TRUE;
}

/* ---- elements ---- */

static void need_data(GstAppSrc *source, guint length, gpointer user_data) {
  (void)source;
  (void)length;
  iv_whep_feed_next(user_data);
}

/* What the answer says of the stream; `ssrc` in all three places, or browsers show nothing. With
 * `packetization-mode` but without a profile: the camera's own would be refused. */
static GstCaps *stream_caps(guint payload, guint ssrc) {
  return gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "video", "encoding-name",
                             G_TYPE_STRING, "H264", "payload", G_TYPE_INT, (gint)payload,
                             "clock-rate", G_TYPE_INT, 90000, "ssrc", G_TYPE_UINT, ssrc,
                             "packetization-mode", G_TYPE_STRING, "1", NULL);
}

/* Where units become packets. They go on as one list, which costs webrtcbin's many elements once;
 * a source that gives lists itself (GStreamer 1.22) stumbles when it is stopped. */
static GstPadProbeReturn on_unit(GstPad *pad, GstPadProbeInfo *info, gpointer user_data) {
  IvWhepSession *session = user_data;
  GstBufferList *packets = iv_whep_feed_cut(&session->feed, GST_PAD_PROBE_INFO_BUFFER(info));
  GstFlowReturn flow = GST_FLOW_OK;
  if (gst_buffer_list_length(packets) > 0)
    flow = gst_pad_push_list(pad, packets); /* takes it */
  else
    gst_buffer_list_unref(packets);
  gst_clear_buffer((GstBuffer **)&info->data);
  GST_PAD_PROBE_INFO_FLOW_RETURN(info) = flow;
  return GST_PAD_PROBE_HANDLED;
}

static void make_source(IvWhepSession *session, guint payload, guint ssrc) {
  GstAppSrcCallbacks calls = {.need_data = need_data};
  GstCaps *caps = stream_caps(payload, ssrc);
  session->source = make(session, "appsrc");
  g_object_set(session->source, "is-live", TRUE, "format", GST_FORMAT_TIME, "caps", caps, NULL);
  gst_app_src_set_callbacks(GST_APP_SRC(session->source), &calls, iv_whep_session_ref(session),
                            iv_whep_session_unref);
  gst_caps_unref(caps);
}

static void set_transceiver(GstPad *sink, guint payload, guint ssrc) {
  g_autoptr(GstWebRTCRTPTransceiver) transceiver = NULL;
  GstCaps *caps = stream_caps(payload, ssrc);
  g_object_get(sink, "transceiver", &transceiver, NULL);
  g_object_set(transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY,
               "codec-preferences", caps, "do-nack", TRUE, NULL);
  gst_caps_unref(caps);
}

/* Ports are opened on routers by nobody but their owner: no UPnP. */
static void set_paths(GstElement *webrtc, const IvWhepPaths *paths) {
  g_autoptr(GObject) ice = NULL, agent = NULL;
  g_object_get(webrtc, "ice-agent", &ice, NULL);
  g_object_get(ice, "agent", &agent, NULL);
  g_object_set(agent, "upnp", FALSE, NULL);
  if (paths->port_min > 0)
    g_object_set(ice, "min-rtp-port", paths->port_min, "max-rtp-port", paths->port_max, NULL);
  if (paths->stun)
    g_object_set(webrtc, "stun-server", paths->stun, NULL);
  if (paths->turn)
    g_object_set(webrtc, "turn-server", paths->turn, NULL);
}

static void make_webrtc(IvWhepSession *session, const IvWhepPaths *paths) {
  GstElement *webrtc = session->webrtc = make(session, "webrtcbin");
  g_object_set(webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", 0, NULL);
  set_paths(webrtc, paths);
}

/* Running times are capture times since ts0, and RTP timestamps capture times themselves. The
 * pipeline's own time is SLACK ahead of that: webrtcbin would wait for the moment of each unit, and
 * its time has always come. */
static void set_times(IvWhepSession *session) {
  g_autoptr(GstClock) clock = gst_system_clock_obtain();
  GstClockTime now = gst_clock_get_time(clock); /* since this machine was switched on */
  IvTime lead = MIN(LEAD, (IvTime)(now / GST_USECOND) - SLACK);
  session->feed.ts0 = iv_clock_now() - lead;
  if (iv_stamp_rtp(session->feed.ts0) == G_MAXUINT32) /* GStreamer's word for "any" */
    session->feed.ts0 -= IV_MS;
  gst_pipeline_use_clock(GST_PIPELINE(session->pipeline), clock);
  gst_element_set_start_time(session->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(session->pipeline, now - (GstClockTime)(lead + SLACK) * GST_USECOND);
}

static gboolean link_sink(IvWhepSession *session, guint payload, guint ssrc) {
  g_autoptr(GstPad) from = gst_element_get_static_pad(session->source, "src");
  gst_pad_add_probe(from, GST_PAD_PROBE_TYPE_BUFFER, on_unit, iv_whep_session_ref(session),
                    iv_whep_session_unref);
  g_autoptr(GstPad) sink = gst_element_request_pad_simple(session->webrtc, "sink_%u");
  if (!sink || gst_pad_link(from, sink) != GST_PAD_LINK_OK)
    return FALSE;
  set_transceiver(sink, payload, ssrc);
  return TRUE;
}

gboolean iv_whep_pipeline_make(IvWhepSession *session, const IvWhepPaths *paths,
                               const IvOffer *offer, GError **error) {
  guint payload = offer->payload, ssrc = (guint)g_random_int_range(1, G_MAXINT32);
  if (!check_installed(error))
    return FALSE;
  set_times(session);
  session->feed.rtp = (IvRtpH264){.payload = (guint8)payload,
                                  .soon = offer->soon,
                                  .ssrc = ssrc,
                                  .seq = (guint16)g_random_int_range(0, RTP_SEQ_FIRST_MAX)};
  make_source(session, payload, ssrc);
  make_webrtc(session, paths);
  if (link_sink(session, payload, ssrc))
    return TRUE;
  g_set_error_literal(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FAILED,
                      "GStreamer can't put the viewer's pipeline together.");
  return FALSE;
}
