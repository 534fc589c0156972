/* SPDX-License-Identifier: Apache-2.0 */
#include "media/picture.h"

#include <string.h>

#define BLOCK 16

/* Where a sample of one plane comes from: bytes `step` apart. */
typedef struct {
  const guint8 *bytes;
  int stride, step, width, height;
} Samples;

/* --- range: 16..235 (chroma 16..240) to 0..255 --- */

static guint8 stretch(int v, int zero, int span, int middle) {
  double stretched = middle + (v - zero) * 255.0 / span;
  return (guint8)CLAMP((int)(stretched + 0.5), 0, 255);
}

static void make_range(guint8 table[256], gboolean full_range, gboolean luma) {
  for (int v = 0; v < 256; v++)
    table[v] = (guint8)(full_range ? v : luma ? stretch(v, 16, 219, 0) : stretch(v, 128, 224, 128));
}

/* --- copying --- */

static int average(const Samples *from, int x, int y, int scale) {
  int sum = 0, n = 0;
  for (int dy = 0; dy < scale && y + dy < from->height; dy++) {
    const guint8 *row = from->bytes + (gssize)(y + dy) * from->stride;
    for (int dx = 0; dx < scale && x + dx < from->width; dx++, n++)
      sum += row[(x + dx) * from->step];
  }
  return (sum + n / 2) / n;
}

static void copy_row(guint8 *to, int width, const Samples *from, int y, int scale,
                     const guint8 table[256]) {
  const guint8 *row = from->bytes + (gssize)y * from->stride;
  if (scale == 1)
    for (int x = 0; x < width; x++)
      to[x] = table[row[x * from->step]];
  else
    for (int x = 0; x < width; x++)
      to[x] = table[average(from, x * scale, y, scale)];
}

static void copy_plane(IvPicture *picture, int plane, const Samples *from, int scale,
                       const guint8 table[256]) {
  int half = plane > 0;
  int width = (picture->size.width + half) >> half, height = (picture->size.height + half) >> half;
  for (int y = 0; y < picture->rows[plane]; y++) {
    guint8 *to = picture->plane[plane] + (gssize)y * picture->stride[plane];
    if (y < height)
      copy_row(to, width, from, MIN(y * scale, from->height - 1), scale, table);
    else
      memcpy(to, to - picture->stride[plane], (gsize)width);
    memset(to + width, to[width - 1], (gsize)(picture->stride[plane] - width));
  }
}

static void copy_yuv(IvPicture *picture, const IvFrame *frame, int scale) {
  guint8 luma[256], chroma[256];
  make_range(luma, frame->full_range, TRUE);
  make_range(chroma, frame->full_range, FALSE);
  gboolean nv12 = frame->pixels == IV_PIXELS_NV12;
  int width = (frame->size.width + 1) / 2, height = (frame->size.height + 1) / 2;
  Samples y = {frame->plane[0], frame->stride[0], 1, frame->size.width, frame->size.height};
  Samples cb = {frame->plane[1], frame->stride[1], nv12 ? 2 : 1, width, height};
  Samples cr = cb;
  if (nv12)
    cr.bytes++;
  else
    cr.bytes = frame->plane[2], cr.stride = frame->stride[2];
  copy_plane(picture, 0, &y, scale, luma);
  copy_plane(picture, 1, &cb, scale, chroma);
  copy_plane(picture, 2, &cr, scale, chroma);
}

/* --- RGB: only tests and user code hand it out, so plain arithmetic will do --- */

static IvPaint convert(int r, int g, int b) {
  double y = 0.299 * r + 0.587 * g + 0.114 * b;
  double cb = 128 + (b - y) / 1.772, cr = 128 + (r - y) / 1.402;
  return (IvPaint){(guint8)CLAMP((int)(y + 0.5), 0, 255), (guint8)CLAMP((int)(cb + 0.5), 0, 255),
                   (guint8)CLAMP((int)(cr + 0.5), 0, 255)};
}

/* Mean colour of the square of `side` source pixels at x, y. */
static IvPaint rgb_mean(const IvFrame *frame, int x, int y, int side) {
  int rgb[3];
  for (int c = 0; c < 3; c++) {
    Samples from = {frame->plane[0] + c, frame->stride[0], 3, frame->size.width,
                    frame->size.height};
    rgb[c] = average(&from, MIN(x, from.width - 1), MIN(y, from.height - 1), side);
  }
  return convert(rgb[0], rgb[1], rgb[2]);
}

static void copy_rgb(IvPicture *picture, const IvFrame *frame, int scale) {
  for (int y = 0; y < picture->rows[0]; y++)
    for (int x = 0; x < picture->stride[0]; x++)
      picture->plane[0][(gssize)y * picture->stride[0] + x] =
          rgb_mean(frame, x * scale, y * scale, scale).y;
  for (int y = 0; y < picture->rows[1]; y++)
    for (int x = 0; x < picture->stride[1]; x++) {
      IvPaint paint = rgb_mean(frame, 2 * x * scale, 2 * y * scale, 2 * scale);
      picture->plane[1][(gssize)y * picture->stride[1] + x] = paint.cb;
      picture->plane[2][(gssize)y * picture->stride[2] + x] = paint.cr;
    }
}

static int padded(int n) {
  return (n + BLOCK - 1) / BLOCK * BLOCK;
}

void iv_picture_init(IvPicture *ret_picture, const IvFrame *frame, IvJpegScale scale) {
  IvPicture *picture = ret_picture;
  int s = (int)scale;
  picture->size = (IvSize){MAX(frame->size.width / s, 1), MAX(frame->size.height / s, 1)};
  int width = padded(picture->size.width), height = padded(picture->size.height);
  gsize luma = (gsize)width * height;
  picture->plane[0] = g_malloc(luma + luma / 2);
  picture->plane[1] = picture->plane[0] + luma;
  picture->plane[2] = picture->plane[1] + luma / 4;
  for (int i = 0; i < 3; i++) {
    picture->stride[i] = i == 0 ? width : width / 2;
    picture->rows[i] = i == 0 ? height : height / 2;
  }
  if (frame->pixels == IV_PIXELS_RGB)
    copy_rgb(picture, frame, s);
  else
    copy_yuv(picture, frame, s);
}

void iv_picture_clear(IvPicture *picture) {
  g_clear_pointer(&picture->plane[0], g_free);
}

/* --- drawing --- */

IvPaint iv_paint_from_rgb(guint32 rgb) {
  return convert((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff);
}

static void fill_plane(IvPicture *picture, int plane, int x0, int y0, int x1, int y1, guint8 v) {
  for (int y = y0; y < y1; y++)
    memset(picture->plane[plane] + (gssize)y * picture->stride[plane] + x0, v, (gsize)(x1 - x0));
}

void iv_picture_fill(IvPicture *picture, int x0, int y0, int x1, int y1, IvPaint paint) {
  x0 = MAX(x0, 0);
  y0 = MAX(y0, 0);
  x1 = MIN(x1, picture->size.width);
  y1 = MIN(y1, picture->size.height);
  if (x0 >= x1 || y0 >= y1)
    return;
  fill_plane(picture, 0, x0, y0, x1, y1, paint.y);
  fill_plane(picture, 1, x0 / 2, y0 / 2, (x1 + 1) / 2, (y1 + 1) / 2, paint.cb);
  fill_plane(picture, 2, x0 / 2, y0 / 2, (x1 + 1) / 2, (y1 + 1) / 2, paint.cr);
}

#define GLYPH_WIDTH 5
#define GLYPH_HEIGHT 7
#define PEN_PER 300 /* picture heights a line's width */
#define LABEL_DIGITS 10

/* Rows of the digits 0..9 from the top, five bits each, the left one highest. */
static const guint8 glyphs[10][GLYPH_HEIGHT] = {
    {0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e}, {0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e},
    {0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f}, {0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e},
    {0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02}, {0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e},
    {0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e}, {0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08},
    {0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e}, {0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c},
};

static void draw_digit(IvPicture *picture, int digit, int x, int y, int pen, IvPaint paint) {
  for (int row = 0; row < GLYPH_HEIGHT; row++)
    for (int column = 0; column < GLYPH_WIDTH; column++)
      if (glyphs[digit][row] >> (GLYPH_WIDTH - 1 - column) & 1)
        iv_picture_fill(picture, x + column * pen, y + row * pen, x + (column + 1) * pen,
                        y + (row + 1) * pen, paint);
}

/* Above the box; inside it when there is no room above. Black or white on the box's colour. */
static void draw_label(IvPicture *picture, guint32 label, int x, int y, int pen, IvPaint paint) {
  char text[LABEL_DIGITS + 1];
  g_snprintf(text, sizeof text, "%u", label);
  int n = (int)strlen(text), advance = (GLYPH_WIDTH + 1) * pen;
  int width = n * advance + pen, height = (GLYPH_HEIGHT + 2) * pen;
  y = y >= height ? y - height : y;
  x = CLAMP(x, 0, MAX(picture->size.width - width, 0));
  IvPaint ink = {paint.y > 140 ? 0 : 255, 128, 128};
  iv_picture_fill(picture, x, y, x + width, y + height, paint);
  for (int i = 0; i < n; i++)
    draw_digit(picture, text[i] - '0', x + pen + i * advance, y + pen, pen, ink);
}

static int to_pixel(float share, int side) {
  return (int)(CLAMP(share, 0.0f, 1.0f) * (float)side + 0.5f);
}

static int pen_of(const IvPicture *picture, gboolean thin) {
  int pen = MAX(picture->size.height / PEN_PER, 2);
  return thin ? MAX(pen / 2, 1) : pen;
}

/* Square dots half a pen apart: a line of any slope without gaps. */
void iv_picture_draw_line(IvPicture *picture, IvPoint a, IvPoint b, guint32 rgb) {
  int pen = pen_of(picture, FALSE);
  IvPaint paint = iv_paint_from_rgb(rgb);
  float x = a.x * (float)picture->size.width, y = a.y * (float)picture->size.height;
  float dx = b.x * (float)picture->size.width - x, dy = b.y * (float)picture->size.height - y;
  int n = (int)(MAX(ABS(dx), ABS(dy)) * 2 / (float)pen) + 1;
  for (int i = 0; i <= n; i++) {
    int left = (int)(x + dx * (float)i / (float)n) - pen / 2;
    int top = (int)(y + dy * (float)i / (float)n) - pen / 2;
    iv_picture_fill(picture, left, top, left + pen, top + pen, paint);
  }
}

void iv_picture_draw_box(IvPicture *picture, const IvJpegBox *box) {
  int pen = pen_of(picture, box->thin);
  int x0 = to_pixel(box->box.x0, picture->size.width),
      x1 = to_pixel(box->box.x1, picture->size.width);
  int y0 = to_pixel(box->box.y0, picture->size.height),
      y1 = to_pixel(box->box.y1, picture->size.height);
  IvPaint paint = iv_paint_from_rgb(box->rgb);
  iv_picture_fill(picture, x0, y0, x1, y0 + pen, paint);
  iv_picture_fill(picture, x0, y1 - pen, x1, y1, paint);
  iv_picture_fill(picture, x0, y0, x0 + pen, y1, paint);
  iv_picture_fill(picture, x1 - pen, y0, x1, y1, paint);
  if (box->label > 0)
    draw_label(picture, box->label, x0, y0, pen, paint);
}
