/* SPDX-License-Identifier: Apache-2.0 */
#include "model/receipt.h"

#include <string.h>

#define YEAR_2000 (G_GINT64_CONSTANT(946684800) * IV_SECOND)
#define MILLI 1000

static const char *const kinds[IV_POS_RECEIPT_KINDS] = {
    [IV_POS_RECEIPT_SALE] = "sale",
    [IV_POS_RECEIPT_REFUND] = "refund",
    [IV_POS_RECEIPT_VOID] = "void",
    [IV_POS_RECEIPT_NO_SALE] = "no-sale",
};

const char *iv_pos_receipt_kind_name(IvPosReceiptKind kind) {
  return kinds[kind];
}

int iv_pos_receipt_kind_from_name(const char *name) {
  for (int i = 0; i < IV_POS_RECEIPT_KINDS; i++)
    if (strcmp(kinds[i], name) == 0)
      return i;
  return -1;
}

static void clear_item(gpointer item) {
  g_free(((IvPosReceiptItem *)item)->name);
}

void iv_pos_receipt_init(IvPosReceipt *receipt) {
  *receipt = (IvPosReceipt){.ts = IV_TIME_NONE, .units = -1};
  receipt->items = g_array_new(FALSE, TRUE, sizeof(IvPosReceiptItem));
  g_array_set_clear_func(receipt->items, clear_item);
}

void iv_pos_receipt_clear(IvPosReceipt *receipt) {
  g_clear_pointer(&receipt->items, g_array_unref);
}

void iv_pos_receipt_free(IvPosReceipt *receipt) {
  if (!receipt)
    return;
  iv_pos_receipt_clear(receipt);
  g_free(receipt);
}

GPtrArray *iv_receipts_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)iv_pos_receipt_free);
}

IvPosReceiptItem *iv_pos_receipt_add_item(IvPosReceipt *receipt) {
  if (receipt->items->len >= IV_POS_RECEIPT_ITEMS_MAX)
    return NULL;
  g_array_set_size(receipt->items, receipt->items->len + 1);
  return &g_array_index(receipt->items, IvPosReceiptItem, receipt->items->len - 1);
}

/* The product of the two limits is 1e21: more than 64 bits hold. */
gint64 iv_pos_receipt_item_amount(const IvPosReceiptItem *item) {
  __extension__ typedef __int128 Wide;
  Wide product = (Wide)item->quantity_milli * item->unit_price;
  Wide half = product < 0 ? -(MILLI / 2) : MILLI / 2;
  Wide amount = (product + half) / MILLI - item->discount;
  return (gint64)CLAMP(amount, -(Wide)IV_MONEY_MAX, (Wide)IV_MONEY_MAX);
}

static gint64 units_of(const IvPosReceiptItem *item) {
  return item->quantity_milli % MILLI == 0 ? item->quantity_milli / MILLI : 1;
}

void iv_pos_receipt_settle(IvPosReceipt *receipt) {
  gint64 units = 0;
  if (receipt->kind == IV_POS_RECEIPT_REFUND)
    receipt->amount = ABS(receipt->amount);
  for (guint i = 0; i < receipt->items->len; i++)
    units += units_of(&g_array_index(receipt->items, IvPosReceiptItem, i));
  if (receipt->items->len > 0)
    receipt->units = receipt->kind == IV_POS_RECEIPT_REFUND ? ABS(units) : MAX(units, 0);
}

gboolean iv_pos_receipt_text_is_valid(const char *text, gsize max) {
  gsize n = strlen(text);
  if (n == 0 || n > max || !g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at; at = g_utf8_next_char(at))
    if (g_unichar_iscntrl(g_utf8_get_char(at)))
      return FALSE;
  return TRUE;
}

static gboolean is_within(gint64 value, gint64 limit) {
  return value >= -limit && value <= limit;
}

static const char *item_fault(const IvPosReceiptItem *item) {
  if (!iv_pos_receipt_text_is_valid(item->sku, IV_SKU_MAX))
    return "sku is empty, too long or holds a control character";
  if (item->name && !iv_pos_receipt_text_is_valid(item->name, IV_ITEM_NAME_MAX))
    return "name is empty, too long or holds a control character";
  if (!is_within(item->quantity_milli, IV_QUANTITY_MILLI_MAX))
    return "quantity is out of range";
  if (!is_within(item->unit_price, IV_MONEY_MAX) || !is_within(item->discount, IV_MONEY_MAX))
    return "a price or discount is out of range";
  return NULL;
}

static const char *time_fault(IvTime ts, IvTime now) {
  if (ts == IV_TIME_NONE)
    return "is missing";
  if (ts < YEAR_2000)
    return "lies before 2000";
  return ts > now + IV_POS_RECEIPT_FUTURE_MAX
             ? "lies in the future; check the till's clock and the time zone"
             : NULL;
}

const char *iv_pos_receipt_fault(const IvPosReceipt *receipt, IvTime now, const char **ret_field) {
  const struct {
    const char *field, *fault;
  } faults[] = {
      {"terminal_id", iv_pos_receipt_text_is_valid(receipt->terminal, IV_TERMINAL_ID_MAX)
                          ? NULL
                          : "is missing, or no text of 1 to 40 bytes"},
      {"receipt", iv_pos_receipt_text_is_valid(receipt->number, IV_POS_RECEIPT_NUMBER_MAX)
                      ? NULL
                      : "is missing, or no text of 1 to 64 bytes"},
      {"key",
       receipt->key[0] == '\0' || iv_pos_receipt_text_is_valid(receipt->key, IV_POS_RECEIPT_KEY_MAX)
           ? NULL
           : "is no text of 1 to 128 bytes"},
      {"ts", time_fault(receipt->ts, now)},
      {"amount_minor", is_within(receipt->amount, IV_MONEY_MAX) ? NULL : "is out of range"},
      {"currency", receipt->currency[0] == '\0' || iv_currency_is_valid(receipt->currency)
                       ? NULL
                       : "must be three capital letters, such as EUR"},
      {"items_count", receipt->units >= -1 && receipt->units <= IV_POS_RECEIPT_UNITS_MAX
                          ? NULL
                          : "is out of range"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].fault) {
      *ret_field = faults[i].field;
      return faults[i].fault;
    }
  *ret_field = "items";
  for (guint i = 0; i < receipt->items->len; i++) {
    const char *fault = item_fault(&g_array_index(receipt->items, IvPosReceiptItem, i));
    if (fault)
      return fault;
  }
  return NULL;
}

/* ---- the digest ---- */

static void add_number(GChecksum *sum, gint64 value) {
  guint64 bytes = GUINT64_TO_BE((guint64)value);
  g_checksum_update(sum, (const guchar *)&bytes, sizeof bytes);
}

/* Length first, so that no two rows of texts give the same bytes. */
static void add_text(GChecksum *sum, const char *text) {
  add_number(sum, text ? (gint64)strlen(text) : -1);
  if (text)
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
}

void iv_pos_receipt_digest(const IvPosReceipt *receipt, guint8 *ret_digest) {
  gsize n = IV_POS_RECEIPT_DIGEST_BYTES;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  add_text(sum, receipt->terminal);
  add_text(sum, receipt->number);
  add_number(sum, receipt->ts);
  add_number(sum, receipt->kind);
  add_number(sum, receipt->amount);
  add_text(sum, receipt->currency);
  add_number(sum, receipt->units);
  for (guint i = 0; i < receipt->items->len; i++) {
    const IvPosReceiptItem *item = &g_array_index(receipt->items, IvPosReceiptItem, i);
    add_text(sum, item->sku);
    add_text(sum, item->name);
    add_number(sum, item->quantity_milli);
    add_number(sum, item->unit_price);
    add_number(sum, item->discount);
  }
  g_checksum_get_digest(sum, ret_digest, &n);
}

/* ---- currencies ---- */

/* ISO 4217: those whose minor unit is not a hundredth. */
int iv_currency_digits(const char *currency) {
  static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  static const char three[] = "BHD IQD JOD KWD LYD OMR TND";
  if (strlen(currency) != 3)
    return 2;
  return strstr(none, currency) ? 0 : strstr(three, currency) ? 3 : 2;
}

gboolean iv_currency_is_valid(const char *currency) {
  return strlen(currency) == 3 && g_ascii_isupper(currency[0]) && g_ascii_isupper(currency[1]) &&
         g_ascii_isupper(currency[2]);
}
