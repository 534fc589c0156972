/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "store/services.h"

#define LIMIT_DEFAULT 100

static json_t *text_or_null(const char *text) {
  return text && text[0] ? json_string(text) : json_null();
}

static json_t *receipt_to_json(const IvServiceRow *row) {
  if (!row->receipt_id)
    return json_null();
  return json_pack("{sI ss ss}", "id", (json_int_t)row->receipt_id, "terminal_id", row->terminal,
                   "receipt", row->receipt);
}

static json_t *row_to_json(const IvServiceRow *row) {
  char id[IV_UUID_TEXT_MAX];
  return json_pack("{ss ss ss so so so so so}", "event_id", iv_uuid_to_text(&row->id, id),
                   "lane_id", row->lane.text, "lane_name", row->lane_name, "camera_id",
                   text_or_null(row->camera.text), "start", iv_json_time(row->ts), "end",
                   iv_json_time(row->end_ts), "linked",
                   row->linked < 0 ? json_null() : json_boolean(row->linked), "transaction",
                   receipt_to_json(row));
}

static gboolean read_query(const IvCall *call, IvServiceQuery *ret_query,
                           IvResponse **ret_problem) {
  gint64 limit = LIMIT_DEFAULT;
  *ret_query = (IvServiceQuery){.store_id = iv_call_store(call),
                                .from = IV_TIME_NONE,
                                .to = IV_TIME_NONE,
                                .lane = iv_request_query(call->request, "lane"),
                                .now = call->now,
                                .cursor = iv_request_query(call->request, "cursor")};
  if (!iv_call_query_int(call, "limit", 1, IV_SERVICES_LIMIT_MAX, &limit, ret_problem))
    return FALSE;
  ret_query->limit = (guint)limit;
  return iv_call_query_time(call, "from", &ret_query->from, ret_problem) &&
         iv_call_query_time(call, "to", &ret_query->to, ret_problem) &&
         iv_call_query_flag(call, "linked", &ret_query->linked, ret_problem);
}

IvResponse *iv_route_list_services(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvServiceQuery query;
  g_autofree char *next = NULL;
  if (!read_query(call, &query, &problem))
    return problem;
  g_autoptr(GArray) rows =
      iv_services_query(call->api->store, &query, call->deadline, &next, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, row_to_json(&g_array_index(rows, IvServiceRow, i)));
  return iv_response_json(
      200, json_pack("{so so}", "services", list, "next_cursor", text_or_null(next)));
}
