/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/preprocess.h"
#include "vision/resample.h"
#include <math.h>

/* A value of luma or chroma after both passes of resample.h is larger by what the weights sum to.
 */
#define BLENDED_ONE (1.0f / (IV_ROWS_ONE * IV_COLUMNS_ONE))

struct IvPreprocess {
  IvInputStyle style;
  IvSize input;
  /* What follows fits frames of this size and layout; size 0x0 = none yet. */
  IvSize frame_size;
  IvPixels pixels;
  int left, top, width, height; /* of the picture in the input */
  IvAxis luma_x, luma_y, chroma_x, chroma_y;
  gint16 *row;      /* one blended row of the frame, all components */
  gint16 *single;   /* one component of it */
  float *values[3]; /* one row at the input's width: Y U V or R G B */
};

IvPreprocess *iv_preprocess_new(const IvInputStyle *style, IvSize input) {
  IvPreprocess *self = g_new0(IvPreprocess, 1);
  self->style = *style;
  self->input = input;
  for (int c = 0; c < 3; c++)
    self->values[c] = g_new(float, input.width + IV_AXIS_OUT_SLACK);
  return self;
}

static void forget_frame_size(IvPreprocess *self) {
  iv_axis_clear(&self->luma_x);
  iv_axis_clear(&self->luma_y);
  iv_axis_clear(&self->chroma_x);
  iv_axis_clear(&self->chroma_y);
  g_clear_pointer(&self->row, g_free);
  g_clear_pointer(&self->single, g_free);
}

void iv_preprocess_free(IvPreprocess *self) {
  if (!self)
    return;
  forget_frame_size(self);
  for (int c = 0; c < 3; c++)
    g_free(self->values[c]);
  g_free(self);
}

static void place(IvPreprocess *self, IvSize frame) {
  self->width = self->input.width;
  self->height = self->input.height;
  self->left = self->top = 0;
  if (self->style.fit == IV_FIT_STRETCH)
    return;
  double ratio =
      MIN((double)self->input.width / frame.width, (double)self->input.height / frame.height);
  self->width = CLAMP((int)lrint(frame.width * ratio), 1, self->input.width);
  self->height = CLAMP((int)lrint(frame.height * ratio), 1, self->input.height);
  if (self->style.fit == IV_FIT_LETTERBOX_CENTRE) {
    self->left = (self->input.width - self->width) / 2;
    self->top = (self->input.height - self->height) / 2;
  }
}

static void prepare(IvPreprocess *self, const IvFrame *frame) {
  IvSize size = frame->size;
  if (size.width == self->frame_size.width && size.height == self->frame_size.height &&
      frame->pixels == self->pixels)
    return;
  forget_frame_size(self);
  self->frame_size = size;
  self->pixels = frame->pixels;
  place(self, size);
  iv_axis_init(&self->luma_x, size.width, self->width, IV_COLUMNS_ONE);
  iv_axis_init(&self->luma_y, size.height, self->height, IV_ROWS_ONE);
  iv_axis_init(&self->chroma_x, (size.width + 1) / 2, self->width, IV_COLUMNS_ONE);
  iv_axis_init(&self->chroma_y, (size.height + 1) / 2, self->height, IV_ROWS_ONE);
  self->row = g_new0(gint16, (gsize)size.width * 3 + 2 + IV_AXIS_ROW_SLACK(&self->luma_x));
  self->single = g_new0(gint16, (gsize)size.width + 1 + IV_AXIS_ROW_SLACK(&self->luma_x));
}

static inline float clamp_byte(float v) {
  v = v < 0.0f ? 0.0f : v;
  return v > 255.0f ? 255.0f : v;
}

/* Y'CbCr of BT.601 to R'G'B', in place. */
static void to_rgb(const IvPreprocess *self, gboolean full_range) {
  float *restrict a = self->values[0], *restrict b = self->values[1], *restrict c = self->values[2];
  const float luma = full_range ? 1.0f : 255.0f / 219, chroma = full_range ? 1.0f : 255.0f / 224;
  const float black = full_range ? 0.0f : 16.0f;
  const float rv = 1.402f * chroma, gu = 0.344136f * chroma, gv = 0.714136f * chroma,
              bu = 1.772f * chroma;
  for (int x = 0; x < self->width; x++) {
    float y = (a[x] - black) * luma, u = b[x] - 128.0f, v = c[x] - 128.0f;
    a[x] = clamp_byte(y + rv * v);
    b[x] = clamp_byte(y - gu * u - gv * v);
    c[x] = clamp_byte(y + bu * u);
  }
}

static void blend_luma(IvPreprocess *self, const IvFrame *frame, int y) {
  iv_axis_blend_rows(&self->luma_y, y, frame->plane[0], frame->stride[0], frame->size.width,
                     self->row);
  iv_axis_blend_columns(&self->luma_x, self->row, BLENDED_ONE, self->values[0]);
}

static void row_from_i420(IvPreprocess *self, const IvFrame *frame, int y) {
  blend_luma(self, frame, y);
  for (int c = 1; c < 3; c++) {
    iv_axis_blend_rows(&self->chroma_y, y, frame->plane[c], frame->stride[c], self->chroma_x.n_in,
                       self->row);
    iv_axis_blend_columns(&self->chroma_x, self->row, BLENDED_ONE, self->values[c]);
  }
  to_rgb(self, frame->full_range);
}

/* Component `c` of the `step` that are interleaved in `row`, at the input's width. */
static void blend_interleaved(IvPreprocess *self, const IvAxis *axis, int step, int c,
                              float *ret_values) {
  const gint16 *in = self->row + c;
  for (int x = 0; x < axis->n_in; x++)
    self->single[x] = in[x * step];
  iv_axis_blend_columns(axis, self->single, BLENDED_ONE, ret_values);
}

static void row_from_nv12(IvPreprocess *self, const IvFrame *frame, int y) {
  blend_luma(self, frame, y);
  iv_axis_blend_rows(&self->chroma_y, y, frame->plane[1], frame->stride[1], 2 * self->chroma_x.n_in,
                     self->row);
  for (int c = 0; c < 2; c++)
    blend_interleaved(self, &self->chroma_x, 2, c, self->values[1 + c]);
  to_rgb(self, frame->full_range);
}

static void row_from_rgb(IvPreprocess *self, const IvFrame *frame, int y) {
  iv_axis_blend_rows(&self->luma_y, y, frame->plane[0], frame->stride[0], 3 * frame->size.width,
                     self->row);
  for (int c = 0; c < 3; c++)
    blend_interleaved(self, &self->luma_x, 3, c, self->values[c]);
}

static void (*const row_from[])(IvPreprocess *, const IvFrame *, int) = {
    [IV_PIXELS_I420] = row_from_i420,
    [IV_PIXELS_NV12] = row_from_nv12,
    [IV_PIXELS_RGB] = row_from_rgb,
};

static void put_row(const float *restrict values, float mean, float scale, int n,
                    float *restrict ret_row) {
  for (int x = 0; x < n; x++)
    ret_row[x] = (values[x] - mean) * scale;
}

static void fill(float *ret_row, float value, int from, int to) {
  for (int x = from; x < to; x++)
    ret_row[x] = value;
}

/* Row `y` of plane `p`, from the row of the picture in `values` (NULL = padding only). */
static void finish_row(const IvPreprocess *self, int p, int y, const float *values,
                       float *ret_planes) {
  const IvInputStyle *style = &self->style;
  float *row = ret_planes + ((gsize)p * self->input.height + y) * self->input.width;
  float pad = (style->pad - style->mean[p]) * style->scale[p];
  int right = values ? self->left + self->width : self->left;
  fill(row, pad, 0, self->left);
  if (values)
    put_row(values, style->mean[p], style->scale[p], self->width, row + self->left);
  fill(row, pad, right, self->input.width);
}

IvPlacement iv_preprocess_run(IvPreprocess *self, const IvFrame *frame, float *ret_planes) {
  prepare(self, frame);
  for (int y = 0; y < self->input.height; y++) {
    int inside = y - self->top;
    gboolean filled = inside >= 0 && inside < self->height;
    if (filled)
      row_from[frame->pixels](self, frame, inside);
    for (int p = 0; p < 3; p++)
      finish_row(self, p, y, filled ? self->values[self->style.bgr ? 2 - p : p] : NULL, ret_planes);
  }
  return (IvPlacement){(float)self->left, (float)self->top, (float)self->width,
                       (float)self->height};
}

IvBox iv_placement_to_picture(const IvPlacement *p, const IvBox *box) {
  return (IvBox){(box->x0 - p->left) / p->width, (box->y0 - p->top) / p->height,
                 (box->x1 - p->left) / p->width, (box->y1 - p->top) / p->height};
}
