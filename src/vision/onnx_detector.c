/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx_private.h"

/* What a worker needs for pictures of one network size. */
typedef struct {
  IvDetector base;
  IvOnnxModel *model;
  IvSize picture; /* for which `run` was made; 0x0 = none yet */
  IvOnnxRun run;
  IvPreprocess *preprocess;
  IvCandidates *found;
} OnnxDetector;

static void forget_size(OnnxDetector *self) {
  iv_onnx_run_clear(&self->run);
  g_clear_pointer(&self->preprocess, iv_preprocess_free);
  self->picture = (IvSize){0, 0};
}

static gboolean prepare(OnnxDetector *self, IvSize picture, GError **error) {
  if (picture.width == self->picture.width && picture.height == self->picture.height)
    return TRUE;
  IvSize size = iv_onnx_model_size(self->model, picture);
  if (!self->preprocess || size.width != self->run.size.width ||
      size.height != self->run.size.height) {
    forget_size(self);
    if (!iv_onnx_run_init(&self->run, self->model, size, error)) {
      forget_size(self);
      return FALSE;
    }
    self->preprocess = iv_preprocess_new(&self->model->style, size);
  }
  self->picture = picture;
  return TRUE;
}

/* Boxes may reach a little outside where a person is cut off, but not far. */
#define OUTSIDE_MAX 0.25f

static gboolean to_picture(const IvPlacement *placement, IvDetection *detection) {
  static const IvBox room = {-OUTSIDE_MAX, -OUTSIDE_MAX, 1 + OUTSIDE_MAX, 1 + OUTSIDE_MAX};
  IvBox box = iv_placement_to_picture(placement, &detection->box);
  detection->box = iv_box_clip(&box, &room);
  return box.x1 > 0 && box.y1 > 0 && box.x0 < 1 && box.y0 < 1;
}

static guint keep(const OnnxDetector *self, const IvPlacement *placement, IvDetection *ret_found,
                  guint max) {
  guint n, kept = 0;
  const IvDetection *found = iv_candidates_finish(self->found, self->model->nms_iou, &n);
  for (guint i = 0; i < n && kept < max; i++) {
    ret_found[kept] = found[i];
    if (to_picture(placement, &ret_found[kept]))
      kept++;
  }
  return kept;
}

static gboolean detect(IvDetector *detector, const IvFrame *frame, IvDetection *ret_found,
                       guint max, guint *ret_n, GError **error) {
  OnnxDetector *self = (OnnxDetector *)detector;
  const IvOnnxModel *model = self->model;
  if (!prepare(self, frame->size, error))
    return FALSE;
  IvPlacement placement = iv_preprocess_run(self->preprocess, frame, self->run.planes);
  if (!iv_onnx_run_go(&self->run, error))
    return FALSE;
  iv_candidates_start(self->found, model->min_score, model->only_class);
  if (!iv_form_decode(model->form, self->run.outputs, model->n_outputs, self->run.size,
                      self->found)) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL,
                "%s: at %dx%d its outputs are not of the form '%s'", model->path,
                self->run.size.width, self->run.size.height, model->form->name);
    return FALSE;
  }
  *ret_n = keep(self, &placement, ret_found, max);
  return TRUE;
}

static const char *version(const IvDetector *detector) {
  return ((const OnnxDetector *)detector)->model->version;
}

static void detector_free(IvDetector *detector) {
  OnnxDetector *self = (OnnxDetector *)detector;
  forget_size(self);
  iv_candidates_free(self->found);
  iv_onnx_model_unref(self->model);
  g_free(self);
}

static const IvDetectorType onnx_type = {detect, version, detector_free};

IvDetector *iv_onnx_detector_new(IvOnnxModel *model) {
  OnnxDetector *self = g_new0(OnnxDetector, 1);
  self->base.type = &onnx_type;
  self->model = iv_onnx_model_ref(model);
  self->found = iv_candidates_new();
  return &self->base;
}
