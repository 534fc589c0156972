/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/routes/handlers.h"
#include "model/receipt_json.h"
#include "store/receipts.h"

#define LIMIT_DEFAULT 100

static json_t *text_or_null(const char *text) {
  return text && text[0] ? json_string(text) : json_null();
}

/* --- reading --- */

static json_t *linked_to_json(int linked) {
  return linked < 0 ? json_null() : json_boolean(linked);
}

static json_t *service_to_json(const IvPosReceiptRow *row) {
  if (row->service_ts == IV_TIME_NONE)
    return json_null();
  return json_pack("{so so so}", "start", iv_json_time(row->service_ts), "end",
                   iv_json_time(row->service_end), "camera_id", text_or_null(row->camera.text));
}

static json_t *row_to_json(const IvPosReceiptRow *row) {
  const IvPosReceipt *receipt = &row->receipt;
  json_t *items = json_array();
  for (guint i = 0; i < receipt->items->len; i++)
    json_array_append_new(
        items, iv_pos_receipt_item_to_json(&g_array_index(receipt->items, IvPosReceiptItem, i)));
  return json_pack("{sI ss so ss so ss sI ss so so ss so so so}", "id", (json_int_t)row->id,
                   "terminal_id", receipt->terminal, "lane_id", text_or_null(row->lane.text),
                   "receipt", receipt->number, "ts", iv_json_time(receipt->ts), "kind",
                   iv_pos_receipt_kind_name(receipt->kind), "amount_minor",
                   (json_int_t)receipt->amount, "currency", receipt->currency, "items_count",
                   receipt->units < 0 ? json_null() : json_integer(receipt->units), "items", items,
                   "source", row->source, "received_at", iv_json_time(row->received_at), "linked",
                   linked_to_json(row->linked), "service", service_to_json(row));
}

static gboolean read_kind(const IvCall *call, int *ret_kind, IvResponse **ret_problem) {
  const char *name = iv_request_query(call->request, "kind");
  *ret_kind = name ? iv_pos_receipt_kind_from_name(name) : -1;
  if (!name || *ret_kind >= 0)
    return TRUE;
  *ret_problem =
      iv_response_problem(IV_PROBLEM_BAD_REQUEST, "kind must be sale, refund, void or no-sale.");
  return FALSE;
}

static gboolean read_query(const IvCall *call, IvPosReceiptQuery *ret_query,
                           IvResponse **ret_problem) {
  gint64 limit = LIMIT_DEFAULT;
  *ret_query = (IvPosReceiptQuery){.store_id = iv_call_store(call),
                                   .from = IV_TIME_NONE,
                                   .to = IV_TIME_NONE,
                                   .now = call->now,
                                   .terminal = iv_request_query(call->request, "terminal"),
                                   .receipt = iv_request_query(call->request, "receipt"),
                                   .sku = iv_request_query(call->request, "sku"),
                                   .cursor = iv_request_query(call->request, "cursor")};
  if (!iv_call_query_int(call, "limit", 1, IV_RECEIPTS_LIMIT_MAX, &limit, ret_problem))
    return FALSE;
  ret_query->limit = (guint)limit;
  return iv_call_query_time(call, "from", &ret_query->from, ret_problem) &&
         iv_call_query_time(call, "to", &ret_query->to, ret_problem) &&
         read_kind(call, &ret_query->kind, ret_problem) &&
         iv_call_query_flag(call, "linked", &ret_query->linked, ret_problem);
}

IvResponse *iv_route_list_transactions(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvPosReceiptQuery query;
  g_autofree char *next = NULL;
  if (!read_query(call, &query, &problem))
    return problem;
  g_autoptr(GPtrArray) rows =
      iv_receipts_query(call->api->store, &query, call->deadline, &next, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, row_to_json(rows->pdata[i]));
  return iv_response_json(
      200, json_pack("{so so}", "transactions", list, "next_cursor", text_or_null(next)));
}

/* --- pushing --- */

/* What was pushed: n receipts, of which those that could be read are in `batch`. */
typedef struct {
  IvCall *call;
  gboolean single;
  guint n;
  char **faults;       /* by place; NULL = it could be read */
  guint *places;       /* by place in the batch */
  GPtrArray *receipts; /* of IvPosReceipt */
  IvPosReceiptBatch batch;
  gboolean audited;
} Push;

static void push_clear(Push *push) {
  for (guint i = 0; push->faults && i < push->n; i++)
    g_free(push->faults[i]);
  g_free(push->faults);
  g_free(push->places);
  g_free(push->batch.results);
  g_clear_pointer(&push->receipts, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Push, push_clear)

/* NULL with the problem. */
static json_t *read_body(const IvCall *call, IvResponse **ret_problem) {
  gsize n = 0;
  json_error_t cause = {.text = "nothing was sent"};
  const char *text = call->request->body ? g_bytes_get_data(call->request->body, &n) : NULL;
  json_t *json = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause) : NULL;
  if (!json)
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s (line %d).",
                            cause.text, MAX(cause.line, 1));
  return json;
}

static IvResponse *invalid_at(const char *pointer, const char *detail) {
  json_t *errors = json_pack("[{ss ss}]", "pointer", pointer, "detail", detail);
  return iv_response_problem_at(IV_PROBLEM_INVALID, errors, "%s: %s", pointer, detail);
}

/* "/ts: lies in the future": a pointer and what is wrong there; or only the latter. */
static IvResponse *invalid(const char *fault) {
  const char *colon = strstr(fault, ": ");
  if (!colon || (fault[0] != '/' && colon != fault))
    return invalid_at("", fault);
  g_autofree char *pointer = g_strndup(fault, (gsize)(colon - fault));
  return invalid_at(pointer, colon + 2);
}

/* A receipt without a key of its own gets the request's. */
static void give_key(const Push *push, IvPosReceipt *receipt, guint place) {
  const char *key = push->call->request->headers[IV_HEADER_IDEMPOTENCY_KEY];
  if (!key || receipt->key[0])
    return;
  if (push->single)
    g_strlcpy(receipt->key, key, sizeof receipt->key);
  else
    g_snprintf(receipt->key, sizeof receipt->key, "%s#%u", key, place);
}

static void read_receipt(Push *push, const json_t *json, guint place) {
  g_autoptr(GError) error = NULL;
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  if (!iv_pos_receipt_from_json(json, push->call->now, receipt, &error)) {
    push->faults[place] = g_strdup(error->message);
    iv_pos_receipt_free(receipt);
    return;
  }
  give_key(push, receipt, place);
  push->places[push->receipts->len] = place;
  g_ptr_array_add(push->receipts, receipt);
}

/* NULL, or the problem with the request as a whole. */
static IvResponse *read_push(Push *push, const json_t *json) {
  const json_t *list = json_object_get(json, "transactions");
  const char *key = push->call->request->headers[IV_HEADER_IDEMPOTENCY_KEY];
  if (key && !iv_pos_receipt_text_is_valid(key, IV_POS_RECEIPT_KEY_MAX - 8))
    return iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                               "Idempotency-Key must be a text of 1 to %d bytes.",
                               IV_POS_RECEIPT_KEY_MAX - 8);
  if (list && json_object_size(json) > 1)
    return invalid_at("", "beside transactions nothing may be given");
  if (list && (!json_is_array(list) || json_array_size(list) == 0 ||
               json_array_size(list) > IV_RECEIPTS_BATCH_MAX))
    return invalid_at("/transactions", "must be a list of 1 to 500 receipts");
  push->single = !list;
  push->n = list ? (guint)json_array_size(list) : 1;
  push->faults = g_new0(char *, push->n);
  push->places = g_new0(guint, push->n);
  push->receipts = iv_receipts_new();
  for (guint i = 0; i < push->n; i++)
    read_receipt(push, list ? json_array_get(list, i) : json, i);
  return NULL;
}

/* One row of the audit log for a session and while, as a till pushes every receipt. */
static gboolean audit(IvSql *sql, Push *push, GError **error) {
  guint stored = 0;
  g_autofree char *session = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, push->call->access->session.hash, IV_SESSION_HASH_BYTES);
  g_autofree char *what = g_strdup_printf("transactions %s", push->batch.store_id);
  for (guint i = 0; i < push->batch.n; i++)
    stored += push->batch.results[i].fate == IV_POS_RECEIPT_STORED;
  if (stored == 0 || !iv_looks_is_new(push->call->api->looks, session, what, push->call->now))
    return TRUE;
  push->audited = TRUE;
  IvAuditEntry entry = iv_call_audit(push->call, IV_AUDIT_SALES_RECEIVED, "transactions");
  g_autofree char *detail = g_strdup_printf("{\"stored\":%u}", stored);
  entry.detail = detail;
  return iv_audit_add(sql, &entry, error);
}

static gboolean write_push(IvSql *sql, gpointer arg, GError **error) {
  Push *push = arg;
  return iv_receipts_put_in(sql, &push->batch, error) && audit(sql, push, error);
}

static void forget_audit(const Push *push) {
  g_autofree char *session = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, push->call->access->session.hash, IV_SESSION_HASH_BYTES);
  g_autofree char *what = g_strdup_printf("transactions %s", push->batch.store_id);
  if (push->audited)
    iv_looks_forget(push->call->api->looks, session, what);
}

static gboolean write_receipts(Push *push, GError **error) {
  push->batch =
      (IvPosReceiptBatch){.store_id = iv_call_store(push->call),
                          .source = "api",
                          .receipts = (IvPosReceipt **)push->receipts->pdata,
                          .n = push->receipts->len,
                          .now = push->call->now,
                          .results = g_new0(IvPosReceiptResult, MAX(push->receipts->len, 1))};
  if (push->batch.n == 0 || iv_store_write(push->call->api->store, write_push, push, error))
    return TRUE;
  forget_audit(push);
  return FALSE;
}

/* --- the report --- */

static json_t *result_to_json(guint place, const IvPosReceiptResult *result) {
  return json_pack(
      "{si ss so so}", "index", (int)place, "result", iv_pos_receipt_fate_name(result->fate), "id",
      result->id ? json_integer(result->id) : json_null(), "detail", text_or_null(result->reason));
}

static json_t *report(const Push *push) {
  guint counts[IV_POS_RECEIPT_FATES] = {0}, next = 0;
  json_t *results = json_array();
  for (guint i = 0; i < push->n; i++) {
    IvPosReceiptResult refused = {IV_POS_RECEIPT_REFUSED, 0, push->faults[i]};
    const IvPosReceiptResult *result = push->faults[i] ? &refused : &push->batch.results[next++];
    counts[result->fate]++;
    json_array_append_new(results, result_to_json(i, result));
  }
  return json_pack("{si si si si so}", "stored", (int)counts[IV_POS_RECEIPT_STORED], "duplicates",
                   (int)counts[IV_POS_RECEIPT_DUPLICATE], "conflicts",
                   (int)counts[IV_POS_RECEIPT_CONFLICT], "refused",
                   (int)counts[IV_POS_RECEIPT_REFUSED], "results", results);
}

static IvResponse *answer_single(const Push *push) {
  const IvPosReceiptResult *result = &push->batch.results[0];
  switch (push->faults[0] ? IV_POS_RECEIPT_REFUSED : result->fate) {
  case IV_POS_RECEIPT_STORED:
    return iv_response_json(201, report(push));
  case IV_POS_RECEIPT_CONFLICT:
    return iv_response_problem(IV_PROBLEM_CONFLICT,
                               "%s (receipt %" G_GINT64_FORMAT
                               "). Send a new receipt under a new key and number.",
                               result->reason, result->id);
  case IV_POS_RECEIPT_REFUSED:
    return invalid(push->faults[0] ? push->faults[0] : result->reason);
  default:
    return iv_response_json(200, report(push));
  }
}

IvResponse *iv_route_push_transactions(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  g_auto(Push) push = {.call = call};
  json_t *json = read_body(call, &problem);
  if (!json)
    return problem;
  problem = read_push(&push, json);
  json_decref(json);
  if (problem)
    return problem;
  if (!write_receipts(&push, &error))
    return iv_call_failed(call, error);
  return push.single ? answer_single(&push) : iv_response_json(200, report(&push));
}
