/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"

/* YOLOv8, v9, v11: channels first; 4 of centre and size in pixels, then class scores, for one
 * candidate per cell of the grids of stride 8, 16, 32 and, in the "6" models, 64. */

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  if (n < 1 || !iv_tensor_is_float(&outputs[0], 3, (gint64[]){1, -1, -1}))
    return FALSE;
  gint64 cells = outputs[0].dims[2];
  return cells > 0 && outputs[0].dims[1] >= 5 &&
         (cells == iv_form_grid_cells(input, 32) || cells == iv_form_grid_cells(input, 64));
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  (void)input;
  gsize cells = (gsize)outputs[0].dims[2];
  gint64 classes = outputs[0].dims[1] - 4;
  const float *v = outputs[0].values;
  for (gsize k = 0; k < cells; k++, v++) {
    float score = 0;
    int class_id = iv_candidates_best_class(ret_found, v + 4 * cells, cells, classes, &score);
    if (class_id < 0 || !(score >= iv_candidates_floor(ret_found)))
      continue;
    IvBox box = iv_form_box_around(v[0], v[cells], v[2 * cells], v[3 * cells]);
    iv_candidates_add(ret_found, &box, score, class_id);
  }
}

const IvForm iv_form_yolov8 = {
    .name = "yolov8",
    .outputs = "1x(4+C)xN, N = cells of strides 8, 16, 32 (64); also YOLOv9, YOLO11",
    .style = {.fit = IV_FIT_LETTERBOX_CENTRE,
              .scale = {1 / 255.0f, 1 / 255.0f, 1 / 255.0f},
              .pad = 114},
    .nms_iou = 0.6f,
    .fits = fits,
    .decode = decode,
};
