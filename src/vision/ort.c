/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/ort.h"
#include "vision/detector.h"
#include "vision/provider.h"
#include <dlfcn.h>
#include <onnxruntime_c_api.h>

#define GET_IT                                                                                     \
  "run 'make setup', or give the path of a libonnxruntime.so (1.22 or "                            \
  "later) with detector.library or --library"

struct IvOrt {
  gatomicrefcount refs;
  const OrtApi *api;
  OrtEnv *env;
  const char *version; /* the library's own static text */
};

G_DEFINE_QUARK(iv - detector - error - quark, iv_detector_error)

char *iv_cache_path(const char *tail) {
  return g_build_filename(g_get_user_cache_dir(), "inveye", tail, NULL);
}

gboolean iv_ort_check(const IvOrt *ort, OrtStatus *status, const char *what, GError **error) {
  if (!status)
    return TRUE;
  g_autofree char *text = g_strdup(ort->api->GetErrorMessage(status));
  g_strdelimit(text, "\n", ' ');
  g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME, "%s: %s", what,
              g_strstrip(text));
  ort->api->ReleaseStatus(status);
  return FALSE;
}

static const OrtApiBase *open_library(const char *path, GError **error) {
  /* Never closed: the library keeps thread-local state that outlives its sessions. */
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME,
                "ONNX Runtime cannot be loaded (%s): " GET_IT, dlerror());
    return NULL;
  }
  const OrtApiBase *(*get_base)(void);
  *(void **)&get_base = dlsym(library, "OrtGetApiBase");
  if (!get_base)
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME,
                "%s is not an ONNX Runtime library: " GET_IT, path);
  return get_base ? get_base() : NULL;
}

IvOrt *iv_ort_load(const char *path, GError **error) {
  g_autofree char *cached = iv_cache_path("onnxruntime/libonnxruntime.so");
  if (!path)
    path = cached;
  const OrtApiBase *base = open_library(path, error);
  if (!base)
    return NULL;
  g_autoptr(IvOrt) ort = g_new0(IvOrt, 1);
  g_atomic_ref_count_init(&ort->refs);
  ort->version = base->GetVersionString();
  ort->api = base->GetApi(IV_ORT_API);
  if (!ort->api) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME,
                "ONNX Runtime %s in %s is too old: " GET_IT, ort->version, path);
    return NULL;
  }
  /* Fatal only: every other message comes back to us as a status and is reported once. */
  OrtStatus *status = ort->api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "inveye", &ort->env);
  return iv_ort_check(ort, status, "ONNX Runtime", error) ? g_steal_pointer(&ort) : NULL;
}

IvOrt *iv_ort_ref(IvOrt *ort) {
  g_atomic_ref_count_inc(&ort->refs);
  return ort;
}

void iv_ort_unref(IvOrt *ort) {
  if (!ort || !g_atomic_ref_count_dec(&ort->refs))
    return;
  if (ort->env)
    ort->api->ReleaseEnv(ort->env);
  g_free(ort);
}

const OrtApi *iv_ort_api(const IvOrt *ort) {
  return ort->api;
}

const char *iv_ort_version(const IvOrt *ort) {
  return ort->version;
}

/* One thread per call because the pool's workers already fill the cores; spinning would take
 * processor time from the decoders for nothing. */
static gboolean set_options(const IvOrt *ort, OrtSessionOptions *options, GError **error) {
  const OrtApi *api = ort->api;
  return iv_ort_check(ort, api->SetIntraOpNumThreads(options, 1), "session", error) &&
         iv_ort_check(ort, api->SetInterOpNumThreads(options, 1), "session", error) &&
         iv_ort_check(ort, api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL),
                      "session", error) &&
         iv_ort_check(ort,
                      api->AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"),
                      "session", error) &&
         iv_ort_check(ort,
                      api->AddSessionConfigEntry(options, "session.inter_op.allow_spinning", "0"),
                      "session", error);
}

OrtSession *iv_ort_session(IvOrt *ort, const char *model, const char *provider, GError **error) {
  OrtSessionOptions *options = NULL;
  OrtSession *session = NULL;
  if (!iv_ort_check(ort, ort->api->CreateSessionOptions(&options), "session", error))
    return NULL;
  gboolean ready =
      set_options(ort, options, error) && iv_provider_append(ort, provider, options, error) &&
      iv_ort_check(ort, ort->api->CreateSession(ort->env, model, options, &session), model, error);
  ort->api->ReleaseSessionOptions(options);
  return ready ? session : NULL;
}
