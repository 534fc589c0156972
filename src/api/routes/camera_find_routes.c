/* SPDX-License-Identifier: Apache-2.0 */
/* Cameras that are not known yet: who is in the network, which streams has it, how do makers form
 * their addresses. Reaches into the shop's network by design, so only for those who may add
 * cameras, one at a time, and told to the audit log. */
#include <string.h>

#include "api/routes/handlers.h"
#include "base/url.h"
#include "onvif/address.h"
#include "onvif/makers.h"
#include "onvif/onvif_json.h"
#include "store/audit.h"

#define LOOK_UP_SECONDS 10 /* less than an answer may take */
#define SEARCH_SECONDS_MIN 0.1
#define SEARCH_SECONDS_MAX 8.0

typedef struct {
  const IvCall *call;
  IvAuditAction action;
  const char *subject;
} Tale;

static gboolean write_tale(IvSql *sql, gpointer arg, GError **error) {
  const Tale *tale = arg;
  IvAuditEntry entry = iv_call_audit(tale->call, tale->action, tale->subject);
  return iv_audit_add(sql, &entry, error);
}

/* What can't be told is not done. `subject` is text from outside: secrets in it are hidden. */
static IvResponse *tell(const IvCall *call, IvAuditAction action, const char *subject) {
  GError *error = NULL;
  g_autofree char *masked = iv_url_mask(subject);
  Tale tale = {call, action, masked};
  return iv_store_write(call->api->store, write_tale, &tale, &error) ? NULL
                                                                     : iv_call_failed(call, error);
}

/* ---- bodies ---- */

/* What is in the body that is none of `names` (NULL ends them); NULL = nothing. */
static IvResponse *refuse_others(const json_t *body, const char *const *names) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)body, key, value) if (
      !g_strv_contains(
          names, key)) return iv_response_problem(IV_PROBLEM_INVALID,
                                                  "The body has a member that is not known here.");
  return NULL;
}

/* A member that is text; "" when it is not there. FALSE with the problem. */
static gboolean read_text(const json_t *body, const char *name, const char **ret_text,
                          IvResponse **ret_problem) {
  const json_t *value = json_object_get(body, name);
  if (value && !json_is_string(value)) {
    *ret_problem = iv_response_problem(IV_PROBLEM_INVALID, "%s must be text.", name);
    return FALSE;
  }
  *ret_text = value ? json_string_value(value) : "";
  return TRUE;
}

static gboolean read_seconds(const json_t *body, double *ret_seconds, IvResponse **ret_problem) {
  const json_t *value = json_object_get(body, "seconds");
  double seconds = json_number_value(value);
  if (value && !(seconds >= SEARCH_SECONDS_MIN && seconds <= SEARCH_SECONDS_MAX)) {
    *ret_problem = iv_response_problem(IV_PROBLEM_INVALID, "seconds must be 0.1 to 8.");
    return FALSE;
  }
  *ret_seconds = seconds;
  return TRUE;
}

/* ---- who is there ---- */

static IvResponse *search(const IvCall *call, const json_t *body) {
  static const char *const names[] = {"interface", "seconds", NULL};
  GError *error = NULL;
  const char *interface;
  IvDiscoveryConfig config = {0};
  IvResponse *problem = refuse_others(body, names);
  if (problem || !read_text(body, "interface", &interface, &problem) ||
      !read_seconds(body, &config.seconds, &problem) ||
      (problem = tell(call, IV_AUDIT_CAMERAS_SEARCHED, interface)))
    return problem;
  config.interface = *interface ? interface : NULL;
  g_autoptr(GPtrArray) found = iv_onvif_discover(&config, &error);
  return found ? iv_response_json(200, iv_onvif_found_to_json(found)) : iv_call_failed(call, error);
}

/* ---- which streams has it ---- */

static IvResponse *look_up(const IvCall *call, const json_t *body) {
  static const char *const names[] = {"host", "username", "password", NULL};
  g_autoptr(GError) error = NULL;
  IvOnvifQuery query = {.seconds = LOOK_UP_SECONDS};
  g_auto(IvOnvifAddress) address = {0};
  IvResponse *problem = refuse_others(body, names);
  if (problem || !read_text(body, "host", &query.host, &problem) ||
      !read_text(body, "username", &query.user, &problem) ||
      !read_text(body, "password", &query.password, &problem))
    return problem;
  if (!iv_onvif_address_read(query.host, &address, &error))
    return iv_call_failed(call, g_steal_pointer(&error));
  g_autofree char *place = iv_onvif_address_place(&address);
  problem = tell(call, IV_AUDIT_CAMERA_ASKED, place);
  if (problem)
    return problem;
  g_autoptr(IvOnvifDevice) device = iv_onvif_look_up(&query, &error);
  if (g_error_matches(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID))
    return iv_call_failed(call, g_steal_pointer(&error));
  return iv_response_json(200, iv_onvif_device_to_json(device, error));
}

/* ---- routes ---- */

static IvResponse *answer(IvCall *call, IvResponse *(*work)(const IvCall *, const json_t *)) {
  IvResponse *problem = iv_call_refuse_simulated(call);
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (body && !(problem = iv_call_begin_search(call))) {
    problem = work(call, body);
    iv_call_end_search(call);
  }
  json_decref(body);
  return problem;
}

IvResponse *iv_route_discover_cameras(IvCall *call) {
  return answer(call, search);
}

IvResponse *iv_route_look_up_streams(IvCall *call) {
  return answer(call, look_up);
}

IvResponse *iv_route_list_makers(IvCall *call) {
  const char *host = iv_request_query(call->request, "host");
  gint64 channel = host ? 1 : 0;
  g_auto(IvOnvifAddress) address = {0};
  IvResponse *problem = NULL;
  GError *error = NULL;
  if (!iv_call_query_int(call, "channel", 1, IV_MAKER_CHANNEL_MAX, &channel, &problem))
    return problem;
  if (host && !iv_onvif_address_read(host, &address, &error))
    return iv_call_failed(call, error);
  g_autofree char *place = host ? iv_onvif_address_place(&address) : NULL;
  return iv_response_json(200, iv_onvif_makers_to_json(place, (guint)channel));
}
