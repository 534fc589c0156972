/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/tensor.h"

static const char *const type_names[] = {
    [IV_TENSOR_FLOAT] = "float",
    [IV_TENSOR_INT64] = "int64",
    [IV_TENSOR_OTHER] = "of another type",
};

char *iv_tensor_shape_text(const IvTensor *tensor) {
  GString *text = g_string_new(tensor->rank ? NULL : "scalar");
  for (guint i = 0; i < tensor->rank; i++)
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? "x" : "", tensor->dims[i]);
  g_string_append_printf(text, " %s", type_names[tensor->type]);
  return g_string_free(text, FALSE);
}

gboolean iv_tensor_is_float(const IvTensor *tensor, guint rank, const gint64 *dims) {
  if (tensor->type != IV_TENSOR_FLOAT || tensor->rank != rank)
    return FALSE;
  for (guint i = 0; i < rank; i++)
    if (dims[i] != -1 && tensor->dims[i] != dims[i])
      return FALSE;
  return TRUE;
}

const IvTensor *iv_tensor_named(const IvTensor *tensors, guint n, const char *name) {
  for (guint i = 0; i < n; i++)
    if (g_str_equal(tensors[i].name, name))
      return &tensors[i];
  return NULL;
}
