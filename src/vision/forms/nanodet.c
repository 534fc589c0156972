/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"
#include <math.h>
#include <stdio.h>

/* NanoDet, as our converter cuts it: per stride a grid of class scores (already through the
 * sigmoid) and of box sides. A side (left, top, right, bottom) is a distribution over 0..10
 * strides; its expectation is the distance from the cell's centre (Li et al., Generalized Focal
 * Loss, 2020). */
#define BINS 11

typedef struct {
  const IvTensor *cls, *reg;
  int stride;
} Level;

static gboolean find_level(const IvTensor *outputs, guint n, IvSize input, int stride,
                           Level *ret_level) {
  char cls[16], reg[16];
  snprintf(cls, sizeof cls, "cls%d", stride);
  snprintf(reg, sizeof reg, "reg%d", stride);
  *ret_level = (Level){iv_tensor_named(outputs, n, cls), iv_tensor_named(outputs, n, reg), stride};
  gint64 rows = input.height / stride, columns = input.width / stride;
  return ret_level->cls && ret_level->reg &&
         iv_tensor_is_float(ret_level->cls, 4, (gint64[]){1, -1, rows, columns}) &&
         iv_tensor_is_float(ret_level->reg, 4, (gint64[]){1, 4 * BINS, rows, columns}) &&
         ret_level->cls->dims[1] >= 1;
}

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  Level level;
  return find_level(outputs, n, input, 8, &level) && find_level(outputs, n, input, 16, &level) &&
         find_level(outputs, n, input, 32, &level);
}

/* Expectation of softmax over the bins of one side, in strides. */
static float side(const float *logits, gsize step) {
  float top = -INFINITY, sum = 0, moment = 0;
  for (int b = 0; b < BINS; b++)
    top = MAX(top, logits[step * (gsize)b]);
  for (int b = 0; b < BINS; b++) {
    float e = expf(logits[step * (gsize)b] - top);
    sum += e;
    moment += e * (float)b;
  }
  return moment / sum;
}

static void decode_level(const Level *level, IvCandidates *ret_found) {
  gint64 columns = level->cls->dims[3], cells = level->cls->dims[2] * columns;
  const float *cls = level->cls->values, *reg = level->reg->values;
  float stride = (float)level->stride, score;
  for (gint64 k = 0; k < cells; k++) {
    int class_id =
        iv_candidates_best_class(ret_found, cls + k, (gsize)cells, level->cls->dims[1], &score);
    if (class_id < 0 || !(score >= iv_candidates_floor(ret_found)))
      continue;
    float d[4], cx = (float)(k % columns) + 0.5f, cy = (float)(k / columns) + 0.5f;
    for (int q = 0; q < 4; q++)
      d[q] = side(reg + (gint64)q * BINS * cells + k, (gsize)cells);
    IvBox box = {(cx - d[0]) * stride, (cy - d[1]) * stride, (cx + d[2]) * stride,
                 (cy + d[3]) * stride};
    iv_candidates_add(ret_found, &box, score, class_id);
  }
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  for (int stride = 8; stride <= 32; stride *= 2) {
    Level level;
    if (find_level(outputs, n, input, stride, &level))
      decode_level(&level, ret_found);
  }
}

const IvForm iv_form_nanodet = {
    .name = "nanodet",
    .outputs = "cls8 cls16 cls32 1xCxhxw, reg8 reg16 reg32 1x44xhxw",
    .style = {.fit = IV_FIT_STRETCH,
              .bgr = TRUE,
              .mean = {103.53f, 116.28f, 123.675f},
              .scale = {1 / 57.375f, 1 / 57.12f, 1 / 58.395f}},
    .nms_iou = 0.6f,
    .fits = fits,
    .decode = decode,
};
