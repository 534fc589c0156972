/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/handlers.h"
#include "store/catalog.h"

static json_t *store_to_json(const IvStoreRow *row) {
  return json_pack("{ss ss ss si sb}", "id", row->id.text, "name", row->name, "time_zone",
                   row->time_zone, "cameras", (int)row->n_cameras, "simulated", row->simulated);
}

IvResponse *iv_route_list_stores(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) rows = iv_catalog_stores(call->api->store, call->deadline, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++) {
    const IvStoreRow *row = &g_array_index(rows, IvStoreRow, i);
    if (iv_access_has_store(call->access, row->id.text))
      json_array_append_new(list, store_to_json(row));
  }
  return iv_response_json(200, json_pack("{so}", "stores", list));
}

IvResponse *iv_route_get_store(IvCall *call) {
  IvStoreRow row;
  GError *error = NULL;
  if (!iv_catalog_store(call->api->store, iv_call_store(call), call->deadline, &row, &error))
    return iv_call_failed(call, error);
  return iv_response_json(200, store_to_json(&row));
}
