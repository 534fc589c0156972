/* SPDX-License-Identifier: Apache-2.0 */
#include "media/decoder.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "base/clock.h"
#include "base/url.h"
#include "media/complaints.h"
#include "media/gst_frame.h"
#include "media/pending.h"
#include "media/plugins.h"
#include "media/unit_buffer.h"

#define LIVE_BACKLOG 60 /* units: 2 s at 30 fps, then on to a keyframe */
#define FILE_BACKLOG 8

struct IvDecoder {
  IvDecoderSetup setup;
  GstElement *pipeline;
  GstAppSrc *input;
  GstAppSink *output;
  IvUnitReader *reader;
  GstCaps *fed_caps;  /* input thread only */
  GstCaps *info_caps; /* output thread only, with info */
  GstVideoInfo info;
  GMutex mutex; /* guards what follows */
  IvPending pending;
  gboolean over;
  char *failure;
};

static void end(IvDecoder *decoder, const char *failure) {
  g_mutex_lock(&decoder->mutex);
  decoder->over = TRUE;
  if (failure && !decoder->failure)
    decoder->failure = iv_url_mask(failure);
  g_mutex_unlock(&decoder->mutex);
  decoder->setup.on_news(decoder->setup.user_data);
}

/* --- input: the appsrc's thread asks for one unit at a time --- */

static IvStreamTime order_of(const IvEncodedUnit *unit) {
  return unit->pts != IV_STREAM_TIME_NONE ? unit->pts : unit->dts;
}

static gboolean is_left_out(IvDecoder *decoder, const IvEncodedUnit *unit) {
  return decoder->setup.live && unit->disposable && !unit->keyframe &&
         iv_frame_gate_leave_out(decoder->setup.gate, unit->ts);
}

static GstBuffer *wrap(IvEncodedUnit *unit) {
  GstBuffer *buffer = iv_unit_to_buffer(unit);
  IvStreamTime pts = order_of(unit);
  GST_BUFFER_PTS(buffer) = pts == IV_STREAM_TIME_NONE ? GST_CLOCK_TIME_NONE : (GstClockTime)pts;
  return buffer;
}

static void note_pending(IvDecoder *decoder, const IvEncodedUnit *unit) {
  IvFrameOrigin origin = {unit->ts, unit->arrived, unit->epoch};
  g_mutex_lock(&decoder->mutex);
  guint given_up = iv_pending_add(&decoder->pending, order_of(unit), &origin);
  g_mutex_unlock(&decoder->mutex);
  iv_frame_gate_count_errors(decoder->setup.gate, given_up);
}

static void feed(IvDecoder *decoder, IvEncodedUnit *unit) {
  if (unit->caps && unit->caps != decoder->fed_caps) {
    gst_app_src_set_caps(decoder->input, unit->caps);
    gst_caps_replace(&decoder->fed_caps, unit->caps);
  }
  note_pending(decoder, unit);
  gst_app_src_push_buffer(decoder->input, wrap(unit));
}

static void on_need(GstAppSrc *input, G_GNUC_UNUSED guint length, gpointer user_data) {
  IvDecoder *decoder = user_data;
  for (;;) {
    g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(decoder->reader, -1, NULL);
    if (!unit) {
      gst_app_src_end_of_stream(input);
      return;
    }
    if (!is_left_out(decoder, unit)) {
      feed(decoder, unit);
      return;
    }
  }
}

/* --- output --- */

static gboolean read_info(IvDecoder *decoder, GstCaps *caps) {
  if (caps == decoder->info_caps)
    return TRUE;
  if (!caps || !gst_video_info_from_caps(&decoder->info, caps))
    return FALSE;
  gst_caps_replace(&decoder->info_caps, caps);
  return TRUE;
}

static gboolean take_origin(IvDecoder *decoder, GstBuffer *buffer, IvFrameOrigin *ret_origin) {
  guint lost = 0;
  GstClockTime pts = GST_BUFFER_PTS(buffer);
  g_mutex_lock(&decoder->mutex);
  gboolean found = iv_pending_take(
      &decoder->pending, GST_CLOCK_TIME_IS_VALID(pts) ? (IvStreamTime)pts : IV_STREAM_TIME_NONE,
      ret_origin, &lost);
  g_mutex_unlock(&decoder->mutex);
  gboolean damaged =
      iv_complaints_take() > 0 || GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
  iv_frame_gate_count_errors(decoder->setup.gate, lost + damaged);
  return found;
}

static GstFlowReturn on_picture(GstAppSink *output, gpointer user_data) {
  IvDecoder *decoder = user_data;
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(output);
  GstBuffer *buffer = sample ? gst_sample_get_buffer(sample) : NULL;
  IvFrameOrigin origin;
  if (!buffer || !read_info(decoder, gst_sample_get_caps(sample)) ||
      !take_origin(decoder, buffer, &origin))
    return GST_FLOW_OK;
  g_autoptr(IvFrame) frame = iv_frame_from_gst(&decoder->info, buffer);
  if (!frame)
    iv_frame_gate_count_errors(decoder->setup.gate, 1);
  else if (iv_frame_gate_pass(decoder->setup.gate, frame, &origin, iv_clock_monotonic()))
    decoder->setup.on_frame(g_steal_pointer(&frame), decoder->setup.user_data);
  return GST_FLOW_OK;
}

static void on_eos(G_GNUC_UNUSED GstAppSink *output, gpointer user_data) {
  end(user_data, NULL);
}

static GstBusSyncReply on_message(G_GNUC_UNUSED GstBus *bus, GstMessage *message,
                                  gpointer user_data) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    end(user_data, error->message);
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

/* Says that planes may lie anywhere in a buffer: the decoder then writes straight into the buffers
 * that we hand out, instead of copying each picture into a packed one. */
static GstPadProbeReturn on_query(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                  G_GNUC_UNUSED gpointer user_data) {
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
  return GST_PAD_PROBE_HANDLED;
}

/* --- making and ending --- */

static void set_up_input(IvDecoder *decoder) {
  g_object_set(decoder->input, "format", GST_FORMAT_TIME, "is-live", decoder->setup.live, NULL);
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  gst_app_src_set_callbacks(decoder->input, &callbacks, decoder, NULL);
}

static void set_up_output(IvDecoder *decoder) {
  g_autoptr(GstCaps) caps = gst_caps_from_string("video/x-raw,format={I420,NV12}");
  g_object_set(decoder->output, "sync", FALSE, "max-buffers", 1, "enable-last-sample", FALSE,
               "caps", caps, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_picture, .eos = on_eos};
  gst_app_sink_set_callbacks(decoder->output, &callbacks, decoder, NULL);
  g_autoptr(GstPad) pad = gst_element_get_static_pad(GST_ELEMENT(decoder->output), "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, on_query, NULL, NULL);
}

/* videoconvert passes I420 and NV12 through untouched; it works only for the rare camera or file
 * whose decoder gives something else (4:2:2, 10 bit). */
static void build(IvDecoder *decoder, GstElement *element) {
  GstElement *input = gst_element_factory_make("appsrc", NULL);
  GstElement *convert = gst_element_factory_make("videoconvert", NULL);
  GstElement *output = gst_element_factory_make("appsink", NULL);
  decoder->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  gst_bin_add_many(GST_BIN(decoder->pipeline), input, element, convert, output, NULL);
  gst_element_link_many(input, element, convert, output, NULL);
  decoder->input = GST_APP_SRC(input);
  decoder->output = GST_APP_SINK(output);
  g_autoptr(GstBus) bus = gst_element_get_bus(decoder->pipeline);
  gst_bus_set_sync_handler(bus, on_message, decoder, NULL);
}

static gboolean check_size(const GstCaps *caps, GError **error) {
  int width = 0, height = 0;
  const GstStructure *s = gst_caps_get_structure(caps, 0);
  gst_structure_get_int(s, "width", &width);
  gst_structure_get_int(s, "height", &height);
  if (width <= IV_PICTURE_SIDE_MAX && height <= IV_PICTURE_SIDE_MAX)
    return TRUE;
  g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
              "pictures of %dx%d are too large (%d a side at most): use the camera's sub stream",
              width, height, IV_PICTURE_SIDE_MAX);
  return FALSE;
}

IvDecoder *iv_decoder_new(const IvDecoderSetup *setup, GError **error) {
  if (!check_size(setup->caps, error))
    return NULL;
  GstElement *element = iv_plugins_decoder(setup->caps, setup->live, error);
  if (!element)
    return NULL;
  IvDecoder *decoder = g_new0(IvDecoder, 1);
  decoder->setup = *setup;
  decoder->setup.caps = NULL;
  g_mutex_init(&decoder->mutex);
  build(decoder, element);
  set_up_input(decoder);
  set_up_output(decoder);
  decoder->reader = setup->live
                        ? iv_unit_reader_new(setup->ring, IV_READER_LIVE, LIVE_BACKLOG, TRUE)
                        : iv_unit_reader_new(setup->ring, IV_READER_EVERY, FILE_BACKLOG, FALSE);
  if (!decoder->reader) {
    g_set_error_literal(error, IV_INGEST_ERROR, IV_INGEST_ERROR_SOURCE,
                        "too many consumers read this camera");
    iv_decoder_free(decoder);
    return NULL;
  }
  gst_element_set_state(decoder->pipeline, GST_STATE_PLAYING);
  return decoder;
}

void iv_decoder_cancel(IvDecoder *decoder) {
  iv_unit_reader_cancel(decoder->reader);
}

void iv_decoder_free(IvDecoder *decoder) {
  if (decoder->reader)
    iv_decoder_cancel(decoder);
  gst_element_set_state(decoder->pipeline, GST_STATE_NULL);
  gst_object_unref(decoder->pipeline);
  g_clear_pointer(&decoder->reader, iv_unit_reader_free);
  gst_clear_caps(&decoder->fed_caps);
  gst_clear_caps(&decoder->info_caps);
  g_free(decoder->failure);
  g_mutex_clear(&decoder->mutex);
  g_free(decoder);
}

void iv_decoder_finish(IvDecoder *decoder) {
  iv_unit_reader_finish(decoder->reader);
}

gboolean iv_decoder_is_over(IvDecoder *decoder) {
  g_mutex_lock(&decoder->mutex);
  gboolean over = decoder->over;
  g_mutex_unlock(&decoder->mutex);
  return over;
}

char *iv_decoder_failure(IvDecoder *decoder) {
  g_mutex_lock(&decoder->mutex);
  char *failure = g_strdup(decoder->failure);
  g_mutex_unlock(&decoder->mutex);
  return failure;
}

guint64 iv_decoder_dropped(IvDecoder *decoder) {
  return iv_unit_reader_dropped(decoder->reader);
}
