/* SPDX-License-Identifier: Apache-2.0 */
/* What goes in comes out painted, at its own times; whatever must not be shown does not. */
#include "media/reencoder.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "clip.h"
#include "media/decoder.h"
#include "media/ingest.h"

#define FPS 20
#define GOP 10
#define CLIP 40 /* pictures: 2 s, then it begins again with a new epoch */
#define DEADLINE (40 * G_TIME_SPAN_SECOND)
#define EDGE 8
#define BLACK_ERROR 8 /* what the encoder may do to black */

static char *dir, *clip, *clip_b, *clip_h265;
static IvSize size = {384, 288};
static const IvPoint mask[] = {{0.5f, 0.4f}, {0.9f, 0.5f}, {0.7f, 0.95f}};

/* ---- a source, its re-encoder, and a viewer of both ---- */

typedef struct {
  GMutex mutex;
  GCond changed;
  GPtrArray *frames; /* IvFrame */
  GArray *numbers;
  IvIngest *ingest;
  IvReencoder *reencoder;
  IvUnitReader *source, *result;
  IvFrameGate gate;
  IvDecoder *decoder;
  IvStencil *stencil;
  IvPainted answer;
} Rig;

static IvPainted paint(const IvCanvas *picture, IvTime ts, G_GNUC_UNUSED IvTime arrived,
                       gpointer user_data) {
  Rig *rig = user_data;
  g_assert_cmpint(ts, >, 0);
  iv_stencil_fill(rig->stencil, picture);
  return rig->answer;
}

static void on_frame(IvFrame *frame, gpointer user_data) {
  Rig *rig = user_data;
  int number = clip_number(frame);
  g_mutex_lock(&rig->mutex);
  g_ptr_array_add(rig->frames, frame);
  g_array_append_val(rig->numbers, number);
  g_cond_broadcast(&rig->changed);
  g_mutex_unlock(&rig->mutex);
}

static void on_news(G_GNUC_UNUSED gpointer user_data) {}

static void rig_open(Rig *rig, const char *path, const IvReencoderConfig *base) {
  const IvIngestEvents events = {0};
  g_autoptr(GError) error = NULL;
  *rig = (Rig){.answer = IV_PAINTED};
  g_mutex_init(&rig->mutex);
  g_cond_init(&rig->changed);
  rig->frames = g_ptr_array_new_with_free_func((GDestroyNotify)iv_frame_unref);
  rig->numbers = g_array_new(FALSE, FALSE, sizeof(int));
  rig->stencil = iv_stencil_new(size);
  iv_stencil_add(rig->stencil, mask, G_N_ELEMENTS(mask));
  IvIngestConfig config = {
      .source = path, .pace = IV_PACE_REAL_TIME, .loop = TRUE, .start = IV_TIME_NONE};
  rig->ingest = iv_ingest_new(&config, &events, NULL, &error);
  g_assert_no_error(error);
  rig->source = iv_unit_reader_new(iv_ingest_ring(rig->ingest), IV_READER_LIVE, 900, FALSE);
  IvReencoderConfig reencode = *base;
  reencode.user_data = rig;
  rig->reencoder = iv_reencoder_new(&reencode, iv_ingest_ring(rig->ingest), &error);
  g_assert_no_error(error);
  rig->result = iv_unit_reader_new(iv_reencoder_ring(rig->reencoder), IV_READER_LIVE, 900, FALSE);
  iv_frame_gate_init(&rig->gate, 0);
  iv_ingest_start(rig->ingest);
}

static void open_decoder(Rig *rig, const IvEncodedUnit *first) {
  g_autoptr(GError) error = NULL;
  IvDecoderSetup setup = {.ring = iv_reencoder_ring(rig->reencoder),
                          .caps = first->caps,
                          .gate = &rig->gate,
                          .live = TRUE,
                          .on_frame = on_frame,
                          .on_news = on_news,
                          .user_data = rig};
  rig->decoder = iv_decoder_new(&setup, &error);
  g_assert_no_error(error);
}

static void rig_close(Rig *rig) {
  g_clear_pointer(&rig->decoder, iv_decoder_free);
  g_clear_pointer(&rig->reencoder, iv_reencoder_free);
  g_clear_pointer(&rig->source, iv_unit_reader_free);
  g_clear_pointer(&rig->result, iv_unit_reader_free);
  g_clear_pointer(&rig->ingest, iv_ingest_free);
  iv_frame_gate_clear(&rig->gate);
  iv_stencil_free(rig->stencil);
  g_ptr_array_unref(rig->frames);
  g_array_unref(rig->numbers);
  g_cond_clear(&rig->changed);
  g_mutex_clear(&rig->mutex);
}

static IvEncodedUnit *next(IvUnitReader *reader) {
  IvEncodedUnit *unit = iv_unit_reader_pop(reader, DEADLINE, NULL);
  g_assert_nonnull(unit);
  return unit;
}

static void wait_frames(Rig *rig, guint n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&rig->mutex);
  while (rig->frames->len < n)
    g_assert_true(g_cond_wait_until(&rig->changed, &rig->mutex, until));
  g_mutex_unlock(&rig->mutex);
}

/* ---- times ---- */

static IvEncodedUnit *find_by_ts(const GPtrArray *units, IvTime ts) {
  for (guint i = 0; i < units->len; i++)
    if (((IvEncodedUnit *)units->pdata[i])->ts == ts)
      return units->pdata[i];
  return NULL;
}

static void take_sources(Rig *rig, GPtrArray *sources) {
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(rig->source, 0, NULL)))
    g_ptr_array_add(sources, unit);
}

/* Three rounds of the clip: every picture once, in the order it is shown, with its own times. */
static void check_times(Rig *rig) {
  g_autoptr(GPtrArray) sources =
      g_ptr_array_new_with_free_func((GDestroyNotify)iv_encoded_unit_unref);
  IvTime last = 0;
  guint breaks = 0, keyframes = 0, epoch = 0;
  for (guint i = 0; i < 3 * CLIP; i++) {
    g_autoptr(IvEncodedUnit) unit = next(rig->result);
    take_sources(rig, sources);
    const IvEncodedUnit *source = find_by_ts(sources, unit->ts);
    g_assert_nonnull(source);
    g_assert_cmpint(unit->codec, ==, IV_CODEC_H264);
    g_assert_cmpint(unit->picture.width, ==, size.width);
    g_assert_cmpuint(unit->seq, ==, i);
    g_assert_cmpint(unit->ts, >, last);
    g_assert_cmpint(unit->pts, ==, source->pts);
    g_assert_cmpint(unit->dts, ==, unit->pts);
    g_assert_cmpint(unit->arrived, ==, source->arrived);
    g_assert_cmpuint(unit->epoch, ==, source->epoch);
    g_assert_true(i > 0 || unit->keyframe);
    g_assert_cmpint(unit->discontinuity, ==, i > 0 && unit->epoch != epoch);
    g_assert_true(!unit->discontinuity || unit->keyframe);
    breaks += unit->discontinuity;
    keyframes += unit->keyframe;
    epoch = unit->epoch;
    last = unit->ts;
  }
  g_assert_cmpuint(breaks, ==, 2);
  g_assert_cmpuint(keyframes, >=, 3);
}

static void run_times(const char *path) {
  static const IvReencoderConfig config = {.paint = paint};
  Rig rig;
  if (!path) {
    g_test_skip("x264enc or x265enc is not installed");
    return;
  }
  rig_open(&rig, path, &config);
  check_times(&rig);
  IvReencoderStats stats;
  iv_reencoder_stats(rig.reencoder, &stats);
  g_assert_true(stats.running);
  g_assert_cmpstr(stats.trouble, ==, "");
  g_assert_cmpuint(stats.made, >=, 3 * CLIP);
  g_assert_cmpuint(stats.dropped + stats.withheld, ==, 0);
  g_assert_cmpint(stats.cpu_time, >, 0);
  rig_close(&rig);
}

static void test_times(void) {
  run_times(clip);
}
static void test_times_b_frames(void) {
  run_times(clip_b);
}
static void test_times_h265(void) {
  run_times(clip_h265);
}

/* ---- what is painted ---- */

/* At its edge the encoder lets the mask and what is beside it run into each other. */
static gboolean is_well_inside(const Rig *rig, int x, int y) {
  for (int dy = -EDGE; dy <= EDGE; dy += EDGE)
    for (int dx = -EDGE; dx <= EDGE; dx += EDGE)
      if (!iv_stencil_has(rig->stencil, x + dx, y + dy))
        return FALSE;
  return TRUE;
}

static void check_masked(const Rig *rig, const IvFrame *frame) {
  for (int y = 0; y < size.height; y++)
    for (int x = 0; x < size.width; x++)
      if (is_well_inside(rig, x, y))
        g_assert_cmpint(frame->plane[0][y * frame->stride[0] + x], <=, 16 + BLACK_ERROR);
}

static void test_painted(void) {
  static const IvReencoderConfig config = {.paint = paint};
  Rig rig;
  rig_open(&rig, clip, &config);
  g_autoptr(IvEncodedUnit) first = next(rig.result);
  open_decoder(&rig, first);
  wait_frames(&rig, 2 * CLIP);
  g_mutex_lock(&rig.mutex);
  int last = g_array_index(rig.numbers, int, 0);
  check_masked(&rig, rig.frames->pdata[0]);
  for (guint i = 1; i < rig.numbers->len; i++) {
    int number = g_array_index(rig.numbers, int, i);
    g_assert_cmpint(number, ==, (last + 1) % CLIP); /* what is not masked is still readable */
    check_masked(&rig, rig.frames->pdata[i]);
    last = number;
  }
  g_mutex_unlock(&rig.mutex);
  rig_close(&rig);
}

static void test_smaller(void) {
  static const IvReencoderConfig config = {.width_max = 192};
  Rig rig;
  rig_open(&rig, clip, &config);
  g_autoptr(IvEncodedUnit) first = next(rig.result);
  g_assert_cmpint(first->picture.width, ==, 192);
  g_assert_cmpint(first->picture.height, ==, 144);
  rig_close(&rig);
}

static void test_left_out(void) {
  static const IvReencoderConfig config = {.paint = paint};
  Rig rig;
  rig_open(&rig, clip, &config);
  rig.answer = IV_PAINT_LEAVE_OUT;
  IvReencoderStats stats = {0};
  gint64 until = g_get_monotonic_time() + DEADLINE;
  guint made = 0;
  while (stats.withheld < CLIP && g_get_monotonic_time() < until) {
    g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(rig.result, 50 * IV_MS, NULL);
    made += unit != NULL;
    iv_reencoder_stats(rig.reencoder, &stats);
  }
  g_assert_cmpuint(stats.withheld, >=, CLIP);
  g_assert_cmpuint(made, <=, 1); /* a picture may have been on its way before the answer changed */
  rig_close(&rig);
}

/* ---- ends ---- */

static void test_closes_with_its_source(void) {
  static const IvReencoderConfig config = {.paint = paint};
  Rig rig;
  rig_open(&rig, clip, &config);
  iv_encoded_unit_unref(next(rig.result));
  g_clear_pointer(&rig.ingest, iv_ingest_free);
  IvEncodedUnit *unit;
  while ((unit = iv_unit_reader_pop(rig.result, DEADLINE, NULL)))
    iv_encoded_unit_unref(unit);
  g_assert_true(iv_unit_reader_is_over(rig.result));
  rig_close(&rig);
}

static void test_damage_is_mended(void) {
  static const IvReencoderConfig config = {.paint = paint};
  static const guint8 junk[] = {0, 0, 0, 1, 0x65, 0xff, 0xee, 0xdd, 0, 0, 0, 1, 0x67, 0x00};
  Rig rig;
  rig_open(&rig, clip, &config);
  g_autoptr(IvEncodedUnit) first = next(rig.result);
  for (guint i = 0; i < 20; i++) {
    IvEncodedUnit *bad = iv_encoded_unit_new();
    bad->bytes = junk;
    bad->size = sizeof junk;
    bad->codec = IV_CODEC_H264;
    bad->ts = first->ts + i;
    bad->pts = first->pts + i;
    bad->epoch = first->epoch;
    iv_unit_ring_push(iv_ingest_ring(rig.ingest), bad);
    iv_encoded_unit_unref(bad);
  }
  for (guint i = 0; i < 2 * CLIP; i++)
    iv_encoded_unit_unref(next(rig.result));
  rig_close(&rig);
}

/* Starts and stops as viewers come and go. */
static void test_comes_and_goes(void) {
  static const IvReencoderConfig config = {.paint = paint, .newest_only = TRUE};
  Rig rig;
  rig_open(&rig, clip, &config);
  for (guint i = 0; i < 8; i++) {
    g_autoptr(GError) error = NULL;
    IvReencoderConfig again = config;
    again.user_data = &rig;
    g_autoptr(IvReencoder) other = iv_reencoder_new(&again, iv_ingest_ring(rig.ingest), &error);
    g_assert_no_error(error);
    g_autoptr(IvUnitReader) reader =
        iv_unit_reader_new(iv_reencoder_ring(other), IV_READER_LIVE, 900, TRUE);
    if (i % 2 == 0)
      continue; /* freed at once */
    g_autoptr(IvEncodedUnit) unit = next(reader);
    g_assert_true(unit->keyframe);
  }
  rig_close(&rig);
}

static char *make_clip(const char *name, const char *encoder, const char *muxer) {
  ClipSpec spec = {
      .size = size, .fps = FPS, .n = CLIP, .gop = GOP, .encoder = encoder, .muxer = muxer};
  char *path = g_build_filename(dir, name, NULL);
  if (!clip_write(path, &spec))
    g_clear_pointer(&path, g_free);
  return path;
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("iv-reencoder-XXXXXX", NULL);
  clip = make_clip("clip.mp4", NULL, NULL);
  if (!clip) {
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  clip_b =
      make_clip("clip-b.mp4", "x264enc key-int-max=20 bframes=2 b-adapt=false bitrate=400", NULL);
  clip_h265 = make_clip("clip265.mp4", "x265enc key-int-max=20 bitrate=400", "h265parse ! mp4mux");
  g_test_add_func("/reencoder/times", test_times);
  g_test_add_func("/reencoder/times-b-frames", test_times_b_frames);
  g_test_add_func("/reencoder/times-h265", test_times_h265);
  g_test_add_func("/reencoder/painted", test_painted);
  g_test_add_func("/reencoder/smaller", test_smaller);
  g_test_add_func("/reencoder/left-out", test_left_out);
  g_test_add_func("/reencoder/closes-with-its-source", test_closes_with_its_source);
  g_test_add_func("/reencoder/damage-is-mended", test_damage_is_mended);
  g_test_add_func("/reencoder/comes-and-goes", test_comes_and_goes);
  int status = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(clip_b);
  g_free(clip_h265);
  g_free(dir);
  return status;
}
