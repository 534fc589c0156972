/* SPDX-License-Identifier: Apache-2.0 */
#include "media/recorded_frame.h"

#include <errno.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/gst_frame.h"
#include "media/ingest.h"
#include "media/mp4_scan.h"
#include "media/plugins.h"

#define PART_MAX (64u * 1024 * 1024) /* a fragment is a second at most */

G_DEFINE_QUARK(iv - recorded - frame - error - quark, iv_recorded_frame_error)

/* What is decoded: fragments [first, last] of the file, the first of which begins with a keyframe.
 */
typedef struct {
  int fd;
  const IvMp4Scan *scan;
  guint first, last;
  IvTime at;
  IvTime deadline; /* monotonic */
} Look;

typedef struct {
  GstElement *pipeline;
  GstAppSrc *input;
  GstAppSink *output;
  GstElement *demuxer, *convert;
  GThread *feeder;
  const Look *look;
  gint stopped;          /* atomic: the feeder is to end */
  GMutex mutex;          /* guards what follows */
  GstClockTime keyframe; /* when the demuxer says that the first picture is shown */
  char *failure;         /* owned */
} Player;

static gboolean fail(GError **error, IvRecordedFrameError code, const char *text) {
  g_set_error_literal(error, IV_RECORDED_FRAME_ERROR, (gint)code, text);
  return FALSE;
}

static void note_failure(Player *player, const char *text) {
  g_mutex_lock(&player->mutex);
  if (!player->failure)
    player->failure = g_strdup(text);
  g_mutex_unlock(&player->mutex);
}

/* ---- where it lies ---- */

static const IvMp4Fragment *fragment_at(const IvMp4Scan *scan, guint i) {
  return &g_array_index(scan->fragments, IvMp4Fragment, i);
}

/* The fragment in which the picture is, from the keyframe before on, and one more: with B-frames
 * a picture may lie behind those that are shown after it. */
static gboolean choose(Look *look, IvTime slack, GError **error) {
  const IvMp4Scan *scan = look->scan;
  guint n = scan->fragments->len;
  if (n == 0 || look->at < 0 || look->at >= scan->length + slack)
    return fail(error, IV_RECORDED_FRAME_ERROR_BEYOND, "nothing was recorded then");
  guint i = 0;
  while (i + 1 < n && fragment_at(scan, i + 1)->start <= look->at)
    i++;
  look->last = MIN(i + 1, n - 1);
  while (i > 0 && !fragment_at(scan, i)->keyframe)
    i--;
  look->first = i;
  return TRUE;
}

/* ---- bytes in ---- */

static gboolean push_part(Player *player, guint64 offset, guint64 n) {
  if (n == 0 || n > PART_MAX)
    return FALSE;
  guint8 *bytes = g_malloc(n);
  for (guint64 done = 0; done < n;) {
    gssize got = pread(player->look->fd, bytes + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_free(bytes);
      return FALSE;
    }
    done += (guint64)got;
  }
  GstBuffer *buffer = gst_buffer_new_wrapped(bytes, n);
  return gst_app_src_push_buffer(player->input, buffer) == GST_FLOW_OK;
}

static gpointer feed(gpointer user_data) {
  Player *player = user_data;
  const Look *look = player->look;
  gboolean fine = push_part(player, 0, look->scan->init_bytes);
  for (guint i = look->first; fine && i <= look->last && !g_atomic_int_get(&player->stopped); i++)
    fine = push_part(player, fragment_at(look->scan, i)->offset, fragment_at(look->scan, i)->size);
  if (!fine && !g_atomic_int_get(&player->stopped))
    note_failure(player, "the recorded file cannot be read");
  gst_app_src_end_of_stream(player->input);
  return NULL;
}

/* ---- pictures out ---- */

static GstBusSyncReply on_message(G_GNUC_UNUSED GstBus *bus, GstMessage *message,
                                  gpointer user_data) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    note_failure(user_data, error->message);
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

/* The first picture of all is the keyframe; whatever the demuxer counts from, others are told from
 * there. */
static GstPadProbeReturn on_coded(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                  gpointer user_data) {
  Player *player = user_data;
  g_mutex_lock(&player->mutex);
  if (player->keyframe == GST_CLOCK_TIME_NONE)
    player->keyframe = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  g_mutex_unlock(&player->mutex);
  return GST_PAD_PROBE_REMOVE;
}

/* The decoder is chosen by what the file holds. */
static void on_pad(G_GNUC_UNUSED GstElement *demuxer, GstPad *pad, gpointer user_data) {
  Player *player = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  IvCodec codec = caps ? iv_codec_of_caps(caps) : IV_CODEC_NONE;
  GstElement *decoder = caps ? iv_plugins_decoder(caps, FALSE, &error) : NULL;
  GstElement *parse = gst_element_factory_make(codec == IV_CODEC_H265   ? "h265parse"
                                               : codec == IV_CODEC_H264 ? "h264parse"
                                                                        : "identity",
                                               NULL);
  if (!decoder || !parse) {
    note_failure(player, error ? error->message : "a plugin is missing");
    g_clear_pointer(&decoder, gst_object_unref);
    g_clear_pointer(&parse, gst_object_unref);
    return;
  }
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_coded, player, NULL);
  gst_bin_add_many(GST_BIN(player->pipeline), parse, decoder, NULL);
  gst_element_link_many(parse, decoder, player->convert, NULL);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(parse, "sink");
  gst_pad_link(pad, sink);
  gst_element_sync_state_with_parent(decoder);
  gst_element_sync_state_with_parent(parse);
}

static void player_open(Player *player, const Look *look) {
  *player = (Player){.look = look, .keyframe = GST_CLOCK_TIME_NONE};
  g_mutex_init(&player->mutex);
  GstElement *input = gst_element_factory_make("appsrc", NULL);
  GstElement *output = gst_element_factory_make("appsink", NULL);
  player->demuxer = gst_element_factory_make("qtdemux", NULL);
  player->convert = gst_element_factory_make("videoconvert", NULL);
  player->pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  player->input = GST_APP_SRC(input);
  player->output = GST_APP_SINK(output);
  g_autoptr(GstCaps) caps = gst_caps_from_string("video/x-raw,format={I420,NV12}");
  g_object_set(input, "format", GST_FORMAT_BYTES, "block", TRUE, "max-bytes", (guint64)PART_MAX,
               NULL);
  g_object_set(output, "sync", FALSE, "max-buffers", 2, "enable-last-sample", FALSE, "caps", caps,
               NULL);
  gst_bin_add_many(GST_BIN(player->pipeline), input, player->demuxer, player->convert, output,
                   NULL);
  gst_element_link(input, player->demuxer);
  gst_element_link(player->convert, output);
  g_signal_connect(player->demuxer, "pad-added", G_CALLBACK(on_pad), player);
  g_autoptr(GstBus) bus = gst_element_get_bus(player->pipeline);
  gst_bus_set_sync_handler(bus, on_message, player, NULL);
  gst_element_set_state(player->pipeline, GST_STATE_PLAYING);
  player->feeder = g_thread_new("still", feed, player);
}

static void player_close(Player *player) {
  g_atomic_int_set(&player->stopped, 1);
  gst_element_set_state(player->pipeline, GST_STATE_NULL);
  g_thread_join(player->feeder);
  gst_object_unref(player->pipeline);
  g_mutex_clear(&player->mutex);
  g_free(player->failure);
}

/* When the picture is shown, from the file's first one on. */
static IvTime shown_at(Player *player, GstBuffer *buffer) {
  g_mutex_lock(&player->mutex);
  GstClockTime keyframe = player->keyframe;
  g_mutex_unlock(&player->mutex);
  IvTime start = fragment_at(player->look->scan, player->look->first)->start;
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || keyframe == GST_CLOCK_TIME_NONE)
    return IV_TIME_NONE;
  return start + (GST_CLOCK_DIFF(keyframe, GST_BUFFER_PTS(buffer)) / (gint64)GST_USECOND);
}

#define ROUNDING IV_MS /* ticks of the file are coarser than ours */

/* The last picture that is shown at or before the wanted time; NULL when there is none. */
static GstSample *find(Player *player, IvTime *ret_shown) {
  GstSample *best = NULL;
  for (;;) {
    IvTime left = player->look->deadline - iv_clock_monotonic();
    GstSample *sample =
        left > 0 ? gst_app_sink_try_pull_sample(player->output, (GstClockTime)left * GST_USECOND)
                 : NULL;
    if (!sample)
      return best;
    IvTime shown = shown_at(player, gst_sample_get_buffer(sample));
    if (shown == IV_TIME_NONE || shown > player->look->at + ROUNDING) {
      gst_sample_unref(sample);
      if (shown != IV_TIME_NONE)
        return best;
      continue;
    }
    g_clear_pointer(&best, gst_sample_unref);
    best = sample;
    *ret_shown = shown;
  }
}

static IvFrame *frame_of(GstSample *sample, IvTime shown) {
  GstVideoInfo info;
  GstCaps *caps = gst_sample_get_caps(sample);
  if (!caps || !gst_video_info_from_caps(&info, caps))
    return NULL;
  IvFrame *frame = iv_frame_from_gst(&info, gst_sample_get_buffer(sample));
  if (frame)
    frame->ts = shown;
  return frame;
}

static IvFrame *play(const Look *look, GError **error) {
  Player player;
  IvTime shown = 0;
  player_open(&player, look);
  GstSample *sample = find(&player, &shown);
  gboolean late = iv_clock_monotonic() >= look->deadline;
  IvFrame *frame = sample && !late ? frame_of(sample, shown) : NULL;
  g_mutex_lock(&player.mutex);
  if (late)
    fail(error, IV_RECORDED_FRAME_ERROR_LATE, "decoding it takes too long now");
  else if (!frame)
    fail(error, IV_RECORDED_FRAME_ERROR_FILE,
         player.failure ? player.failure : "the picture cannot be decoded");
  g_mutex_unlock(&player.mutex);
  g_clear_pointer(&sample, gst_sample_unref);
  player_close(&player);
  return frame;
}

IvFrame *iv_recorded_frame(int fd, IvTime at, IvTime slack, IvTime deadline, GError **error) {
  static const char *const elements[] = {"appsrc", "qtdemux", "videoconvert", "appsink", NULL};
  g_autoptr(GError) cause = NULL;
  g_auto(IvMp4Scan) scan = {0};
  iv_plugins_init();
  if (!iv_plugins_need(elements, error))
    return NULL;
  if (!iv_mp4_scan(fd, &scan, &cause)) {
    fail(error, IV_RECORDED_FRAME_ERROR_FILE, cause->message);
    return NULL;
  }
  Look look = {.fd = fd, .scan = &scan, .at = at, .deadline = deadline};
  return choose(&look, slack, error) ? play(&look, error) : NULL;
}
