/* SPDX-License-Identifier: Apache-2.0 */
#include "media/reencode_chain.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>
#include <time.h>

#include "base/url.h"
#include "media/complaints.h"
#include "media/plugins.h"
#include "media/unit_buffer.h"

#define WAITING_MAX                                                                                \
  128 /* units inside; more than any reordering, any decoder's delay and the queue */
#define EPOCH_GAP GST_SECOND
#define TIME_ZERO (10 * GST_SECOND) /* so that none is below 0 */

/* A unit inside: what its picture gets back when it comes out. */
typedef struct {
  GstClockTime at; /* in this pipeline */
  IvTime ts, arrived;
  IvStreamTime shown;
  guint epoch;
} Waiting;

/* The processor time of a thread of the pipeline. */
typedef struct {
  GThread *thread;
  gint64 last; /* ns */
} Meter;

struct IvReencodeChain {
  IvReencodeSetup setup;
  GstElement *pipeline, *encoder;
  GstAppSrc *input;
  GstAppSink *output;
  GstBufferPool *pool; /* encoder's thread, as are the next ones */
  GstVideoInfo info;
  gboolean has_info;
  IvTime last_key;
  guint last_epoch;
  guint epoch_out;
  gboolean any_in, any_out;
  GstCaps *fed_caps; /* feeding thread, as are the next ones */
  gint64 offset;     /* ns from the source's time to the pipeline's */
  guint64 newest;    /* largest time given */
  guint fed_epoch;
  gboolean fed;
  GstCaps *out_caps;
  guint generation;
  GMutex mutex;                 /* guards what follows */
  Waiting waiting[WAITING_MAX]; /* by `at`, rising */
  guint n_waiting;
  gboolean hungry;
  char *failure;
  Meter decoding, encoding;
  IvReencodeCounts counts;
};

static void tell(IvReencodeChain *chain) {
  chain->setup.on_news(chain->setup.user_data);
}

static void fail(IvReencodeChain *chain, const char *reason) {
  g_mutex_lock(&chain->mutex);
  if (!chain->failure)
    chain->failure = iv_url_mask(reason);
  g_mutex_unlock(&chain->mutex);
  tell(chain);
}

/* With the mutex; on the thread that is metered. */
static void meter(IvReencodeChain *chain, Meter *meter) {
  struct timespec t;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
    return;
  gint64 now = (gint64)t.tv_sec * 1000000000 + t.tv_nsec;
  if (meter->thread == g_thread_self() && now > meter->last)
    chain->counts.cpu_time += (now - meter->last) / 1000;
  meter->thread = g_thread_self();
  meter->last = now;
}

/* ---- the units inside, with the mutex ---- */

static void drop_first(IvReencodeChain *chain, guint n) {
  chain->n_waiting -= n;
  memmove(chain->waiting, chain->waiting + n, chain->n_waiting * sizeof *chain->waiting);
}

static void note_waiting(IvReencodeChain *chain, const Waiting *unit) {
  if (chain->n_waiting == WAITING_MAX) {
    drop_first(chain, 1);
    chain->counts.errors++;
  }
  guint at = chain->n_waiting;
  while (at > 0 && chain->waiting[at - 1].at > unit->at)
    at--;
  memmove(chain->waiting + at + 1, chain->waiting + at,
          (chain->n_waiting - at) * sizeof *chain->waiting);
  chain->waiting[at] = *unit;
  chain->n_waiting++;
}

/* Those before it never came out of the decoder. */
static gboolean find_waiting(IvReencodeChain *chain, GstClockTime at, Waiting *ret_unit) {
  for (guint i = 0; i < chain->n_waiting; i++)
    if (chain->waiting[i].at == at) {
      *ret_unit = chain->waiting[i];
      return TRUE;
    }
  return FALSE;
}

static void forget_until(IvReencodeChain *chain, GstClockTime at) {
  guint n = 0;
  while (n < chain->n_waiting && chain->waiting[n].at <= at)
    n++;
  drop_first(chain, n);
}

/* ---- in ---- */

static IvStreamTime shown_at(const IvEncodedUnit *unit) {
  IvStreamTime at = unit->pts != IV_STREAM_TIME_NONE ? unit->pts : unit->dts;
  return at != IV_STREAM_TIME_NONE ? at : unit->ts * (IvStreamTime)GST_USECOND;
}

/* Times of the pipeline rise over all connections of the camera, each of which begins anew. */
static GstClockTime time_of(IvReencodeChain *chain, const IvEncodedUnit *unit) {
  IvStreamTime shown = shown_at(unit);
  if (!chain->fed || unit->epoch != chain->fed_epoch)
    chain->offset = (gint64)(chain->fed ? chain->newest + EPOCH_GAP : TIME_ZERO) - shown;
  chain->fed = TRUE;
  chain->fed_epoch = unit->epoch;
  guint64 at = (guint64)MAX(shown + chain->offset, 0);
  chain->newest = MAX(chain->newest, at);
  return at;
}

void iv_reencode_chain_push(IvReencodeChain *chain, IvEncodedUnit *unit) {
  if (unit->caps && unit->caps != chain->fed_caps) {
    gst_app_src_set_caps(chain->input, unit->caps);
    gst_caps_replace(&chain->fed_caps, unit->caps);
  }
  GstClockTime at = time_of(chain, unit);
  Waiting waiting = {at, unit->ts, unit->arrived, shown_at(unit), unit->epoch};
  GstBuffer *buffer = iv_unit_to_buffer(unit);
  GST_BUFFER_PTS(buffer) = at;
  g_mutex_lock(&chain->mutex);
  note_waiting(chain, &waiting);
  chain->hungry = FALSE;
  g_mutex_unlock(&chain->mutex);
  gst_app_src_push_buffer(chain->input, buffer);
}

static void on_need(G_GNUC_UNUSED GstAppSrc *input, G_GNUC_UNUSED guint length,
                    gpointer user_data) {
  IvReencodeChain *chain = user_data;
  g_mutex_lock(&chain->mutex);
  meter(chain, &chain->decoding);
  chain->counts.errors += iv_complaints_take();
  chain->hungry = TRUE;
  g_mutex_unlock(&chain->mutex);
  tell(chain);
}

gboolean iv_reencode_chain_is_hungry(IvReencodeChain *chain) {
  g_mutex_lock(&chain->mutex);
  gboolean hungry = chain->hungry;
  g_mutex_unlock(&chain->mutex);
  return hungry;
}

/* ---- between decoder and encoder ---- */

static void set_up_pool(IvReencodeChain *chain, GstCaps *caps) {
  if (chain->pool) {
    gst_buffer_pool_set_active(chain->pool, FALSE);
    gst_clear_object(&chain->pool);
  }
  chain->pool = gst_video_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(chain->pool);
  gst_buffer_pool_config_set_params(config, caps, (guint)GST_VIDEO_INFO_SIZE(&chain->info), 2, 0);
  gst_buffer_pool_set_config(chain->pool, config);
  gst_buffer_pool_set_active(chain->pool, TRUE);
}

/* The encoder spreads its bits by the rate of the caps, which cameras leave out or get wrong. */
static GstPadProbeReturn on_caps(IvReencodeChain *chain, GstPadProbeInfo *info) {
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
  GstCaps *caps = NULL;
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps(event, &caps);
  g_autoptr(GstCaps) rated = gst_caps_copy(caps);
  int fps = (int)CLAMP(chain->setup.fps + 0.5, 1, 120);
  gst_caps_set_simple(rated, "framerate", GST_TYPE_FRACTION, fps, 1, NULL);
  chain->has_info = gst_video_info_from_caps(&chain->info, rated);
  if (chain->has_info && chain->setup.config->paint)
    set_up_pool(chain, rated);
  GstEvent *fresh = gst_event_new_caps(rated);
  gst_event_set_seqnum(fresh, gst_event_get_seqnum(event));
  gst_event_unref(event);
  GST_PAD_PROBE_INFO_DATA(info) = fresh;
  return GST_PAD_PROBE_OK;
}

/* On a copy: the decoder predicts the next pictures from its own. NULL = not to be shown. */
static GstBuffer *paint(IvReencodeChain *chain, GstBuffer *buffer, const Waiting *unit) {
  g_autoptr(GstBuffer) copy = NULL;
  GstVideoFrame from, to;
  if (!chain->has_info || gst_buffer_pool_acquire_buffer(chain->pool, &copy, NULL) != GST_FLOW_OK ||
      !gst_video_frame_map(&from, &chain->info, buffer, GST_MAP_READ))
    return NULL;
  if (!gst_video_frame_map(&to, &chain->info, copy, GST_MAP_WRITE)) {
    gst_video_frame_unmap(&from);
    return NULL;
  }
  gboolean copied = gst_video_frame_copy(&to, &from);
  gst_video_frame_unmap(&from);
  IvCanvas canvas = {
      .pixels = IV_PIXELS_I420,
      .size = {GST_VIDEO_INFO_WIDTH(&chain->info), GST_VIDEO_INFO_HEIGHT(&chain->info)},
      .full_range = chain->info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255};
  for (guint p = 0; p < 3; p++) {
    canvas.plane[p] = GST_VIDEO_FRAME_PLANE_DATA(&to, p);
    canvas.stride[p] = GST_VIDEO_FRAME_PLANE_STRIDE(&to, p);
  }
  const IvReencoderConfig *config = chain->setup.config;
  gboolean fine =
      copied && config->paint(&canvas, unit->ts, unit->arrived, config->user_data) == IV_PAINTED;
  gst_video_frame_unmap(&to);
  if (!fine)
    return NULL;
  GST_BUFFER_PTS(copy) = GST_BUFFER_PTS(buffer);
  GST_BUFFER_DURATION(copy) = GST_BUFFER_DURATION(buffer);
  return g_steal_pointer(&copy);
}

static void want_keyframe(IvReencodeChain *chain, const Waiting *unit) {
  gboolean due = !chain->any_in || unit->epoch != chain->last_epoch || unit->ts < chain->last_key ||
                 unit->ts - chain->last_key >= IV_REENCODER_KEY_SPAN;
  chain->any_in = TRUE;
  chain->last_epoch = unit->epoch;
  if (!due)
    return;
  chain->last_key = unit->ts;
  g_autoptr(GstPad) pad = gst_element_get_static_pad(chain->encoder, "src");
  gst_pad_send_event(pad,
                     gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

static GstPadProbeReturn on_picture(IvReencodeChain *chain, GstPadProbeInfo *info) {
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  Waiting unit;
  g_mutex_lock(&chain->mutex);
  gboolean known = find_waiting(chain, GST_BUFFER_PTS(buffer), &unit);
  if (!known)
    chain->counts.errors++;
  g_mutex_unlock(&chain->mutex);
  if (!known || (chain->setup.from != IV_TIME_NONE && unit.ts < chain->setup.from))
    return GST_PAD_PROBE_DROP;
  if (chain->setup.config->paint) {
    GstBuffer *painted = paint(chain, buffer, &unit);
    if (!painted) {
      g_mutex_lock(&chain->mutex);
      chain->counts.withheld++;
      g_mutex_unlock(&chain->mutex);
      return GST_PAD_PROBE_DROP;
    }
    gst_buffer_unref(buffer);
    GST_PAD_PROBE_INFO_DATA(info) = painted;
  }
  want_keyframe(chain, &unit);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn before_encoder(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                        gpointer user_data) {
  return info->type & GST_PAD_PROBE_TYPE_BUFFER ? on_picture(user_data, info)
                                                : on_caps(user_data, info);
}

/* ---- out ---- */

static void note_caps(IvReencodeChain *chain, IvEncodedUnit *unit, GstCaps *caps) {
  if (!chain->out_caps || !gst_caps_is_equal(chain->out_caps, caps)) {
    gst_caps_replace(&chain->out_caps, caps);
    chain->generation++;
  }
  iv_unit_set_caps(unit, chain->out_caps, chain->generation);
}

static void hand_out(IvReencodeChain *chain, GstSample *sample) {
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  g_autoptr(IvEncodedUnit) unit = iv_encoded_unit_new();
  Waiting origin;
  g_mutex_lock(&chain->mutex);
  meter(chain, &chain->encoding);
  gboolean known = find_waiting(chain, GST_BUFFER_PTS(buffer), &origin);
  if (known)
    forget_until(chain, GST_BUFFER_PTS(buffer));
  else
    chain->counts.errors++;
  g_mutex_unlock(&chain->mutex);
  if (!known || !iv_unit_map_buffer(unit, buffer))
    return;
  note_caps(chain, unit, gst_sample_get_caps(sample));
  unit->keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  unit->discontinuity = chain->any_out && origin.epoch != chain->epoch_out;
  unit->ts = origin.ts;
  unit->arrived = origin.arrived;
  unit->pts = unit->dts = origin.shown;
  unit->epoch = origin.epoch;
  chain->any_out = TRUE;
  chain->epoch_out = origin.epoch;
  chain->setup.on_unit(g_steal_pointer(&unit), chain->setup.user_data);
}

static GstFlowReturn on_encoded(GstAppSink *output, gpointer user_data) {
  g_autoptr(GstSample) sample = gst_app_sink_pull_sample(output);
  if (sample && gst_sample_get_buffer(sample) && gst_sample_get_caps(sample))
    hand_out(user_data, sample);
  return GST_FLOW_OK;
}

static GstBusSyncReply on_message(G_GNUC_UNUSED GstBus *bus, GstMessage *message,
                                  gpointer user_data) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    fail(user_data, error->message);
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

/* ---- making and ending ---- */

static void set_up_input(IvReencodeChain *chain, GstElement *input) {
  chain->input = GST_APP_SRC(input);
  g_object_set(input, "format", GST_FORMAT_TIME, "is-live", TRUE, NULL);
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  gst_app_src_set_callbacks(chain->input, &callbacks, chain, NULL);
}

static void set_up_encoder(IvReencodeChain *chain) {
  gst_util_set_object_arg(G_OBJECT(chain->encoder), "rate-control", "bitrate");
  gst_util_set_object_arg(G_OBJECT(chain->encoder), "complexity", "low");
  g_object_set(chain->encoder, "bitrate", chain->setup.bitrate, "gop-size", 0, "multi-thread", 1,
               "scene-change-detection", FALSE, NULL);
  g_autoptr(GstPad) pad = gst_element_get_static_pad(chain->encoder, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                    before_encoder, chain, NULL);
}

static void set_up_output(IvReencodeChain *chain, GstElement *output) {
  chain->output = GST_APP_SINK(output);
  g_autoptr(GstCaps) caps =
      gst_caps_from_string("video/x-h264,stream-format=byte-stream,alignment=au");
  g_object_set(output, "sync", FALSE, "async", FALSE, "max-buffers", 1, "enable-last-sample", FALSE,
               "caps", caps, NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_encoded};
  gst_app_sink_set_callbacks(chain->output, &callbacks, chain, NULL);
}

static GstElement *size_filter(const IvReencodeChain *chain) {
  GstElement *filter = gst_element_factory_make("capsfilter", NULL);
  g_autoptr(GstCaps) caps = gst_caps_from_string("video/x-raw,format=I420");
  if (chain->setup.config->width_max > 0)
    gst_caps_set_simple(caps, "width", GST_TYPE_INT_RANGE, 2, chain->setup.config->width_max,
                        "height", GST_TYPE_INT_RANGE, 2, IV_PICTURE_SIDE_MAX, "pixel-aspect-ratio",
                        GST_TYPE_FRACTION, 1, 1, NULL);
  g_object_set(filter, "caps", caps, NULL);
  return filter;
}

static void build(IvReencodeChain *chain, GstElement *decoder) {
  GstElement *input = gst_element_factory_make("appsrc", NULL);
  GstElement *convert = gst_element_factory_make("videoconvert", NULL);
  GstElement *scale = gst_element_factory_make("videoscale", NULL);
  GstElement *filter = size_filter(chain);
  GstElement *queue = gst_element_factory_make("queue", NULL);
  GstElement *parse = gst_element_factory_make("h264parse", NULL);
  GstElement *output = gst_element_factory_make("appsink", NULL);
  chain->encoder = gst_element_factory_make("openh264enc", NULL);
  g_object_set(queue, "max-size-buffers", 2, "max-size-bytes", 0, "max-size-time",
               G_GUINT64_CONSTANT(0), NULL);
  g_object_set(parse, "config-interval", -1, NULL);
  chain->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  gst_bin_add_many(GST_BIN(chain->pipeline), input, decoder, convert, scale, filter, queue,
                   chain->encoder, parse, output, NULL);
  gst_element_link_many(input, decoder, convert, scale, filter, queue, chain->encoder, parse,
                        output, NULL);
  set_up_input(chain, input);
  set_up_encoder(chain);
  set_up_output(chain, output);
  g_autoptr(GstBus) bus = gst_element_get_bus(chain->pipeline);
  gst_bus_set_sync_handler(bus, on_message, chain, NULL);
}

IvReencodeChain *iv_reencode_chain_new(const IvReencodeSetup *setup, GError **error) {
  GstElement *decoder = iv_plugins_decoder(setup->caps, TRUE, error);
  if (!decoder)
    return NULL;
  IvReencodeChain *chain = g_new0(IvReencodeChain, 1);
  chain->setup = *setup;
  chain->setup.caps = NULL;
  g_mutex_init(&chain->mutex);
  build(chain, decoder);
  gst_element_set_state(chain->pipeline, GST_STATE_PLAYING);
  return chain;
}

void iv_reencode_chain_free(IvReencodeChain *chain) {
  if (!chain)
    return;
  gst_element_set_state(chain->pipeline, GST_STATE_NULL);
  gst_object_unref(chain->pipeline);
  if (chain->pool)
    gst_buffer_pool_set_active(chain->pool, FALSE);
  gst_clear_object(&chain->pool);
  gst_clear_caps(&chain->fed_caps);
  gst_clear_caps(&chain->out_caps);
  g_free(chain->failure);
  g_mutex_clear(&chain->mutex);
  g_free(chain);
}

void iv_reencode_chain_set_bitrate(IvReencodeChain *chain, guint bitrate) {
  g_object_set(chain->encoder, "bitrate", bitrate, NULL);
}

char *iv_reencode_chain_failure(IvReencodeChain *chain) {
  g_mutex_lock(&chain->mutex);
  char *failure = g_strdup(chain->failure);
  g_mutex_unlock(&chain->mutex);
  return failure;
}

void iv_reencode_chain_counts(IvReencodeChain *chain, IvReencodeCounts *ret_counts) {
  g_mutex_lock(&chain->mutex);
  *ret_counts = chain->counts;
  g_mutex_unlock(&chain->mutex);
}
