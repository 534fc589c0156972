/* SPDX-License-Identifier: Apache-2.0 */
#include "media/fragmenter.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <string.h>

#include "base/url.h"
#include "media/ingest.h"
#include "media/plugins.h"
#include "media/reorder.h"

#define BACKLOG_BYTES (8u * 1024 * 1024) /* units that wait for the disk, then the pusher waits */
#define BOX_HEAD 8

struct IvFragmenter {
  IvFragmenterEvents events;
  IvCodec codec;
  guint caps_generation, epoch;
  gboolean begun;
  IvDecodeTimes times;
  IvStreamTime origin; /* at which the first unit is decoded; before 0 where pictures wait */
  IvStreamTime newest; /* shown last of all so far */
  GstElement *pipeline;
  GstAppSrc *input;
  GstClockTime parsed; /* input's thread: when the last one is decoded that went to the muxer */
  GByteArray *part;    /* muxer's thread: what has come of the part that is not whole yet */
  gsize box_end;       /* muxer's thread: where the box ends that is coming, in `part` */
  gboolean in_moof;    /* muxer's thread: the fragment's data still has to come */
  GMutex mutex;        /* guards what follows */
  GCond changed;
  gboolean over, stopped; /* all is out; nothing more is wanted */
  char *failure;
};

/* ---- parts out ---- */

static void stop(IvFragmenter *f, const char *failure, gboolean over) {
  g_mutex_lock(&f->mutex);
  f->over = f->over || over;
  f->stopped = f->stopped || !over;
  if (failure && !f->failure)
    f->failure = iv_url_mask(failure);
  g_cond_broadcast(&f->changed);
  g_mutex_unlock(&f->mutex);
}

static gboolean is_stopped(IvFragmenter *f) {
  g_mutex_lock(&f->mutex);
  gboolean stopped = f->stopped;
  g_mutex_unlock(&f->mutex);
  return stopped;
}

static guint32 box_length(const guint8 *head) {
  return ((guint32)head[0] << 24) | ((guint32)head[1] << 16) | ((guint32)head[2] << 8) | head[3];
}

static gboolean is_box(const guint8 *head, const char *type) {
  return memcmp(head + 4, type, 4) == 0;
}

/* A whole box has come: with moov the first part is whole, with mdat a fragment. The list of
 * fragments that the muxer writes at the end of a file is of no use to anybody here. */
static void end_box(IvFragmenter *f, gsize from) {
  const guint8 *head = f->part->data + from;
  gboolean whole = is_box(head, "moov") || (is_box(head, "mdat") && f->in_moof);
  f->in_moof = is_box(head, "moof") || (f->in_moof && !whole);
  if (is_box(head, "mfra"))
    g_byte_array_set_size(f->part, (guint)from);
  if (!whole)
    return;
  if (!is_stopped(f) && !f->events.on_part(f->part->data, f->part->len, f->events.user_data))
    stop(f, NULL, FALSE);
  g_byte_array_set_size(f->part, 0);
}

/* `box_end` is where the box in hand begins until its head is there. */
static gboolean take_bytes(IvFragmenter *f, const guint8 *bytes, gsize n) {
  g_byte_array_append(f->part, bytes, (guint)n);
  for (;;) {
    gsize from = f->box_end;
    if (f->part->len < from + BOX_HEAD)
      return TRUE;
    guint32 length = box_length(f->part->data + from);
    if (length < BOX_HEAD)
      return FALSE; /* a 64 bit or endless box: no fragment is that large */
    if (f->part->len < from + length)
      return TRUE;
    f->box_end = from + length;
    guint before = f->part->len;
    end_box(f, from);
    f->box_end -= MIN(f->box_end, before - f->part->len);
  }
}

static GstFlowReturn on_bytes(GstAppSink *output, gpointer user_data) {
  IvFragmenter *f = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(output);
  GstBuffer *buffer = sample ? gst_sample_get_buffer(sample) : NULL;
  GstMapInfo map;
  if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  gboolean fine = take_bytes(f, map.data, map.size);
  gst_buffer_unmap(buffer, &map);
  if (!fine)
    stop(f, "the muxer gave no fragments", FALSE);
  return is_stopped(f) ? GST_FLOW_EOS : GST_FLOW_OK;
}

static void on_eos(G_GNUC_UNUSED GstAppSink *output, gpointer user_data) {
  stop(user_data, NULL, TRUE);
}

static GstBusSyncReply on_message(G_GNUC_UNUSED GstBus *bus, GstMessage *message,
                                  gpointer user_data) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    stop(user_data, error->message, FALSE);
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

/* ---- making ---- */

/* The last picture of all has no other to tell how long it lasts: as long as the one before. */
static GstPadProbeReturn on_parsed(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                   gpointer user_data) {
  IvFragmenter *f = user_data;
  GstBuffer *buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  GstClockTime decoded = GST_BUFFER_DTS(buffer);
  if (GST_CLOCK_TIME_IS_VALID(decoded) && GST_CLOCK_TIME_IS_VALID(f->parsed) && decoded > f->parsed)
    GST_BUFFER_DURATION(buffer) = decoded - f->parsed;
  f->parsed = decoded;
  return GST_PAD_PROBE_OK;
}

static void watch_parsed(IvFragmenter *f, GstElement *parse) {
  g_autoptr(GstPad) pad = gst_element_get_static_pad(parse, "src");
  f->parsed = GST_CLOCK_TIME_NONE;
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_parsed, f, NULL);
}

/* The muxer's properties are set before its pad is linked: later they are not looked at. */
static void build(IvFragmenter *f, GstCaps *caps) {
  GstElement *input = gst_element_factory_make("appsrc", NULL);
  GstElement *parse =
      gst_element_factory_make(f->codec == IV_CODEC_H265 ? "h265parse" : "h264parse", NULL);
  GstElement *muxer = gst_element_factory_make("mp4mux", NULL);
  GstElement *output = gst_element_factory_make("appsink", NULL);
  f->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  g_object_set(input, "format", GST_FORMAT_TIME, "caps", caps, "block", TRUE, "max-bytes",
               (guint64)BACKLOG_BYTES, NULL);
  g_object_set(muxer, "fragment-duration", (guint)(IV_FRAGMENT_SPAN / IV_MS), "streamable", TRUE,
               NULL);
  g_object_set(output, "sync", FALSE, "enable-last-sample", FALSE, NULL);
  gst_bin_add_many(GST_BIN(f->pipeline), input, parse, muxer, output, NULL);
  gst_element_link_many(input, parse, muxer, output, NULL);
  watch_parsed(f, parse);
  f->input = GST_APP_SRC(input);
  GstAppSinkCallbacks callbacks = {.new_sample = on_bytes, .eos = on_eos};
  gst_app_sink_set_callbacks(GST_APP_SINK(output), &callbacks, f, NULL);
  g_autoptr(GstBus) bus = gst_element_get_bus(f->pipeline);
  gst_bus_set_sync_handler(bus, on_message, f, NULL);
}

IvFragmenter *iv_fragmenter_new(const IvEncodedUnit *first, const IvFragmenterEvents *events,
                                GError **error) {
  static const char *const elements[] = {"appsrc", "h264parse", "h265parse",
                                         "mp4mux", "appsink",   NULL};
  iv_plugins_init();
  if (!iv_plugins_need(elements, error))
    return NULL;
  if (!first->caps || (first->codec != IV_CODEC_H264 && first->codec != IV_CODEC_H265)) {
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
                "%s cannot be recorded: set the camera to H.264 or H.265",
                iv_codec_name(first->codec));
    return NULL;
  }
  IvFragmenter *f = g_new0(IvFragmenter, 1);
  f->events = *events;
  f->codec = first->codec;
  f->caps_generation = first->caps_generation;
  f->epoch = first->epoch;
  f->part = g_byte_array_new();
  g_mutex_init(&f->mutex);
  g_cond_init(&f->changed);
  build(f, first->caps);
  gst_element_set_state(f->pipeline, GST_STATE_PLAYING);
  return f;
}

void iv_fragmenter_free(IvFragmenter *f) {
  if (!f)
    return;
  gst_element_set_state(f->pipeline, GST_STATE_NULL);
  gst_object_unref(f->pipeline);
  g_byte_array_unref(f->part);
  g_free(f->failure);
  g_cond_clear(&f->changed);
  g_mutex_clear(&f->mutex);
  g_free(f);
}

/* ---- units in ---- */

gboolean iv_fragmenter_fits(const IvFragmenter *f, const IvEncodedUnit *unit) {
  return unit->caps_generation == f->caps_generation && unit->epoch == f->epoch;
}

#define STEP ((IvStreamTime)GST_MSECOND) /* where the stream tells no time */

/* A camera's stream does not tell when its pictures are decoded, and files do not all tell it
 * right: it is worked out, for a player takes a fragment that goes back in time for damaged. */
static void set_times(IvFragmenter *f, const IvEncodedUnit *unit, GstBuffer *buffer) {
  IvStreamTime shown = unit->pts;
  if (shown == IV_STREAM_TIME_NONE)
    shown = f->begun ? f->newest + STEP : 0;
  if (!f->begun)
    iv_decode_times_init(&f->times, iv_reorder_depth(unit), shown);
  IvStreamTime decoded = iv_decode_times_next(&f->times, shown);
  if (!f->begun)
    f->origin = decoded;
  f->newest = f->begun ? MAX(f->newest, shown) : shown;
  f->begun = TRUE;
  GST_BUFFER_DTS(buffer) = (GstClockTime)(decoded - f->origin);
  GST_BUFFER_PTS(buffer) = (GstClockTime)(MAX(shown, decoded) - f->origin);
}

gboolean iv_fragmenter_push(IvFragmenter *f, IvEncodedUnit *unit) {
  if (is_stopped(f))
    return FALSE;
  GstBuffer *buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, (gpointer)unit->bytes, unit->size, 0, unit->size,
      iv_encoded_unit_ref(unit), (GDestroyNotify)iv_encoded_unit_unref);
  set_times(f, unit, buffer);
  if (!unit->keyframe)
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return gst_app_src_push_buffer(f->input, buffer) == GST_FLOW_OK && !is_stopped(f);
}

void iv_fragmenter_finish(IvFragmenter *f) {
  gst_app_src_end_of_stream(f->input);
  g_mutex_lock(&f->mutex);
  while (!f->over && !f->stopped)
    g_cond_wait(&f->changed, &f->mutex);
  g_mutex_unlock(&f->mutex);
}

char *iv_fragmenter_failure(IvFragmenter *f) {
  g_mutex_lock(&f->mutex);
  char *failure = g_strdup(f->failure);
  g_mutex_unlock(&f->mutex);
  return failure;
}
