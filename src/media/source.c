/* SPDX-License-Identifier: Apache-2.0 */
#include "media/source.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "base/url.h"
#include "media/fault.h"
#include "media/jpeg_chain.h"
#include "media/plugins.h"

#define LATENCY_TCP_MS 0 /* TCP delivers in order and whole: nothing to wait for */
#define LATENCY_UDP_MS 200
#define RTSP_TIMEOUT_US 5000000
#define SAMPLES_MAX 4 /* between the pipeline and `take`, which empties it at once */

/* Written by the pipeline's threads while it is being linked, read after. */
struct IvSource {
  GstElement *pipeline;
  GstBus *bus;
  IvSourceTake take;
  gpointer user_data;
  IvFaultPlace place;
  IvPace pace;
  GMutex mutex; /* guards what follows */
  gboolean linked;
  gint selected;    /* number of the RTSP stream we take; -1 = none yet */
  char refused[64]; /* other streams' encodings */
  GstElement *jitterbuffer;
};

typedef struct {
  const char *encoding, *depay, *parse, *caps;
} RtpCodec;

/* Without alignment=au a picture's slices would come as separate buffers; byte-stream with
 * parameter sets before each keyframe lets any consumer begin anywhere. */
static const RtpCodec rtp_codecs[] = {
    {"H264", "rtph264depay", "h264parse", "video/x-h264,stream-format=byte-stream,alignment=au"},
    {"H265", "rtph265depay", "h265parse", "video/x-h265,stream-format=byte-stream,alignment=au"},
};

static const RtpCodec *find_rtp_codec(const char *encoding) {
  for (gsize i = 0; encoding && i < G_N_ELEMENTS(rtp_codecs); i++)
    if (g_ascii_strcasecmp(rtp_codecs[i].encoding, encoding) == 0)
      return &rtp_codecs[i];
  return NULL;
}

static GstFlowReturn on_sample(GstAppSink *sink, gpointer user_data) {
  IvSource *source = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
  if (sample && gst_sample_get_buffer(sample))
    source->take(sample, source->user_data);
  return GST_FLOW_OK;
}

static GstElement *make_sink(IvSource *source) {
  GstElement *sink = gst_element_factory_make("appsink", NULL);
  gboolean paced = !source->place.host && source->pace == IV_PACE_REAL_TIME;
  g_object_set(sink, "sync", paced, "max-buffers", SAMPLES_MAX, "enable-last-sample", FALSE, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, source, NULL);
  return sink;
}

/* Adds a chain of elements (NULL-terminated, floating) behind `pad` and lets it run. */
static void attach(IvSource *source, GstPad *pad, GstElement **chain) {
  GstElement *previous = NULL;
  for (GstElement **e = chain; *e; e++) {
    gst_bin_add(GST_BIN(source->pipeline), *e);
    if (previous)
      gst_element_link(previous, *e);
    previous = *e;
  }
  for (GstElement **e = chain; *e; e++)
    gst_element_sync_state_with_parent(*e);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(chain[0], "sink");
  if (GST_PAD_LINK_FAILED(gst_pad_link(pad, sink)))
    GST_ELEMENT_ERROR(source->pipeline, STREAM, FORMAT, ("the video's form is not understood"),
                      (NULL));
}

/* TRUE for the first caller: one video stream a source. */
static gboolean claim(IvSource *source) {
  g_mutex_lock(&source->mutex);
  gboolean first = !source->linked;
  source->linked = TRUE;
  g_mutex_unlock(&source->mutex);
  return first;
}

static GstElement *make_parser(const RtpCodec *codec) {
  GstElement *parse = gst_element_factory_make(codec->parse, NULL);
  g_object_set(parse, "config-interval", -1, NULL);
  return parse;
}

static GstElement *make_filter(const char *caps_text) {
  GstElement *filter = gst_element_factory_make("capsfilter", NULL);
  g_autoptr(GstCaps) caps = gst_caps_from_string(caps_text);
  g_object_set(filter, "caps", caps, NULL);
  return filter;
}

static void on_rtp_pad(G_GNUC_UNUSED GstElement *rtspsrc, GstPad *pad, gpointer user_data) {
  IvSource *source = user_data;
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  if (!caps)
    caps = gst_pad_query_caps(pad, NULL);
  const RtpCodec *codec =
      find_rtp_codec(gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name"));
  if (!codec || !claim(source))
    return;
  GstElement *chain[] = {gst_element_factory_make(codec->depay, NULL), make_parser(codec),
                         make_filter(codec->caps), make_sink(source), NULL};
  attach(source, pad, chain);
}

/* Only the first video stream we understand is set up: sound and metadata are never sent to us. */
static gboolean on_select_stream(G_GNUC_UNUSED GstElement *rtspsrc, guint number, GstCaps *caps,
                                 gpointer user_data) {
  IvSource *source = user_data;
  const GstStructure *s = gst_caps_get_structure(caps, 0);
  const char *media = gst_structure_get_string(s, "media");
  const char *encoding = gst_structure_get_string(s, "encoding-name");
  gboolean take = FALSE;
  g_mutex_lock(&source->mutex);
  if (g_strcmp0(media, "video") == 0 && find_rtp_codec(encoding)) {
    take = source->selected < 0 || source->selected == (gint)number;
    if (take)
      source->selected = (gint)number;
  } else if (g_strcmp0(media, "video") == 0 && encoding) {
    g_strlcpy(source->refused, encoding, sizeof source->refused);
  }
  g_mutex_unlock(&source->mutex);
  return take;
}

static void on_jitterbuffer(G_GNUC_UNUSED GstElement *rtpbin, GstElement *jitterbuffer,
                            G_GNUC_UNUSED guint session, G_GNUC_UNUSED guint ssrc,
                            gpointer user_data) {
  IvSource *source = user_data;
  g_mutex_lock(&source->mutex);
  gst_object_replace((GstObject **)&source->jitterbuffer, GST_OBJECT(jitterbuffer));
  g_mutex_unlock(&source->mutex);
}

static void on_rtpbin(G_GNUC_UNUSED GstElement *rtspsrc, GstElement *rtpbin, gpointer user_data) {
  g_signal_connect(rtpbin, "new-jitterbuffer", G_CALLBACK(on_jitterbuffer), user_data);
}

static void add_rtsp(IvSource *source, const IvSourceAddress *address) {
  GstElement *rtspsrc = gst_element_factory_make("rtspsrc", NULL);
  gboolean udp = address->transport == IV_TRANSPORT_UDP;
  gst_util_set_object_arg(G_OBJECT(rtspsrc), "protocols", udp ? "udp+udp-mcast" : "tcp");
  /* The stream's own spacing, not one bent after arrival: media/camera_clock.h does that better. */
  gst_util_set_object_arg(G_OBJECT(rtspsrc), "buffer-mode", "none");
  g_object_set(rtspsrc, "location", address->location, "latency",
               udp ? LATENCY_UDP_MS : LATENCY_TCP_MS, "tcp-timeout", (guint64)RTSP_TIMEOUT_US,
               "add-reference-timestamp-meta", TRUE, "do-retransmission", FALSE, NULL);
  if (address->user)
    g_object_set(rtspsrc, "user-id", address->user, "user-pw",
                 address->password ? address->password : "", NULL);
  g_signal_connect(rtspsrc, "select-stream", G_CALLBACK(on_select_stream), source);
  g_signal_connect(rtspsrc, "new-manager", G_CALLBACK(on_rtpbin), source);
  g_signal_connect(rtspsrc, "pad-added", G_CALLBACK(on_rtp_pad), source);
  gst_bin_add(GST_BIN(source->pipeline), rtspsrc);
}

/* ---- motion JPEG over HTTP ---- */

static void on_part(G_GNUC_UNUSED GstElement *demux, GstPad *pad, gpointer user_data) {
  IvSource *source = user_data;
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  if (!caps)
    caps = gst_pad_query_caps(pad, NULL);
  if (!gst_structure_has_name(gst_caps_get_structure(caps, 0), "image/jpeg") || !claim(source))
    return;
  GstElement *chain[IV_JPEG_CHAIN_MAX + 1] = {NULL};
  iv_jpeg_chain_make(chain);
  guint n = 0;
  while (chain[n])
    n++;
  chain[n] = make_sink(source);
  attach(source, pad, chain);
}

static void add_http(IvSource *source, const IvSourceAddress *address) {
  GstElement *http = gst_element_factory_make("souphttpsrc", NULL);
  GstElement *demux = gst_element_factory_make("multipartdemux", NULL);
  g_object_set(http, "location", address->location, "is-live", TRUE, "do-timestamp", TRUE,
               "timeout", (guint)(RTSP_TIMEOUT_US / G_USEC_PER_SEC), "retries", 0, "keep-alive",
               FALSE, "automatic-redirect", FALSE, NULL);
  if (address->user)
    g_object_set(http, "user-id", address->user, "user-pw",
                 address->password ? address->password : "", NULL);
  g_object_set(demux, "single-stream", TRUE, NULL);
  g_signal_connect(demux, "pad-added", G_CALLBACK(on_part), source);
  gst_bin_add_many(GST_BIN(source->pipeline), http, demux, NULL);
  gst_element_link(http, demux);
}

/* ---- files ---- */

static const RtpCodec *file_codec(const GstStructure *s) {
  if (gst_structure_has_name(s, "video/x-h264"))
    return &rtp_codecs[0];
  return gst_structure_has_name(s, "video/x-h265") ? &rtp_codecs[1] : NULL;
}

static void on_file_pad(G_GNUC_UNUSED GstElement *parsebin, GstPad *pad, gpointer user_data) {
  IvSource *source = user_data;
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  if (!caps)
    caps = gst_pad_query_caps(pad, NULL);
  if (iv_codec_of_caps(caps) == IV_CODEC_NONE || !claim(source))
    return;
  const RtpCodec *codec = file_codec(gst_caps_get_structure(caps, 0));
  if (codec) {
    GstElement *chain[] = {make_parser(codec), make_filter(codec->caps), make_sink(source), NULL};
    attach(source, pad, chain);
  } else {
    GstElement *chain[] = {make_sink(source), NULL};
    attach(source, pad, chain);
  }
}

static void add_file(IvSource *source, const IvSourceAddress *address) {
  GstElement *filesrc = gst_element_factory_make("filesrc", NULL);
  GstElement *parsebin = gst_element_factory_make("parsebin", NULL);
  g_object_set(filesrc, "location", address->location, NULL);
  g_signal_connect(parsebin, "pad-added", G_CALLBACK(on_file_pad), source);
  gst_bin_add_many(GST_BIN(source->pipeline), filesrc, parsebin, NULL);
  gst_element_link(filesrc, parsebin);
}

IvSource *iv_source_new(const IvSourceAddress *address, IvSourceTake take, gpointer user_data) {
  IvSource *source = g_new0(IvSource, 1);
  g_mutex_init(&source->mutex);
  source->take = take;
  source->user_data = user_data;
  source->place = (IvFaultPlace){address->host, address->port, address->user || address->password};
  source->pace = address->pace;
  source->selected = -1;
  source->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  source->bus = gst_element_get_bus(source->pipeline);
  if (address->host && iv_url_is_http(address->location))
    add_http(source, address);
  else if (address->host)
    add_rtsp(source, address);
  else
    add_file(source, address);
  gst_element_set_state(source->pipeline, GST_STATE_PLAYING);
  return source;
}

void iv_source_free(IvSource *source) {
  gst_element_set_state(source->pipeline, GST_STATE_NULL);
  gst_object_unref(source->bus);
  gst_object_unref(source->pipeline);
  gst_clear_object(&source->jitterbuffer);
  g_mutex_clear(&source->mutex);
  g_free(source);
}

static IvSourceStatus on_end(IvSource *source, char **ret_reason) {
  g_mutex_lock(&source->mutex);
  gboolean linked = source->linked;
  g_mutex_unlock(&source->mutex);
  if (!linked) {
    *ret_reason = g_strdup(source->place.host ? "the camera sends no motion JPEG at this address: "
                                                "check the path"
                                              : "it holds no video");
    return IV_SOURCE_FAILED;
  }
  *ret_reason = g_strdup(source->place.host ? "the camera closed the stream" : "end of file");
  return IV_SOURCE_ENDED;
}

/* rtspsrc says the same when it liked no stream and when the camera refused how to send the one it
 * liked. NULL when the message is about something else. */
static char *why_no_stream(IvSource *source, GstMessage *message) {
  g_autoptr(GError) error = NULL;
  gst_message_parse_error(message, &error, NULL);
  if (!source->place.host ||
      !g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND))
    return NULL;
  g_mutex_lock(&source->mutex);
  gboolean selected = source->selected >= 0;
  g_autofree char *refused = g_strdup(source->refused);
  g_mutex_unlock(&source->mutex);
  if (selected)
    return g_strdup("the camera refuses this transport: set the other one of tcp and udp");
  if (*refused)
    return g_strdup_printf("the camera sends %s, which is not supported: set it to H.264", refused);
  return g_strdup("the camera offers no video at this address: check the path");
}

IvSourceStatus iv_source_poll(IvSource *source, IvTime timeout, char **ret_reason) {
  g_autoptr(GstMessage) message =
      gst_bus_timed_pop_filtered(source->bus, (GstClockTime)timeout * GST_USECOND,
                                 GST_MESSAGE_ERROR | GST_MESSAGE_EOS | GST_MESSAGE_APPLICATION);
  if (!message || GST_MESSAGE_TYPE(message) == GST_MESSAGE_APPLICATION)
    return IV_SOURCE_RUNNING;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
    return on_end(source, ret_reason);
  *ret_reason = why_no_stream(source, message);
  if (!*ret_reason)
    *ret_reason = iv_fault_reason(message, &source->place);
  return IV_SOURCE_FAILED;
}

void iv_source_wake(IvSource *source) {
  gst_bus_post(source->bus, gst_message_new_application(NULL, gst_structure_new_empty("wake")));
}

guint64 iv_source_packets_lost(IvSource *source) {
  guint64 lost = 0;
  g_mutex_lock(&source->mutex);
  if (source->jitterbuffer) {
    g_autoptr(GstStructure) stats = NULL;
    g_object_get(source->jitterbuffer, "stats", &stats, NULL);
    if (stats)
      gst_structure_get_uint64(stats, "num-lost", &lost);
  }
  g_mutex_unlock(&source->mutex);
  return lost;
}
