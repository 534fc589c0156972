/* SPDX-License-Identifier: Apache-2.0 */
#include "store/receipt_count.h"

#include "kpi/sales.h"
#include "store/days.h"

static gboolean note_day(IvPosReceiptCounting *counting, IvTime t, GError **error) {
  if (!counting->zone || (t >= counting->known_day.from && t < counting->known_day.to))
    return TRUE;
  counting->known_day =
      (IvPeriod){iv_calendar_day_start(counting->zone, t), iv_calendar_day_end(counting->zone, t)};
  return iv_days_note(counting->sql, counting->store_no, counting->zone, t, error);
}

/* ---- the same into two tables: 5 minutes and hours ---- */

#define COUNT_SUMS(table)                                                                          \
  "INSERT INTO " table " AS k (store_no, bucket, terminal_no, lane, transactions, itemised, "      \
  "items, revenue_minor, refunds, refunds_minor, voids, no_sales, linked) "                        \
  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "                               \
  "ON CONFLICT (store_no, bucket, terminal_no, lane) DO UPDATE SET " IV_SALES_ADD

#define COUNT_ITEM(table)                                                                          \
  "INSERT INTO " table " AS k (store_no, bucket, category, items, revenue_minor, refunds_minor) "  \
  "VALUES ($1, $2, coalesce((SELECT category FROM products WHERE store_no = $1 AND sku = $3), "    \
  "''), $4, $5, $6) ON CONFLICT (store_no, bucket, category) DO UPDATE SET "                       \
  "items = k.items + excluded.items, "                                                             \
  "revenue_minor = k.revenue_minor + excluded.revenue_minor, "                                     \
  "refunds_minor = k.refunds_minor + excluded.refunds_minor"

static const struct {
  IvTime span;
  const char *sums, *item;
} tables[] = {
    {IV_BUCKET_SPAN, COUNT_SUMS("kpi_5min_sales"), COUNT_ITEM("kpi_5min_category")},
    {IV_HOUR, COUNT_SUMS("kpi_hour_sales"), COUNT_ITEM("kpi_hour_category")},
};

static gboolean count_sums(IvPosReceiptCounting *counting, const IvPosReceipt *receipt,
                           gint64 terminal_no, const char *lane, GError **error) {
  IvSalesSums sums = iv_sales_of(receipt);
  for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
    IvStatement *st = iv_sql_statement(counting->sql, tables[t].sums);
    iv_bind_int(st, counting->store_no);
    iv_bind_time(st, iv_time_floor(receipt->ts, tables[t].span));
    iv_bind_int(st, terminal_no);
    iv_bind_text(st, lane);
    for (int i = 0; i < IV_SALES_MEASURES; i++)
      iv_bind_int(st, sums.amounts[i]);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

/* A refund's lines may come with either sign. */
static gboolean count_item(IvPosReceiptCounting *counting, IvTime ts, const IvPosReceiptItem *item,
                           gboolean refund, GError **error) {
  gint64 amount = iv_pos_receipt_item_amount(item);
  gint64 pieces = item->quantity_milli % 1000 == 0 ? item->quantity_milli / 1000 : 1;
  for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
    IvStatement *st = iv_sql_statement(counting->sql, tables[t].item);
    iv_bind_int(st, counting->store_no);
    iv_bind_time(st, iv_time_floor(ts, tables[t].span));
    iv_bind_text(st, item->sku);
    iv_bind_int(st, refund ? 0 : pieces);
    iv_bind_int(st, refund ? 0 : amount);
    iv_bind_int(st, refund ? ABS(amount) : 0);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

gboolean iv_pos_receipt_count(IvPosReceiptCounting *counting, const IvPosReceipt *receipt,
                              gint64 terminal_no, const char *lane, GError **error) {
  gboolean refund = receipt->kind == IV_POS_RECEIPT_REFUND;
  iv_rollups_touch(counting->rollups, IV_ROLLUP_SALES, receipt->ts);
  iv_rollups_touch(counting->rollups, IV_ROLLUP_CATEGORY, receipt->ts);
  iv_rollups_touch(counting->rollups, IV_ROLLUP_BASKETS, receipt->ts);
  if (!note_day(counting, receipt->ts, error) ||
      !count_sums(counting, receipt, terminal_no, lane, error))
    return FALSE;
  for (guint i = 0; (refund || receipt->kind == IV_POS_RECEIPT_SALE) && i < receipt->items->len;
       i++)
    if (!count_item(counting, receipt->ts, &g_array_index(receipt->items, IvPosReceiptItem, i),
                    refund, error))
      return FALSE;
  return TRUE;
}
