/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* One output of a network, as far as the decoders need to know it. */

#define IV_TENSOR_RANK_MAX 6
#define IV_TENSOR_COUNT_MAX 16 /* outputs a model may have */
#define IV_TENSOR_NAME_MAX 63

typedef enum {
  IV_TENSOR_FLOAT,
  IV_TENSOR_INT64,
  IV_TENSOR_OTHER, /* a type that no form reads */
} IvTensorType;

/* `values` holds the product of `dims` numbers of `type`, borrowed; NULL for IV_TENSOR_OTHER. */
typedef struct {
  char name[IV_TENSOR_NAME_MAX + 1]; /* cut when longer */
  IvTensorType type;
  guint rank;
  gint64 dims[IV_TENSOR_RANK_MAX]; /* each >= 0 */
  const void *values;
} IvTensor;

/* "1x84x2100 float"; free with g_free. */
char *iv_tensor_shape_text(const IvTensor *tensor);

/* TRUE when it is float and has exactly this shape; a wanted -1 matches any. */
gboolean iv_tensor_is_float(const IvTensor *tensor, guint rank, const gint64 *dims);

/* The tensor of that name, or NULL. */
const IvTensor *iv_tensor_named(const IvTensor *tensors, guint n, const char *name);
