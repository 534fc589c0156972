/* SPDX-License-Identifier: Apache-2.0 */
#include "track/appearance.h"

#include <math.h>

#include "tests/vision/picture.h"

#define WIDTH 160
#define HEIGHT 240

typedef struct {
  int r, g, b;
} Rgb;

typedef struct {
  Rgb upper, lower;
} Clothes;

static const Rgb wall = {112, 112, 112};
static const Clothes orange_blue = {{220, 108, 40}, {62, 40, 220}};
static const Clothes blue_orange = {{62, 40, 220}, {220, 108, 40}};
static const Clothes green_black = {{60, 180, 110}, {15, 15, 15}};

typedef enum { RGB, I420, NV12, I420_FULL, NV12_FULL, N_FORMS } Form;

static guint8 byte_of(double v) {
  return (guint8)CLAMP(lround(v), 0, 255);
}

/* BT.601. */
static void to_yuv(Rgb c, gboolean full, guint8 yuv[3]) {
  double y = 0.299 * c.r + 0.587 * c.g + 0.114 * c.b;
  double u = (c.b - y) / 1.772, v = (c.r - y) / 1.402;
  yuv[0] = byte_of(full ? y : 16 + y * 219 / 255);
  yuv[1] = byte_of(128 + (full ? u : u * 224 / 255));
  yuv[2] = byte_of(128 + (full ? v : v * 224 / 255));
}

static void put(IvFrame *frame, int x, int y, Rgb c) {
  guint8 yuv[3], *first = iv_test_plane(frame, 0) + y * frame->stride[0];
  if (frame->pixels == IV_PIXELS_RGB) {
    first[3 * x] = (guint8)c.r;
    first[3 * x + 1] = (guint8)c.g;
    first[3 * x + 2] = (guint8)c.b;
    return;
  }
  to_yuv(c, frame->full_range, yuv);
  first[x] = yuv[0];
  guint8 *second = iv_test_plane(frame, 1) + y / 2 * frame->stride[1];
  if (frame->pixels == IV_PIXELS_NV12) {
    second[x / 2 * 2] = yuv[1];
    second[x / 2 * 2 + 1] = yuv[2];
    return;
  }
  second[x / 2] = yuv[1];
  iv_test_plane(frame, 2)[y / 2 * frame->stride[2] + x / 2] = yuv[2];
}

/* Somebody who fills `body` (pixels) before a grey wall. */
static IvFrame *picture(Form form, IvBox body, Clothes clothes) {
  IvPixels pixels = form == RGB                         ? IV_PIXELS_RGB
                    : form == I420 || form == I420_FULL ? IV_PIXELS_I420
                                                        : IV_PIXELS_NV12;
  IvFrame *frame = iv_test_picture(pixels, (IvSize){WIDTH, HEIGHT});
  frame->full_range = form >= I420_FULL;
  float waist = (body.y0 + body.y1) / 2;
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      gboolean in =
          (float)x >= body.x0 && (float)x < body.x1 && (float)y >= body.y0 && (float)y < body.y1;
      put(frame, x, y, !in ? wall : (float)y < waist ? clothes.upper : clothes.lower);
    }
  return frame;
}

static IvBox shares(IvBox px) {
  return (IvBox){px.x0 / WIDTH, px.y0 / HEIGHT, px.x1 / WIDTH, px.y1 / HEIGHT};
}

static IvAppearance look_of(Form form, IvBox body, Clothes clothes) {
  g_autoptr(IvFrame) frame = picture(form, body, clothes);
  return iv_appearance_from_frame(frame, shares(body));
}

static const IvBox here = {40, 40, 100, 200}, there = {90, 16, 130, 120};

static void test_forms_agree(void) {
  const Clothes all[] = {orange_blue, blue_orange, green_black};
  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    IvAppearance plain = look_of(RGB, here, all[i]);
    g_assert_true(iv_appearance_is_known(&plain));
    for (Form form = I420; form < N_FORMS; form++) {
      IvAppearance look = look_of(form, here, all[i]);
      g_assert_cmpfloat(iv_appearance_correlation(&plain, &look), >, 0.99f);
    }
  }
}

/* Range matters in the dark: luma 40 of the full range, read as video range, is a bin darker. */
static void test_full_range(void) {
  static const Clothes dark = {{40, 40, 40}, {20, 20, 20}};
  IvAppearance plain = look_of(RGB, here, dark);
  IvAppearance look = look_of(I420_FULL, here, dark);
  g_assert_cmpfloat(iv_appearance_correlation(&plain, &look), >, 0.99f);
}

static void test_tells_people_apart(void) {
  IvAppearance one = look_of(I420, here, orange_blue), again = look_of(I420, there, orange_blue);
  IvAppearance turned = look_of(I420, here, blue_orange), other = look_of(I420, here, green_black);
  g_assert_cmpfloat(iv_appearance_correlation(&one, &again), >, 0.95f);
  g_assert_cmpfloat(iv_appearance_correlation(&one, &turned), <, 0.2f);
  g_assert_cmpfloat(iv_appearance_correlation(&one, &other), <, 0.2f);
}

static void test_centred_and_of_length_1(void) {
  IvAppearance look = look_of(NV12, here, green_black);
  double sum = 0, squares = 0;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++) {
    sum += (double)look.bins[k];
    squares += (double)look.bins[k] * (double)look.bins[k];
  }
  g_assert_cmpfloat_with_epsilon(sum, 0, 1e-4);
  g_assert_cmpfloat_with_epsilon(squares, 1, 1e-4);
  g_assert_cmpfloat_with_epsilon(iv_appearance_correlation(&look, &look), 1, 1e-4);
}

static gboolean is_known_at(const IvFrame *frame, IvBox px) {
  IvAppearance look = iv_appearance_from_frame(frame, shares(px));
  return iv_appearance_is_known(&look);
}

static void test_too_small(void) {
  g_autoptr(IvFrame) frame = picture(I420, here, orange_blue);
  g_assert_true(is_known_at(frame, (IvBox){50, 50, 58.1f, 66.1f}));
  g_assert_false(is_known_at(frame, (IvBox){50, 50, 57.5f, 66.1f}));
  g_assert_false(is_known_at(frame, (IvBox){50, 50, 58.1f, 65.5f}));
  /* Large, but only 7 px, or none, of it are in the picture. */
  g_assert_false(is_known_at(frame, (IvBox){-60, 40, 7, 200}));
  g_assert_false(is_known_at(frame, (IvBox){WIDTH - 7, 40, WIDTH + 60, 200}));
  g_assert_false(is_known_at(frame, (IvBox){200, 40, 260, 200}));
  g_assert_false(is_known_at(frame, (IvBox){40, 40, 40, 200}));
}

/* At the edges only what is in the picture is read (the sanitizers watch). */
static void test_over_the_edges(void) {
  for (Form form = RGB; form < N_FORMS; form++) {
    g_autoptr(IvFrame) frame = picture(form, here, orange_blue);
    g_assert_true(is_known_at(frame, (IvBox){-30, -80, 30, 120}));
    g_assert_true(is_known_at(frame, (IvBox){WIDTH - 30, HEIGHT - 120, WIDTH + 30, HEIGHT + 80}));
    g_assert_true(is_known_at(frame, (IvBox){-1000, -1000, 2000, 2000}));
  }
}

static void test_faulty_boxes(void) {
  static const float faults[] = {NAN, INFINITY, -INFINITY};
  g_autoptr(IvFrame) frame = picture(NV12, here, orange_blue);
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    for (int corner = 0; corner < 4; corner++) {
      IvBox box = shares(here);
      float *const values[] = {&box.x0, &box.y0, &box.x1, &box.y1};
      *values[corner] = faults[i];
      IvAppearance look = iv_appearance_from_frame(frame, box);
      g_assert_false(iv_appearance_is_known(&look));
    }
  IvAppearance look = iv_appearance_from_frame(frame, (IvBox){-1e30f, -1e30f, 1e30f, 1e30f});
  g_assert_false(iv_appearance_is_known(&look));
}

static void test_unknown(void) {
  IvAppearance none = {0}, known = look_of(RGB, here, orange_blue), average = none;
  g_assert_false(iv_appearance_is_known(&none));
  g_assert_cmpfloat(iv_appearance_correlation(&none, &known), ==, 0);
  iv_appearance_blend(&average, &none, 0.5f);
  g_assert_false(iv_appearance_is_known(&average));
  iv_appearance_blend(&average, &known, 0.1f);
  g_assert_cmpmem(&average, sizeof average, &known, sizeof known);
  iv_appearance_blend(&average, &none, 0.5f);
  g_assert_cmpmem(&average, sizeof average, &known, sizeof known);
}

static void test_blend(void) {
  IvAppearance old = look_of(RGB, here, orange_blue), now = look_of(RGB, here, green_black);
  IvAppearance average = old;
  iv_appearance_blend(&average, &now, 0.1f);
  g_assert_cmpfloat_with_epsilon(iv_appearance_correlation(&average, &average), 1, 1e-4);
  g_assert_cmpfloat(iv_appearance_correlation(&average, &old), >, 0.98f);
  for (int i = 0; i < 60; i++)
    iv_appearance_blend(&average, &now, 0.1f);
  g_assert_cmpfloat(iv_appearance_correlation(&average, &now), >, 0.99f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/appearance/forms-agree", test_forms_agree);
  g_test_add_func("/appearance/full-range", test_full_range);
  g_test_add_func("/appearance/tells-people-apart", test_tells_people_apart);
  g_test_add_func("/appearance/centred-and-of-length-1", test_centred_and_of_length_1);
  g_test_add_func("/appearance/too-small", test_too_small);
  g_test_add_func("/appearance/over-the-edges", test_over_the_edges);
  g_test_add_func("/appearance/faulty-boxes", test_faulty_boxes);
  g_test_add_func("/appearance/unknown", test_unknown);
  g_test_add_func("/appearance/blend", test_blend);
  return g_test_run();
}
