/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx_private.h"

#define STEP 32 /* sides of a size set by hand are multiples of this */

gboolean iv_onnx_set_size(IvOnnxModel *model, IvSize wanted, GError **error) {
  if (wanted.width == 0 && wanted.height == 0)
    return TRUE;
  gboolean fixed = model->size.width > 0;
  if (fixed && (wanted.width != model->size.width || wanted.height != model->size.height))
    return iv_onnx_config_error(
        error,
        "model %s takes %dx%d only: remove the size %dx%d, or export the model "
        "with a dynamic size",
        model->path, model->size.width, model->size.height, wanted.width, wanted.height);
  if (!fixed && (wanted.width < STEP || wanted.height < STEP || wanted.width > IV_ONNX_SIDE_MAX ||
                 wanted.height > IV_ONNX_SIDE_MAX || wanted.width % STEP || wanted.height % STEP))
    return iv_onnx_config_error(
        error, "model size %dx%d: both sides must be multiples of %d from %d to %d", wanted.width,
        wanted.height, STEP, STEP, IV_ONNX_SIDE_MAX);
  model->size = wanted;
  return TRUE;
}

static gboolean is_auto(const char *text) {
  return !text || g_str_equal(text, "auto");
}

gboolean iv_onnx_set_fit(IvOnnxModel *model, const char *fit, GError **error) {
  if (is_auto(fit))
    return TRUE;
  if (g_str_equal(fit, "stretch"))
    model->style.fit = IV_FIT_STRETCH;
  else if (!g_str_equal(fit, "letterbox"))
    return iv_onnx_config_error(error, "unknown fit '%s': choose one of auto, stretch, letterbox",
                                fit);
  else if (model->style.fit == IV_FIT_STRETCH)
    model->style.fit = IV_FIT_LETTERBOX_CENTRE;
  return TRUE;
}

static char *known_forms(gboolean with_outputs) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; iv_forms[i]; i++) {
    g_string_append_printf(text, "%s%s", i ? (with_outputs ? "; " : ", ") : "", iv_forms[i]->name);
    if (with_outputs)
      g_string_append_printf(text, " (%s)", iv_forms[i]->outputs);
  }
  return g_string_free(text, FALSE);
}

static char *outputs_text(const IvOnnxRun *run) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < run->model->n_outputs; i++) {
    g_autofree char *shape = iv_tensor_shape_text(&run->outputs[i]);
    g_string_append_printf(text, "%s%s %s", i ? ", " : "", run->outputs[i].name, shape);
  }
  return g_string_free(text, FALSE);
}

static gboolean set_named_form(IvOnnxModel *model, const IvOnnxRun *run, const char *name,
                               GError **error) {
  g_autofree char *outputs = outputs_text(run);
  model->form = iv_form_named(name);
  if (!model->form) {
    g_autofree char *known = known_forms(FALSE);
    return iv_onnx_config_error(error, "unknown output form '%s': choose one of auto, %s", name,
                                known);
  }
  if (model->form->fits(run->outputs, model->n_outputs, run->size))
    return TRUE;
  return iv_onnx_config_error(
      error,
      "model %s: its outputs (%s for a %dx%d picture) are not of the form '%s' "
      "that was set (%s); set auto to have the form recognised",
      model->path, outputs, run->size.width, run->size.height, name, model->form->outputs);
}

gboolean iv_onnx_set_form(IvOnnxModel *model, const IvOnnxRun *run, const char *name,
                          GError **error) {
  if (!is_auto(name))
    return set_named_form(model, run, name, error);
  model->form = iv_form_recognise(run->outputs, model->n_outputs, run->size);
  if (model->form)
    return TRUE;
  g_autofree char *outputs = outputs_text(run), *known = known_forms(TRUE);
  iv_onnx_model_error(
      error, model->path,
      "its outputs (%s for a %dx%d picture) are of no known form; known are: %s. If it "
      "is one of these, name it as the detector's form in the configuration",
      outputs, run->size.width, run->size.height, known);
  return FALSE;
}
