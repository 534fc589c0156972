/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/receipts.h"

/* Rows of `transactions` as values. Inside this room. */

/* Column list and join of a statement whose rows iv_pos_receipt_row_read takes; ends before WHERE.
 */
#define IV_POS_RECEIPT_ROW_SELECT                                                                  \
  "SELECT t.transaction_no, t.ts, x.id, t.receipt, t.kind, t.amount, t.currency, t.items, "        \
  "t.lane, "                                                                                       \
  "t.source, t.received_at, t.terminal_no FROM transactions t "                                    \
  "JOIN terminals x ON x.terminal_no = t.terminal_no "

/* The current row, without its lines; free it. `ret_terminal_no` may be NULL. */
IvPosReceiptRow *iv_pos_receipt_row_read(IvStatement *st, gint64 *ret_terminal_no);

/* Fills in its lines. */
gboolean iv_pos_receipt_row_items(IvSql *sql, IvPosReceiptRow *row, GError **error);
