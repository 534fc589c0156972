/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/onnx_private.h"
#include <glib/gstdio.h>
#include <onnxruntime_c_api.h>
#include <string.h>

gboolean iv_onnx_model_error(GError **error, const char *path, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL, "model %s: %s", path, text);
  return FALSE;
}

gboolean iv_onnx_config_error(GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error_literal(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_CONFIG, text);
  return FALSE;
}

IvOnnxConfig iv_onnx_config_default(void) {
  return (IvOnnxConfig){.min_score = IV_ONNX_SCORE_DEFAULT, .only_class = IV_CLASS_PERSON};
}

static gboolean check_file(const char *path, GError **error) {
  GStatBuf status;
  if (g_stat(path, &status) != 0)
    iv_onnx_model_error(
        error, path,
        "cannot be opened (%s): run 'make setup' for the default models, or give the "
        "path of an .onnx file",
        g_strerror(errno));
  else if (!S_ISREG(status.st_mode))
    iv_onnx_model_error(error, path, "is not a file: give the path of an .onnx file");
  else if (status.st_size == 0)
    iv_onnx_model_error(error, path, "is empty: fetch or export it again");
  else if (status.st_size > IV_ONNX_MODEL_BYTES_MAX)
    iv_onnx_model_error(error, path, "is larger than %d MiB: use a smaller model",
                        IV_ONNX_MODEL_BYTES_MAX / (1024 * 1024));
  else
    return TRUE;
  return FALSE;
}

/* "nanodet-1a2b3c4d": the file's name and the start of its SHA-256. */
static char *version_of(const char *path, GError **error) {
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
  if (!file)
    return NULL;
  g_autofree char *digest = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents(file),
      g_mapped_file_get_length(file));
  g_autofree char *name = g_path_get_basename(path);
  if (g_str_has_suffix(name, ".onnx"))
    name[strlen(name) - strlen(".onnx")] = '\0';
  return g_strdup_printf("%s-%.8s", name, digest);
}

static gboolean open_session(IvOnnxModel *model, const IvOnnxConfig *config, GError **error) {
  g_autoptr(GError) cause = NULL;
  model->session = iv_ort_session(model->ort, model->path, config->provider, &cause);
  if (model->session)
    return TRUE;
  if (g_error_matches(cause, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME))
    iv_onnx_model_error(error, model->path,
                        "ONNX Runtime refuses it, fetch or export it again (%s)", cause->message);
  else
    g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

/* One run on an empty picture shows the real shapes, and that the model works at all. */
static gboolean try_out(IvOnnxModel *model, const IvOnnxConfig *config, GError **error) {
  IvOnnxRun run;
  gboolean good = iv_onnx_run_init(&run, model, iv_onnx_model_size(model, (IvSize){4, 3}), error) &&
                  iv_onnx_run_go(&run, error) && iv_onnx_set_form(model, &run, config->form, error);
  iv_onnx_run_clear(&run);
  return good;
}

static gboolean check_shares(const IvOnnxConfig *config, GError **error) {
  if (config->min_score >= 0 && config->min_score <= 1 && config->nms_iou >= 0 &&
      config->nms_iou <= 1)
    return TRUE;
  return iv_onnx_config_error(error, "detector score %g and overlap %g must be from 0 to 1",
                              (double)config->min_score, (double)config->nms_iou);
}

static gboolean open_model(IvOnnxModel *model, const IvOnnxConfig *config, GError **error) {
  if (!check_shares(config, error) || !check_file(model->path, error))
    return FALSE;
  model->ort = iv_ort_load(config->library, error);
  if (!model->ort || !open_session(model, config, error) || !iv_onnx_read_inputs(model, error) ||
      !iv_onnx_read_outputs(model, error) || !iv_onnx_set_size(model, config->size, error) ||
      !try_out(model, config, error))
    return FALSE;
  model->style = model->form->style;
  model->nms_iou = config->nms_iou > 0 ? config->nms_iou : model->form->nms_iou;
  model->version = version_of(model->path, error);
  return model->version && iv_onnx_set_fit(model, config->fit, error);
}

IvOnnxModel *iv_onnx_model_open(const IvOnnxConfig *config, GError **error) {
  g_autoptr(IvOnnxModel) model = g_new0(IvOnnxModel, 1);
  g_atomic_ref_count_init(&model->refs);
  model->path = config->model ? g_strdup(config->model) : iv_cache_path("models/nanodet.onnx");
  model->min_score = config->min_score;
  model->only_class = config->only_class;
  return open_model(model, config, error) ? g_steal_pointer(&model) : NULL;
}

IvOnnxModel *iv_onnx_model_ref(IvOnnxModel *model) {
  g_atomic_ref_count_inc(&model->refs);
  return model;
}

void iv_onnx_model_unref(IvOnnxModel *model) {
  if (!model || !g_atomic_ref_count_dec(&model->refs))
    return;
  if (model->session)
    iv_ort_api(model->ort)->ReleaseSession(model->session);
  iv_ort_unref(model->ort);
  for (guint i = 0; i < IV_TENSOR_COUNT_MAX; i++)
    g_free(model->output_names[i]);
  g_free(model->image_input);
  g_free(model->sizes_input);
  g_free(model->path);
  g_free(model->version);
  g_free(model);
}

const char *iv_onnx_model_version(const IvOnnxModel *model) {
  return model->version;
}

const char *iv_onnx_model_form(const IvOnnxModel *model) {
  return model->form->name;
}

IvSize iv_onnx_model_size(const IvOnnxModel *model, IvSize picture) {
  return model->size.width > 0 ? model->size : iv_onnx_size_for(picture);
}
