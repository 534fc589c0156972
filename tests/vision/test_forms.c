/* SPDX-License-Identifier: Apache-2.0 */
/* Each output form: made-up tensors that hold one known person are recognised and decoded. The
 * network's input is 64x96 (width x height), so that width and height cannot be mixed up: grids
 * 8x12, 4x6 and 2x3, 126 cells. */
#include <math.h>
#include <string.h>

#include "vision/form.h"

#define CLASSES 3
#define CELLS 126

static const IvSize input = {64, 96};
static const IvBox person = {16, 20, 40, 84}; /* centre (28, 52), 24 x 64 */

static IvTensor tensor(const char *name, float *values, guint rank, ...) {
  IvTensor t = {.type = IV_TENSOR_FLOAT, .rank = rank, .values = values};
  g_strlcpy(t.name, name, sizeof t.name);
  va_list dims;
  va_start(dims, rank);
  for (guint i = 0; i < rank; i++)
    t.dims[i] = va_arg(dims, int);
  va_end(dims);
  return t;
}

/* Recognises, decodes, and expects just `person` with `score`. */
static void check_person(const IvTensor *outputs, guint n, const IvForm *form, double score) {
  const IvForm *recognised = iv_form_recognise(outputs, n, input);
  g_assert_true(form->by_hand || recognised == form);
  g_autoptr(IvCandidates) c = iv_candidates_new();
  iv_candidates_start(c, 0.3f, IV_CLASS_PERSON);
  g_assert_true(iv_form_decode(form, outputs, n, input, c));
  guint found_n;
  const IvDetection *found = iv_candidates_finish(c, form->nms_iou, &found_n);
  g_assert_cmpuint(found_n, ==, 1);
  g_assert_cmpint(found[0].class_id, ==, IV_CLASS_PERSON);
  g_assert_cmpfloat_with_epsilon(found[0].score, score, 1e-4);
  g_assert_cmpfloat_with_epsilon(found[0].box.x0, person.x0, 0.05);
  g_assert_cmpfloat_with_epsilon(found[0].box.y0, person.y0, 0.05);
  g_assert_cmpfloat_with_epsilon(found[0].box.x1, person.x1, 0.05);
  g_assert_cmpfloat_with_epsilon(found[0].box.y1, person.y1, 0.05);
}

/* Logits whose softmax is all in the two bins around `strides`, in the right proportion. */
static void set_side(float *reg, int side, int cells, int cell, double strides) {
  int low = (int)floor(strides);
  for (int b = 0; b < 11; b++)
    reg[(side * 11 + b) * cells + cell] = -100;
  reg[(side * 11 + low) * cells + cell] = (float)log(1 - (strides - low) + 1e-9);
  reg[(side * 11 + low + 1) * cells + cell] = (float)log(strides - low + 1e-9);
}

static void test_nanodet(void) {
  g_autofree float *cls8 = g_new0(float, CLASSES * 96), *cls16 = g_new0(float, CLASSES * 24),
                   *cls32 = g_new0(float, CLASSES * 6), *reg8 = g_new0(float, 44 * 96),
                   *reg16 = g_new0(float, 44 * 24), *reg32 = g_new0(float, 44 * 6);
  int cell = 3 * 4 + 1; /* of stride 16: centre (24, 56) */
  cls16[cell] = 0.75f;
  cls8[96 + 5] = 0.9f; /* another class, elsewhere */
  set_side(reg16, 0, 24, cell, (24 - person.x0) / 16);
  set_side(reg16, 1, 24, cell, (56 - person.y0) / 16);
  set_side(reg16, 2, 24, cell, (person.x1 - 24) / 16);
  set_side(reg16, 3, 24, cell, (person.y1 - 56) / 16);
  const IvTensor outputs[] = {
      tensor("reg8", reg8, 4, 1, 44, 12, 8),       tensor("cls8", cls8, 4, 1, CLASSES, 12, 8),
      tensor("cls32", cls32, 4, 1, CLASSES, 3, 2), tensor("reg32", reg32, 4, 1, 44, 3, 2),
      tensor("cls16", cls16, 4, 1, CLASSES, 6, 4), tensor("reg16", reg16, 4, 1, 44, 6, 4)};
  check_person(outputs, 6, &iv_form_nanodet, 0.75);
  g_assert_null(iv_form_recognise(outputs, 5, input));
  g_assert_null(iv_form_recognise(outputs, 6, (IvSize){96, 64}));
}

/* Row of the cell (1, 3) of stride 16: behind the 96 of stride 8. */
#define ROW_16 (96 + 3 * 4 + 1)

static void test_yolox(void) {
  enum { LENGTH = 5 + CLASSES };
  float rows[CELLS][LENGTH] = {{0}};
  float *row = rows[ROW_16];
  row[0] = 28 / 16.0f - 1;
  row[1] = 52 / 16.0f - 3;
  row[2] = (float)log(24 / 16.0);
  row[3] = (float)log(64 / 16.0);
  row[4] = 0.8f;
  row[5] = 0.9f;
  IvTensor output = tensor("output", rows[0], 3, 1, CELLS, LENGTH);
  check_person(&output, 1, &iv_form_yolox, 0.72);
}

static void set_pixel_row(float *row) {
  static const float values[] = {28, 52, 24, 64, 0.8f, 0.9f};
  memcpy(row, values, sizeof values);
}

/* The same shape holds pixels in another export; only a name given by hand tells. */
static void test_yolox_decoded(void) {
  enum { LENGTH = 5 + CLASSES };
  float rows[CELLS][LENGTH] = {{0}};
  set_pixel_row(rows[ROW_16]);
  IvTensor output = tensor("output", rows[0], 3, 1, CELLS, LENGTH);
  g_assert_true(iv_form_recognise(&output, 1, input) == &iv_form_yolox);
  check_person(&output, 1, &iv_form_yolox_decoded, 0.72);
}

static void test_yolov5(void) {
  enum { LENGTH = 5 + CLASSES };
  g_autofree float *rows = g_new0(float, 3 * CELLS * LENGTH);
  set_pixel_row(rows + 200 * LENGTH);
  set_pixel_row(rows + 201 * LENGTH); /* a double */
  IvTensor output = tensor("output0", rows, 3, 1, 3 * CELLS, LENGTH);
  check_person(&output, 1, &iv_form_yolov5, 0.72);
}

static void test_yolov8(void) {
  float channels[4 + CLASSES][CELLS] = {{0}};
  static const float values[] = {28, 52, 24, 64, 0.66f};
  for (int i = 0; i < 5; i++)
    channels[i][77] = values[i];
  channels[6][12] = 0.9f; /* another class */
  IvTensor output = tensor("output0", channels[0], 3, 1, 4 + CLASSES, CELLS);
  check_person(&output, 1, &iv_form_yolov8, 0.66);
}

static void test_yolov10(void) {
  float rows[300][6] = {{16, 20, 40, 84, 0.77f, 0}, {1, 1, 9, 9, 0.9f, 2}, {1, 1, 9, 9, 0.1f, 0}};
  IvTensor output = tensor("output0", rows[0], 3, 1, 300, 6);
  check_person(&output, 1, &iv_form_yolov10, 0.77);
}

static void test_rtdetr(void) {
  static const gint64 label_values[] = {2, 0, 0};
  float boxes[3][4] = {{1, 1, 9, 9}, {16, 20, 40, 84}, {2, 2, 8, 8}}, scores[] = {0.9f, 0.7f, 0.1f};
  IvTensor labels = {
      .name = "labels", .type = IV_TENSOR_INT64, .rank = 2, .dims = {1, 3}, .values = label_values};
  const IvTensor outputs[] = {labels, tensor("boxes", boxes[0], 3, 1, 3, 4),
                              tensor("scores", scores, 2, 1, 3)};
  check_person(outputs, 3, &iv_form_rtdetr, 0.7);
}

static void test_rtdetr_raw(void) {
  float logits[2][CLASSES] = {{-9, -9, -9}, {(float)log(3), -9, -9}};
  float boxes[2][4] = {{0}, {28 / 64.0f, 52 / 96.0f, 24 / 64.0f, 64 / 96.0f}};
  const IvTensor outputs[] = {tensor("logits", logits[0], 3, 1, 2, CLASSES),
                              tensor("pred_boxes", boxes[0], 3, 1, 2, 4)};
  check_person(outputs, 2, &iv_form_rtdetr_raw, 0.75);
}

static void test_rtdetr_flat(void) {
  float rows[300][4 + CLASSES] = {{0}};
  static const float values[] = {28 / 64.0f, 52 / 96.0f, 24 / 64.0f, 64 / 96.0f, 0.61f};
  memcpy(rows[8], values, sizeof values);
  IvTensor output = tensor("output0", rows[0], 3, 1, 300, 4 + CLASSES);
  check_person(&output, 1, &iv_form_rtdetr_flat, 0.61);
}

static void test_unknown(void) {
  float values[85] = {0};
  IvTensor grid = tensor("out", values, 4, 1, 85, 1, 1);
  g_assert_null(iv_form_recognise(&grid, 1, input));
  IvTensor embedding = tensor("out", values, 2, 1, 85);
  g_assert_null(iv_form_recognise(&embedding, 1, input));
  IvTensor none = tensor("out", NULL, 3, 1, 0, 0);
  g_assert_null(iv_form_recognise(&none, 1, input));
  IvTensor halves = {.type = IV_TENSOR_OTHER, .rank = 3, .dims = {1, CELLS, 85}};
  g_assert_null(iv_form_recognise(&halves, 1, input));
  g_autoptr(IvCandidates) c = iv_candidates_new();
  g_assert_false(iv_form_decode(&iv_form_yolov8, &grid, 1, input, c));
}

static void test_names(void) {
  for (guint i = 0; iv_forms[i]; i++)
    g_assert_true(iv_form_named(iv_forms[i]->name) == iv_forms[i]);
  g_assert_null(iv_form_named("auto"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/forms/nanodet", test_nanodet);
  g_test_add_func("/vision/forms/yolox", test_yolox);
  g_test_add_func("/vision/forms/yolox-decoded", test_yolox_decoded);
  g_test_add_func("/vision/forms/yolov5", test_yolov5);
  g_test_add_func("/vision/forms/yolov8", test_yolov8);
  g_test_add_func("/vision/forms/yolov10", test_yolov10);
  g_test_add_func("/vision/forms/rtdetr", test_rtdetr);
  g_test_add_func("/vision/forms/rtdetr-raw", test_rtdetr_raw);
  g_test_add_func("/vision/forms/rtdetr-flat", test_rtdetr_flat);
  g_test_add_func("/vision/forms/unknown", test_unknown);
  g_test_add_func("/vision/forms/names", test_names);
  return g_test_run();
}
