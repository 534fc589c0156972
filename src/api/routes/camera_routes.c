/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include <string.h>

#include "api/routes/handlers.h"

#define PICTURE_WIDTH_MIN 16
#define PICTURE_WIDTH_MAX 7680

/* NULL when the program around knows no such store. */
static json_t *ask_cameras(const IvCall *call) {
  return call->api->host_calls->cameras(call->api->host, iv_call_store(call));
}

static IvResponse *no_store(const IvCall *call) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "The store \"%s\" does not run here.",
                             iv_call_store(call));
}

IvResponse *iv_route_list_cameras(IvCall *call) {
  json_t *cameras = ask_cameras(call);
  return cameras ? iv_response_json(200, json_pack("{so}", "cameras", cameras)) : no_store(call);
}

static IvResponse *no_camera(const IvCall *call) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no camera \"%s\" in this store.",
                             iv_call_camera(call));
}

IvResponse *iv_route_get_camera(IvCall *call) {
  json_t *cameras = ask_cameras(call), *camera, *found = NULL;
  gsize i;
  if (!cameras)
    return no_store(call);
  json_array_foreach(cameras, i, camera) {
    if (g_strcmp0(json_string_value(json_object_get(camera, "id")), iv_call_camera(call)) == 0)
      found = json_incref(camera);
  }
  json_decref(cameras);
  return found ? iv_response_json(200, found) : no_camera(call);
}

static IvResponse *picture_response(GBytes *jpeg, IvTime ts) {
  char text[IV_TIME_TEXT_MAX];
  IvResponse *response = iv_response_new(200);
  response->content_type = "image/jpeg";
  response->body = jpeg;
  iv_response_add(response, "x-frame-ts:", iv_time_to_text(ts, text));
  return response;
}

IvResponse *iv_route_get_snapshot(IvCall *call) {
  GError *error = NULL;
  IvTime ts = 0;
  gint64 boxes = 0, width = 0;
  IvResponse *problem = NULL;
  if (!iv_call_query_int(call, "boxes", 0, 1, &boxes, &problem) ||
      !iv_call_query_int(call, "width", PICTURE_WIDTH_MIN, PICTURE_WIDTH_MAX, &width, &problem))
    return problem;
  IvPictureWish wish = {iv_call_store(call), iv_call_camera(call), boxes != 0, (int)width,
                        iv_privacy_hides(call->api->privacy.blur_pictures, call->access)};
  GBytes *jpeg = call->api->host_calls->picture(call->api->host, &wish, &ts, &error);
  if (!jpeg)
    return iv_call_failed(call, error);
  problem = iv_call_note_look(call, IV_AUDIT_PICTURE_VIEWED);
  if (problem) {
    g_bytes_unref(jpeg);
    return problem;
  }
  return picture_response(jpeg, ts);
}

/* ---- what it shows ---- */

static gboolean write_acceptance(IvSql *sql, gpointer arg, GError **error) {
  const IvCall *call = arg;
  IvAuditEntry entry = iv_call_audit(call, IV_AUDIT_VIEW_ACCEPTED, iv_call_camera(call));
  return iv_audit_add(sql, &entry, error);
}

IvResponse *iv_route_accept_view(IvCall *call) {
  GError *error = NULL;
  const IvApi *api = call->api;
  if (!api->host_calls->accept_view(api->host, iv_call_store(call), iv_call_camera(call)))
    return no_camera(call);
  if (!iv_store_write(api->store, write_acceptance, call, &error))
    return iv_call_failed(call, error);
  return iv_response_new(204);
}
