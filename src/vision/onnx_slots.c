/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx_private.h"
#include <onnxruntime_c_api.h>

typedef struct {
  char *name;
  ONNXTensorElementDataType type;
  gsize rank;
  gint64 dims[IV_TENSOR_RANK_MAX]; /* -1 = any */
} Slot;

static void slot_clear(Slot *slot) {
  g_clear_pointer(&slot->name, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Slot, slot_clear)

static char *name_of(const IvOnnxModel *model, gboolean input, gsize i, GError **error) {
  const OrtApi *api = iv_ort_api(model->ort);
  OrtAllocator *allocator = NULL;
  char *theirs = NULL;
  if (!iv_ort_check(model->ort, api->GetAllocatorWithDefaultOptions(&allocator), model->path,
                    error))
    return NULL;
  OrtStatus *status = input ? api->SessionGetInputName(model->session, i, allocator, &theirs)
                            : api->SessionGetOutputName(model->session, i, allocator, &theirs);
  if (!iv_ort_check(model->ort, status, model->path, error))
    return NULL;
  char *ours = g_strdup(theirs);
  iv_ort_check(model->ort, api->AllocatorFree(allocator, theirs), model->path, NULL);
  return ours;
}

static gboolean read_shape(const IvOnnxModel *model, const OrtTypeInfo *info, Slot *slot,
                           GError **error) {
  const OrtApi *api = iv_ort_api(model->ort);
  const OrtTensorTypeAndShapeInfo *shape = NULL; /* borrowed from info */
  if (!iv_ort_check(model->ort, api->CastTypeInfoToTensorInfo(info, &shape), slot->name, error))
    return FALSE;
  if (!shape)
    return TRUE; /* not a tensor: rank 0 of no type, which fits nothing */
  if (!iv_ort_check(model->ort, api->GetTensorElementType(shape, &slot->type), slot->name, error) ||
      !iv_ort_check(model->ort, api->GetDimensionsCount(shape, &slot->rank), slot->name, error))
    return FALSE;
  return iv_ort_check(model->ort,
                      api->GetDimensions(shape, slot->dims, MIN(slot->rank, IV_TENSOR_RANK_MAX)),
                      slot->name, error);
}

static gboolean read_input(const IvOnnxModel *model, gsize i, Slot *slot, GError **error) {
  const OrtApi *api = iv_ort_api(model->ort);
  OrtTypeInfo *info = NULL;
  slot->name = name_of(model, TRUE, i, error);
  if (!slot->name ||
      !iv_ort_check(model->ort, api->SessionGetInputTypeInfo(model->session, i, &info), slot->name,
                    error))
    return FALSE;
  gboolean read = read_shape(model, info, slot, error);
  api->ReleaseTypeInfo(info);
  return read;
}

static gboolean is_any_or(gint64 dim, gint64 wanted) {
  return dim == -1 || dim == wanted;
}

static gboolean is_image(const Slot *s) {
  return s->type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && s->rank == 4 &&
         is_any_or(s->dims[0], 1) && is_any_or(s->dims[1], 3);
}

static gboolean is_sizes(const Slot *s) {
  return s->type == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 && s->rank == 2 &&
         is_any_or(s->dims[0], 1) && is_any_or(s->dims[1], 2);
}

/* Which input takes the picture; `model->size` becomes its fixed size, if it has one. */
static gboolean take_input(IvOnnxModel *model, Slot *slot, GError **error) {
  if (is_image(slot) && !model->image_input) {
    model->image_input = g_steal_pointer(&slot->name);
    if (slot->dims[2] > IV_ONNX_SIDE_MAX || slot->dims[3] > IV_ONNX_SIDE_MAX)
      return iv_onnx_model_error(error, model->path, "its input is larger than %d pixels",
                                 IV_ONNX_SIDE_MAX);
    if (slot->dims[2] > 0 && slot->dims[3] > 0)
      model->size = (IvSize){(int)slot->dims[3], (int)slot->dims[2]};
    return TRUE;
  }
  if (is_sizes(slot) && !model->sizes_input) {
    model->sizes_input = g_steal_pointer(&slot->name);
    return TRUE;
  }
  iv_onnx_model_error(
      error, model->path,
      "cannot feed its input '%s': wanted is one float picture 1x3xHxW (and, for "
      "RT-DETR, int64 orig_target_sizes 1x2); export it in 32-bit float, channels first",
      slot->name);
  return FALSE;
}

gboolean iv_onnx_read_inputs(IvOnnxModel *model, GError **error) {
  gsize n = 0;
  if (!iv_ort_check(model->ort, iv_ort_api(model->ort)->SessionGetInputCount(model->session, &n),
                    model->path, error))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    g_auto(Slot) slot = {0};
    if (!read_input(model, i, &slot, error) || !take_input(model, &slot, error))
      return FALSE;
  }
  if (!model->image_input)
    iv_onnx_model_error(error, model->path, "it has no input for a picture (float 1x3xHxW)");
  return model->image_input != NULL;
}

gboolean iv_onnx_read_outputs(IvOnnxModel *model, GError **error) {
  gsize n = 0;
  if (!iv_ort_check(model->ort, iv_ort_api(model->ort)->SessionGetOutputCount(model->session, &n),
                    model->path, error))
    return FALSE;
  if (n < 1 || n > IV_TENSOR_COUNT_MAX) {
    iv_onnx_model_error(error, model->path, "it has %zu outputs; 1 to %d are understood", n,
                        IV_TENSOR_COUNT_MAX);
    return FALSE;
  }
  for (; model->n_outputs < n; model->n_outputs++) {
    model->output_names[model->n_outputs] = name_of(model, FALSE, model->n_outputs, error);
    if (!model->output_names[model->n_outputs])
      return FALSE;
  }
  return TRUE;
}
