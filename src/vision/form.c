/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/form.h"

/* Named outputs first, then shapes that belong to one form only, then the looser ones. */
const IvForm *const iv_forms[] = {
    &iv_form_nanodet,       &iv_form_rtdetr,
    &iv_form_rtdetr_raw,    &iv_form_yolox,
    &iv_form_yolov5,        &iv_form_yolov8,
    &iv_form_yolov10,       &iv_form_rtdetr_flat,
    &iv_form_yolox_decoded, NULL,
};

/* Families of networks that write their boxes as another one does. */
static const struct {
  const char *family, *form;
} families[] = {{"yolov9", "yolov8"}, {"yolov11", "yolov8"}, {"dfine", "rtdetr"}};

const IvForm *iv_form_named(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(families); i++)
    if (g_str_equal(families[i].family, name))
      name = families[i].form;
  for (guint i = 0; iv_forms[i]; i++)
    if (g_str_equal(iv_forms[i]->name, name))
      return iv_forms[i];
  return NULL;
}

const IvForm *iv_form_recognise(const IvTensor *outputs, guint n, IvSize input) {
  for (guint i = 0; iv_forms[i]; i++)
    if (!iv_forms[i]->by_hand && iv_forms[i]->fits(outputs, n, input))
      return iv_forms[i];
  return NULL;
}

gboolean iv_form_decode(const IvForm *form, const IvTensor *outputs, guint n, IvSize input,
                        IvCandidates *ret_found) {
  if (!form->fits(outputs, n, input))
    return FALSE;
  form->decode(outputs, n, input, ret_found);
  return TRUE;
}

gint64 iv_form_grid_cells(IvSize input, int last_stride) {
  gint64 cells = 0;
  for (int stride = 8; stride <= last_stride; stride *= 2)
    cells += (gint64)(input.width / stride) * (input.height / stride);
  return cells;
}

float iv_form_row_score(const float *row, gint64 row_length, const IvCandidates *found,
                        int *ret_class) {
  float score = 0;
  *ret_class = iv_candidates_best_class(found, row + 5, 1, row_length - 5, &score);
  return *ret_class < 0 ? -1 : score * row[4];
}

void iv_form_add_rows(const float *rows, gint64 n_rows, gint64 row_length,
                      IvCandidates *ret_found) {
  for (const float *row = rows; n_rows > 0; n_rows--, row += row_length) {
    int class_id;
    float score = iv_form_row_score(row, row_length, ret_found, &class_id);
    IvBox box = iv_form_box_around(row[0], row[1], row[2], row[3]);
    iv_candidates_add(ret_found, &box, score, class_id);
  }
}
