/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/form.h"
#include "vision/onnx.h"
#include "vision/ort.h"

/* Shared by onnx.c (opening a model), onnx_slots.c (what goes in and comes out), onnx_settings.c
 * (how it is to be used), onnx_run.c (one run) and onnx_detector.c. */

struct OrtValue;

struct IvOnnxModel {
  gatomicrefcount refs;
  IvOrt *ort;
  struct OrtSession *session;
  const IvForm *form;
  IvInputStyle style; /* the form's, with the configured fit */
  float nms_iou, min_score;
  int only_class;
  IvSize size; /* network input; 0x0 = follows the picture */
  char *path, *version;
  char *image_input; /* name of the picture's input */
  char *sizes_input; /* name of the input that wants the picture's size; or NULL */
  char *output_names[IV_TENSOR_COUNT_MAX];
  guint n_outputs;
};

/* One run's tensors; a worker keeps them between runs. */
typedef struct {
  const IvOnnxModel *model; /* borrowed */
  IvSize size;
  float *planes; /* 3 * width * height, to be filled before a run */
  gint64 sizes[2];
  struct OrtValue *image, *sizes_value;
  struct OrtValue *values[IV_TENSOR_COUNT_MAX];
  IvTensor outputs[IV_TENSOR_COUNT_MAX]; /* valid until the next run */
} IvOnnxRun;

/* Leaves a run that iv_onnx_run_clear can take, also on failure. */
gboolean iv_onnx_run_init(IvOnnxRun *run, const IvOnnxModel *model, IvSize size, GError **error);
void iv_onnx_run_clear(IvOnnxRun *run);
gboolean iv_onnx_run_go(IvOnnxRun *run, GError **error);

/* Fills in names of inputs and outputs, and `size` where it is fixed; refuses what cannot be fed.
 */
gboolean iv_onnx_read_inputs(IvOnnxModel *model, GError **error);
gboolean iv_onnx_read_outputs(IvOnnxModel *model, GError **error);

/* Take a setting (0x0, NULL or "auto" = leave it to the model) or refuse it. `run` holds a run's
 * outputs. The form must be set before the fit. */
gboolean iv_onnx_set_size(IvOnnxModel *model, IvSize wanted, GError **error);
gboolean iv_onnx_set_form(IvOnnxModel *model, const IvOnnxRun *run, const char *name,
                          GError **error);
gboolean iv_onnx_set_fit(IvOnnxModel *model, const char *fit, GError **error);

/* Set `error` ("model <path>: ..." for a bad model) and return FALSE. */
gboolean iv_onnx_model_error(GError **error, const char *path, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
gboolean iv_onnx_config_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
