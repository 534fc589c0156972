/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/receipts.h"

/* Rows of `transactions` as values. Inside this room. */

/* Column list and join of a statement whose rows iv_pos_receipt_row_read takes; ends before WHERE.
 * t is the receipt, x its terminal, s its service (if any), and the column `watched` says whether
 * the lane was looked at when it was paid. */
#define IV_POS_RECEIPT_ROW_SELECT                                                                  \
  "SELECT t.transaction_no, t.ts, x.id, t.receipt, t.kind, t.amount, t.currency, t.items, "        \
  "t.lane, t.source, t.received_at, t.terminal_no, s.ts, s.end_ts, "                               \
  "(SELECT c.id FROM cameras c WHERE c.camera_no = s.camera_no), " IV_POS_RECEIPT_WATCHED          \
  " FROM transactions t JOIN terminals x ON x.terminal_no = t.terminal_no "                        \
  "LEFT JOIN lane_services s ON s.transaction_no = t.transaction_no "

#define IV_POS_RECEIPT_WATCHED                                                                     \
  "EXISTS (SELECT 1 FROM lanes l JOIN kpi_5min_lane k ON k.store_no = t.store_no "                 \
  "AND k.bucket = t.ts - t.ts % 300000000 AND k.lane_no = l.lane_no "                              \
  "WHERE l.store_no = t.store_no AND l.id = t.lane)"

/* The current row, without its lines; free it. `now` decides what is too young to be told not to be
 * linked. `ret_terminal_no` may be NULL. */
IvPosReceiptRow *iv_pos_receipt_row_read(IvStatement *st, IvTime now, gint64 *ret_terminal_no);

/* Fills in its lines. */
gboolean iv_pos_receipt_row_items(IvSql *sql, IvPosReceiptRow *row, GError **error);
