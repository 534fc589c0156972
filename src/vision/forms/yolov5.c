/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"

/* YOLOv5 (and v7 of the same shape): three anchors per cell of the grids of stride 8, 16, 32 and,
 * in the "6" models, 64; each row is centre, size in pixels, objectness and class scores. */
#define ANCHORS 3

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  /* Exports may carry the raw grids as further outputs; the first one is what we read. */
  if (n < 1 || !iv_tensor_is_float(&outputs[0], 3, (gint64[]){1, -1, -1}))
    return FALSE;
  gint64 rows = outputs[0].dims[1];
  return rows > 0 && outputs[0].dims[2] >= 6 &&
         (rows == ANCHORS * iv_form_grid_cells(input, 32) ||
          rows == ANCHORS * iv_form_grid_cells(input, 64));
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  (void)input;
  iv_form_add_rows(outputs[0].values, outputs[0].dims[1], outputs[0].dims[2], ret_found);
}

const IvForm iv_form_yolov5 = {
    .name = "yolov5",
    .outputs = "1xNx(5+C), N = 3 x cells of strides 8, 16, 32 (64)",
    .style = {.fit = IV_FIT_LETTERBOX_CENTRE,
              .scale = {1 / 255.0f, 1 / 255.0f, 1 / 255.0f},
              .pad = 114},
    .nms_iou = 0.6f,
    .fits = fits,
    .decode = decode,
};
