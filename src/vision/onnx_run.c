/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx_private.h"
#include <onnxruntime_c_api.h>

static gboolean make_tensor(const IvOnnxRun *run, void *values, gsize bytes, const gint64 *dims,
                            gsize rank, ONNXTensorElementDataType type, OrtValue **ret_value,
                            GError **error) {
  const IvOrt *ort = run->model->ort;
  const OrtApi *api = iv_ort_api(ort);
  OrtMemoryInfo *memory = NULL;
  if (!iv_ort_check(ort, api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory),
                    "tensor", error))
    return FALSE;
  OrtStatus *status =
      api->CreateTensorWithDataAsOrtValue(memory, values, bytes, dims, rank, type, ret_value);
  api->ReleaseMemoryInfo(memory);
  return iv_ort_check(ort, status, "tensor", error);
}

gboolean iv_onnx_run_init(IvOnnxRun *run, const IvOnnxModel *model, IvSize size, GError **error) {
  *run = (IvOnnxRun){.model = model, .size = size, .sizes = {size.width, size.height}};
  gsize n = (gsize)size.width * size.height * 3;
  run->planes = g_new0(float, n);
  return make_tensor(run, run->planes, n * sizeof(float), (gint64[]){1, 3, size.height, size.width},
                     4, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &run->image, error) &&
         (!model->sizes_input ||
          make_tensor(run, run->sizes, sizeof run->sizes, (gint64[]){1, 2}, 2,
                      ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &run->sizes_value, error));
}

static void release(const IvOnnxRun *run, OrtValue **value) {
  if (*value)
    iv_ort_api(run->model->ort)->ReleaseValue(*value);
  *value = NULL;
}

static void release_outputs(IvOnnxRun *run) {
  for (guint i = 0; i < IV_TENSOR_COUNT_MAX; i++)
    release(run, &run->values[i]);
}

void iv_onnx_run_clear(IvOnnxRun *run) {
  if (!run->model)
    return;
  release_outputs(run);
  release(run, &run->image);
  release(run, &run->sizes_value);
  g_free(run->planes);
  *run = (IvOnnxRun){0};
}

static IvTensorType type_of(ONNXTensorElementDataType type) {
  return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT   ? IV_TENSOR_FLOAT
         : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 ? IV_TENSOR_INT64
                                                       : IV_TENSOR_OTHER;
}

static gboolean read_shape(const IvOrt *ort, const OrtTensorTypeAndShapeInfo *info,
                           IvTensor *ret_tensor, GError **error) {
  const OrtApi *api = iv_ort_api(ort);
  ONNXTensorElementDataType type;
  size_t rank = 0;
  if (!iv_ort_check(ort, api->GetTensorElementType(info, &type), "output", error) ||
      !iv_ort_check(ort, api->GetDimensionsCount(info, &rank), "output", error))
    return FALSE;
  if (rank > IV_TENSOR_RANK_MAX) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL,
                "output '%s' has %zu dimensions: no known form has more than %d", ret_tensor->name,
                rank, IV_TENSOR_RANK_MAX);
    return FALSE;
  }
  ret_tensor->type = type_of(type);
  ret_tensor->rank = (guint)rank;
  return iv_ort_check(ort, api->GetDimensions(info, ret_tensor->dims, rank), "output", error);
}

static gboolean read_output(IvOnnxRun *run, guint i, GError **error) {
  const IvOrt *ort = run->model->ort;
  const OrtApi *api = iv_ort_api(ort);
  IvTensor *tensor = &run->outputs[i];
  *tensor = (IvTensor){.type = IV_TENSOR_OTHER};
  g_strlcpy(tensor->name, run->model->output_names[i], sizeof tensor->name);
  OrtTensorTypeAndShapeInfo *info = NULL;
  if (!iv_ort_check(ort, api->GetTensorTypeAndShape(run->values[i], &info), tensor->name, error))
    return FALSE;
  gboolean read = read_shape(ort, info, tensor, error);
  api->ReleaseTensorTypeAndShapeInfo(info);
  if (!read)
    return FALSE;
  void *values = NULL;
  if (tensor->type != IV_TENSOR_OTHER &&
      !iv_ort_check(ort, api->GetTensorMutableData(run->values[i], &values), tensor->name, error))
    return FALSE;
  tensor->values = values;
  return TRUE;
}

gboolean iv_onnx_run_go(IvOnnxRun *run, GError **error) {
  const IvOnnxModel *model = run->model;
  const char *names[] = {model->image_input, model->sizes_input};
  const OrtValue *inputs[] = {run->image, run->sizes_value};
  release_outputs(run);
  OrtStatus *status =
      iv_ort_api(model->ort)
          ->Run(model->session, NULL, names, inputs, model->sizes_input ? 2 : 1,
                (const char *const *)model->output_names, model->n_outputs, run->values);
  if (!iv_ort_check(model->ort, status, model->path, error))
    return FALSE;
  for (guint i = 0; i < model->n_outputs; i++)
    if (!read_output(run, i, error))
      return FALSE;
  return TRUE;
}
