/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures are read back with libjpeg and looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "media/jpeg.h"

typedef struct {
  int width, height;
  guint8 *rgb;
} Decoded;

static Decoded decode(GBytes *jpeg) {
  struct jpeg_decompress_struct in;
  struct jpeg_error_mgr errors;
  in.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&in);
  gsize size;
  const guint8 *bytes = g_bytes_get_data(jpeg, &size);
  jpeg_mem_src(&in, bytes, size);
  g_assert_cmpint(jpeg_read_header(&in, TRUE), ==, JPEG_HEADER_OK);
  jpeg_start_decompress(&in);
  Decoded out = {(int)in.output_width, (int)in.output_height, NULL};
  out.rgb = g_malloc((gsize)out.width * out.height * 3);
  while (in.output_scanline < in.output_height) {
    guint8 *row = out.rgb + (gsize)in.output_scanline * out.width * 3;
    jpeg_read_scanlines(&in, &row, 1);
  }
  jpeg_finish_decompress(&in);
  jpeg_destroy_decompress(&in);
  return out;
}

/* Fine lines lose some colour: chroma is halved. */
static void check_near(const Decoded *picture, int x, int y, int r, int g, int b, int most) {
  const guint8 *p = picture->rgb + ((gsize)y * picture->width + x) * 3;
  if (ABS(p[0] - r) > most || ABS(p[1] - g) > most || ABS(p[2] - b) > most) {
    g_test_message("pixel %d,%d is %d %d %d, wanted %d %d %d", x, y, p[0], p[1], p[2], r, g, b);
    g_test_fail();
  }
}

static void check_pixel(const Decoded *picture, int x, int y, int r, int g, int b) {
  check_near(picture, x, y, r, g, b, 12);
}

/* Left half black, right half white in video range; colour by cb, cr. */
static IvFrame *make_frame(IvPixels pixels, int width, int height, gboolean full_range) {
  IvFrame *frame = iv_frame_new();
  frame->pixels = pixels;
  frame->size = (IvSize){width, height};
  frame->full_range = full_range;
  int cw = (width + 1) / 2, ch = (height + 1) / 2;
  gsize luma = (gsize)width * height;
  guint8 *bytes = g_malloc(luma * 3 + (gsize)cw * ch * 2);
  memset(bytes, 128, luma * 3 + (gsize)cw * ch * 2);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      int v = x < width / 2 ? (full_range ? 0 : 16) : (full_range ? 255 : 235);
      if (pixels == IV_PIXELS_RGB)
        memset(bytes + ((gsize)y * width + x) * 3, v, 3);
      else
        bytes[(gsize)y * width + x] = (guint8)v;
    }
  frame->plane[0] = bytes;
  frame->stride[0] = pixels == IV_PIXELS_RGB ? width * 3 : width;
  frame->plane[1] = bytes + luma;
  frame->stride[1] = pixels == IV_PIXELS_NV12 ? cw * 2 : cw;
  frame->plane[2] = bytes + luma + (gsize)cw * ch;
  frame->stride[2] = cw;
  frame->release = g_free;
  frame->owner = bytes;
  return frame;
}

static void check_halves(IvPixels pixels, int width, int height, gboolean full, IvJpegScale scale) {
  g_autoptr(IvFrame) frame = make_frame(pixels, width, height, full);
  g_autoptr(GBytes) jpeg = iv_jpeg_encode(frame, scale, 90, NULL, 0);
  g_assert_nonnull(jpeg);
  Decoded picture = decode(jpeg);
  g_assert_cmpint(picture.width, ==, MAX(width / (int)scale, 1));
  g_assert_cmpint(picture.height, ==, MAX(height / (int)scale, 1));
  check_pixel(&picture, 0, 0, 0, 0, 0);
  check_pixel(&picture, picture.width / 4, picture.height - 1, 0, 0, 0);
  check_pixel(&picture, picture.width - 1, picture.height - 1, 255, 255, 255);
  g_free(picture.rgb);
}

/* Sizes that don't fill blocks, all layouts, both ranges, all scales. */
static void test_forms(void) {
  static const IvSize sizes[] = {{64, 48}, {70, 50}, {101, 77}, {768, 576}};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (int pixels = IV_PIXELS_I420; pixels <= IV_PIXELS_RGB; pixels++)
      for (int scale = IV_JPEG_FULL; scale <= IV_JPEG_QUARTER; scale *= 2) {
        gboolean rgb = pixels == IV_PIXELS_RGB;
        check_halves((IvPixels)pixels, sizes[i].width, sizes[i].height, TRUE, (IvJpegScale)scale);
        if (!rgb)
          check_halves((IvPixels)pixels, sizes[i].width, sizes[i].height, FALSE,
                       (IvJpegScale)scale);
      }
}

/* A decoder's rows may be longer than the picture. */
static void test_colour_and_stride(void) {
  g_autoptr(IvFrame) frame = iv_frame_new();
  guint8 y[64 * 40], c[64 * 20 * 2];
  memset(y, 81, sizeof y); /* pure red in video range is 81, 90, 240 */
  memset(c, 90, 64 * 20);
  memset(c + 64 * 20, 240, 64 * 20);
  frame->size = (IvSize){50, 40};
  frame->plane[0] = y;
  frame->plane[1] = c;
  frame->plane[2] = c + 64 * 20;
  frame->stride[0] = frame->stride[1] = frame->stride[2] = 64;
  g_autoptr(GBytes) jpeg = iv_jpeg_encode(frame, IV_JPEG_FULL, 90, NULL, 0);
  Decoded picture = decode(jpeg);
  check_pixel(&picture, 25, 20, 255, 0, 0);
  check_pixel(&picture, 49, 39, 255, 0, 0);
  g_free(picture.rgb);
}

static void test_boxes(void) {
  g_autoptr(IvFrame) frame = make_frame(IV_PIXELS_I420, 320, 240, TRUE);
  guint8 before = frame->plane[0][60 * 320 + 40];
  const IvJpegBox boxes[] = {{{0.125f, 0.25f, 0.25f, 0.75f}, 0x00ff00, 42, FALSE},
                             {{0.9f, 0.0f, 1.5f, 1.2f}, 0xff0000, 0, FALSE}};
  g_autoptr(GBytes) jpeg = iv_jpeg_encode(frame, IV_JPEG_FULL, 95, boxes, 2);
  Decoded picture = decode(jpeg);
  check_near(&picture, 41, 100, 0, 255, 0, 60);                /* left edge */
  check_near(&picture, 60, 120, 0, 0, 0, 60);                  /* inside untouched */
  check_near(&picture, 319, 120, 255, 0, 0, 60);               /* clipped to the picture */
  check_near(&picture, 42, 43, 0, 255, 0, 60);                 /* the label stands above the box */
  g_assert_cmpint(frame->plane[0][60 * 320 + 40], ==, before); /* drawn on a copy */
  g_free(picture.rgb);
}

static void test_scale_for(void) {
  IvSize size = {1280, 720};
  g_assert_cmpint(iv_jpeg_scale_for(size, 0), ==, IV_JPEG_FULL);
  g_assert_cmpint(iv_jpeg_scale_for(size, 1000), ==, IV_JPEG_FULL);
  g_assert_cmpint(iv_jpeg_scale_for(size, 640), ==, IV_JPEG_HALF);
  g_assert_cmpint(iv_jpeg_scale_for(size, 320), ==, IV_JPEG_QUARTER);
  g_assert_cmpint(iv_jpeg_scale_for(size, 10), ==, IV_JPEG_QUARTER);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/media/jpeg/forms", test_forms);
  g_test_add_func("/media/jpeg/colour-and-stride", test_colour_and_stride);
  g_test_add_func("/media/jpeg/boxes", test_boxes);
  g_test_add_func("/media/jpeg/scale-for", test_scale_for);
  return g_test_run();
}
