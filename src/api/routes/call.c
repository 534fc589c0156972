/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include "api/routes/call.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/ids.h"
#include "onvif/onvif_error.h"
#include "sql/sql.h"
#include "store/catalog.h"
#include "store/secret_box.h"

/* --- errors --- */

static const struct {
  GQuark (*domain)(void);
  int code;
  IvProblem problem;
  const char *detail; /* NULL = the error's own message, which is for people */
} error_table[] = {
    {iv_store_error_quark, IV_STORE_ERROR_NOT_FOUND, IV_PROBLEM_NOT_FOUND, NULL},
    {iv_store_error_quark, IV_STORE_ERROR_CONFLICT, IV_PROBLEM_CONFLICT, NULL},
    {iv_store_error_quark, IV_STORE_ERROR_INVALID, IV_PROBLEM_BAD_REQUEST, NULL},
    {iv_store_error_quark, IV_STORE_ERROR_LIMIT, IV_PROBLEM_BAD_REQUEST, NULL},
    {iv_store_error_quark, IV_STORE_ERROR_CLOSED, IV_PROBLEM_BUSY, "The server is stopping."},
    {iv_sql_error_quark, IV_SQL_ERROR_BUSY, IV_PROBLEM_BUSY, "Try again in a moment."},
    {iv_sql_error_quark, IV_SQL_ERROR_DEADLINE, IV_PROBLEM_BUSY,
     "It took too long; try again, or ask for a shorter range."},
    {iv_sql_error_quark, IV_SQL_ERROR_DISK, IV_PROBLEM_BUSY,
     "The database can't be written or read: is the disk of the server full? Free some space."},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_NO_CAMERA, IV_PROBLEM_NOT_FOUND, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_NO_FILE, IV_PROBLEM_NOT_FOUND, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_NO_PICTURE, IV_PROBLEM_NO_PICTURE, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_INVALID, IV_PROBLEM_INVALID, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_ARCHIVE, IV_PROBLEM_BUSY, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_CONFLICT, IV_PROBLEM_CONFLICT, NULL},
    {iv_secret_box_error_quark, IV_SECRET_BOX_ERROR_KEY, IV_PROBLEM_CONFLICT, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_BAD_OFFER, IV_PROBLEM_BAD_REQUEST, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_NOT_PLAYABLE, IV_PROBLEM_NOT_PLAYABLE, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_FULL, IV_PROBLEM_TOO_MANY_WATCH, NULL},
    {iv_server_host_error_quark, IV_SERVER_HOST_ERROR_NO_LIVE, IV_PROBLEM_NO_LIVE, NULL},
    {iv_onvif_error_quark, IV_ONVIF_ERROR_INVALID, IV_PROBLEM_INVALID, NULL},
    {iv_onvif_error_quark, IV_ONVIF_ERROR_UNREACHABLE, IV_PROBLEM_CONFLICT, NULL},
};

IvResponse *iv_call_failed(const IvCall *call, GError *error) {
  g_autoptr(GError) owned = error;
  IvProblem problem = IV_PROBLEM_INTERNAL;
  const char *detail = "The server's log says what; tell the one who runs it.";
  for (gsize i = 0; i < G_N_ELEMENTS(error_table); i++) {
    if (!g_error_matches(owned, error_table[i].domain(), error_table[i].code))
      continue;
    problem = error_table[i].problem;
    detail = error_table[i].detail ? error_table[i].detail : owned->message;
  }
  if (owned->domain == IV_SQL_ERROR)
    g_warning("%s: %s", call->match->route->operation_id, owned->message);
  else if (problem == IV_PROBLEM_INTERNAL)
    g_critical("%s: %s", call->match->route->operation_id, owned->message);
  return iv_response_problem(problem, "%s", detail);
}

/* --- the path --- */

static const char *parameter(const IvCall *call, const char *name) {
  const char *template = call->match->route->path;
  for (guint i = 0; (template = strchr(template, '{')); i++, template ++)
    if (g_str_has_prefix(template + 1, name))
      return call->match->parameters[i];
  return NULL;
}

const char *iv_call_store(const IvCall *call) {
  return parameter(call, "store}");
}

const char *iv_call_camera(const IvCall *call) {
  return parameter(call, "camera}");
}

const char *iv_call_user(const IvCall *call) {
  return parameter(call, "name}");
}

const char *iv_call_viewer(const IvCall *call) {
  return parameter(call, "viewer}");
}

const char *iv_call_recording(const IvCall *call) {
  return parameter(call, "recording}");
}

const char *iv_call_case(const IvCall *call) {
  return parameter(call, "case}");
}

const char *iv_call_export(const IvCall *call) {
  return parameter(call, "export}");
}

const char *iv_call_replay(const IvCall *call) {
  return parameter(call, "replay}");
}

const char *iv_call_count_audit(const IvCall *call) {
  return parameter(call, "audit}");
}

const char *iv_call_interval(const IvCall *call) {
  return parameter(call, "interval}");
}

const char *iv_call_snapshot(const IvCall *call) {
  return parameter(call, "snapshot}");
}

const char *iv_call_image(const IvCall *call) {
  return parameter(call, "image}");
}

/* --- the query --- */

gboolean iv_call_query_int(const IvCall *call, const char *name, gint64 min, gint64 max,
                           gint64 *ret_value, IvResponse **ret_problem) {
  const char *text = iv_request_query(call->request, name);
  if (!text || g_ascii_string_to_signed(text, 10, min, max, ret_value, NULL))
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                     "%s must be a whole number from %" G_GINT64_FORMAT
                                     " to %" G_GINT64_FORMAT ".",
                                     name, min, max);
  return FALSE;
}

gboolean iv_call_query_flag(const IvCall *call, const char *name, int *ret_flag,
                            IvResponse **ret_problem) {
  const char *text = iv_request_query(call->request, name);
  gboolean yes = text && strcmp(text, "true") == 0;
  *ret_flag = text ? yes : -1;
  if (!text || yes || strcmp(text, "false") == 0)
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "%s must be true or false.", name);
  return FALSE;
}

gboolean iv_call_query_time(const IvCall *call, const char *name, IvTime *ret_time,
                            IvResponse **ret_problem) {
  const char *text = iv_request_query(call->request, name);
  if (!text || iv_time_from_text(text, ret_time))
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                     "%s must be a time such as 2026-01-31T08:00:00Z.", name);
  return FALSE;
}

/* --- small things --- */

IvAuditEntry iv_call_audit(const IvCall *call, IvAuditAction action, const char *subject) {
  return (IvAuditEntry){
      .ts = call->now,
      .action = action,
      .actor = call->access ? call->access->user->name : "",
      .subject = subject,
      .store_id = iv_call_store(call),
      .address = call->request->address,
  };
}

typedef struct {
  const IvCall *call;
  IvAuditAction action;
  const char *camera;
  const char *detail; /* JSON; NULL = none */
} Look;

static gboolean write_look(IvSql *sql, gpointer arg, GError **error) {
  const Look *look = arg;
  IvAuditEntry entry = iv_call_audit(look->call, look->action, look->camera);
  entry.detail = look->detail;
  return iv_audit_add(sql, &entry, error);
}

/* `key` tells apart what is looked at of one camera. */
static IvResponse *note_look(const Look *look, const char *key) {
  GError *error = NULL;
  const IvCall *call = look->call;
  g_autofree char *login = iv_call_login(call);
  g_autofree char *what = g_strdup_printf("%s %s/%s/%s", iv_audit_action_name(look->action),
                                          iv_call_store(call), look->camera, key);
  if (!iv_looks_is_new(call->api->looks, login, what, call->now) ||
      iv_store_write(call->api->store, write_look, (gpointer)look, &error))
    return NULL;
  iv_looks_forget(call->api->looks, login, what);
  return iv_call_failed(call, error);
}

IvResponse *iv_call_note_look(const IvCall *call, IvAuditAction action) {
  Look look = {call, action, iv_call_camera(call), NULL};
  return note_look(&look, "");
}

IvResponse *iv_call_note_look_at(const IvCall *call, IvAuditAction action, const char *camera,
                                 const char *id) {
  g_autofree char *detail = id[0] ? g_strdup_printf("{\"id\":\"%s\"}", id) : NULL;
  Look look = {call, action, camera, detail};
  return note_look(&look, id);
}

IvResponse *iv_call_note_recording(const IvCall *call, IvTime start) {
  char from[IV_TIME_TEXT_MAX], to[IV_TIME_TEXT_MAX];
  IvTime hour = start - start % IV_HOUR;
  g_autofree char *detail =
      g_strdup_printf("{\"from\":\"%s\",\"to\":\"%s\"}", iv_time_to_text(hour, from),
                      iv_time_to_text(hour + IV_HOUR, to));
  Look look = {call, IV_AUDIT_RECORDING_WATCHED, iv_call_camera(call), detail};
  return note_look(&look, from);
}

gboolean iv_privacy_hides(int rule, const IvAccess *access) {
  if (rule == IV_BLUR_NOBODY)
    return FALSE;
  return rule == IV_BLUR_EVERYBODY || !iv_access_may(access, IV_PERMISSION_PEOPLE_SEE);
}

IvResponse *iv_call_refuse_people(const IvCall *call) {
  if (!iv_privacy_hides(call->api->privacy.blur_recordings, call->access))
    return NULL;
  return iv_response_problem(
      IV_PROBLEM_FORBIDDEN,
      call->api->privacy.blur_recordings == IV_BLUR_EVERYBODY
          ? "Recordings show people as they are, and privacy.blur_recordings lets nobody see that."
          : "Recordings show people as they are, and your role sees them only blurred "
            "(permission people.see). Ask somebody whose role may, or an administrator.");
}

char *iv_call_login(const IvCall *call) {
  return iv_access_login(call->access);
}

json_t *iv_json_time(IvTime t) {
  char text[IV_TIME_TEXT_MAX];
  return t == IV_TIME_NONE ? json_null() : json_string(iv_time_to_text(t, text));
}

json_t *iv_json_number(double value) {
  if (!isfinite(value))
    return json_null();
  return value == trunc(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value)
                                                     : json_real(value);
}

/* --- who asks, and may he --- */

static gboolean touch(IvSql *sql, gpointer arg, GError **error) {
  const IvCall *call = arg;
  return iv_sessions_touch(sql, call->access->session.hash, call->now, error);
}

/* A sign of life that can't be written is no reason to refuse the request. */
static void touch_session(IvCall *call) {
  g_autoptr(GError) error = NULL;
  if (call->now - call->access->session.seen_at < IV_SESSION_TOUCH)
    return;
  if (!iv_store_write(call->api->store, touch, call, &error))
    g_warning("session: %s", error->message);
}

/* NULL when the request has a session that lives; then call->access is set. */
static IvResponse *find_access(IvCall *call) {
  IvToken token;
  g_autoptr(GError) error = NULL;
  if (!iv_token_from_cookies(call->request->headers[IV_HEADER_COOKIE], &token))
    return iv_response_problem(IV_PROBLEM_NOT_LOGGED_IN, "Log in and try again.");
  g_auto(IvStoreRead) read = iv_store_read_begin(call->api->store, call->deadline, &error);
  if (read.sql)
    call->access = iv_access_find(read.sql, &token, call->now, &error);
  iv_store_read_clear(&read);
  if (call->access) {
    touch_session(call);
    return NULL;
  }
  if (g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND))
    return iv_response_problem(IV_PROBLEM_NOT_LOGGED_IN,
                               "The session has ended. Log in and try again.");
  return iv_call_failed(call, g_steal_pointer(&error));
}

static IvResponse *no_store(const char *store_id) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND,
                             "There is no store \"%s\" that you are bound to.", store_id);
}

static IvResponse *check_store(IvCall *call, const char *store_id) {
  IvStoreRow row;
  g_autoptr(GError) error = NULL;
  if (!iv_slug_is_valid(store_id) || !iv_access_has_store(call->access, store_id))
    return no_store(store_id);
  if (iv_catalog_store(call->api->store, store_id, call->deadline, &row, &error))
    return NULL;
  if (g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND))
    return no_store(store_id);
  return iv_call_failed(call, g_steal_pointer(&error));
}

IvResponse *iv_call_refuse_simulated(const IvCall *call) {
  IvStoreRow row;
  GError *error = NULL;
  if (!iv_catalog_store(call->api->store, iv_call_store(call), call->deadline, &row, &error))
    return iv_call_failed(call, error);
  if (!row.simulated)
    return NULL;
  return iv_response_problem(
      IV_PROBLEM_CONFLICT,
      "The store \"%s\" is simulated: people, cameras and what is drawn come from its scenario, so "
      "nothing drawn here would count. Edit the scenario file and act it out into a new data "
      "folder (inveye simulate --scenario FILE --history 35d --data DIR).",
      iv_call_store(call));
}

static IvResponse *check_access(IvCall *call) {
  const IvRoute *route = call->match->route;
  if ((route->traits & IV_ROUTE_LOCAL_FREE) && call->request->loopback && !call->request->forwarded)
    return NULL;
  IvResponse *problem = find_access(call);
  if (problem)
    return problem;
  if (!iv_access_may(call->access, route->permission))
    return iv_response_problem(
        IV_PROBLEM_FORBIDDEN, "Your role (%s) lacks the permission %s. Ask an admin.",
        iv_role_name(call->access->role), iv_permission_name(route->permission));
  const char *store_id = iv_call_store(call);
  problem = store_id ? check_store(call, store_id) : NULL;
  const char *camera_id = iv_call_camera(call);
  if (!problem && camera_id && !iv_slug_is_valid(camera_id))
    problem = iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no camera \"%s\".", camera_id);
  return problem;
}

/* Cross-site requests can't change anything: neither by a form (no JSON, no SDP) nor by a script
 * (Origin).
 */
static IvResponse *check_write(const IvCall *call) {
  const IvRequest *request = call->request;
  if (request->method == IV_METHOD_GET)
    return NULL;
  if (!iv_request_is_same_origin(request))
    return iv_response_problem(IV_PROBLEM_OTHER_SITE,
                               "The request came from a page of another site. Open the dashboard "
                               "at its own address.");
  const char *type = request->headers[IV_HEADER_CONTENT_TYPE];
  const char *wanted =
      call->match->route->traits & IV_ROUTE_SDP ? "application/sdp" : "application/json";
  gsize length = type ? strcspn(type, "; ") : 0;
  gboolean fits = length == strlen(wanted) && g_ascii_strncasecmp(type, wanted, length) == 0;
  if (call->match->route->body_max > 0 && !fits)
    return iv_response_problem(IV_PROBLEM_UNSUPPORTED_TYPE, "Send it with Content-Type: %s.",
                               wanted);
  return NULL;
}

IvResponse *iv_api_answer(IvApi *api, const IvRequest *request, const IvRouteMatch *match,
                          IvTime deadline) {
  IvCall call = {.api = api, .request = request, .match = match, .deadline = deadline};
  call.now = iv_clock_now();
  IvResponse *response = check_write(&call);
  if (!response && match->route->permission != IV_PERMISSION_PUBLIC)
    response = check_access(&call);
  if (!response)
    response = match->route->handler(&call);
  iv_access_free(call.access);
  return response;
}

json_t *iv_call_read_object(const IvCall *call, IvResponse **ret_problem) {
  gsize n = 0;
  json_error_t cause = {.text = "nothing was sent"};
  const char *text = call->request->body ? g_bytes_get_data(call->request->body, &n) : NULL;
  json_t *json = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause) : NULL;
  if (!json)
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s (line %d).",
                            cause.text, MAX(cause.line, 1));
  else if (!json_is_object(json))
    *ret_problem = iv_response_problem(IV_PROBLEM_INVALID, "The body must be an object.");
  if (!*ret_problem)
    return json;
  json_decref(json);
  return NULL;
}

/* ---- the network ---- */

IvResponse *iv_call_begin_search(const IvCall *call) {
  if (g_atomic_int_compare_and_exchange(&call->api->searching, FALSE, TRUE))
    return NULL;
  return iv_response_problem(IV_PROBLEM_BUSY,
                             "The network is being searched, or a camera tried, already; try again "
                             "in some seconds.");
}

void iv_call_end_search(const IvCall *call) {
  g_atomic_int_set(&call->api->searching, FALSE);
}
