/* SPDX-License-Identifier: Apache-2.0 */
/* How the archive is doing, and whether it works. */
#include "api/routes/handlers.h"
#include "store/audit.h"

IvResponse *iv_route_get_archive(IvCall *call) {
  json_t *state = call->api->host_calls->archive(call->api->host, iv_call_store(call));
  return state ? iv_response_json(200, state)
               : iv_response_problem(IV_PROBLEM_NOT_FOUND, "This store is not looked after here.");
}

static gboolean note(IvSql *sql, gpointer call, GError **error) {
  IvAuditEntry entry = iv_call_audit(call, IV_AUDIT_ARCHIVE_TESTED, "");
  return iv_audit_add(sql, &entry, error);
}

IvResponse *iv_route_try_archive(IvCall *call) {
  GError *error = NULL;
  if (!iv_store_write(call->api->store, note, call, &error))
    return iv_call_failed(call, error);
  json_t *trial = call->api->host_calls->try_archive(call->api->host, iv_call_store(call), &error);
  return trial ? iv_response_json(200, trial) : iv_call_failed(call, error);
}
