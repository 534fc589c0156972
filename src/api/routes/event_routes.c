/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "base/ids.h"
#include "model/event_json.h"
#include "store/events.h"

#define LIMIT_DEFAULT 100

/* kind=a&kind=b; NULL when there are too many. */
static GPtrArray *read_kinds(const IvCall *call) {
  g_autoptr(GPtrArray) kinds = g_ptr_array_new();
  for (guint i = 0; i < call->request->query->len; i++) {
    const char *argument = call->request->query->pdata[i];
    if (g_str_has_prefix(argument, "kind="))
      g_ptr_array_add(kinds, (gpointer)(argument + 5));
  }
  if (kinds->len > IV_EVENTS_KINDS_MAX)
    return NULL;
  g_ptr_array_add(kinds, NULL);
  return g_steal_pointer(&kinds);
}

static gboolean read_query(const IvCall *call, IvEventQuery *ret_query, IvResponse **ret_problem) {
  gint64 limit = LIMIT_DEFAULT;
  ret_query->store_id = iv_call_store(call);
  ret_query->from = ret_query->to = IV_TIME_NONE;
  ret_query->camera_id = iv_request_query(call->request, "camera");
  ret_query->cursor = iv_request_query(call->request, "cursor");
  if (!iv_call_query_int(call, "limit", 1, IV_EVENTS_LIMIT_MAX, &limit, ret_problem) ||
      !iv_call_query_time(call, "from", &ret_query->from, ret_problem) ||
      !iv_call_query_time(call, "to", &ret_query->to, ret_problem))
    return FALSE;
  ret_query->limit = (guint)limit;
  if (!ret_query->camera_id || iv_slug_is_valid(ret_query->camera_id))
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                     "camera must be a camera's id (1 to 40 of a-z, 0-9 and -).");
  return FALSE;
}

IvResponse *iv_route_list_events(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvEventQuery query = {0};
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) kinds = read_kinds(call);
  if (!kinds)
    return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "At most %d kinds can be asked for.",
                               IV_EVENTS_KINDS_MAX);
  if (!read_query(call, &query, &problem))
    return problem;
  query.kinds = (const char *const *)kinds->pdata;
  g_autoptr(GArray) events =
      iv_events_query(call->api->store, &query, call->deadline, &next, &error);
  if (!events)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < events->len; i++)
    json_array_append_new(list, iv_event_to_json(&g_array_index(events, IvEvent, i)));
  return iv_response_json(200, json_pack("{so so}", "events", list, "next_cursor",
                                         next ? json_string(next) : json_null()));
}
