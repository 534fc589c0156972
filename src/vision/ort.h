/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* ONNX Runtime, loaded at run time (dlopen), so that one build of ours runs with the CPU, CUDA or
 * OpenVINO build of theirs. Versions 1.22 and later; API 22 is asked for. */
typedef struct IvOrt IvOrt;
struct OrtApi;
struct OrtSession;
struct OrtStatus;

#define IV_ORT_API 22

/* `${XDG_CACHE_HOME:-~/.cache}/inveye/<tail>`; free with g_free. */
char *iv_cache_path(const char *tail);

/* Loads `path` (NULL = onnxruntime/libonnxruntime.so in the cache). Errors are of
 * IV_DETECTOR_ERROR_RUNTIME and say how to get the library. Any thread. */
IvOrt *iv_ort_load(const char *path, GError **error);
IvOrt *iv_ort_ref(IvOrt *ort);
void iv_ort_unref(IvOrt *ort);

const struct OrtApi *iv_ort_api(const IvOrt *ort);
const char *iv_ort_version(const IvOrt *ort); /* "1.29.0" */

/* Opens a session on an ONNX file: one thread per call, no spinning, all graph optimisations, on
 * `provider` ("cpu", "cuda", "tensorrt", "openvino"; NULL = "cpu"). The session may be run from
 * several threads at once. The caller releases it through the API's ReleaseSession before `ort`
 * goes. */
struct OrtSession *iv_ort_session(IvOrt *ort, const char *model, const char *provider,
                                  GError **error);

/* The names that `provider` may have, for messages and --help: "cpu, cuda, ...". */
const char *iv_ort_provider_names(void);

/* TRUE for success (NULL). Otherwise releases `status`, sets `error` to "<what>: <its message>" and
 * returns FALSE. */
gboolean iv_ort_check(const IvOrt *ort, struct OrtStatus *status, const char *what, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOrt, iv_ort_unref)
