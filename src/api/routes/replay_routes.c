/* SPDX-License-Identifier: Apache-2.0 */
/* What-ifs: asking for one, how far it is, its figures, giving it up. */
#include <string.h>

#include "api/routes/handlers.h"
#include "config/what_if.h"
#include "store/catalog.h"
#include "store/replays.h"

#define SPAN_MAX (366 * IV_DAY)
#define ERRORS_MAX 50

/* ---- as JSON ---- */

static double progress_of(const IvCall *call, const IvReplayWish *wish) {
  const IvApi *api = call->api;
  double progress = 0;
  if (wish->state == IV_REPLAY_DONE)
    return 1;
  if (wish->state == IV_REPLAY_WORKING)
    progress = api->host_calls->replay_progress(api->host, iv_call_store(call), wish->no);
  return CLAMP(progress, 0, 1);
}

/* What is in the database is JSON that this program wrote. */
static json_t *stored_json(const char *text) {
  json_t *json = text ? json_loads(text, 0, NULL) : NULL;
  return json ? json : json_null();
}

static json_t *wish_json(const IvCall *call, const IvReplayWish *wish, gboolean whole) {
  json_t *json = json_pack(
      "{sI so so so ss so so ss so}", "id", (json_int_t)wish->no, "from", iv_json_time(wish->from),
      "to", iv_json_time(wish->to), "camera_id",
      wish->camera[0] ? json_string(wish->camera) : json_null(), "state",
      iv_replay_state_name(wish->state), "progress", iv_json_number(progress_of(call, wish)),
      "reason", wish->reason && wish->reason[0] ? json_string(wish->reason) : json_null(),
      "requested_by", wish->asked_by, "requested_at", iv_json_time(wish->asked));
  if (whole) {
    json_object_set_new(json, "what_if", stored_json(wish->what));
    json_object_set_new(json, "result", stored_json(wish->result));
  }
  return json;
}

/* ---- reading ---- */

IvResponse *iv_route_list_replays(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) rows =
      iv_replays_list(call->api->store, iv_call_store(call), FALSE, call->deadline, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, wish_json(call, &g_array_index(rows, IvReplayWish, i), FALSE));
  return iv_response_json(200, json_pack("{so}", "replays", list));
}

static gboolean find_wish(const IvCall *call, IvReplayWish *ret_wish, IvResponse **ret_problem) {
  GError *error = NULL;
  gint64 no;
  if (g_ascii_string_to_signed(iv_call_replay(call), 10, 1, G_MAXINT64, &no, NULL) &&
      iv_replays_get(call->api->store, iv_call_store(call), no, call->deadline, ret_wish, &error))
    return TRUE;
  *ret_problem = error ? iv_call_failed(call, error)
                       : iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no such replay.");
  return FALSE;
}

IvResponse *iv_route_get_replay(IvCall *call) {
  IvResponse *problem = NULL;
  g_auto(IvReplayWish) found = {0};
  return find_wish(call, &found, &problem) ? iv_response_json(200, wish_json(call, &found, TRUE))
                                           : problem;
}

/* ---- asking ---- */

static IvResponse *refuse(const char *what) {
  return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "%s", what);
}

static gboolean read_time(const json_t *body, const char *name, IvTime *ret_time) {
  const char *text = json_string_value(json_object_get(body, name));
  return text && iv_time_from_text(text, ret_time);
}

static IvResponse *read_span(const IvCall *call, const json_t *body, IvReplayWish *wish) {
  const json_t *camera = json_object_get(body, "camera_id");
  IvSlug id;
  if (!read_time(body, "from", &wish->from) || !read_time(body, "to", &wish->to))
    return refuse("from and to must be times such as 2026-01-31T08:00:00Z.");
  if (wish->from < 0 || wish->to <= wish->from || wish->to - wish->from > SPAN_MAX)
    return refuse("to must be after from, and at most 366 days later.");
  if (wish->from > call->now)
    return refuse("from is in the future: nobody walked there yet.");
  if (!camera || json_is_null(camera))
    return NULL;
  if (!json_is_string(camera) || !iv_slug_set(&id, json_string_value(camera)))
    return refuse("camera_id must be a camera's id, or null for all.");
  g_strlcpy(wish->camera, id.text, sizeof wish->camera);
  return NULL;
}

static void gather_fault(const char *pointer, const char *text, gpointer errors) {
  if (json_array_size(errors) < ERRORS_MAX)
    json_array_append_new(errors, json_pack("{ss ss}", "pointer", pointer, "detail", text));
}

static IvResponse *tell_faults(json_t *errors) {
  const json_t *first = json_array_get(errors, 0);
  return iv_response_problem_at(IV_PROBLEM_INVALID, errors, "%s: %s",
                                json_string_value(json_object_get(first, "pointer")),
                                json_string_value(json_object_get(first, "detail")));
}

/* What is supposed, without the span; read once to tell what is wrong with it. */
static IvResponse *read_what(const json_t *body, IvReplayWish *wish) {
  static const char *const ours[] = {"from", "to", "camera_id"};
  json_t *what = json_copy((json_t *)body), *errors = json_array();
  for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
    json_object_del(what, ours[i]);
  g_autoptr(IvConfig) defaults = iv_config_new();
  g_autoptr(IvWhatIf) read = iv_what_if_from_json(what, &defaults->rules, gather_fault, errors);
  char *text = read ? json_dumps(what, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
  json_decref(what);
  if (!read)
    return tell_faults(errors);
  json_decref(errors);
  wish->what = g_strdup(text);
  free(text);
  return NULL;
}

static IvResponse *refuse_simulated(const IvCall *call) {
  IvStoreRow row;
  GError *error = NULL;
  if (!iv_catalog_store(call->api->store, iv_call_store(call), call->deadline, &row, &error))
    return iv_call_failed(call, error);
  return row.simulated
             ? iv_response_problem(IV_PROBLEM_CONFLICT, "A simulated store keeps no trajectories.")
             : NULL;
}

typedef struct {
  const IvCall *call;
  IvReplayWish *wish;
  IvAuditAction action;
  gboolean fits;
} Job;

static gboolean note(IvSql *sql, const Job *job, GError **error) {
  char from[IV_TIME_TEXT_MAX], to[IV_TIME_TEXT_MAX];
  const IvReplayWish *wish = job->wish;
  g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, wish->no);
  json_t *detail =
      json_pack("{ss ss ss}", "camera", wish->camera, "from", iv_time_to_text(wish->from, from),
                "to", iv_time_to_text(wish->to, to));
  char *text = json_dumps(detail, JSON_COMPACT);
  IvAuditEntry entry = iv_call_audit(job->call, job->action, subject);
  entry.detail = text;
  gboolean fine = iv_audit_add(sql, &entry, error);
  free(text);
  json_decref(detail);
  return fine;
}

static gboolean add(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_replays_add(sql, iv_call_store(job->call), job->wish, error) && note(sql, job, error);
}

static void tell_host(const IvCall *call, gint64 no, gboolean removed) {
  const IvApi *api = call->api;
  api->host_calls->replay_changed(api->host, iv_call_store(call), no, removed);
}

static IvResponse *ask(IvCall *call, IvReplayWish *wish) {
  GError *error = NULL;
  Job job = {.call = call, .wish = wish, .action = IV_AUDIT_REPLAY_ASKED};
  wish->asked = call->now;
  wish->asked_by = g_strdup(call->access->user->name);
  if (!iv_store_write(call->api->store, add, &job, &error))
    return iv_call_failed(call, error);
  tell_host(call, wish->no, FALSE);
  g_autofree char *where =
      g_strdup_printf("/api/v1/stores/%s/replays/%" G_GINT64_FORMAT, iv_call_store(call), wish->no);
  IvResponse *response = iv_response_json(202, wish_json(call, wish, FALSE));
  iv_response_add(response, "location:", where);
  return response;
}

IvResponse *iv_route_ask_replay(IvCall *call) {
  g_auto(IvReplayWish) wish = {0};
  IvResponse *problem = refuse_simulated(call);
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  problem = read_span(call, body, &wish);
  if (!problem)
    problem = read_what(body, &wish);
  json_decref(body);
  return problem ? problem : ask(call, &wish);
}

/* ---- giving up ---- */

static gboolean remove_row(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_replays_remove(sql, iv_call_store(job->call), job->wish->no, &job->fits, error) &&
         (!job->fits || note(sql, job, error));
}

IvResponse *iv_route_delete_replay(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  g_auto(IvReplayWish) found = {0};
  if (!find_wish(call, &found, &problem))
    return problem;
  Job job = {.call = call, .wish = &found, .action = IV_AUDIT_REPLAY_DELETED};
  if (!iv_store_write(call->api->store, remove_row, &job, &error))
    return iv_call_failed(call, error);
  tell_host(call, found.no, TRUE);
  return iv_response_new(204);
}
