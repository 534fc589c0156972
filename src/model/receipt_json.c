/* SPDX-License-Identifier: Apache-2.0 */
#include "model/receipt_json.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(iv_pos_receipt_error, iv_pos_receipt_error)

#define REFUSE(...)                                                                                \
  (g_set_error(error, IV_POS_RECEIPT_ERROR, IV_POS_RECEIPT_ERROR_INVALID, __VA_ARGS__), FALSE)

typedef enum { TEXT, NUMBER, TIME, KIND, QUANTITY, NAME, ITEMS } FieldType;

typedef struct {
  const char *key;
  FieldType type;
  gboolean needed;
  gsize offset;
  gsize size; /* of the text's array */
} Field;

#define OF(type, field) offsetof(type, field), sizeof(((type *)0)->field)

static const Field receipt_fields[] = {
    {"key", TEXT, FALSE, OF(IvPosReceipt, key)},
    {"terminal_id", TEXT, TRUE, OF(IvPosReceipt, terminal)},
    {"receipt", TEXT, TRUE, OF(IvPosReceipt, number)},
    {"ts", TIME, TRUE, OF(IvPosReceipt, ts)},
    {"kind", KIND, FALSE, OF(IvPosReceipt, kind)},
    {"amount_minor", NUMBER, TRUE, OF(IvPosReceipt, amount)},
    {"currency", TEXT, FALSE, OF(IvPosReceipt, currency)},
    {"items_count", NUMBER, FALSE, OF(IvPosReceipt, units)},
    {"items", ITEMS, FALSE, 0, 0},
};

static const Field item_fields[] = {
    {"sku", TEXT, TRUE, OF(IvPosReceiptItem, sku)},
    {"name", NAME, FALSE, OF(IvPosReceiptItem, name)},
    {"quantity", QUANTITY, TRUE, OF(IvPosReceiptItem, quantity_milli)},
    {"unit_price_minor", NUMBER, TRUE, OF(IvPosReceiptItem, unit_price)},
    {"discount_minor", NUMBER, FALSE, OF(IvPosReceiptItem, discount)},
};

/* A text without a NUL inside. */
static const char *plain_text(const json_t *value) {
  const char *text = json_string_value(value);
  return text && strlen(text) == json_string_length(value) ? text : NULL;
}

static const char *read_text(const json_t *value, const Field *field, char *at) {
  const char *text = plain_text(value);
  if (!text)
    return "must be a text";
  return g_strlcpy(at, text, field->size) < field->size ? NULL : "is too long";
}

static const char *read_kind(const json_t *value, IvPosReceiptKind *at) {
  const char *text = plain_text(value);
  int kind = text ? iv_pos_receipt_kind_from_name(text) : -1;
  if (kind < 0)
    return "must be sale, refund, void or no-sale";
  *at = (IvPosReceiptKind)kind;
  return NULL;
}

static const char *read_quantity(const json_t *value, gint64 *at) {
  double milli = json_number_value(value) * 1000;
  if (!json_is_number(value) || !(fabs(milli) <= (double)IV_QUANTITY_MILLI_MAX) ||
      fabs(milli - round(milli)) > 1e-4)
    return "must be a number with at most three decimals, up to a million";
  *at = llround(milli);
  return NULL;
}

static const char *read_name(const json_t *value, char **at) {
  if (json_is_null(value))
    return NULL;
  const char *text = plain_text(value);
  if (!text || strlen(text) > IV_ITEM_NAME_MAX)
    return "must be a text of at most 200 bytes";
  *at = g_strdup(text);
  return NULL;
}

static const char *read_field(const json_t *value, const Field *field, char *base) {
  gpointer at = base + field->offset;
  switch (field->type) {
  case TEXT:
    return read_text(value, field, at);
  case NUMBER:
    *(gint64 *)at = json_integer_value(value);
    return json_is_integer(value) ? NULL : "must be a whole number";
  case TIME:
    return plain_text(value) && iv_time_from_text(plain_text(value), at)
               ? NULL
               : "must be a time such as 2026-01-31T08:00:00Z";
  case KIND:
    return read_kind(value, at);
  case QUANTITY:
    return read_quantity(value, at);
  case NAME:
    return read_name(value, at);
  case ITEMS:
    return json_is_array(value) && json_array_size(value) <= IV_POS_RECEIPT_ITEMS_MAX
               ? NULL
               : "must be a list of at most 500 lines";
  }
  g_return_val_if_reached("is of no known type");
}

static const Field *find_field(const Field *fields, gsize n, const char *key) {
  for (gsize i = 0; i < n; i++)
    if (strcmp(fields[i].key, key) == 0)
      return &fields[i];
  return NULL;
}

/* A key that may be shown as it is. */
static gboolean is_plain(const char *key) {
  return strlen(key) <= 40 && strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-") == strlen(key);
}

static gboolean read_fields(const json_t *json, const Field *fields, gsize n, const char *path,
                            gpointer base, GError **error) {
  const char *key;
  json_t *value;
  if (!json_is_object(json))
    return REFUSE("%s: must be an object", path);
  for (gsize i = 0; i < n; i++)
    if (fields[i].needed && !json_object_get(json, fields[i].key))
      return REFUSE("%s/%s: is missing", path, fields[i].key);
  json_object_foreach((json_t *)json, key, value) {
    const Field *field = find_field(fields, n, key);
    const char *fault = field ? read_field(value, field, base) : "there is no such key here";
    if (fault)
      return REFUSE("%s/%s: %s", path, is_plain(key) ? key : "?", fault);
  }
  return TRUE;
}

static gboolean read_items(const json_t *items, IvPosReceipt *receipt, GError **error) {
  for (gsize i = 0; i < json_array_size(items); i++) {
    g_autofree char *path = g_strdup_printf("/items/%" G_GSIZE_FORMAT, i);
    if (!read_fields(json_array_get(items, i), item_fields, G_N_ELEMENTS(item_fields), path,
                     iv_pos_receipt_add_item(receipt), error))
      return FALSE;
  }
  return TRUE;
}

gboolean iv_pos_receipt_from_json(const json_t *json, IvTime now, IvPosReceipt *ret_receipt,
                                  GError **error) {
  const char *field = NULL;
  if (!read_fields(json, receipt_fields, G_N_ELEMENTS(receipt_fields), "", ret_receipt, error) ||
      !read_items(json_object_get(json, "items"), ret_receipt, error))
    return FALSE;
  const char *fault = iv_pos_receipt_fault(ret_receipt, now, &field);
  if (fault)
    return REFUSE("/%s: %s", field, fault);
  iv_pos_receipt_settle(ret_receipt);
  return TRUE;
}

json_t *iv_pos_receipt_item_to_json(const IvPosReceiptItem *item) {
  json_t *quantity = item->quantity_milli % 1000 == 0
                         ? json_integer(item->quantity_milli / 1000)
                         : json_real((double)item->quantity_milli / 1000);
  return json_pack("{ss so so sI sI sI}", "sku", item->sku, "name",
                   item->name ? json_string(item->name) : json_null(), "quantity", quantity,
                   "unit_price_minor", (json_int_t)item->unit_price, "discount_minor",
                   (json_int_t)item->discount, "amount_minor",
                   (json_int_t)iv_pos_receipt_item_amount(item));
}
