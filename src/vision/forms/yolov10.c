/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"

/* YOLOv10 and other end-to-end exports: the best K boxes, without doubles: corners in pixels,
 * score, class number. */
#define BOXES_MAX 1000

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  (void)input;
  return n == 1 && iv_tensor_is_float(&outputs[0], 3, (gint64[]){1, -1, 6}) &&
         outputs[0].dims[1] > 0 && outputs[0].dims[1] <= BOXES_MAX;
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  (void)input;
  const float *row = outputs[0].values;
  for (gint64 i = 0; i < outputs[0].dims[1]; i++, row += 6) {
    IvBox box = {row[0], row[1], row[2], row[3]};
    if (row[5] >= 0 && row[5] < 100000)
      iv_candidates_add(ret_found, &box, row[4], (gint64)row[5]);
  }
}

const IvForm iv_form_yolov10 = {
    .name = "yolov10",
    .outputs = "one 1xKx6, K <= 1000",
    .style = {.fit = IV_FIT_LETTERBOX_CENTRE,
              .scale = {1 / 255.0f, 1 / 255.0f, 1 / 255.0f},
              .pad = 114},
    .nms_iou = 1,
    .fits = fits,
    .decode = decode,
};
