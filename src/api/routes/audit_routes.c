/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"

#define LIMIT_DEFAULT 100

static json_t *row_to_json(const IvAuditRow *row) {
  json_t *detail = json_loads(row->detail, 0, NULL);
  return json_pack(
      "{sI so ss ss ss so ss so ss ss}", "id", (json_int_t)row->id, "ts", iv_json_time(row->ts),
      "actor", row->actor, "action", row->action, "subject", row->subject, "store_id",
      row->store_id ? json_string(row->store_id) : json_null(), "address", row->address, "detail",
      detail ? detail : json_object(), "previous_hash", row->previous_hash, "hash", row->hash);
}

static json_t *next_cursor(const GPtrArray *rows, gint64 limit) {
  if (rows->len == 0 || (gint64)rows->len < limit)
    return json_null();
  const IvAuditRow *last = rows->pdata[rows->len - 1];
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, last->id);
  return json_string(text);
}

IvResponse *iv_route_list_audit(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 limit = LIMIT_DEFAULT, before = G_MAXINT64;
  if (!iv_call_query_int(call, "limit", 1, IV_AUDIT_LIMIT_MAX, &limit, &problem) ||
      !iv_call_query_int(call, "cursor", 1, G_MAXINT64, &before, &problem))
    return problem;
  g_auto(IvStoreRead) read = iv_store_read_begin(call->api->store, call->deadline, &error);
  g_autoptr(GPtrArray) rows =
      read.sql ? iv_audit_list(read.sql, before, (guint)limit, &error) : NULL;
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, row_to_json(rows->pdata[i]));
  return iv_response_json(
      200, json_pack("{so so}", "entries", list, "next_cursor", next_cursor(rows, limit)));
}
