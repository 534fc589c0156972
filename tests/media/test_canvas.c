/* SPDX-License-Identifier: Apache-2.0 */
/* What is painted over is gone: every pixel that a mask touches, and every pixel of a mosaic. */
#include "media/canvas.h"

#include <math.h>
#include <string.h>

#define W 320
#define H 240

/* Noise, so that nothing survives by looking like what it was. */
static IvFrame *make_frame(IvPixels pixels, IvSize size) {
  IvFrame *frame = iv_frame_new();
  int half = (size.width + 1) / 2, rows = (size.height + 1) / 2;
  gsize luma = (gsize)size.width * (gsize)size.height, chroma = (gsize)half * (gsize)rows;
  guint8 *bytes = g_malloc(luma + 2 * chroma);
  guint32 seed = 7;
  for (gsize i = 0; i < luma + 2 * chroma; i++) {
    seed = seed * 1664525u + 1013904223u;
    bytes[i] = (guint8)(40 + seed / (G_MAXUINT32 / 160));
  }
  frame->pixels = pixels;
  frame->size = size;
  frame->plane[0] = bytes;
  frame->stride[0] = size.width;
  frame->plane[1] = bytes + luma;
  frame->stride[1] = pixels == IV_PIXELS_NV12 ? 2 * half : half;
  if (pixels == IV_PIXELS_I420) {
    frame->plane[2] = bytes + luma + chroma;
    frame->stride[2] = half;
  }
  frame->ts = 77;
  frame->seq = 5;
  frame->release = g_free;
  frame->owner = bytes;
  return frame;
}

static int sample(const IvFrame *frame, int plane, int x, int y) {
  if (plane == 0)
    return frame->plane[0][y * frame->stride[0] + x];
  if (frame->pixels == IV_PIXELS_NV12)
    return frame->plane[1][y / 2 * frame->stride[1] + x / 2 * 2 + plane - 1];
  return frame->plane[plane][y / 2 * frame->stride[plane] + x / 2];
}

/* ---- masks ---- */

static const IvPoint triangle[] = {{0.25f, 0.2f}, {0.8f, 0.35f}, {0.4f, 0.9f}};

static void check_masked(const IvFrame *before, const IvFrame *after, const IvStencil *stencil) {
  guint covered = 0;
  for (int y = 0; y < before->size.height; y++)
    for (int x = 0; x < before->size.width; x++) {
      gboolean is_covered = iv_stencil_has(stencil, x, y);
      covered += is_covered;
      g_assert_cmpint(sample(after, 0, x, y), ==, is_covered ? 16 : sample(before, 0, x, y));
      if (is_covered)
        for (int p = 1; p < 3; p++)
          g_assert_cmpint(sample(after, p, x, y), ==, 128);
    }
  g_assert_cmpuint(covered, >, 0);
}

static void test_masked_pixels_are_black(gconstpointer data) {
  IvPixels pixels = (IvPixels)GPOINTER_TO_INT(data);
  g_autoptr(IvFrame) frame = make_frame(pixels, (IvSize){W + 1, H + 1});
  g_autoptr(IvStencil) stencil = iv_stencil_new(frame->size);
  IvCanvas canvas;
  iv_stencil_add(stencil, triangle, G_N_ELEMENTS(triangle));
  g_autoptr(IvFrame) copy = iv_canvas_frame(frame, &canvas);
  g_assert_cmpint(copy->ts, ==, 77);
  g_assert_cmpuint(copy->seq, ==, 5);
  iv_stencil_fill(stencil, &canvas);
  check_masked(frame, copy, stencil);
}

/* Sampled finely: whatever point of a pixel lies in the polygon, the pixel is covered; and hardly
 * more than those. */
static void test_every_touched_pixel_is_covered(void) {
  static const IvPoint shapes[][4] = {
      {{0.25f, 0.2f}, {0.8f, 0.35f}, {0.4f, 0.9f}, {0.3f, 0.5f}},
      {{0.5f, 0.1f}, {0.5015f, 0.1f}, {0.5015f, 0.9f}, {0.5f, 0.9f}}, /* thinner than a pixel */
      {{0.1f, 0.501f}, {0.9f, 0.502f}, {0.9f, 0.503f}, {0.1f, 0.504f}},
      {{0.f, 0.f}, {1.f, 0.f}, {1.f, 1.f}, {0.f, 1.f}},
  };
  for (gsize s = 0; s < G_N_ELEMENTS(shapes); s++) {
    g_autoptr(IvStencil) stencil = iv_stencil_new((IvSize){W, H});
    guint covered = 0, touched = 0;
    iv_stencil_add(stencil, shapes[s], 4);
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++) {
        gboolean inside = FALSE;
        for (int k = 0; k < 64 && !inside; k++) {
          IvPoint p = {((float)x + ((float)(k % 8) + 0.5f) / 8) / W,
                       ((float)y + ((float)(k / 8) + 0.5f) / 8) / H};
          inside = iv_polygon_contains(shapes[s], 4, p);
        }
        gboolean has = iv_stencil_has(stencil, x, y);
        g_assert_true(has || !inside);
        covered += has;
        touched += inside;
      }
    g_assert_cmpuint(touched, >, 0);
    g_assert_cmpuint(covered, <=, touched + 2 * (W + H));
  }
}

/* ---- mosaic ---- */

#define CELL 24

static void check_mosaic(const IvFrame *frame, const IvBox *box) {
  int x0 = (int)(box->x0 * W), x1 = (int)ceil(box->x1 * W);
  int y0 = (int)(box->y0 * H), y1 = (int)ceil(box->y1 * H);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      for (int p = 0; p < 3; p++) /* all of a square are alike, and of few shades */
        g_assert_cmpint(sample(frame, p, x, y), ==,
                        sample(frame, p, x / CELL * CELL, y / CELL * CELL));
}

static void test_mosaic_leaves_no_pixel(gconstpointer data) {
  IvPixels pixels = (IvPixels)GPOINTER_TO_INT(data);
  static const IvBox box = {0.21f, 0.13f, 0.55f, 0.87f};
  g_autoptr(IvFrame) frame = make_frame(pixels, (IvSize){W, H});
  IvCanvas canvas;
  g_autoptr(IvFrame) copy = iv_canvas_frame(frame, &canvas);
  iv_canvas_mosaic(&canvas, &box, CELL);
  check_mosaic(copy, &box);
  g_assert_cmpint(sample(copy, 0, 2, 2), ==, sample(frame, 0, 2, 2));
  g_assert_cmpint(sample(copy, 0, W - 2, H - 2), ==, sample(frame, 0, W - 2, H - 2));
}

static void test_mosaic_of_all_and_beyond(void) {
  static const IvBox all = {-0.5f, -0.5f, 1.5f, 1.5f}, none = {0.5f, 0.5f, 0.5f, 0.9f};
  static const IvBox whole = {0, 0, 1, 1};
  g_autoptr(IvFrame) frame = make_frame(IV_PIXELS_I420, (IvSize){W, H});
  IvCanvas canvas;
  g_autoptr(IvFrame) copy = iv_canvas_frame(frame, &canvas);
  iv_canvas_mosaic(&canvas, &none, CELL);
  g_assert_cmpmem(copy->plane[0], W * H, frame->plane[0], W * H);
  iv_canvas_mosaic(&canvas, &all, CELL);
  check_mosaic(copy, &whole);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/canvas/mask-i420", GINT_TO_POINTER(IV_PIXELS_I420),
                       test_masked_pixels_are_black);
  g_test_add_data_func("/canvas/mask-nv12", GINT_TO_POINTER(IV_PIXELS_NV12),
                       test_masked_pixels_are_black);
  g_test_add_func("/canvas/every-touched-pixel", test_every_touched_pixel_is_covered);
  g_test_add_data_func("/canvas/mosaic-i420", GINT_TO_POINTER(IV_PIXELS_I420),
                       test_mosaic_leaves_no_pixel);
  g_test_add_data_func("/canvas/mosaic-nv12", GINT_TO_POINTER(IV_PIXELS_NV12),
                       test_mosaic_leaves_no_pixel);
  g_test_add_func("/canvas/mosaic-of-all", test_mosaic_of_all_and_beyond);
  return g_test_run();
}
