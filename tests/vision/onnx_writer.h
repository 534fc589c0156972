/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Writes small ONNX files for tests: IR version 8, opset 13. Field numbers are those of onnx.proto.
 */
typedef struct IvOnnxWriter IvOnnxWriter;

typedef enum { IV_ONNX_FLOAT = 1, IV_ONNX_INT64 = 7, IV_ONNX_FLOAT16 = 10 } IvOnnxType;

IvOnnxWriter *iv_onnx_writer_new(void);
void iv_onnx_writer_free(IvOnnxWriter *w);

/* `shape` in words: "1,3,H,W"; a word that is no number is a free dimension. */
void iv_onnx_writer_input(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape);
void iv_onnx_writer_output(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape);

/* A constant tensor; `shape` has numbers only, `values` of `type`. */
void iv_onnx_writer_constant(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape,
                             gconstpointer values);

/* A node; `inputs` are names with commas between. With `attribute`, one of whole numbers, a list if
 * `n` > 0, else the single value[0]. */
void iv_onnx_writer_node(IvOnnxWriter *w, const char *op, const char *inputs, const char *output);
void iv_onnx_writer_node_with(IvOnnxWriter *w, const char *op, const char *inputs,
                              const char *output, const char *attribute, const gint64 *values,
                              guint n);

/* Writes the file; fails the test when it cannot. */
void iv_onnx_writer_save(IvOnnxWriter *w, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOnnxWriter, iv_onnx_writer_free)
