/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs of networks: whatever names, shapes and numbers they have, each form refuses them or
 * gives sane boxes. The input's first bytes choose sizes and shapes, the rest are the numbers. */
#include <math.h>
#include <string.h>

#include "target.h"
#include "vision/form.h"

#define VALUES_MAX 65536 /* numbers in one tensor */

/* Takes the input byte by byte; zeros when it is used up. */
typedef struct {
  const guint8 *bytes;
  gsize length;
} Source;

static guint8 take(Source *source) {
  if (source->length == 0)
    return 0;
  source->length--;
  return *source->bytes++;
}

static gint64 pick(Source *source, gint64 low, gint64 high) {
  return low + take(source) % (high - low + 1);
}

typedef struct {
  IvTensor tensors[IV_TENSOR_COUNT_MAX];
  guint n;
  IvSize input;
} Outputs;

static void add(Outputs *outputs, const char *name, IvTensorType type, guint rank,
                const gint64 *dims) {
  IvTensor *tensor = &outputs->tensors[outputs->n++];
  g_strlcpy(tensor->name, name, sizeof tensor->name);
  tensor->type = type;
  tensor->rank = rank;
  memcpy(tensor->dims, dims, rank * sizeof *dims);
}

static void add_nanodet(Outputs *outputs, Source *source) {
  gint64 classes = pick(source, 1, 4);
  for (int stride = 8; stride <= 32; stride *= 2) {
    g_autofree char *cls = g_strdup_printf("cls%d", stride);
    g_autofree char *reg = g_strdup_printf("reg%d", stride);
    gint64 rows = outputs->input.height / stride, columns = outputs->input.width / stride;
    add(outputs, cls, IV_TENSOR_FLOAT, 4, (gint64[]){1, classes, rows, columns});
    add(outputs, reg, IV_TENSOR_FLOAT, 4, (gint64[]){1, 44, rows, columns});
  }
}

static void add_rows(Outputs *outputs, Source *source) {
  gint64 cells = iv_form_grid_cells(outputs->input, pick(source, 0, 1) ? 64 : 32);
  gint64 per_cell = pick(source, 0, 1) ? 3 : 1;
  add(outputs, "output", IV_TENSOR_FLOAT, 3, (gint64[]){1, cells * per_cell, pick(source, 5, 9)});
}

static void add_columns(Outputs *outputs, Source *source) {
  gint64 cells = iv_form_grid_cells(outputs->input, pick(source, 0, 1) ? 64 : 32);
  add(outputs, "output0", IV_TENSOR_FLOAT, 3, (gint64[]){1, pick(source, 4, 9), cells});
}

static void add_queries(Outputs *outputs, Source *source) {
  gint64 k = pick(source, 0, 200);
  add(outputs, "labels", IV_TENSOR_INT64, 2, (gint64[]){1, k});
  add(outputs, "boxes", IV_TENSOR_FLOAT, 3, (gint64[]){1, k, 4});
  add(outputs, "scores", IV_TENSOR_FLOAT, 2, (gint64[]){1, k});
}

static void add_logits(Outputs *outputs, Source *source) {
  gint64 k = pick(source, 0, 200);
  add(outputs, "logits", IV_TENSOR_FLOAT, 3, (gint64[]){1, k, pick(source, 0, 5)});
  add(outputs, "pred_boxes", IV_TENSOR_FLOAT, 3, (gint64[]){1, k, 4});
}

static void add_flat(Outputs *outputs, Source *source) {
  add(outputs, "output0", IV_TENSOR_FLOAT, 3,
      (gint64[]){1, 90 + take(source) * 4, pick(source, 4, 9)});
}

static void (*const shapes[])(Outputs *outputs, Source *source) = {
    add_nanodet, add_rows, add_columns, add_queries, add_logits, add_flat,
};

/* Now and then something is not as it should be. */
static void spoil(Outputs *outputs, Source *source) {
  guint8 how = take(source);
  IvTensor *tensor = &outputs->tensors[take(source) % outputs->n];
  if (how < 160)
    return;
  if (how < 200)
    tensor->dims[take(source) % IV_TENSOR_RANK_MAX] = pick(source, 0, 255);
  else if (how < 220)
    tensor->rank = take(source) % (IV_TENSOR_RANK_MAX + 1);
  else if (how < 240)
    tensor->type = (IvTensorType)(take(source) % 3);
  else
    outputs->n = 1 + take(source) % outputs->n;
}

static gsize n_values(const IvTensor *tensor) {
  gsize n = 1;
  for (guint i = 0; i < tensor->rank; i++)
    n = MIN(n * (gsize)tensor->dims[i], VALUES_MAX + 1);
  return n;
}

/* The numbers: what is left of the input, over and over. FALSE: too many of them. */
static gboolean fill(Outputs *outputs, const Source *source) {
  for (guint i = 0; i < outputs->n; i++) {
    IvTensor *tensor = &outputs->tensors[i];
    gsize size = tensor->type == IV_TENSOR_INT64 ? 8 : 4, n = n_values(tensor);
    if (n > VALUES_MAX)
      return FALSE;
    if (tensor->type == IV_TENSOR_OTHER)
      continue;
    guint8 *values = g_malloc0(MAX(n * size, 1));
    for (gsize k = 0; k < n * size && source->length; k++)
      values[k] = source->bytes[k % source->length];
    tensor->values = values;
  }
  return TRUE;
}

static void check(const IvForm *form, const Outputs *outputs, int only_class) {
  guint n;
  g_autoptr(IvCandidates) found = iv_candidates_new();
  iv_candidates_start(found, 0.3f, only_class);
  if (!iv_form_decode(form, outputs->tensors, outputs->n, outputs->input, found))
    return;
  const IvDetection *best = iv_candidates_finish(found, form->nms_iou, &n);
  g_assert_cmpuint(n, <=, IV_DETECTIONS_MAX);
  for (guint i = 0; i < n; i++) {
    const IvBox *box = &best[i].box;
    g_assert_true(isfinite(box->x0) && isfinite(box->y0) && box->x1 > box->x0 && box->y1 > box->y0);
    g_assert_true(best[i].score >= 0.3f && best[i].score <= 1);
    g_assert_true(i == 0 || best[i].score <= best[i - 1].score);
    g_assert_true(only_class < 0 || best[i].class_id == only_class);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  Source source = {input, length};
  Outputs outputs = {0};
  outputs.input = (IvSize){32 * (int)pick(&source, 1, 4), 32 * (int)pick(&source, 1, 4)};
  shapes[take(&source) % G_N_ELEMENTS(shapes)](&outputs, &source);
  spoil(&outputs, &source);
  if (fill(&outputs, &source))
    for (guint i = 0; iv_forms[i]; i++) {
      check(iv_forms[i], &outputs, 0);
      check(iv_forms[i], &outputs, -1);
    }
  for (guint i = 0; i < G_N_ELEMENTS(outputs.tensors); i++)
    g_free((gpointer)outputs.tensors[i].values);
  return 0;
}
