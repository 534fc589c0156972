/* SPDX-License-Identifier: Apache-2.0 */
/* Who may not see people sees mosaics: all of the picture as long as nobody knows who is where,
 * then the people; and never what lies in a mask. Looked at as a viewer does: decoded. */
#include "app/veils.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "../media/clip.h"
#include "media/decoder.h"
#include "media/ingest.h"

#define DEADLINE (40 * G_TIME_SPAN_SECOND)
#define CLIP 60

static const IvSize size = {384, 288};
static char *dir, *clip;

/* In the clip, numbers stand at the top left, on grey. */
static const IvBox number_box = {0.f, 0.f, 0.62f, 0.5f};

typedef struct {
  GMutex mutex;
  GCond changed;
  IvIngest *ingest;
  IvVeils *veils;
  IvPeopleBoard *people;
  IvMasks *masks;
  IvStreamHold *hold, *shown;
  IvUnitRing *ring; /* of `shown` */
  IvFrameGate gate;
  IvDecoder *decoder;
  guint readable, unreadable; /* numbers */
  guint black, bright;        /* of a pixel well inside the mask */
} Rig;

static void on_frame(IvFrame *frame, gpointer user_data) {
  Rig *rig = user_data;
  int x = (int)(0.75 * size.width), y = (int)(0.75 * size.height);
  gboolean black = frame->plane[0][y * frame->stride[0] + x] <= 30;
  gboolean readable = clip_number(frame) >= 0;
  g_mutex_lock(&rig->mutex);
  *(readable ? &rig->readable : &rig->unreadable) += 1;
  *(black ? &rig->black : &rig->bright) += 1;
  g_cond_broadcast(&rig->changed);
  g_mutex_unlock(&rig->mutex);
  iv_frame_unref(frame);
}

static void on_news(G_GNUC_UNUSED gpointer user_data) {}

static void rig_open(Rig *rig, IvVeil veil) {
  const IvIngestEvents events = {0};
  static const IvArea mask = {4, {{0.6f, 0.6f}, {0.9f, 0.6f}, {0.9f, 0.9f}, {0.6f, 0.9f}}};
  g_autoptr(GError) error = NULL;
  *rig = (Rig){.veils = iv_veils_new(), .people = iv_people_board_new(), .masks = iv_masks_new()};
  g_mutex_init(&rig->mutex);
  g_cond_init(&rig->changed);
  IvIngestConfig config = {
      .source = clip, .pace = IV_PACE_REAL_TIME, .loop = TRUE, .start = IV_TIME_NONE};
  rig->ingest = iv_ingest_new(&config, &events, NULL, &error);
  g_assert_no_error(error);
  iv_masks_set(rig->masks, &mask, 1);
  rig->hold = iv_stream_hold_new(iv_ingest_ring(rig->ingest), NULL, NULL);
  IvVeilSource source = {rig->hold, rig->masks, rig->people};
  rig->shown = iv_veils_hold(rig->veils, &source, veil, &error);
  g_assert_no_error(error);
  rig->ring = iv_stream_hold_ring(rig->shown);
  g_autoptr(IvStreamHold) same = iv_veils_hold(rig->veils, &source, veil, &error);
  g_assert_true(iv_stream_hold_ring(same) == rig->ring); /* once for all */
  iv_frame_gate_init(&rig->gate, 0);
  g_autoptr(IvUnitReader) reader = iv_unit_reader_new(rig->ring, IV_READER_LIVE, 900, FALSE);
  iv_ingest_start(rig->ingest);
  g_autoptr(IvEncodedUnit) first = iv_unit_reader_pop(reader, DEADLINE, NULL);
  g_assert_nonnull(first);
  IvDecoderSetup setup = {rig->ring, first->caps, &rig->gate, TRUE, on_frame, on_news, rig};
  rig->decoder = iv_decoder_new(&setup, &error);
  g_assert_no_error(error);
}

static void rig_close(Rig *rig) {
  iv_people_board_close(rig->people);
  g_clear_pointer(&rig->decoder, iv_decoder_free);
  iv_stream_hold_unref(rig->shown);
  iv_veils_free(rig->veils);
  iv_stream_hold_unref(rig->hold);
  iv_masks_unref(rig->masks);
  g_clear_pointer(&rig->ingest, iv_ingest_free);
  iv_people_board_unref(rig->people);
  iv_frame_gate_clear(&rig->gate);
  g_cond_clear(&rig->changed);
  g_mutex_clear(&rig->mutex);
}

static void wait_for(Rig *rig, const guint *count, guint least) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&rig->mutex);
  while (*count < least)
    g_assert_true(g_cond_wait_until(&rig->changed, &rig->mutex, until));
  g_mutex_unlock(&rig->mutex);
}

static void test_masks(void) {
  Rig rig;
  rig_open(&rig, IV_VEIL_MASKS);
  wait_for(&rig, &rig.readable, 30);
  g_assert_cmpuint(rig.unreadable, ==, 0);
  g_assert_cmpuint(rig.bright, ==, 0);
  IvVeilStats stats;
  iv_veils_stats(rig.veils, rig.masks, &stats);
  g_assert_cmpuint(stats.n, ==, 1);
  g_assert_cmpstr(stats.trouble, ==, "");
  rig_close(&rig);
}

/* Encoded anew and nothing else: a mask would be dark. */
static void test_plain(void) {
  Rig rig;
  rig_open(&rig, IV_VEIL_PLAIN);
  wait_for(&rig, &rig.readable, 30);
  g_assert_cmpuint(rig.unreadable, ==, 0);
  g_assert_cmpuint(rig.bright, >, 0);
  rig_close(&rig);
}

static void test_people(void) {
  Rig rig;
  rig_open(&rig, IV_VEIL_PEOPLE);
  wait_for(&rig, &rig.unreadable, 20); /* nothing is known: all of it is mosaics */
  g_assert_cmpuint(rig.readable, ==, 0);
  rig_close(&rig);
}

static void test_people_known(void) {
  static const struct {
    const IvBox *box;
    gboolean readable;
  } cases[] = {{NULL, TRUE}, {&number_box, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Rig rig;
    rig_open(&rig, IV_VEIL_PEOPLE);
    IvTime now = g_get_real_time();
    IvDetection detection = {.box = cases[i].box ? *cases[i].box : (IvBox){0.8f, 0.3f, 0.9f, 0.5f}};
    for (IvTime t = now - 5 * IV_SECOND; t < now + 25 * IV_SECOND; t += IV_SECOND / 2)
      iv_people_board_see(rig.people, t, &detection, 1);
    if (cases[i].readable) {
      wait_for(&rig, &rig.readable, 20); /* who is elsewhere does not hide it */
    } else {
      guint before;
      g_mutex_lock(&rig.mutex);
      before = rig.unreadable;
      g_mutex_unlock(&rig.mutex);
      wait_for(&rig, &rig.unreadable, before + 20);
      g_assert_cmpuint(rig.readable, ==, 0);
    }
    g_assert_cmpuint(rig.bright, ==, 0);
    rig_close(&rig);
  }
}

/* Every pixel of a person's box is its square's, whose side is an eighth of the person or more. */
static void test_no_pixel_survives(void) {
  IvCanvas canvas;
  IvSize big = {640, 480};
  g_autofree guint8 *bytes = g_malloc((gsize)big.width * (gsize)big.height * 3 / 2);
  for (int i = 0; i < big.width * big.height * 3 / 2; i++)
    bytes[i] = (guint8)(i * 7 + i / 640 * 13);
  IvFrame source = {
      .pixels = IV_PIXELS_I420,
      .size = big,
      .plane = {bytes, bytes + big.width * big.height, bytes + big.width * big.height * 5 / 4},
      .stride = {big.width, big.width / 2, big.width / 2}};
  g_autoptr(IvFrame) copy = iv_canvas_frame(&source, &canvas);
  IvBox person = {0.3f, 0.1f, 0.6f, 0.9f};
  int cell = (int)(0.8 * big.height / 8);
  iv_veil_people(&canvas, TRUE, &person, 1);
  guint changes = 0;
  for (int y = (int)(0.1 * big.height); y < (int)(0.9 * big.height); y++)
    for (int x = (int)(0.3 * big.width) + 1; x < (int)(0.6 * big.width); x++) {
      const guint8 *row = copy->plane[0] + (gssize)y * copy->stride[0];
      changes += row[x] != row[x - 1];
    }
  /* At most one step of colour a cell and row. */
  guint rows = (guint)(0.8 * big.height), cells = (guint)(0.3 * big.width) / (guint)cell + 1;
  g_assert_cmpuint(changes, <=, rows * cells);
  g_assert_cmpint(copy->plane[0][0], ==, source.plane[0][0]);
}

static void test_ends_when_nobody_reads(void) {
  Rig rig;
  rig_open(&rig, IV_VEIL_MASKS);
  IvVeilStats stats;
  iv_veils_tend(rig.veils);
  iv_veils_stats(rig.veils, rig.masks, &stats);
  g_assert_cmpuint(stats.n, ==, 1);
  g_clear_pointer(&rig.decoder, iv_decoder_free);
  gint64 until = g_get_monotonic_time() + DEADLINE;
  while (stats.n > 0 && g_get_monotonic_time() < until) {
    g_usleep(50000); /* polls a state, with a deadline */
    iv_veils_tend(rig.veils);
    iv_veils_stats(rig.veils, rig.masks, &stats);
  }
  g_assert_cmpuint(stats.n, ==, 0);
  rig_close(&rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("iv-veils-XXXXXX", NULL);
  clip = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = size, .fps = 20, .n = CLIP, .gop = 10};
  if (!clip_write(clip, &spec)) {
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  g_test_add_func("/veils/masks", test_masks);
  g_test_add_func("/veils/plain", test_plain);
  g_test_add_func("/veils/people-unknown", test_people);
  g_test_add_func("/veils/people-known", test_people_known);
  g_test_add_func("/veils/no-pixel-survives", test_no_pixel_survives);
  g_test_add_func("/veils/ends-when-nobody-reads", test_ends_when_nobody_reads);
  int status = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(dir);
  return status;
}
