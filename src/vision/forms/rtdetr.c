/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"
#include <math.h>

/* RT-DETR and D-FINE: K queries, each at most one object, so nothing is suppressed. Three exports
 * are about: the authors' (labels, boxes, scores for the size given in orig_target_sizes, which we
 * set to the network's input), Hugging Face's (logits, pred_boxes) and Ultralytics' (one tensor).
 */
#define QUERIES_MIN 100
#define QUERIES_MAX 1000

static gboolean fits(const IvTensor *outputs, guint n, IvSize input) {
  (void)input;
  const IvTensor *labels = iv_tensor_named(outputs, n, "labels");
  const IvTensor *boxes = iv_tensor_named(outputs, n, "boxes");
  const IvTensor *scores = iv_tensor_named(outputs, n, "scores");
  return labels && boxes && scores && iv_tensor_is_float(boxes, 3, (gint64[]){1, -1, 4}) &&
         iv_tensor_is_float(scores, 2, (gint64[]){1, boxes->dims[1]}) &&
         labels->type == IV_TENSOR_INT64 && labels->rank == 2 && labels->dims[0] == 1 &&
         labels->dims[1] == boxes->dims[1];
}

static void decode(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)input;
  const gint64 *label = iv_tensor_named(outputs, n, "labels")->values;
  const IvTensor *boxes = iv_tensor_named(outputs, n, "boxes");
  const float *score = iv_tensor_named(outputs, n, "scores")->values, *b = boxes->values;
  for (gint64 i = 0; i < boxes->dims[1]; i++, b += 4)
    iv_candidates_add(ret_found, &(IvBox){b[0], b[1], b[2], b[3]}, score[i], label[i]);
}

static IvBox box_of_shares(const float *b, IvSize input) {
  float w = (float)input.width, h = (float)input.height;
  return iv_form_box_around(b[0] * w, b[1] * h, b[2] * w, b[3] * h);
}

static gboolean fits_raw(const IvTensor *outputs, guint n, IvSize input) {
  (void)input;
  const IvTensor *logits = iv_tensor_named(outputs, n, "logits");
  const IvTensor *boxes = iv_tensor_named(outputs, n, "pred_boxes");
  return logits && boxes && iv_tensor_is_float(boxes, 3, (gint64[]){1, -1, 4}) &&
         iv_tensor_is_float(logits, 3, (gint64[]){1, boxes->dims[1], -1}) && logits->dims[2] >= 1;
}

static void decode_raw(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  const IvTensor *logits = iv_tensor_named(outputs, n, "logits");
  const float *b = iv_tensor_named(outputs, n, "pred_boxes")->values, *l = logits->values;
  for (gint64 i = 0; i < logits->dims[1]; i++, b += 4, l += logits->dims[2]) {
    float logit = 0;
    int class_id = iv_candidates_best_class(ret_found, l, 1, logits->dims[2], &logit);
    IvBox box = box_of_shares(b, input);
    iv_candidates_add(ret_found, &box, 1 / (1 + expf(-logit)), class_id);
  }
}

static gboolean fits_flat(const IvTensor *outputs, guint n, IvSize input) {
  (void)input;
  return n == 1 && iv_tensor_is_float(&outputs[0], 3, (gint64[]){1, -1, -1}) &&
         outputs[0].dims[1] >= QUERIES_MIN && outputs[0].dims[1] <= QUERIES_MAX &&
         outputs[0].dims[2] >= 5;
}

static void decode_flat(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found) {
  (void)n;
  const float *row = outputs[0].values;
  gint64 length = outputs[0].dims[2];
  for (gint64 i = 0; i < outputs[0].dims[1]; i++, row += length) {
    float score = 0;
    int class_id = iv_candidates_best_class(ret_found, row + 4, 1, length - 4, &score);
    IvBox box = box_of_shares(row, input);
    iv_candidates_add(ret_found, &box, score, class_id);
  }
}

#define STYLE                                                                                      \
  {                                                                                                \
    .fit = IV_FIT_STRETCH, .scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f }                         \
  }

const IvForm iv_form_rtdetr = {
    .name = "rtdetr",
    .outputs = "labels 1xK int64, boxes 1xKx4, scores 1xK; also D-FINE",
    .style = STYLE,
    .nms_iou = 1,
    .fits = fits,
    .decode = decode,
};

const IvForm iv_form_rtdetr_raw = {
    .name = "rtdetr-raw",
    .outputs = "logits 1xKxC, pred_boxes 1xKx4; also D-FINE",
    .style = STYLE,
    .nms_iou = 1,
    .fits = fits_raw,
    .decode = decode_raw,
};

const IvForm iv_form_rtdetr_flat = {
    .name = "rtdetr-flat",
    .outputs = "one 1xKx(4+C), K = 100..1000",
    .style = STYLE,
    .nms_iou = 1,
    .fits = fits_flat,
    .decode = decode_flat,
};
