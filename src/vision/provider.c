/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/provider.h"
#include "vision/detector.h"
#include <onnxruntime_c_api.h>

typedef struct {
  const char *name;   /* in our configuration */
  const char *theirs; /* in the library's list */
  gboolean (*append)(const IvOrt *ort, OrtSessionOptions *options, GError **error);
} Provider;

static gboolean append_cpu(const IvOrt *ort, OrtSessionOptions *options, GError **error) {
  (void)ort;
  (void)options; /* always there, as the last resort of every session */
  (void)error;
  return TRUE;
}

static gboolean append_cuda(const IvOrt *ort, OrtSessionOptions *options, GError **error) {
  const OrtApi *api = iv_ort_api(ort);
  OrtCUDAProviderOptionsV2 *cuda = NULL;
  if (!iv_ort_check(ort, api->CreateCUDAProviderOptions(&cuda), "CUDA", error))
    return FALSE;
  OrtStatus *status = api->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda);
  api->ReleaseCUDAProviderOptions(cuda);
  return iv_ort_check(ort, status, "CUDA", error);
}

/* What TensorRT cannot run goes to CUDA. */
static gboolean append_tensorrt(const IvOrt *ort, OrtSessionOptions *options, GError **error) {
  const OrtApi *api = iv_ort_api(ort);
  OrtTensorRTProviderOptionsV2 *trt = NULL;
  if (!iv_ort_check(ort, api->CreateTensorRTProviderOptions(&trt), "TensorRT", error))
    return FALSE;
  OrtStatus *status = api->SessionOptionsAppendExecutionProvider_TensorRT_V2(options, trt);
  api->ReleaseTensorRTProviderOptions(trt);
  return iv_ort_check(ort, status, "TensorRT", error) && append_cuda(ort, options, error);
}

static gboolean append_openvino(const IvOrt *ort, OrtSessionOptions *options, GError **error) {
  static const char *const keys[] = {"device_type"}, *const values[] = {"AUTO"};
  OrtStatus *status =
      iv_ort_api(ort)->SessionOptionsAppendExecutionProvider_OpenVINO_V2(options, keys, values, 1);
  return iv_ort_check(ort, status, "OpenVINO", error);
}

static const Provider providers[] = {
    {"cpu", "CPUExecutionProvider", append_cpu},
    {"cuda", "CUDAExecutionProvider", append_cuda},
    {"tensorrt", "TensorrtExecutionProvider", append_tensorrt},
    {"openvino", "OpenVINOExecutionProvider", append_openvino},
};

const char *iv_ort_provider_names(void) {
  return "cpu, cuda, tensorrt, openvino";
}

static const Provider *provider_named(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(providers); i++)
    if (g_str_equal(providers[i].name, name))
      return &providers[i];
  return NULL;
}

static gboolean check_available(const IvOrt *ort, const Provider *provider, GError **error) {
  const OrtApi *api = iv_ort_api(ort);
  char **names = NULL;
  int n = 0;
  if (!iv_ort_check(ort, api->GetAvailableProviders(&names, &n), "providers", error))
    return FALSE;
  gboolean found = FALSE;
  g_autoptr(GString) list = g_string_new(NULL);
  for (int i = 0; i < n; i++) {
    found = found || g_str_equal(names[i], provider->theirs);
    g_string_append_printf(list, "%s%s", i ? ", " : "", names[i]);
  }
  iv_ort_check(ort, api->ReleaseAvailableProviders(names, n), "providers", NULL);
  if (!found)
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_CONFIG,
                "execution provider '%s' is not in this ONNX Runtime library (it has %s): give the "
                "path of a build that has it, or choose provider cpu",
                provider->name, list->str);
  return found;
}

gboolean iv_provider_append(const IvOrt *ort, const char *name, OrtSessionOptions *options,
                            GError **error) {
  const Provider *provider = provider_named(name ? name : "cpu");
  if (!provider) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_CONFIG,
                "unknown execution provider '%s': choose one of %s", name, iv_ort_provider_names());
    return FALSE;
  }
  return check_available(ort, provider, error) && provider->append(ort, options, error);
}
