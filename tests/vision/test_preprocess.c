/* SPDX-License-Identifier: Apache-2.0 */
/* The fast preprocessing against a slow one in plain doubles. */
#include <math.h>

#include "tests/vision/picture.h"
#include "vision/preprocess.h"

#define TOLERANCE 1.6 /* grey levels: rows are weighted in steps of 1/128 */

static const IvInputStyle plain = {.scale = {1, 1, 1}};

/* ---- the slow way */

static double filtered(const guint8 *plane, int stride, int step, IvSize in, IvSize out, int ox,
                       int oy) {
  double rx = (double)in.width / out.width, ry = (double)in.height / out.height;
  double sx = fmax(1, rx), sy = fmax(1, ry), cx = (ox + .5) * rx, cy = (oy + .5) * ry;
  double sum = 0, weights = 0;
  for (int y = (int)floor(cy - sy) - 1; y <= cy + sy; y++)
    for (int x = (int)floor(cx - sx) - 1; x <= cx + sx; x++) {
      double w = fmax(0, 1 - fabs(x + .5 - cx) / sx) * fmax(0, 1 - fabs(y + .5 - cy) / sy);
      int at = CLAMP(y, 0, in.height - 1) * stride + CLAMP(x, 0, in.width - 1) * step;
      sum += w * plane[at];
      weights += w;
    }
  return sum / weights;
}

static void slow_rgb(const IvFrame *f, IvSize out, int x, int y, double *ret_rgb) {
  if (f->pixels == IV_PIXELS_RGB) {
    for (int c = 0; c < 3; c++)
      ret_rgb[c] = filtered(f->plane[0] + c, f->stride[0], 3, f->size, out, x, y);
    return;
  }
  IvSize half = {(f->size.width + 1) / 2, (f->size.height + 1) / 2};
  gboolean nv12 = f->pixels == IV_PIXELS_NV12;
  const guint8 *u_plane = f->plane[1], *v_plane = nv12 ? f->plane[1] + 1 : f->plane[2];
  int step = nv12 ? 2 : 1;
  double luma = filtered(f->plane[0], f->stride[0], 1, f->size, out, x, y);
  double u = filtered(u_plane, f->stride[1], step, half, out, x, y) - 128;
  double v = filtered(v_plane, f->stride[nv12 ? 1 : 2], step, half, out, x, y) - 128;
  double scale = f->full_range ? 1 : 255. / 224;
  double gray = f->full_range ? luma : (luma - 16) * 255 / 219;
  ret_rgb[0] = CLAMP(gray + 1.402 * v * scale, 0, 255);
  ret_rgb[1] = CLAMP(gray - (0.344136 * u + 0.714136 * v) * scale, 0, 255);
  ret_rgb[2] = CLAMP(gray + 1.772 * u * scale, 0, 255);
}

/* ---- cases */

/* A smooth picture with an edge and some noise. */
static IvFrame *any_picture(IvPixels pixels, IvSize size) {
  IvFrame *frame = iv_test_picture(pixels, size);
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  int planes = pixels == IV_PIXELS_I420 ? 3 : pixels == IV_PIXELS_NV12 ? 2 : 1;
  for (int p = 0; p < planes; p++) {
    guint8 *bytes = iv_test_plane(frame, p);
    int rows = p == 0 ? size.height : (size.height + 1) / 2;
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < frame->stride[p]; x++) {
        int value = (int)(128 + 60 * sin(x * .11 + p) + 40 * cos(y * .07)) +
                    (x > frame->stride[p] / 2 ? 25 : 0) + g_rand_int_range(rand, -8, 9);
        bytes[y * frame->stride[p] + x] = (guint8)CLAMP(value, 0, 255);
      }
  }
  return frame;
}

typedef struct {
  IvPixels pixels;
  IvSize from, to;
  gboolean full_range;
} Case;

static void check_case(const Case *it) {
  g_autoptr(IvFrame) frame = any_picture(it->pixels, it->from);
  frame->full_range = it->full_range;
  g_autoptr(IvPreprocess) fast = iv_preprocess_new(&plain, it->to);
  gsize cells = (gsize)it->to.width * it->to.height;
  g_autofree float *planes = g_new(float, 3 * cells);
  iv_preprocess_run(fast, frame, planes);
  for (int y = 0; y < it->to.height; y++)
    for (int x = 0; x < it->to.width; x++) {
      double rgb[3];
      slow_rgb(frame, it->to, x, y, rgb);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon(planes[c * cells + (gsize)y * it->to.width + x], rgb[c],
                                       TOLERANCE);
    }
}

static void test_against_slow(void) {
  static const Case cases[] = {
      {IV_PIXELS_I420, {192, 144}, {80, 64}, FALSE}, {IV_PIXELS_I420, {64, 48}, {96, 96}, FALSE},
      {IV_PIXELS_I420, {97, 75}, {32, 32}, TRUE},    {IV_PIXELS_NV12, {192, 108}, {96, 64}, FALSE},
      {IV_PIXELS_NV12, {101, 51}, {33, 17}, FALSE},  {IV_PIXELS_RGB, {192, 144}, {80, 64}, FALSE},
      {IV_PIXELS_RGB, {31, 23}, {64, 64}, FALSE},    {IV_PIXELS_I420, {640, 360}, {32, 32}, FALSE},
      {IV_PIXELS_I420, {2, 2}, {32, 32}, FALSE},     {IV_PIXELS_I420, {1, 1}, {5, 3}, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    check_case(&cases[i]);
}

static void fill_yuv(IvFrame *frame, guint8 y, guint8 u, guint8 v) {
  int chroma = (frame->size.width + 1) / 2 * ((frame->size.height + 1) / 2);
  memset(iv_test_plane(frame, 0), y, (gsize)frame->size.width * frame->size.height);
  memset(iv_test_plane(frame, 1), u, (gsize)chroma);
  memset(iv_test_plane(frame, 2), v, (gsize)chroma);
}

/* White, black and the primaries of BT.601 at video range. */
static void test_colours(void) {
  static const struct {
    guint8 yuv[3];
    float rgb[3];
  } colours[] = {{{235, 128, 128}, {255, 255, 255}}, {{16, 128, 128}, {0, 0, 0}},
                 {{81, 90, 240}, {255, 0, 0}},       {{145, 54, 34}, {0, 255, 0}},
                 {{41, 240, 110}, {0, 0, 255}},      {{126, 128, 128}, {128, 128, 128}}};
  g_autoptr(IvPreprocess) preprocess = iv_preprocess_new(&plain, (IvSize){8, 8});
  for (gsize i = 0; i < G_N_ELEMENTS(colours); i++) {
    g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_I420, (IvSize){20, 20});
    fill_yuv(frame, colours[i].yuv[0], colours[i].yuv[1], colours[i].yuv[2]);
    float planes[3 * 64];
    iv_preprocess_run(preprocess, frame, planes);
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon(planes[c * 64 + 20], colours[i].rgb[c], 1.5);
  }
}

/* Mean and scale per plane, blue first. */
static void test_style(void) {
  const IvInputStyle style = {.bgr = TRUE, .mean = {10, 20, 30}, .scale = {1, 0.5f, 0.25f}};
  g_autoptr(IvPreprocess) preprocess = iv_preprocess_new(&style, (IvSize){2, 2});
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_RGB, (IvSize){4, 4});
  for (int i = 0; i < 48; i += 3) {
    iv_test_plane(frame, 0)[i] = 50;
    iv_test_plane(frame, 0)[i + 1] = 100;
    iv_test_plane(frame, 0)[i + 2] = 200;
  }
  float planes[12];
  iv_preprocess_run(preprocess, frame, planes);
  g_assert_cmpfloat_with_epsilon(planes[0], 190, 0.01);
  g_assert_cmpfloat_with_epsilon(planes[4], 40, 0.01);
  g_assert_cmpfloat_with_epsilon(planes[8], 5, 0.01);
}

/* A white 2:1 picture in a square: where it lies, and the padding around it. */
static void check_letterbox(IvFit fit, int top) {
  const IvInputStyle style = {.fit = fit, .scale = {1, 1, 1}, .pad = 114};
  g_autoptr(IvPreprocess) preprocess = iv_preprocess_new(&style, (IvSize){32, 32});
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_RGB, (IvSize){64, 32});
  memset(iv_test_plane(frame, 0), 255, 64 * 32 * 3);
  float planes[3 * 32 * 32];
  IvPlacement place = iv_preprocess_run(preprocess, frame, planes);
  for (int y = 0; y < 32; y++)
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon(planes[(c * 32 + y) * 32 + 5],
                                     y >= top && y < top + 16 ? 255 : 114, 0.01);
  IvBox box = {8, (float)top, 16, (float)top + 16};
  IvBox share = iv_placement_to_picture(&place, &box);
  g_assert_cmpfloat_with_epsilon(share.x0, 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon(share.y0, 0, 1e-6);
  g_assert_cmpfloat_with_epsilon(share.x1, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon(share.y1, 1, 1e-6);
}

static void test_letterbox(void) {
  check_letterbox(IV_FIT_LETTERBOX_CORNER, 0);
  check_letterbox(IV_FIT_LETTERBOX_CENTRE, 8);
}

/* One preprocessor serves cameras of different sizes in turn. */
static void test_changing_sizes(void) {
  g_autoptr(IvPreprocess) shared = iv_preprocess_new(&plain, (IvSize){32, 32});
  static const IvSize sizes[] = {{64, 48}, {320, 180}, {20, 90}, {64, 48}};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(IvFrame) frame = any_picture(i % 2 ? IV_PIXELS_NV12 : IV_PIXELS_I420, sizes[i]);
    g_autoptr(IvPreprocess) own = iv_preprocess_new(&plain, (IvSize){32, 32});
    float a[3 * 1024], b[3 * 1024];
    iv_preprocess_run(shared, frame, a);
    iv_preprocess_run(own, frame, b);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/preprocess/against-slow", test_against_slow);
  g_test_add_func("/vision/preprocess/colours", test_colours);
  g_test_add_func("/vision/preprocess/style", test_style);
  g_test_add_func("/vision/preprocess/letterbox", test_letterbox);
  g_test_add_func("/vision/preprocess/changing-sizes", test_changing_sizes);
  return g_test_run();
}
