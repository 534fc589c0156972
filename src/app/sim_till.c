/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_till.h"

static const IvPosReceiptKind kinds[] = {[IV_RECEIPT_SALE] = IV_POS_RECEIPT_SALE,
                                         [IV_RECEIPT_REFUND] = IV_POS_RECEIPT_REFUND,
                                         [IV_RECEIPT_VOID] = IV_POS_RECEIPT_VOID,
                                         [IV_RECEIPT_NO_SALE] = IV_POS_RECEIPT_NO_SALE};

IvPosReceipt *iv_sim_till_receipt(const IvScenario *scenario, const IvReceipt *receipt) {
  IvPosReceipt *told = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(told);
  g_snprintf(told->number, sizeof told->number, "%u", receipt->number);
  g_strlcpy(told->terminal, scenario->lanes[receipt->lane].terminal, sizeof told->terminal);
  g_strlcpy(told->currency, scenario->currency, sizeof told->currency);
  told->ts = receipt->ts;
  told->kind = kinds[receipt->kind];
  told->amount = receipt->cents;
  for (guint i = 0; i < receipt->n_items; i++) {
    IvPosReceiptItem *item = iv_pos_receipt_add_item(told);
    g_strlcpy(item->sku, scenario->products[receipt->items[i].product].sku.text, sizeof item->sku);
    item->quantity_milli = (gint64)receipt->items[i].units * 1000;
    item->unit_price = scenario->products[receipt->items[i].product].cents;
  }
  iv_pos_receipt_settle(told);
  return told;
}

char *iv_sim_till_map(const IvScenario *scenario) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < scenario->n_lanes; i++)
    g_string_append_printf(text, "%s%s=%s", i ? ", " : "", scenario->lanes[i].terminal,
                           scenario->lanes[i].id.text);
  return g_string_free(text, FALSE);
}
