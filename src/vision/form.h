/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/candidates.h"
#include "vision/preprocess.h"
#include "vision/tensor.h"

/* An output form: how a family of networks wants its picture and writes its boxes. Forms are
 * const table entries, one file each under forms/; docs/models.md describes them. Decoders are pure
 * and take any numbers: a tensor that is not of the form is refused by `fits`, NaN and infinite
 * values are left out. */
typedef struct {
  const char *name;
  const char *outputs; /* for messages: names and shapes that it is known by */
  IvInputStyle style;
  float nms_iou;    /* doubles overlap more than this; 1 = the network leaves none */
  gboolean by_hand; /* shares its shapes with another form: only used when named */
  /* TRUE when the outputs of an `input`-sized picture are of this form. */
  gboolean (*fits)(const IvTensor *outputs, guint n, IvSize input);
  /* Adds what the outputs hold; called only where `fits`. */
  void (*decode)(const IvTensor *outputs, guint n, IvSize input, IvCandidates *ret_found);
} IvForm;

extern const IvForm iv_form_nanodet, iv_form_yolox, iv_form_yolox_decoded, iv_form_yolov5,
    iv_form_yolov8, iv_form_yolov10, iv_form_rtdetr, iv_form_rtdetr_raw, iv_form_rtdetr_flat;

/* All forms, in the order in which they are tried; NULL at the end. */
extern const IvForm *const iv_forms[];

/* By name, or by that of a family that shares the form ("yolov9", "yolov11", "dfine"); or NULL. */
const IvForm *iv_form_named(const char *name);

/* The first form that fits and need not be named by hand, or NULL. */
const IvForm *iv_form_recognise(const IvTensor *outputs, guint n, IvSize input);

/* FALSE when the outputs are not of this form (nothing is added then). */
gboolean iv_form_decode(const IvForm *form, const IvTensor *outputs, guint n, IvSize input,
                        IvCandidates *ret_found);

/* Cells of all grids together when there is one per stride 8, 16, ... `last_stride`. */
gint64 iv_form_grid_cells(IvSize input, int last_stride);

/* Adds rows of centre x, y, width, height (pixels of the input), objectness and class scores. */
void iv_form_add_rows(const float *rows, gint64 n_rows, gint64 row_length, IvCandidates *ret_found);

/* Objectness times best wanted class of such a row; -1 and no class when there is none. */
float iv_form_row_score(const float *row, gint64 row_length, const IvCandidates *found,
                        int *ret_class);

/* Box from centre and size. */
static inline IvBox iv_form_box_around(float cx, float cy, float w, float h) {
  return (IvBox){cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2};
}
