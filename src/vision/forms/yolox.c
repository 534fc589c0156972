/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"
#include <math.h>

/* YOLOX: one row per cell of the grids of stride 8, 16, 32: x, y, w, h, objectness, class scores
 * (scores already through the sigmoid). The usual export leaves the boxes raw: centre = cell plus
 * offset, size = exp, both in strides. An export with "decode_in_inference" has pixels in the same
 * shape; nothing but the name given by hand tells it. */

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  return n == 1 &&
         iv_tensor_is_float(&outputs[0], 3, (gint64[]){1, iv_form_grid_cells(input, 32), -1}) &&
         outputs[0].dims[1] > 0 && outputs[0].dims[2] >= 6;
}

static void decode_grid(const float *rows, gint64 row_length, IvSize grid, int stride,
                        IvCandidates *ret_found) {
  float s = (float)stride;
  for (int i = 0; i < grid.width * grid.height; i++, rows += row_length) {
    int class_id;
    float score = iv_form_row_score(rows, row_length, ret_found, &class_id);
    if (class_id < 0 || !(score >= iv_candidates_floor(ret_found)))
      continue;
    IvBox box = iv_form_box_around((rows[0] + (float)(i % grid.width)) * s,
                                   (rows[1] + (float)(i / grid.width)) * s, expf(rows[2]) * s,
                                   expf(rows[3]) * s);
    iv_candidates_add(ret_found, &box, score, class_id);
  }
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  const float *rows = outputs[0].values;
  gint64 row_length = outputs[0].dims[2];
  for (int stride = 8; stride <= 32; stride *= 2) {
    IvSize grid = {input.width / stride, input.height / stride};
    decode_grid(rows, row_length, grid, stride, ret_found);
    rows += (gint64)grid.width * grid.height * row_length;
  }
}

static void decode_pixels(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  (void)input;
  iv_form_add_rows(outputs[0].values, outputs[0].dims[1], outputs[0].dims[2], ret_found);
}

#define STYLE                                                                                      \
  { .fit = IV_FIT_LETTERBOX_CORNER, .bgr = TRUE, .scale = {1, 1, 1}, .pad = 114 }

const IvForm iv_form_yolox = {
    .name = "yolox",
    .outputs = "one 1xNx(5+C), N = cells of strides 8, 16, 32",
    .style = STYLE,
    .nms_iou = 0.6f,
    .fits = fits,
    .decode = decode,
};

const IvForm iv_form_yolox_decoded = {
    .name = "yolox-decoded",
    .outputs = "as yolox, boxes in pixels (only when named)",
    .style = STYLE,
    .nms_iou = 0.6f,
    .by_hand = TRUE,
    .fits = fits,
    .decode = decode_pixels,
};
