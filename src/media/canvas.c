/* SPDX-License-Identifier: Apache-2.0 */
#include "media/canvas.h"

#include <math.h>
#include <string.h>

#define STEP 16 /* of a mosaic's colours */

/* ---- a copy to paint on ---- */

static int plane_rows(const IvFrame *frame, guint plane) {
  return plane == 0 ? frame->size.height : (frame->size.height + 1) / 2;
}

static int plane_bytes(const IvFrame *frame, guint plane) {
  int half = (frame->size.width + 1) / 2;
  return plane == 0 ? frame->size.width : frame->pixels == IV_PIXELS_NV12 ? 2 * half : half;
}

static void copy_plane(const IvFrame *from, IvFrame *to, guint plane, guint8 *bytes) {
  int stride = plane_bytes(from, plane);
  for (int y = 0; y < plane_rows(from, plane); y++)
    memcpy(bytes + (gsize)y * (gsize)stride, from->plane[plane] + (gssize)y * from->stride[plane],
           (gsize)stride);
  to->plane[plane] = bytes;
  to->stride[plane] = stride;
}

IvFrame *iv_canvas_frame(const IvFrame *frame, IvCanvas *ret_canvas) {
  guint n = frame->pixels == IV_PIXELS_NV12 ? 2 : 3;
  gsize size = 0, at = 0;
  if (frame->pixels == IV_PIXELS_RGB)
    return NULL;
  for (guint p = 0; p < n; p++)
    size += (gsize)plane_rows(frame, p) * (gsize)plane_bytes(frame, p);
  guint8 *bytes = g_malloc(size);
  IvFrame *copy = iv_frame_new();
  IvCanvas canvas = {.pixels = frame->pixels, .size = frame->size, .full_range = frame->full_range};
  copy->pixels = frame->pixels;
  copy->size = frame->size;
  copy->full_range = frame->full_range;
  copy->ts = frame->ts;
  copy->arrived = frame->arrived;
  copy->seq = frame->seq;
  copy->discontinuity = frame->discontinuity;
  copy->release = g_free;
  copy->owner = bytes;
  for (guint p = 0; p < n; p++) {
    canvas.plane[p] = bytes + at;
    copy_plane(frame, copy, p, bytes + at);
    canvas.stride[p] = copy->stride[p];
    at += (gsize)plane_rows(frame, p) * (gsize)plane_bytes(frame, p);
  }
  *ret_canvas = canvas;
  return copy;
}

/* ---- samples ---- */

/* One plane as samples `step` bytes apart. */
typedef struct {
  guint8 *bytes;
  int stride, step, width, height;
} Samples;

/* Y, Cb, Cr. */
static void samples_of(const IvCanvas *canvas, Samples ret_planes[3]) {
  int width = (canvas->size.width + 1) / 2, height = (canvas->size.height + 1) / 2;
  gboolean nv12 = canvas->pixels == IV_PIXELS_NV12;
  ret_planes[0] =
      (Samples){canvas->plane[0], canvas->stride[0], 1, canvas->size.width, canvas->size.height};
  ret_planes[1] = (Samples){canvas->plane[1], canvas->stride[1], nv12 ? 2 : 1, width, height};
  ret_planes[2] = nv12 ? (Samples){canvas->plane[1] + 1, canvas->stride[1], 2, width, height}
                       : (Samples){canvas->plane[2], canvas->stride[2], 1, width, height};
}

static void set_row(const Samples *to, int y, int x0, int x1, guint8 value) {
  guint8 *row = to->bytes + (gssize)y * to->stride;
  if (to->step == 1)
    memset(row + x0, value, (gsize)(x1 - x0));
  else
    for (int x = x0; x < x1; x++)
      row[x * to->step] = value;
}

static guint8 black_of(const IvCanvas *canvas, guint plane) {
  return plane > 0 ? 128 : canvas->full_range ? 0 : 16;
}

void iv_canvas_black(const IvCanvas *canvas) {
  Samples planes[3];
  samples_of(canvas, planes);
  for (guint p = 0; p < 3; p++)
    for (int y = 0; y < planes[p].height; y++)
      set_row(&planes[p], y, 0, planes[p].width, black_of(canvas, p));
}

/* ---- mosaic ---- */

static guint8 coarse(const Samples *from, int x0, int y0, int x1, int y1) {
  guint64 sum = 0;
  for (int y = y0; y < y1; y++) {
    const guint8 *row = from->bytes + (gssize)y * from->stride;
    for (int x = x0; x < x1; x++)
      sum += row[x * from->step];
  }
  guint mean = (guint)(sum / (guint64)((x1 - x0) * (y1 - y0)));
  return (guint8)(mean / STEP * STEP + STEP / 2);
}

static void mosaic_plane(const Samples *plane, int x0, int y0, int x1, int y1, int cell) {
  for (int y = y0; y < MIN(y1, plane->height); y += cell)
    for (int x = x0; x < MIN(x1, plane->width); x += cell) {
      int right = MIN(x + cell, plane->width), bottom = MIN(y + cell, plane->height);
      guint8 value = coarse(plane, x, y, right, bottom);
      for (int row = y; row < bottom; row++)
        set_row(plane, row, x, right, value);
    }
}

/* The grid's line at or before, and at or after. */
static int grid_floor(double v, int cell) {
  return (int)floor(v / cell) * cell;
}
static int grid_ceil(double v, int cell) {
  return (int)ceil(v / cell) * cell;
}

void iv_canvas_mosaic(const IvCanvas *canvas, const IvBox *box, int cell) {
  Samples planes[3];
  double w = canvas->size.width, h = canvas->size.height;
  double left = CLAMP((double)box->x0, 0, 1) * w, right = CLAMP((double)box->x1, 0, 1) * w;
  double top = CLAMP((double)box->y0, 0, 1) * h, bottom = CLAMP((double)box->y1, 0, 1) * h;
  cell = MAX(cell, 2) / 2 * 2;
  if (right <= left || bottom <= top)
    return;
  int x0 = grid_floor(left, cell), x1 = grid_ceil(right, cell);
  int y0 = grid_floor(top, cell), y1 = grid_ceil(bottom, cell);
  samples_of(canvas, planes);
  mosaic_plane(&planes[0], x0, y0, x1, y1, cell);
  for (guint p = 1; p < 3; p++)
    mosaic_plane(&planes[p], x0 / 2, y0 / 2, x1 / 2, y1 / 2, cell / 2);
}
