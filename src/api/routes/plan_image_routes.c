/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "store/plan_images.h"
#include "store/scenes.h"

/* The picture of {"data": base64}, NULL with the problem. */
static GBytes *read_picture(const IvCall *call, IvResponse **ret_problem) {
  gsize n = 0, length = 0;
  json_error_t cause = {.text = "nothing was sent"};
  const char *text = call->request->body ? g_bytes_get_data(call->request->body, &n) : NULL;
  json_t *json = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause) : NULL;
  const char *data = json_string_value(json_object_get(json, "data"));
  guchar *bytes = data && *data ? g_base64_decode(data, &length) : NULL;
  gboolean alone = json_object_size(json) == 1;
  gboolean is_json = json != NULL;
  json_decref(json);
  if (bytes && alone)
    return g_bytes_new_take(bytes, length);
  g_free(bytes);
  *ret_problem =
      is_json
          ? iv_response_problem(IV_PROBLEM_INVALID,
                                "/data: give the PNG or JPEG file in base64, and nothing "
                                "else.")
          : iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s.", cause.text);
  return NULL;
}

IvResponse *iv_route_put_plan_image(IvCall *call) {
  IvRaster raster;
  GError *error = NULL;
  IvResponse *problem = iv_call_refuse_simulated(call);
  if (problem)
    return problem;
  g_autoptr(GBytes) bytes = read_picture(call, &problem);
  if (!bytes)
    return problem;
  g_autoptr(IvScene) plan = iv_scenes_get(call->api->store, iv_call_store(call), IV_FLOOR_PLAN_ID,
                                          0, call->deadline, &error);
  if (!plan)
    return iv_call_failed(call, error);
  if (!iv_plan_image_put(call->api->store, iv_call_store(call), bytes, plan->plan.image, &raster,
                         &error)) {
    if (!g_error_matches(error, IV_RASTER_ERROR, IV_RASTER_ERROR_INVALID))
      return iv_call_failed(call, error);
    problem = iv_response_problem(IV_PROBLEM_INVALID, "/data: %s", error->message);
    g_error_free(error);
    return problem;
  }
  return iv_response_json(200, json_pack("{ss ss s{si si}}", "image", raster.name, "type",
                                         iv_raster_type(raster.kind), "size", "w",
                                         raster.size.width, "h", raster.size.height));
}

/* A name stands for its bytes for ever. */
IvResponse *iv_route_get_plan_image(IvCall *call) {
  IvRaster raster;
  GError *error = NULL;
  g_autoptr(GBytes) bytes = iv_plan_image_get(call->api->store, iv_call_store(call),
                                              iv_call_image(call), &raster, &error);
  if (!bytes)
    return iv_call_failed(call, error);
  IvResponse *response = iv_response_new(200);
  response->content_type = iv_raster_type(raster.kind);
  response->body = g_bytes_ref(bytes);
  iv_response_add(response, "cache-control:", "private, max-age=31536000, immutable");
  return response;
}
