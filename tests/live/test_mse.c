/* SPDX-License-Identifier: Apache-2.0 */
/* Fragmented MP4 for browsers: what GStreamer's own reader and decoders make of it, and what
 * becomes of viewers that are slow or gone. Clips are encoded here; what has no encoder is skipped.
 */
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <string.h>

#include "base/clock.h"
#include "live/live_error.h"
#include "live/live_mp4.h"
#include "live/mse_session.h"

#define START (G_GINT64_CONSTANT(1764201600) * IV_SECOND)
#define PICTURES 60
#define STEP (40 * IV_MS)
#define PATIENCE (10 * IV_SECOND)

static void unref_sample(gpointer sample) {
  gst_sample_unref(sample);
}

/* The access units of a made film, in the order of decoding, as GstSample. NULL without encoder. */
static GPtrArray *encode(const char *encoder, const char *parser, const char *caps) {
  g_autofree char *text = g_strdup_printf(
      "videotestsrc num-buffers=%d ! video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! "
      "%s ! %s config-interval=-1 ! %s,stream-format=byte-stream,alignment=au ! appsink name=out "
      "sync=false",
      PICTURES, encoder, parser, caps);
  g_autoptr(GError) error = NULL;
  GstElement *pipeline = gst_parse_launch(text, &error);
  if (error) {
    g_clear_pointer(&pipeline, gst_object_unref);
    return NULL;
  }
  GPtrArray *samples = g_ptr_array_new_with_free_func(unref_sample);
  GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)));)
    g_ptr_array_add(samples, sample);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(out);
  gst_object_unref(pipeline);
  g_assert_cmpuint(samples->len, ==, PICTURES);
  return samples;
}

typedef struct {
  GstSample *sample;
  GstMapInfo map;
} Mapped;

static void unmap(gpointer owner) {
  Mapped *mapped = owner;
  gst_buffer_unmap(gst_sample_get_buffer(mapped->sample), &mapped->map);
  gst_sample_unref(mapped->sample);
  g_free(mapped);
}

/* Capture times are the film's; `n` numbers all units of a test. */
static IvEncodedUnit *unit_of(GPtrArray *samples, guint n, IvCodec codec) {
  GstSample *sample = samples->pdata[n % samples->len];
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  Mapped *mapped = g_new0(Mapped, 1);
  mapped->sample = gst_sample_ref(sample);
  g_assert_true(gst_buffer_map(buffer, &mapped->map, GST_MAP_READ));
  GstBuffer *first = gst_sample_get_buffer(samples->pdata[0]);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->bytes = mapped->map.data;
  unit->size = mapped->map.size;
  unit->owner = mapped;
  unit->release = unmap;
  unit->codec = codec;
  unit->picture = (IvSize){320, 240};
  unit->keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstClockTimeDiff since = GST_CLOCK_DIFF(GST_BUFFER_PTS(first), GST_BUFFER_PTS(buffer));
  unit->pts = (IvStreamTime)since + (IvStreamTime)(n / samples->len * PICTURES * STEP * 1000);
  unit->ts = START + unit->pts / 1000;
  unit->seq = n;
  unit->caps_generation = 1;
  return unit;
}

/* ---- the file ---- */

static char *write_file(GPtrArray *samples, IvCodec codec) {
  IvLiveMp4 mp4 = {0};
  g_autoptr(GByteArray) file = g_byte_array_new();
  for (guint i = 0; i < samples->len; i++) {
    g_autoptr(IvEncodedUnit) unit = unit_of(samples, i, codec);
    g_autoptr(GBytes) header = NULL;
    if (unit->keyframe)
      g_assert_true(iv_live_mp4_begin(&mp4, unit, &header));
    g_assert_cmpint(header != NULL, ==, i == 0);
    gsize n = 0;
    const guint8 *bytes = header ? g_bytes_get_data(header, &n) : NULL;
    if (bytes)
      g_byte_array_append(file, bytes, (guint)n);
    g_autoptr(GByteArray) fragment = iv_live_mp4_fragment(&mp4, unit, 0);
    g_byte_array_append(file, fragment->data, fragment->len);
  }
  iv_live_mp4_clear(&mp4);
  char *path = NULL;
  int fd = g_file_open_tmp("inveye-mse-XXXXXX.mp4", &path, NULL);
  g_close(fd, NULL);
  g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
  return path;
}

/* Times at which an independent reader shows the file's pictures, in the order of showing. */
static GArray *play(const char *path) {
  g_autofree char *text = g_strdup_printf(
      "filesrc location=%s ! qtdemux ! decodebin ! videoconvert ! appsink name=out sync=false",
      path);
  GstElement *pipeline = gst_parse_launch(text, NULL);
  GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  GArray *times = g_array_new(FALSE, FALSE, sizeof(IvTime));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)));) {
    IvTime t = (IvTime)(GST_BUFFER_PTS(gst_sample_get_buffer(sample)) / GST_USECOND);
    g_array_append_val(times, t);
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(out);
  gst_object_unref(pipeline);
  return times;
}

/* Every picture is there, in order, at its time. */
static void check_film(GPtrArray *samples, IvCodec codec) {
  g_autofree char *path = write_file(samples, codec);
  g_autoptr(GArray) times = play(path);
  g_assert_cmpuint(times->len, ==, PICTURES);
  for (guint i = 1; i < times->len; i++) {
    IvTime by = g_array_index(times, IvTime, i) - g_array_index(times, IvTime, i - 1);
    g_assert_cmpint(ABS(by - STEP), <=, 2);
  }
  g_unlink(path);
}

static void test_plain(void) {
  g_autoptr(GPtrArray) samples =
      encode("openh264enc gop-size=20", "h264parse", "video/x-h264,profile=constrained-baseline");
  if (samples)
    check_film(samples, IV_CODEC_H264);
  else
    g_test_skip("no openh264enc");
}

static void test_b_frames(void) {
  g_autoptr(GPtrArray) samples = encode(
      "x264enc bframes=3 b-adapt=false key-int-max=20 bitrate=400", "h264parse", "video/x-h264");
  if (samples)
    check_film(samples, IV_CODEC_H264);
  else
    g_test_skip("no x264enc");
}

static void test_h265(void) {
  g_autoptr(GPtrArray) samples =
      encode("x265enc key-int-max=20 bitrate=400 log-level=0", "h265parse", "video/x-h265");
  if (samples)
    check_film(samples, IV_CODEC_H265);
  else
    g_test_skip("no x265enc");
}

/* Decode times rise by steps as even as the camera's, else a browser would wait for a keyframe. */
static void test_decode_times(void) {
  static const int shown[] = {0, 4, 2, 1, 3, 8, 6, 5, 7, 12, 10, 9, 11, 16, 14, 13, 15};
  IvLiveMp4 mp4 = {.origin = START, .begun = TRUE};
  guint8 nal[] = {0, 0, 1, 0x41, 0x9a};
  IvTime last = 0;
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    IvEncodedUnit unit = {.bytes = nal,
                          .size = sizeof nal,
                          .codec = IV_CODEC_H264,
                          .ts = START + IV_SECOND + shown[i] * STEP};
    g_autoptr(GByteArray) G_GNUC_UNUSED fragment = iv_live_mp4_fragment(&mp4, &unit, 0);
    g_assert_cmpint(mp4.last, >, last);
    g_assert_cmpint(mp4.last, <=, unit.ts - START);
    if (i > 4)
      g_assert_cmpint(mp4.last - last, ==, STEP);
    last = mp4.last;
  }
}

static void test_nonsense(void) {
  IvLiveMp4 mp4 = {0};
  GBytes *header = NULL;
  guint8 junk[64];
  for (int round = 0; round < 200; round++) {
    for (guint i = 0; i < sizeof junk; i++)
      junk[i] = (guint8)g_test_rand_int_range(0, i % 5 < 3 ? 2 : 256);
    IvEncodedUnit unit = {.bytes = junk,
                          .size = (gsize)g_test_rand_int_range(0, sizeof junk),
                          .codec = round % 2 ? IV_CODEC_H264 : IV_CODEC_H265,
                          .keyframe = TRUE,
                          .ts = START};
    if (iv_live_mp4_begin(&mp4, &unit, &header))
      g_clear_pointer(&header, g_bytes_unref);
    g_autoptr(GByteArray) G_GNUC_UNUSED fragment = iv_live_mp4_fragment(&mp4, &unit, 0);
  }
  iv_live_mp4_clear(&mp4);
}

/* ---- viewers ---- */

typedef struct {
  GMutex mutex;
  GCond changed;
  guint rung;
} Bell;

static void ring_bell(gpointer user_data) {
  Bell *bell = user_data;
  g_mutex_lock(&bell->mutex);
  bell->rung++;
  g_cond_broadcast(&bell->changed);
  g_mutex_unlock(&bell->mutex);
}

static GBytes *next_piece(IvMseSession *session, Bell *bell) {
  GBytes *piece = iv_mse_session_next(session);
  gint64 until = iv_clock_monotonic() + PATIENCE;
  g_mutex_lock(&bell->mutex);
  while (!piece && g_cond_wait_until(&bell->changed, &bell->mutex, until)) {
    g_mutex_unlock(&bell->mutex);
    piece = iv_mse_session_next(session);
    g_mutex_lock(&bell->mutex);
  }
  g_mutex_unlock(&bell->mutex);
  return piece;
}

static const guint8 *bytes_of(GBytes *piece) {
  g_assert_nonnull(piece);
  return g_bytes_get_data(piece, NULL);
}

static void push(IvUnitRing *ring, GPtrArray *samples, guint from, guint n) {
  for (guint i = from; i < from + n; i++) {
    g_autoptr(IvEncodedUnit) unit = unit_of(samples, i, IV_CODEC_H264);
    iv_unit_ring_push(ring, unit);
  }
}

static GPtrArray *plain_film(void) {
  GPtrArray *samples = encode("openh264enc gop-size=20", "h264parse", "video/x-h264");
  if (!samples)
    g_test_skip("no openh264enc");
  return samples;
}

static void test_viewer(void) {
  g_autoptr(GPtrArray) samples = plain_film();
  if (!samples)
    return;
  Bell bell = {0};
  char codec[IV_MSE_CODEC_MAX];
  g_autoptr(GError) error = NULL;
  g_autoptr(IvUnitRing) ring = iv_unit_ring_new();
  push(ring, samples, 0, 25);
  IvMseSession *session = iv_mse_session_open(ring, iv_clock_monotonic() + PATIENCE, codec, &error);
  g_assert_no_error(error);
  g_assert_true(g_str_has_prefix(codec, "avc1.42"));
  g_assert_null(iv_mse_session_next(session)); /* nothing before its socket is there */
  g_assert_true(iv_mse_session_attach(session, ring_bell, &bell));
  g_assert_false(iv_mse_session_attach(session, ring_bell, &bell));
  g_autoptr(GBytes) begin = next_piece(session, &bell);
  g_assert_cmpint(bytes_of(begin)[0], ==, IV_MSE_BEGIN);
  g_assert_cmpmem(bytes_of(begin) + IV_MSE_HEADER, 4, "avc1", 4);
  g_autoptr(GBytes) key = next_piece(session, &bell); /* of the GOP at hand */
  g_assert_cmpint(bytes_of(key)[0], ==, IV_MSE_PICTURE);
  g_assert_cmpint(bytes_of(key)[1], ==, 1);
  iv_mse_session_leave(session);
  g_assert_cmpstr(iv_mse_session_is_over(session, iv_clock_monotonic()), ==,
                  "the viewer closed it");
  iv_mse_session_free(session);
}

/* Who takes nothing misses pictures up to a keyframe, and costs no more memory. */
static void test_slow_viewer(void) {
  g_autoptr(GPtrArray) samples = plain_film();
  if (!samples)
    return;
  Bell bell = {0};
  char codec[IV_MSE_CODEC_MAX];
  g_autoptr(IvUnitRing) ring = iv_unit_ring_new();
  push(ring, samples, 0, 1);
  IvMseSession *session = iv_mse_session_open(ring, iv_clock_monotonic() + PATIENCE, codec, NULL);
  g_assert_true(iv_mse_session_attach(session, ring_bell, &bell));
  guint n = 1;
  for (IvTime end = iv_clock_monotonic() + PATIENCE; iv_mse_session_dropped(session) == 0;) {
    g_assert_cmpint(iv_clock_monotonic(), <, end);
    push(ring, samples, n++, 1);
    g_usleep(500);
  }
  push(ring, samples, n, PICTURES); /* a keyframe among them */
  g_autoptr(GBytes) begin = next_piece(session, &bell);
  g_assert_cmpint(bytes_of(begin)[0], ==, IV_MSE_BEGIN);
  g_autoptr(GBytes) key = next_piece(session, &bell);
  g_assert_cmpint(bytes_of(key)[0], ==, IV_MSE_PICTURE);
  g_assert_cmpint(bytes_of(key)[1], ==, 1);
  iv_mse_session_free(session);
}

static void test_never_connected(void) {
  g_autoptr(GPtrArray) samples = plain_film();
  if (!samples)
    return;
  char codec[IV_MSE_CODEC_MAX];
  g_autoptr(GError) error = NULL;
  g_autoptr(IvUnitRing) ring = iv_unit_ring_new();
  g_assert_null(iv_mse_session_open(ring, iv_clock_monotonic(), codec, &error));
  g_assert_error(error, IV_LIVE_ERROR, IV_LIVE_ERROR_FAILED);
  push(ring, samples, 0, 1);
  IvMseSession *session = iv_mse_session_open(ring, iv_clock_monotonic() + PATIENCE, codec, NULL);
  IvTime now = iv_clock_monotonic();
  g_assert_null(iv_mse_session_is_over(session, now));
  g_assert_nonnull(iv_mse_session_is_over(session, now + IV_MSE_CONNECT_TIME + IV_SECOND));
  iv_mse_session_free(session);
}

int main(int argc, char **argv) {
  gst_init(NULL, NULL);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mse/plain", test_plain);
  g_test_add_func("/mse/b-frames", test_b_frames);
  g_test_add_func("/mse/h265", test_h265);
  g_test_add_func("/mse/decode-times", test_decode_times);
  g_test_add_func("/mse/nonsense", test_nonsense);
  g_test_add_func("/mse/viewer", test_viewer);
  g_test_add_func("/mse/slow-viewer", test_slow_viewer);
  g_test_add_func("/mse/never-connected", test_never_connected);
  return g_test_run();
}
