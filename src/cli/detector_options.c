/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/detector_options.h"

#include <stdio.h>
#include <string.h>

#include "vision/onnx.h"

GOptionEntry *iv_detector_option_entries(IvDetectorOptions *options, const GOptionEntry *own) {
  const GOptionEntry shared[] = {
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &options->model, "ONNX model (default: nanodet)", "F"},
      {"library", 0, 0, G_OPTION_ARG_FILENAME, &options->library, "libonnxruntime.so", "F"},
      {"form", 0, 0, G_OPTION_ARG_STRING, &options->form, "output form (default: recognised)", "N"},
      {"fit", 0, 0, G_OPTION_ARG_STRING, &options->fit,
       "stretch or letterbox (default: the form's)", "N"},
      {"provider", 0, 0, G_OPTION_ARG_STRING, &options->provider, "cpu, cuda, tensorrt or openvino",
       "N"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &options->size, "network input (default: automatic)",
       "WxH"},
      {"score", 0, 0, G_OPTION_ARG_DOUBLE, &options->score, "least score (default: 0.40)", "S"},
      G_OPTION_ENTRY_NULL,
  };
  guint n = 0;
  while (own && own[n].long_name)
    n++;
  GOptionEntry *all = g_new0(GOptionEntry, n + G_N_ELEMENTS(shared));
  if (n)
    memcpy(all, own, n * sizeof *own);
  memcpy(all + n, shared, sizeof shared);
  options->score = -1;
  return all;
}

gboolean iv_detector_options_read_size(const char *text, IvSize *ret_size, GError **error) {
  int width, height, end = 0;
  if (sscanf(text, "%dx%d%n", &width, &height, &end) == 2 && text[end] == '\0' && width > 0 &&
      height > 0) {
    *ret_size = (IvSize){width, height};
    return TRUE;
  }
  g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_CONFIG,
              "\"%s\" is not a size; write it like 320x256", text);
  return FALSE;
}

IvDetector *iv_detector_options_open(const IvDetectorOptions *options, GError **error) {
  IvOnnxConfig config = iv_onnx_config_default();
  config.model = options->model;
  config.library = options->library;
  config.form = options->form;
  config.fit = options->fit;
  config.provider = options->provider;
  if (options->score >= 0)
    config.min_score = (float)options->score;
  if (options->size && !iv_detector_options_read_size(options->size, &config.size, error))
    return NULL;
  g_autoptr(IvOnnxModel) model = iv_onnx_model_open(&config, error);
  return model ? iv_onnx_detector_new(model) : NULL;
}

void iv_detector_options_clear(IvDetectorOptions *options) {
  g_free(options->model);
  g_free(options->library);
  g_free(options->form);
  g_free(options->fit);
  g_free(options->provider);
  g_free(options->size);
}
