/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "media/canvas.h"

typedef struct {
  int y, x0, x1;
} Span;

/* First a map of the pixels, then spans of it, made anew when something was added. */
struct IvStencil {
  IvSize size;
  guint8 *covered; /* a byte a pixel */
  GArray *luma;    /* Span; NULL = to be made */
  GArray *chroma;  /* likewise, in pairs of pixels */
};

IvStencil *iv_stencil_new(IvSize size) {
  IvStencil *stencil = g_new0(IvStencil, 1);
  stencil->size = size;
  stencil->covered = g_malloc0((gsize)size.width * (gsize)size.height);
  return stencil;
}

static void forget_spans(IvStencil *stencil) {
  g_clear_pointer(&stencil->luma, g_array_unref);
  g_clear_pointer(&stencil->chroma, g_array_unref);
}

void iv_stencil_free(IvStencil *stencil) {
  if (!stencil)
    return;
  forget_spans(stencil);
  g_free(stencil->covered);
  g_free(stencil);
}

IvSize iv_stencil_size(const IvStencil *stencil) {
  return stencil->size;
}

gboolean iv_stencil_has(const IvStencil *stencil, int x, int y) {
  return x >= 0 && y >= 0 && x < stencil->size.width && y < stencil->size.height &&
         stencil->covered[(gsize)y * (gsize)stencil->size.width + (gsize)x];
}

/* ---- polygons to pixels ---- */

/* The pixels that hold x0..x1. */
static void cover(IvStencil *stencil, int y, double x0, double x1) {
  int width = stencil->size.width;
  if (y < 0 || y >= stencil->size.height || x1 < 0 || x0 >= width)
    return;
  int from = (int)floor(MAX(x0, 0)), to = (int)floor(MIN(x1, width - 1));
  memset(stencil->covered + (gsize)y * (gsize)width + from, 1, (gsize)(to - from + 1));
}

static int by_value(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* What is inside at the middle of the row. */
static void cover_inside(IvStencil *stencil, const IvPoint *p, guint n, int y, GArray *crossings) {
  double middle = y + 0.5;
  g_array_set_size(crossings, 0);
  for (guint i = 0; i < n; i++) {
    IvPoint a = p[i], b = p[(i + 1) % n];
    if (((double)a.y <= middle) == ((double)b.y <= middle))
      continue;
    double x = (double)a.x + (middle - (double)a.y) * (double)(b.x - a.x) / (double)(b.y - a.y);
    g_array_append_val(crossings, x);
  }
  g_array_sort(crossings, by_value);
  for (guint i = 0; i + 1 < crossings->len; i += 2)
    cover(stencil, y, g_array_index(crossings, double, i), g_array_index(crossings, double, i + 1));
}

/* Every pixel that the edge goes through. */
static void cover_edge(IvStencil *stencil, IvPoint a, IvPoint b) {
  if (a.y > b.y) {
    IvPoint swap = a;
    a = b;
    b = swap;
  }
  double slope = b.y > a.y ? (double)(b.x - a.x) / (double)(b.y - a.y) : 0;
  int first = MAX((int)floor((double)a.y), 0);
  int last = MIN((int)floor((double)b.y), stencil->size.height - 1);
  for (int y = first; y <= last; y++) {
    double from =
        b.y > a.y ? (double)a.x + (MAX(y, (double)a.y) - (double)a.y) * slope : (double)a.x;
    double to =
        b.y > a.y ? (double)a.x + (MIN(y + 1, (double)b.y) - (double)a.y) * slope : (double)b.x;
    cover(stencil, y, MIN(from, to), MAX(from, to));
  }
}

void iv_stencil_add(IvStencil *stencil, const IvPoint *polygon, guint n) {
  g_autofree IvPoint *pixels = g_new(IvPoint, MAX(n, 1));
  g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint i = 0; i < n; i++)
    pixels[i] = (IvPoint){polygon[i].x * (float)stencil->size.width,
                          polygon[i].y * (float)stencil->size.height};
  for (int y = 0; y < stencil->size.height; y++)
    cover_inside(stencil, pixels, n, y, crossings);
  for (guint i = 0; i < n; i++)
    cover_edge(stencil, pixels[i], pixels[(i + 1) % n]);
  forget_spans(stencil);
}

/* ---- pixels to spans ---- */

/* A pair of rows or pixels shares its colour: `step` 2 asks for pairs. */
static gboolean any_of(const IvStencil *stencil, int x, int y, int step) {
  for (int dy = 0; dy < step; dy++)
    for (int dx = 0; dx < step; dx++)
      if (iv_stencil_has(stencil, x * step + dx, y * step + dy))
        return TRUE;
  return FALSE;
}

static GArray *make_spans(const IvStencil *stencil, int step) {
  GArray *spans = g_array_new(FALSE, FALSE, sizeof(Span));
  int width = (stencil->size.width + step - 1) / step;
  int height = (stencil->size.height + step - 1) / step;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      Span span = {y, x, x};
      while (span.x1 < width && any_of(stencil, span.x1, y, step))
        span.x1++;
      if (span.x1 > x)
        g_array_append_val(spans, span);
      x = span.x1;
    }
  return spans;
}

static void fill_spans(const GArray *spans, guint8 *plane, int stride, int bytes, guint8 value) {
  for (guint i = 0; i < spans->len; i++) {
    const Span *span = &g_array_index(spans, Span, i);
    memset(plane + (gssize)span->y * stride + span->x0 * bytes, value,
           (gsize)((span->x1 - span->x0) * bytes));
  }
}

void iv_stencil_fill(IvStencil *stencil, const IvCanvas *canvas) {
  g_return_if_fail(canvas->size.width == stencil->size.width &&
                   canvas->size.height == stencil->size.height);
  if (!stencil->luma) {
    stencil->luma = make_spans(stencil, 1);
    stencil->chroma = make_spans(stencil, 2);
  }
  fill_spans(stencil->luma, canvas->plane[0], canvas->stride[0], 1, canvas->full_range ? 0 : 16);
  if (canvas->pixels == IV_PIXELS_NV12) {
    fill_spans(stencil->chroma, canvas->plane[1], canvas->stride[1], 2, 128);
    return;
  }
  fill_spans(stencil->chroma, canvas->plane[1], canvas->stride[1], 1, 128);
  fill_spans(stencil->chroma, canvas->plane[2], canvas->stride[2], 1, 128);
}
