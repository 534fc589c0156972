/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "model/receipt.h"
#include "store/rollup.h"

/* From a receipt to the 5-minute rows of sales. Inside this room, inside jobs of the writer. */

typedef struct {
  IvSql *sql;
  gint64 store_no;
  GTimeZone *zone;    /* the store's; NULL = unknown, then no day is noted */
  IvPeriod known_day; /* noted last; start with {0, 0} */
  IvRollups *rollups; /* told of the rows that change; whoever has them finishes them */
} IvPosReceiptCounting;

/* What an upsert into kpi_5min_sales or kpi_hour_sales (as k) does with a row that is there. */
#define IV_SALES_ADD                                                                               \
  "transactions = k.transactions + excluded.transactions, "                                        \
  "itemised = k.itemised + excluded.itemised, items = k.items + excluded.items, "                  \
  "revenue_minor = k.revenue_minor + excluded.revenue_minor, "                                     \
  "refunds = k.refunds + excluded.refunds, "                                                       \
  "refunds_minor = k.refunds_minor + excluded.refunds_minor, "                                     \
  "voids = k.voids + excluded.voids, no_sales = k.no_sales + excluded.no_sales, "                  \
  "linked = k.linked + excluded.linked"

/* Adds it to the rows of its 5 minutes and of its (UTC) hour. `lane`: "" = none. */
gboolean iv_pos_receipt_count(IvPosReceiptCounting *counting, const IvPosReceipt *receipt,
                              gint64 terminal_no, const char *lane, GError **error);
