/* SPDX-License-Identifier: Apache-2.0 */
#include "track/appearance.h"

#include <math.h>

#define HUES 8
#define VALUES 4
#define GREYS 8
#define STRIPES 2
#define STRIPE_BINS (HUES * VALUES + GREYS)
#define COLUMNS 18           /* samples across a stripe */
#define ROWS 28              /* samples down a stripe */
#define GREY_SATURATION 0.2f /* below it the hue is mostly noise */
#define WIDTH_MIN 8          /* pixels of the box inside the picture */
#define HEIGHT_MIN 16

G_STATIC_ASSERT(STRIPES *STRIPE_BINS == IV_APPEARANCE_BINS);

static const struct {
  float from, to; /* shares of the box's height */
} stripes[STRIPES] = {{0.15f, 0.50f}, {0.55f, 0.90f}};

typedef struct {
  float r, g, b; /* 0..1 */
} Colour;

/* BT.601, as nearly all cameras of standard and CCTV type send it; another matrix would shift every
 * hue of the camera alike. */
static Colour from_yuv(gboolean full_range, int y, int u, int v) {
  float l = full_range ? (float)y : 1.164f * (float)(y - 16), scale = full_range ? 224.f / 255 : 1;
  float cb = scale * (float)(u - 128), cr = scale * (float)(v - 128);
  return (Colour){CLAMP((l + 1.596f * cr) / 255, 0, 1),
                  CLAMP((l - 0.813f * cr - 0.391f * cb) / 255, 0, 1),
                  CLAMP((l + 2.018f * cb) / 255, 0, 1)};
}

static Colour colour_at(const IvFrame *frame, int x, int y) {
  const guint8 *luma = frame->plane[0] + (gsize)y * (gsize)frame->stride[0];
  const guint8 *chroma =
      frame->plane[1] ? frame->plane[1] + (gsize)(y / 2) * (gsize)frame->stride[1] : NULL;
  switch (frame->pixels) {
  case IV_PIXELS_I420:
    return from_yuv(frame->full_range, luma[x], chroma[x / 2],
                    frame->plane[2][(gsize)(y / 2) * (gsize)frame->stride[2] + (gsize)(x / 2)]);
  case IV_PIXELS_NV12:
    return from_yuv(frame->full_range, luma[x], chroma[x / 2 * 2], chroma[x / 2 * 2 + 1]);
  case IV_PIXELS_RGB:
    break;
  }
  const guint8 *p = luma + (gsize)x * 3;
  return (Colour){(float)p[0] / 255, (float)p[1] / 255, (float)p[2] / 255};
}

/* Sixths of the colour circle, 0..6. */
static float hue(Colour c, float most, float span) {
  if (most == c.r)
    return (c.g - c.b) / span + (c.g < c.b ? 6 : 0);
  return most == c.g ? (c.b - c.r) / span + 2 : (c.r - c.g) / span + 4;
}

static guint bin_of(Colour c) {
  float most = MAX(c.r, MAX(c.g, c.b)), span = most - MIN(c.r, MIN(c.g, c.b));
  if (span <= GREY_SATURATION * most)
    return HUES * VALUES + MIN((guint)(most * GREYS), GREYS - 1);
  guint h = MIN((guint)(hue(c, most, span) * HUES / 6), HUES - 1);
  return h * VALUES + MIN((guint)(most * VALUES), VALUES - 1);
}

/* Counts the stripe of `box` (pixels) into `bins` as square roots of shares. */
static void count_stripe(const IvFrame *frame, const IvBox *box, guint stripe, float *bins) {
  float height = iv_box_height(box), width = iv_box_width(box);
  float y0 = box->y0 + stripes[stripe].from * height, x0 = box->x0 + width / 4;
  float dy = (stripes[stripe].to - stripes[stripe].from) * height / ROWS;
  float dx = width / 2 / COLUMNS;
  guint counts[STRIPE_BINS] = {0}, n = 0;
  for (int i = 0; i < ROWS; i++) {
    float y = floorf(y0 + ((float)i + 0.5f) * dy);
    if (y < 0 || y >= (float)frame->size.height)
      continue;
    for (int j = 0; j < COLUMNS; j++) {
      float x = floorf(x0 + ((float)j + 0.5f) * dx);
      if (x < 0 || x >= (float)frame->size.width)
        continue;
      counts[bin_of(colour_at(frame, (int)x, (int)y))]++;
      n++;
    }
  }
  for (guint k = 0; n > 0 && k < STRIPE_BINS; k++)
    bins[k] = sqrtf((float)counts[k] / (float)n);
}

static void set_length_1(IvAppearance *look) {
  float sum = 0;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    sum += look->bins[k] * look->bins[k];
  float scale = sum > 1e-12f ? 1 / sqrtf(sum) : 0;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    look->bins[k] *= scale;
}

static void centre(IvAppearance *look) {
  float mean = 0;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    mean += look->bins[k] / IV_APPEARANCE_BINS;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    look->bins[k] -= mean;
}

IvAppearance iv_appearance_from_frame(const IvFrame *frame, IvBox box) {
  IvAppearance look = {0};
  float w = (float)frame->size.width, h = (float)frame->size.height;
  IvBox px = {box.x0 * w, box.y0 * h, box.x1 * w, box.y1 * h};
  IvBox picture = {0, 0, w, h};
  IvBox seen = iv_box_clip(&px, &picture);
  /* Written so that NaN fails too. */
  if (!frame->plane[0] || !(iv_box_width(&seen) >= WIDTH_MIN) ||
      !(iv_box_height(&seen) >= HEIGHT_MIN) || !isfinite(iv_box_width(&px)) ||
      !isfinite(iv_box_height(&px)))
    return look;
  for (guint stripe = 0; stripe < STRIPES; stripe++)
    count_stripe(frame, &px, stripe, look.bins + stripe * STRIPE_BINS);
  centre(&look);
  set_length_1(&look);
  return look;
}

float iv_appearance_correlation(const IvAppearance *a, const IvAppearance *b) {
  float sum = 0;
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    sum += a->bins[k] * b->bins[k];
  return CLAMP(sum, -1, 1);
}

gboolean iv_appearance_is_known(const IvAppearance *look) {
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    if (look->bins[k] != 0)
      return TRUE;
  return FALSE;
}

void iv_appearance_blend(IvAppearance *average, const IvAppearance *look, float share) {
  if (!iv_appearance_is_known(look))
    return;
  if (!iv_appearance_is_known(average)) {
    *average = *look;
    return;
  }
  for (guint k = 0; k < IV_APPEARANCE_BINS; k++)
    average->bins[k] += share * (look->bins[k] - average->bins[k]);
  set_length_1(average);
}
