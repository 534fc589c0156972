/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/routes/handlers.h"

/* Live video. WebRTC by WHEP: the offer is the body, the answer that of the POST; the viewer's own
 * address ends it. Or fragmented MP4: the POST makes a viewer, whose address is that of its
 * WebSocket (api/net/video_socket.h); closing that ends it. */

static IvWatcher watcher_of(const IvCall *call, const char *login) {
  return (IvWatcher){
      iv_call_store(call),    iv_call_camera(call),
      call->access->user->id, login,
      IV_STREAM_MAIN,         iv_privacy_hides(call->api->privacy.blur_live, call->access)};
}

/* "?stream=main|sub". NULL, or the refusal. */
static IvResponse *read_stream(const IvCall *call, IvStream *ret_stream) {
  const char *name = iv_request_query(call->request, "stream");
  if (!name || iv_stream_parse(name, ret_stream))
    return NULL;
  return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "stream is main or sub.");
}

static IvResponse *answer(const IvCall *call, IvWatch *watch) {
  g_autofree char *location = g_strconcat(call->request->path, "/", watch->id, NULL);
  IvResponse *response = iv_response_new(201);
  response->content_type = "application/sdp";
  response->body = g_bytes_new_take(watch->answer, strlen(watch->answer));
  iv_response_add(response, "location:", location);
  return response;
}

IvResponse *iv_route_watch(IvCall *call) {
  GError *error = NULL;
  IvWatch watch = {0};
  const IvApi *api = call->api;
  g_autofree char *login = iv_call_login(call);
  IvWatcher watcher = watcher_of(call, login);
  IvResponse *problem = read_stream(call, &watcher.stream);
  if (problem)
    return problem;
  g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
  GBytes *offer = call->request->body ? call->request->body : nothing;
  if (!api->host_calls->watch(api->host, &watcher, offer, call->deadline, &watch, &error))
    return iv_call_failed(call, error);
  problem = iv_call_note_look(call, IV_AUDIT_VIDEO_WATCHED);
  if (!problem)
    return answer(call, &watch);
  api->host_calls->unwatch(api->host, &watcher, watch.id);
  g_free(watch.answer);
  return problem;
}

IvResponse *iv_route_unwatch(IvCall *call) {
  const IvApi *api = call->api;
  g_autofree char *login = iv_call_login(call);
  IvWatcher watcher = watcher_of(call, login);
  if (!api->host_calls->unwatch(api->host, &watcher, iv_call_viewer(call)))
    return iv_response_problem(IV_PROBLEM_NOT_FOUND,
                               "This live view is not yours, or it is over already.");
  return iv_response_new(204);
}

IvResponse *iv_route_open_mse(IvCall *call) {
  GError *error = NULL;
  IvMseView view = {0};
  const IvApi *api = call->api;
  g_autofree char *login = iv_call_login(call);
  IvWatcher watcher = watcher_of(call, login);
  IvResponse *problem = read_stream(call, &watcher.stream);
  if (!problem) /* told before: a viewer that nobody takes goes by itself */
    problem = iv_call_note_look(call, IV_AUDIT_VIDEO_WATCHED);
  if (problem)
    return problem;
  if (!api->host_calls->open_mse(api->host, &watcher, call->deadline, &view, &error))
    return iv_call_failed(call, error);
  g_autofree char *type = g_strdup_printf("video/mp4; codecs=\"%s\"", view.codec);
  g_autofree char *socket = g_strconcat("/api/v1/mse/", view.id, NULL);
  return iv_response_json(201, json_pack("{ss ss}", "type", type, "socket", socket));
}

IvResponse *iv_route_take_mse(IvCall *call) {
  (void)call;
  return iv_response_problem(IV_PROBLEM_UPGRADE_REQUIRED, "Open it with a WebSocket client.");
}
