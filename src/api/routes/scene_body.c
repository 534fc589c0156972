/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/scene_body.h"

#define ERRORS_MAX 50

static void gather_fault(const char *pointer, const char *text, gpointer errors) {
  if (json_array_size(errors) < ERRORS_MAX)
    json_array_append_new(errors, json_pack("{ss ss}", "pointer", pointer, "detail", text));
}

IvScene *iv_scene_body(const IvCall *call, IvSceneRead read, IvResponse **ret_problem) {
  gsize n = 0;
  json_error_t cause = {.text = "nothing was sent"};
  const char *text = call->request->body ? g_bytes_get_data(call->request->body, &n) : NULL;
  json_t *json = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause) : NULL;
  if (!json) {
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s (line %d).",
                            cause.text, MAX(cause.line, 1));
    return NULL;
  }
  json_t *errors = json_array();
  IvScene *scene = read(json, gather_fault, errors);
  json_decref(json);
  if (scene) {
    json_decref(errors);
    return scene;
  }
  const json_t *first = json_array_get(errors, 0);
  const char *pointer = json_string_value(json_object_get(first, "pointer"));
  const char *detail = json_string_value(json_object_get(first, "detail"));
  *ret_problem = iv_response_problem_at(IV_PROBLEM_INVALID, errors, "%s: %s",
                                        pointer ? pointer : "", detail ? detail : "not a scene");
  return NULL;
}
