/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/detector.h"

/* Person detection by an ONNX model (docs/models.md lists the output forms that are understood).
 * One IvOnnxModel holds the session and its weights; each worker thread has a detector of its own
 * with its own tensors. */
typedef struct IvOnnxModel IvOnnxModel;

#define IV_ONNX_MODEL_BYTES_MAX (1024 * 1024 * 1024) /* a larger file is refused */
#define IV_ONNX_SIDE_MAX 2048                        /* largest model input side, pixels */
#define IV_ONNX_SCORE_DEFAULT 0.40f

typedef struct {
  const char *library;  /* libonnxruntime.so; NULL = the one in the cache (see ort.h) */
  const char *model;    /* .onnx file; NULL = models/nanodet.onnx in the cache */
  const char *provider; /* "cpu" (NULL), "cuda", "tensorrt", "openvino" */
  const char *form;     /* output form by name; NULL or "auto" = recognised */
  const char *fit;      /* "stretch", "letterbox"; NULL or "auto" = what the form wants */
  IvSize size;          /* network input; 0x0 = automatic (iv_onnx_size_for) */
  float min_score;      /* 0..1; weaker detections are dropped */
  float nms_iou;        /* 0..1; 0 = what the form wants */
  int only_class;       /* class to keep; -1 = all */
} IvOnnxConfig;

/* nanodet from the cache, CPU, persons, score 0.40. */
IvOnnxConfig iv_onnx_config_default(void);

/* Loads library and model, checks the model by a first run. Takes about a second; any thread.
 * `config` and its texts need not outlive the call. */
IvOnnxModel *iv_onnx_model_open(const IvOnnxConfig *config, GError **error);
IvOnnxModel *iv_onnx_model_ref(IvOnnxModel *model);
void iv_onnx_model_unref(IvOnnxModel *model);

const char *iv_onnx_model_version(const IvOnnxModel *model); /* lives as long as the model */
const char *iv_onnx_model_form(const IvOnnxModel *model);    /* static text */

/* The network's input for pictures of `picture` pixels. */
IvSize iv_onnx_model_size(const IvOnnxModel *model, IvSize picture);

/* A detector for one thread; holds a reference to `model`. */
IvDetector *iv_onnx_detector_new(IvOnnxModel *model);

/* The automatic input size: sides are multiples of 32, as near as can be to the picture's aspect
 * ratio and to the area of 320x256; 4:3 gives 320x256, 16:9 gives 384x224. Pure. */
IvSize iv_onnx_size_for(IvSize picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOnnxModel, iv_onnx_model_unref)
