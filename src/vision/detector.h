/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "model/frame.h"

/* Finds people in one picture. Two kinds exist: onnx.h (a network) and scripted.h (a file of boxes,
 * for tests and for evaluating trackers). A detector belongs to one thread at a time; make one per
 * worker (they may share what is costly, see each kind's header). */
typedef struct IvDetector IvDetector;

#define IV_DETECTOR_ERROR (iv_detector_error_quark())
GQuark iv_detector_error_quark(void);

typedef enum {
  IV_DETECTOR_ERROR_MODEL,   /* the model or detections file is missing, broken or unknown */
  IV_DETECTOR_ERROR_RUNTIME, /* ONNX Runtime is missing, too old or refused to run */
  IV_DETECTOR_ERROR_CONFIG,  /* a setting that cannot be met */
} IvDetectorError;

typedef struct {
  /* Writes up to `max` detections of `frame`, best score first, boxes as shares of the picture, to
   * `ret_found` and their number to `ret_n`. On failure both are left alone. Blocks. */
  gboolean (*detect)(IvDetector *self, const IvFrame *frame, IvDetection *ret_found, guint max,
                     guint *ret_n, GError **error);
  /* Names model and settings, "nanodet-1a2b3c4d"; goes into events as model_version. The text lives
   * as long as the detector. */
  const char *(*version)(const IvDetector *self);
  void (*free)(IvDetector *self);
} IvDetectorType;

struct IvDetector {
  const IvDetectorType *type;
};

static inline gboolean iv_detector_detect(IvDetector *detector, const IvFrame *frame,
                                          IvDetection *ret_found, guint max, guint *ret_n,
                                          GError **error) {
  return detector->type->detect(detector, frame, ret_found, max, ret_n, error);
}

static inline const char *iv_detector_version(const IvDetector *detector) {
  return detector->type->version(detector);
}

static inline void iv_detector_free(IvDetector *detector) {
  if (detector)
    detector->type->free(detector);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDetector, iv_detector_free)
