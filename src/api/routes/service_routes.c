/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi.h"
#include "api/routes/handlers.h"

IvResponse *iv_route_get_health(IvCall *call) {
  (void)call;
  return iv_response_json(200, json_pack("{ss ss}", "status", "ok", "version", INVEYE_VERSION));
}

IvResponse *iv_route_get_openapi(IvCall *call) {
  (void)call;
  IvResponse *response = iv_response_new(200);
  response->content_type = "application/json";
  response->body = g_bytes_new_static(iv_openapi_json, iv_openapi_json_length);
  iv_response_add(response, "cache-control:", "no-cache");
  return response;
}

IvResponse *iv_route_get_metrics(IvCall *call) {
  GString *text = g_string_new(NULL);
  call->api->metrics(text, call->api->user_data);
  call->api->host_calls->metrics(call->api->host, text);
  IvResponse *response = iv_response_new(200);
  response->content_type = "text/plain; version=0.0.4; charset=utf-8";
  response->body = g_string_free_to_bytes(text);
  return response;
}

/* A real upgrade never comes here (net/live_socket.h). */
IvResponse *iv_route_open_live(IvCall *call) {
  (void)call;
  return iv_response_problem(IV_PROBLEM_UPGRADE_REQUIRED, "Open it with a WebSocket client.");
}
