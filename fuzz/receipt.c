/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts as tills tell them: a CSV file, or JSON when it begins with '{'. What is taken is within
 * its limits, what is not is told in one line. */
#include <string.h>

#include "model/receipt_csv.h"
#include "model/receipt_json.h"
#include "target.h"

#define NOW (G_GINT64_CONSTANT(1795600800) * IV_SECOND)

static void check_receipt(const IvPosReceipt *receipt) {
  const char *field = NULL;
  guint8 digest[IV_POS_RECEIPT_DIGEST_BYTES];
  g_assert_null(iv_pos_receipt_fault(receipt, NOW, &field));
  g_assert_cmpuint(receipt->items->len, <=, IV_POS_RECEIPT_ITEMS_MAX);
  for (guint i = 0; i < receipt->items->len; i++) {
    gint64 amount = iv_pos_receipt_item_amount(&g_array_index(receipt->items, IvPosReceiptItem, i));
    g_assert_true(ABS(amount) <= IV_MONEY_MAX);
  }
  iv_pos_receipt_digest(receipt, digest);
}

static void read_json(const char *text, gsize length) {
  g_autoptr(GError) error = NULL;
  g_auto(IvPosReceipt) receipt = {.items = NULL};
  json_t *json = json_loadb(text, length, 0, NULL);
  if (!json)
    return;
  iv_pos_receipt_init(&receipt);
  if (iv_pos_receipt_from_json(json, NOW, &receipt, &error))
    check_receipt(&receipt);
  else
    g_assert_null(strchr(error->message, '\n'));
  json_decref(json);
}

static void read_csv(const char *text, gsize length) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  const char *const maps[] = {"a=terminal", NULL};
  IvPosReceiptCsvOptions options = {zone, "EUR", length % 2 ? maps : NULL, NOW};
  g_autoptr(IvPosReceiptCsv) csv = iv_pos_receipt_csv_new(text, length, &options, &error);
  IvPosReceiptCsvStep step = IV_POS_RECEIPT_CSV_END;
  IvPosReceipt *receipt = NULL;
  char *problem = NULL;
  g_assert_true(csv || error);
  while (csv &&
         (step = iv_pos_receipt_csv_next(csv, &receipt, &problem)) != IV_POS_RECEIPT_CSV_END) {
    if (step == IV_POS_RECEIPT_CSV_RECEIPT) {
      check_receipt(receipt);
      iv_pos_receipt_free(receipt);
      continue;
    }
    g_assert_null(strchr(problem, '\n'));
    g_assert_true(g_utf8_validate(problem, -1, NULL));
    g_free(problem);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autofree char *text = g_malloc(length + 1);
  if (length > 0)
    memcpy(text, input, length);
  text[length] = '\0';
  (length > 0 && input[0] == '{' ? read_json : read_csv)(text, length);
  return 0;
}
