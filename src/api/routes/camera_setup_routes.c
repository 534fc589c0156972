/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras that come, change and go while the program runs. */
#include <stdlib.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "config/camera_settings.h"
#include "store/audit.h"

static IvResponse *no_camera(const IvCall *call) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no camera \"%s\" in this store.",
                             iv_call_camera(call));
}

/* ---- the audit log ---- */

typedef struct {
  const IvCall *call;
  IvAuditAction action;
  const char *camera_id;
  const json_t *settings; /* NULL = none */
} Tale;

/* The names of what was set, never the values: an address holds a password. */
static char *describe(const json_t *settings) {
  json_t *names = json_array(), *value;
  const char *key;
  json_object_foreach((json_t *)settings, key, value)
      json_array_append_new(names, json_string(key));
  json_t *detail = json_pack("{so}", "settings", names);
  char *dumped = json_dumps(detail, JSON_COMPACT);
  json_decref(detail);
  char *text = g_strdup(dumped);
  free(dumped);
  return text;
}

static gboolean write_tale(IvSql *sql, gpointer arg, GError **error) {
  const Tale *tale = arg;
  g_autofree char *detail = tale->settings ? describe(tale->settings) : NULL;
  IvAuditEntry entry = iv_call_audit(tale->call, tale->action, tale->camera_id);
  entry.detail = detail;
  return iv_audit_add(sql, &entry, error);
}

/* NULL when it is told. */
static IvResponse *tell(const IvCall *call, IvAuditAction action, const char *camera_id,
                        const json_t *settings) {
  GError *error = NULL;
  Tale tale = {call, action, camera_id, settings};
  return iv_store_write(call->api->store, write_tale, &tale, &error) ? NULL
                                                                     : iv_call_failed(call, error);
}

/* ---- routes ---- */

static IvResponse *show(const IvCall *call, const char *camera_id, int status) {
  json_t *settings =
      call->api->host_calls->camera_settings(call->api->host, iv_call_store(call), camera_id);
  return settings ? iv_response_json(status, settings)
                  : iv_response_problem(IV_PROBLEM_NOT_FOUND,
                                        "There is no camera \"%s\" in this store.", camera_id);
}

IvResponse *iv_route_get_camera_settings(IvCall *call) {
  return show(call, iv_call_camera(call), 200);
}

static IvResponse *put(IvCall *call, const char *camera_id, gboolean create,
                       const json_t *settings) {
  GError *error = NULL;
  IvCameraWish wish = {iv_call_store(call),
                       camera_id,
                       create,
                       settings,
                       call->access->user->name,
                       iv_privacy_hides(call->api->privacy.blur_pictures, call->access)};
  if (!call->api->host_calls->put_camera(call->api->host, &wish, &error))
    return iv_call_failed(call, error);
  IvResponse *problem =
      tell(call, create ? IV_AUDIT_CAMERA_ADDED : IV_AUDIT_CAMERA_CHANGED, camera_id, settings);
  return problem ? problem : show(call, camera_id, create ? 201 : 200);
}

IvResponse *iv_route_create_camera(IvCall *call) {
  IvResponse *problem = iv_call_refuse_simulated(call);
  json_t *settings = problem ? NULL : iv_call_read_object(call, &problem);
  if (!settings)
    return problem;
  const char *id = json_string_value(json_object_get(settings, "id"));
  IvResponse *response =
      id && iv_slug_is_valid(id)
          ? put(call, id, TRUE, settings)
          : iv_response_problem(IV_PROBLEM_INVALID,
                                "id must be 1 to 40 small letters, digits and hyphens.");
  json_decref(settings);
  return response;
}

IvResponse *iv_route_update_camera(IvCall *call) {
  IvResponse *problem = iv_call_refuse_simulated(call);
  json_t *settings = problem ? NULL : iv_call_read_object(call, &problem);
  if (!settings)
    return problem;
  const char *id = json_string_value(json_object_get(settings, "id"));
  IvResponse *response =
      !id || strcmp(id, iv_call_camera(call)) == 0
          ? put(call, iv_call_camera(call), FALSE, settings)
          : iv_response_problem(IV_PROBLEM_INVALID,
                                "The id of a camera stays: everything it counted is under it.");
  json_decref(settings);
  return response;
}

IvResponse *iv_route_remove_camera(IvCall *call) {
  GError *error = NULL;
  IvCameraWish wish = {.store_id = iv_call_store(call),
                       .camera_id = iv_call_camera(call),
                       .author = call->access->user->name,
                       iv_privacy_hides(call->api->privacy.blur_pictures, call->access)};
  IvResponse *problem = iv_call_refuse_simulated(call);
  json_t *there = problem ? NULL
                          : call->api->host_calls->camera_settings(call->api->host, wish.store_id,
                                                                   wish.camera_id);
  if (!problem && !there)
    problem = no_camera(call);
  json_decref(there);
  if (problem)
    return problem;
  if (!call->api->host_calls->remove_camera(call->api->host, &wish, &error))
    return iv_call_failed(call, error);
  problem = tell(call, IV_AUDIT_CAMERA_REMOVED, wish.camera_id, NULL);
  return problem ? problem : iv_response_new(204);
}

/* `id` names the camera whose password is known, if it is one that is there. */
static IvResponse *test(IvCall *call, const json_t *settings) {
  GError *error = NULL;
  const char *id = json_string_value(json_object_get(settings, "id"));
  IvCameraWish wish = {iv_call_store(call),
                       id && iv_slug_is_valid(id) ? id : NULL,
                       FALSE,
                       settings,
                       call->access->user->name,
                       iv_privacy_hides(call->api->privacy.blur_pictures, call->access)};
  IvResponse *problem = iv_call_begin_search(call);
  if (problem)
    return problem;
  problem = tell(call, IV_AUDIT_CAMERA_TESTED, wish.camera_id ? wish.camera_id : "", NULL);
  json_t *report =
      problem ? NULL : call->api->host_calls->test_camera(call->api->host, &wish, &error);
  iv_call_end_search(call);
  if (problem)
    return problem;
  return report ? iv_response_json(200, report) : iv_call_failed(call, error);
}

IvResponse *iv_route_test_camera(IvCall *call) {
  IvResponse *problem = iv_call_refuse_simulated(call);
  json_t *settings = problem ? NULL : iv_call_read_object(call, &problem);
  if (!settings)
    return problem;
  IvResponse *response = test(call, settings);
  json_decref(settings);
  return response;
}
