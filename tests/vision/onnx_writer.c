/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vision/onnx_writer.h"

#include <string.h>

struct IvOnnxWriter {
  GByteArray *graph; /* a GraphProto */
};

/* ---- protobuf */

static void put_varint(GByteArray *to, guint64 value) {
  do {
    guint8 byte = (guint8)(value & 0x7f);
    value >>= 7;
    byte |= value ? 0x80 : 0;
    g_byte_array_append(to, &byte, 1);
  } while (value);
}

static void put_number(GByteArray *to, guint field, gint64 value) {
  put_varint(to, field << 3);
  put_varint(to, (guint64)value);
}

static void put_bytes(GByteArray *to, guint field, gconstpointer bytes, gsize n) {
  put_varint(to, field << 3 | 2);
  put_varint(to, n);
  g_byte_array_append(to, bytes, (guint)n);
}

static void put_text(GByteArray *to, guint field, const char *text) {
  put_bytes(to, field, text, strlen(text));
}

/* Takes `message`. */
static void put_message(GByteArray *to, guint field, GByteArray *message) {
  put_bytes(to, field, message->data, message->len);
  g_byte_array_unref(message);
}

/* ---- ONNX */

static GByteArray *shape_message(const char *shape) {
  GByteArray *message = g_byte_array_new();
  g_auto(GStrv) words = g_strsplit(shape, ",", -1);
  for (guint i = 0; words[i]; i++) {
    GByteArray *dim = g_byte_array_new();
    if (g_ascii_isdigit(words[i][0]))
      put_number(dim, 1, g_ascii_strtoll(words[i], NULL, 10)); /* dim_value */
    else
      put_text(dim, 2, words[i]); /* dim_param */
    put_message(message, 1, dim);
  }
  return message;
}

static void put_value_info(GByteArray *to, guint field, const char *name, IvOnnxType type,
                           const char *shape) {
  GByteArray *tensor = g_byte_array_new(), *kind = g_byte_array_new(), *info = g_byte_array_new();
  put_number(tensor, 1, type);
  put_message(tensor, 2, shape_message(shape));
  put_message(kind, 1, tensor);
  put_text(info, 1, name);
  put_message(info, 2, kind);
  put_message(to, field, info);
}

IvOnnxWriter *iv_onnx_writer_new(void) {
  IvOnnxWriter *w = g_new0(IvOnnxWriter, 1);
  w->graph = g_byte_array_new();
  put_text(w->graph, 2, "test");
  return w;
}

void iv_onnx_writer_free(IvOnnxWriter *w) {
  g_byte_array_unref(w->graph);
  g_free(w);
}

void iv_onnx_writer_input(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape) {
  put_value_info(w->graph, 11, name, type, shape);
}

void iv_onnx_writer_output(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape) {
  put_value_info(w->graph, 12, name, type, shape);
}

void iv_onnx_writer_constant(IvOnnxWriter *w, const char *name, IvOnnxType type, const char *shape,
                             gconstpointer values) {
  g_auto(GStrv) words = g_strsplit(shape, ",", -1);
  GByteArray *tensor = g_byte_array_new();
  gsize bytes = type == IV_ONNX_INT64 ? 8 : type == IV_ONNX_FLOAT ? 4 : 2;
  for (guint i = 0; words[i]; i++) {
    gint64 dim = g_ascii_strtoll(words[i], NULL, 10);
    put_number(tensor, 1, dim);
    bytes *= (gsize)dim;
  }
  put_number(tensor, 2, type);
  put_text(tensor, 8, name);
  put_bytes(tensor, 9, values, bytes); /* raw_data, little-endian */
  put_message(w->graph, 5, tensor);
}

static GByteArray *attribute_message(const char *name, const gint64 *values, guint n) {
  GByteArray *attribute = g_byte_array_new();
  put_text(attribute, 1, name);
  if (n == 0)
    put_number(attribute, 3, values[0]);
  for (guint i = 0; i < n; i++)
    put_number(attribute, 8, values[i]);
  put_number(attribute, 20, n == 0 ? 2 : 7); /* INT, INTS */
  return attribute;
}

void iv_onnx_writer_node_with(IvOnnxWriter *w, const char *op, const char *inputs,
                              const char *output, const char *attribute, const gint64 *values,
                              guint n) {
  g_auto(GStrv) names = g_strsplit(inputs, ",", -1);
  GByteArray *node = g_byte_array_new();
  for (guint i = 0; names[i]; i++)
    put_text(node, 1, names[i]);
  put_text(node, 2, output);
  put_text(node, 4, op);
  if (attribute)
    put_message(node, 5, attribute_message(attribute, values, n));
  put_message(w->graph, 1, node);
}

void iv_onnx_writer_node(IvOnnxWriter *w, const char *op, const char *inputs, const char *output) {
  iv_onnx_writer_node_with(w, op, inputs, output, NULL, NULL, 0);
}

void iv_onnx_writer_save(IvOnnxWriter *w, const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) model = g_byte_array_new();
  GByteArray *opset = g_byte_array_new();
  put_number(model, 1, 8);
  put_bytes(model, 7, w->graph->data, w->graph->len);
  put_number(opset, 2, 13);
  put_message(model, 8, opset);
  g_file_set_contents(path, (const char *)model->data, model->len, &error);
  g_assert_no_error(error);
}
