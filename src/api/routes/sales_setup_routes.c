/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/routes/handlers.h"
#include "store/products.h"
#include "store/terminals.h"

#define LIMIT_DEFAULT 100
#define TERMINALS_PUT_MAX 200

static json_t *text_or_null(const char *text) {
  return text[0] ? json_string(text) : json_null();
}

/* --- a body that is {name: [objects]} --- */

static IvResponse *invalid(const char *name, int i, const char *key, const char *detail) {
  g_autofree char *pointer = i < 0 ? g_strdup_printf("/%s", name)
                                   : g_strdup_printf("/%s/%d%s%s", name, i, key[0] ? "/" : "", key);
  json_t *errors = json_pack("[{ss ss}]", "pointer", pointer, "detail", detail);
  return iv_response_problem_at(IV_PROBLEM_INVALID, errors, "%s: %s", pointer, detail);
}

/* NULL with the problem; the caller unrefs. */
static json_t *read_list(const IvCall *call, const char *name, gsize max,
                         IvResponse **ret_problem) {
  gsize n = 0;
  json_error_t cause = {.text = "nothing was sent"};
  const char *text = call->request->body ? g_bytes_get_data(call->request->body, &n) : NULL;
  json_t *json = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause) : NULL;
  json_t *list = json_incref(json_object_get(json, name));
  gboolean alone = json_object_size(json) == 1;
  if (!json)
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s (line %d).",
                            cause.text, MAX(cause.line, 1));
  else if (!json_is_array(list) || json_array_size(list) > max || !alone)
    *ret_problem = invalid(name, -1, "", "must be a list within its limit, and the only key");
  json_decref(json);
  if (!*ret_problem)
    return list;
  json_decref(list);
  return NULL;
}

/* The first key that is none of `known`; NULL = all are. */
static const char *unknown_key(const json_t *object, const char *const *known) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)object, key, value) {
    if (!g_strv_contains(known, key))
      return key;
  }
  return json_is_object(object) ? NULL : "";
}

/* A text of min..max bytes; absent or null where min is 0: "". */
static gboolean read_text(const json_t *object, const char *key, gsize min, gsize max,
                          char *ret_text) {
  const json_t *value = json_object_get(object, key);
  ret_text[0] = '\0';
  if (min == 0 && (!value || json_is_null(value) || json_string_length(value) == 0))
    return !value || json_is_null(value) || json_is_string(value);
  const char *text = json_string_value(value);
  if (!text || strlen(text) != json_string_length(value) ||
      !iv_pos_receipt_text_is_valid(text, max))
    return FALSE;
  g_strlcpy(ret_text, text, max + 1);
  return TRUE;
}

/* --- products --- */

IvResponse *iv_route_list_products(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 limit = LIMIT_DEFAULT;
  if (!iv_call_query_int(call, "limit", 1, IV_PRODUCTS_LIMIT_MAX, &limit, &problem))
    return problem;
  g_autoptr(GArray) products = iv_products_list(call->api->store, iv_call_store(call),
                                                iv_request_query(call->request, "cursor"),
                                                (guint)limit, call->deadline, &error);
  if (!products)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  const char *last = "";
  for (guint i = 0; i < products->len; i++) {
    const IvProduct *product = &g_array_index(products, IvProduct, i);
    json_array_append_new(
        list, json_pack("{ss ss so so}", "sku", product->sku, "name", product->name, "category",
                        text_or_null(product->category), "price_minor",
                        product->price < 0 ? json_null() : json_integer(product->price)));
    last = product->sku;
  }
  return iv_response_json(200, json_pack("{so so}", "products", list, "next_cursor",
                                         text_or_null(products->len == limit ? last : "")));
}

/* NULL, or the key that is wrong with `ret_detail`. */
static const char *read_product(const json_t *json, IvProduct *ret_product,
                                const char **ret_detail) {
  static const char *const known[] = {"sku", "name", "category", "price_minor", NULL};
  const json_t *price = json_object_get(json, "price_minor");
  const char *unknown = unknown_key(json, known);
  *ret_detail = "there is no such key here, or this is no object";
  if (unknown)
    return unknown;
  *ret_detail = "must be a text within its limit";
  if (!read_text(json, "sku", 1, IV_SKU_MAX, ret_product->sku))
    return "sku";
  if (!read_text(json, "name", 1, IV_ITEM_NAME_MAX, ret_product->name))
    return "name";
  if (!read_text(json, "category", 0, IV_CATEGORY_MAX, ret_product->category))
    return "category";
  *ret_detail = "must be a whole number from 0, or null";
  ret_product->price = price && !json_is_null(price) ? json_integer_value(price) : IV_PRICE_NONE;
  return !price || json_is_null(price) ||
                 (json_is_integer(price) && ret_product->price >= 0 &&
                  ret_product->price <= IV_MONEY_MAX)
             ? NULL
             : "price_minor";
}

/* What one job of the writer stores, of either kind. */
typedef struct {
  const IvCall *call;
  GArray *rows;
  IvAuditAction action;
  const char *subject;
  gboolean (*put)(IvSql *sql, const char *store_id, const GArray *rows, GError **error);
} Setup;

static gboolean put_products(IvSql *sql, const char *store_id, const GArray *rows, GError **error) {
  return iv_products_put_in(sql, store_id, (const IvProduct *)(gconstpointer)rows->data, rows->len,
                            error);
}

static gboolean put_terminals(IvSql *sql, const char *store_id, const GArray *rows,
                              GError **error) {
  return iv_terminals_put_in(sql, store_id, (const IvTerminal *)(gconstpointer)rows->data,
                             rows->len, error);
}

static gboolean write_setup(IvSql *sql, gpointer arg, GError **error) {
  const Setup *setup = arg;
  IvAuditEntry entry = iv_call_audit(setup->call, setup->action, setup->subject);
  g_autofree char *detail = g_strdup_printf("{\"count\":%u}", setup->rows->len);
  entry.detail = detail;
  return setup->put(sql, iv_call_store(setup->call), setup->rows, error) &&
         iv_audit_add(sql, &entry, error);
}

static IvResponse *save(Setup *setup) {
  GError *error = NULL;
  if (setup->rows->len > 0 && !iv_store_write(setup->call->api->store, write_setup, setup, &error))
    return iv_call_failed(setup->call, error);
  return iv_response_new(204);
}

IvResponse *iv_route_put_products(IvCall *call) {
  IvResponse *problem = NULL;
  json_t *list = read_list(call, "products", IV_PRODUCTS_PUT_MAX, &problem);
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvProduct));
  for (gsize i = 0; list && !problem && i < json_array_size(list); i++) {
    IvProduct product = {.price = IV_PRICE_NONE};
    const char *detail, *wrong = read_product(json_array_get(list, i), &product, &detail);
    if (wrong)
      problem = invalid("products", (int)i, wrong, detail);
    g_array_append_val(rows, product);
  }
  json_decref(list);
  Setup setup = {call, rows, IV_AUDIT_PRODUCTS_CHANGED, "products", put_products};
  return problem ? problem : save(&setup);
}

/* --- terminals --- */

IvResponse *iv_route_list_terminals(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) terminals =
      iv_terminals_list(call->api->store, iv_call_store(call), call->deadline, &error);
  if (!terminals)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < terminals->len; i++) {
    const IvTerminal *terminal = &g_array_index(terminals, IvTerminal, i);
    json_array_append_new(list,
                          json_pack("{ss ss so so}", "id", terminal->id, "name", terminal->name,
                                    "lane_id", text_or_null(terminal->lane.text), "last_receipt_ts",
                                    iv_json_time(terminal->last_receipt)));
  }
  return iv_response_json(200, json_pack("{so}", "terminals", list));
}

static const char *read_terminal(const json_t *json, IvTerminal *ret_terminal,
                                 const char **ret_detail) {
  static const char *const known[] = {"id", "name", "lane_id", NULL};
  const json_t *lane = json_object_get(json, "lane_id");
  const char *unknown = unknown_key(json, known);
  *ret_detail = "there is no such key here, or this is no object";
  if (unknown)
    return unknown;
  *ret_detail = "must be a text within its limit";
  if (!read_text(json, "id", 1, IV_TERMINAL_ID_MAX, ret_terminal->id))
    return "id";
  if (!read_text(json, "name", 0, IV_NAME_MAX, ret_terminal->name))
    return "name";
  *ret_detail = "must be a lane's id (1 to 40 of a-z, 0-9 and -), or null for none";
  return json_is_null(lane) ||
                 (json_is_string(lane) && iv_slug_set(&ret_terminal->lane, json_string_value(lane)))
             ? NULL
             : "lane_id";
}

IvResponse *iv_route_put_terminals(IvCall *call) {
  IvResponse *problem = NULL;
  json_t *list = read_list(call, "terminals", TERMINALS_PUT_MAX, &problem);
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvTerminal));
  for (gsize i = 0; list && !problem && i < json_array_size(list); i++) {
    IvTerminal terminal = {.last_receipt = IV_TIME_NONE};
    const char *detail, *wrong = read_terminal(json_array_get(list, i), &terminal, &detail);
    if (wrong)
      problem = invalid("terminals", (int)i, wrong, detail);
    g_array_append_val(rows, terminal);
  }
  json_decref(list);
  Setup setup = {call, rows, IV_AUDIT_TERMINALS_CHANGED, "terminals", put_terminals};
  return problem ? problem : save(&setup);
}
