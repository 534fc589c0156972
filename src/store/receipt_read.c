/* SPDX-License-Identifier: Apache-2.0 */
#include "store/receipt_read.h"

#include <stdlib.h>
#include <string.h>

#include "kpi/bucket.h"
#include "store/lookup.h"

void iv_pos_receipt_row_free(IvPosReceiptRow *row) {
  if (!row)
    return;
  iv_pos_receipt_clear(&row->receipt);
  g_free(row);
}

static void read_link(IvStatement *st, IvTime now, IvPosReceiptRow *row) {
  row->service_ts = iv_column_time(st, 12);
  row->service_end = iv_column_time(st, 13);
  iv_slug_set(&row->camera, iv_column_text(st, 14));
  gboolean settled =
      row->receipt.kind == IV_POS_RECEIPT_SALE && row->receipt.ts < now - IV_PROVISIONAL_SPAN;
  row->linked = row->service_ts != IV_TIME_NONE ? 1 : settled && iv_column_int(st, 15) ? 0 : -1;
}

IvPosReceiptRow *iv_pos_receipt_row_read(IvStatement *st, IvTime now, gint64 *ret_terminal_no) {
  IvPosReceiptRow *row = g_new0(IvPosReceiptRow, 1);
  IvPosReceipt *receipt = &row->receipt;
  iv_pos_receipt_init(receipt);
  row->id = iv_column_int(st, 0);
  receipt->ts = iv_column_time(st, 1);
  g_strlcpy(receipt->terminal, iv_column_text(st, 2), sizeof receipt->terminal);
  g_strlcpy(receipt->number, iv_column_text(st, 3), sizeof receipt->number);
  int kind = iv_pos_receipt_kind_from_name(iv_column_text(st, 4));
  receipt->kind = kind < 0 ? IV_POS_RECEIPT_NO_SALE : (IvPosReceiptKind)kind;
  receipt->amount = iv_column_int(st, 5);
  g_strlcpy(receipt->currency, iv_column_text(st, 6), sizeof receipt->currency);
  receipt->units = iv_column_is_null(st, 7) ? -1 : iv_column_int(st, 7);
  iv_slug_set(&row->lane, iv_column_text(st, 8));
  g_strlcpy(row->source, iv_column_text(st, 9), sizeof row->source);
  row->received_at = iv_column_time(st, 10);
  read_link(st, now, row);
  if (ret_terminal_no)
    *ret_terminal_no = iv_column_int(st, 11);
  return row;
}

gboolean iv_pos_receipt_row_items(IvSql *sql, IvPosReceiptRow *row, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT sku, name, quantity_milli, unit_price, discount FROM transaction_items "
           "WHERE transaction_no = $1 ORDER BY line");
  iv_bind_int(st, row->id);
  while (iv_step_row(st, &wrong)) {
    IvPosReceiptItem *item = iv_pos_receipt_add_item(&row->receipt);
    if (!item)
      continue;
    g_strlcpy(item->sku, iv_column_text(st, 0), sizeof item->sku);
    item->name = iv_column_is_null(st, 1) ? NULL : g_strdup(iv_column_text(st, 1));
    item->quantity_milli = iv_column_int(st, 2);
    item->unit_price = iv_column_int(st, 3);
    item->discount = iv_column_int(st, 4);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- pages ---- */

/* Where a page ends: rows before (ts, no) come next. */
typedef struct {
  IvTime ts;
  gint64 no;
} Mark;

static gboolean mark_from_text(const char *text, Mark *ret_mark, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text, ".", 3);
  if (strlen(text) <= IV_RECEIPTS_CURSOR_MAX && g_strv_length(parts) == 2 &&
      g_ascii_string_to_signed(parts[0], 10, 0, G_MAXINT64, &ret_mark->ts, NULL) &&
      g_ascii_string_to_signed(parts[1], 10, 0, G_MAXINT64, &ret_mark->no, NULL))
    return TRUE;
  g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID,
                      "the cursor is not one of this list; start again without it");
  return FALSE;
}

/* Asks only for the filters that are wanted, so that each finds its index; there are few texts, and
 * they are kept. */
static const char *page_text(const IvPosReceiptQuery *query) {
  int n = 4;
  g_autoptr(GString) text = g_string_new(IV_POS_RECEIPT_ROW_SELECT);
  g_string_append(text, "WHERE t.store_no = $1 AND t.ts >= $2 "
                        "AND (t.ts, t.transaction_no) < ($3, $4) ");
  if (query->terminal)
    g_string_append_printf(text, "AND x.store_no = t.store_no AND x.id = $%d ", ++n);
  if (query->receipt)
    g_string_append_printf(text, "AND t.receipt = $%d ", ++n);
  if (query->kind >= 0)
    g_string_append_printf(text, "AND t.kind = $%d ", ++n);
  if (query->sku)
    g_string_append_printf(text,
                           "AND t.transaction_no IN (SELECT i.transaction_no "
                           "FROM transaction_items i WHERE i.store_no = $1 "
                           "AND i.sku = $%d) ",
                           ++n);
  if (query->linked > 0)
    g_string_append(text, "AND s.id IS NOT NULL ");
  if (query->linked == 0)
    g_string_append_printf(text, "AND s.id IS NULL AND t.kind = 'sale' AND t.ts < $%d AND %s ", ++n,
                           IV_POS_RECEIPT_WATCHED);
  g_string_append_printf(text, "ORDER BY t.ts DESC, t.transaction_no DESC LIMIT $%d", ++n);
  return g_intern_string(text->str);
}

static GPtrArray *read_rows(IvSql *sql, gint64 store_no, const IvPosReceiptQuery *query,
                            Mark before, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GPtrArray) rows =
      g_ptr_array_new_with_free_func((GDestroyNotify)iv_pos_receipt_row_free);
  IvStatement *st = iv_sql_statement(sql, page_text(query));
  iv_bind_int(st, store_no);
  iv_bind_int(st, query->from == IV_TIME_NONE ? 0 : query->from);
  iv_bind_time(st, before.ts);
  iv_bind_int(st, before.no);
  if (query->terminal)
    iv_bind_text(st, query->terminal);
  if (query->receipt)
    iv_bind_text(st, query->receipt);
  if (query->kind >= 0)
    iv_bind_text(st, iv_pos_receipt_kind_name((IvPosReceiptKind)query->kind));
  if (query->sku)
    iv_bind_text(st, query->sku);
  if (query->linked == 0)
    iv_bind_time(st, query->now - IV_PROVISIONAL_SPAN);
  iv_bind_int(st, query->limit + 1);
  while (iv_step_row(st, &wrong))
    g_ptr_array_add(rows, iv_pos_receipt_row_read(st, query->now, NULL));
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

/* How many rows make the page: at least one, and no more lines than its limit. FALSE with an error.
 */
static gboolean read_lines(IvSql *sql, GPtrArray *rows, guint limit, guint *ret_n, GError **error) {
  guint lines = 0, n = 0;
  for (; n < rows->len && n < limit && lines < IV_RECEIPTS_LINES_MAX; n++) {
    IvPosReceiptRow *row = rows->pdata[n];
    if (!iv_pos_receipt_row_items(sql, row, error))
      return FALSE;
    lines += row->receipt.items->len;
  }
  *ret_n = n;
  return TRUE;
}

static char *cut_page(GPtrArray *rows, guint n) {
  if (n == 0 || n >= rows->len)
    return NULL;
  const IvPosReceiptRow *last = rows->pdata[n - 1];
  char *cursor =
      g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, last->receipt.ts, last->id);
  g_ptr_array_set_size(rows, (gint)n);
  return cursor;
}

GPtrArray *iv_receipts_query(IvStore *store, const IvPosReceiptQuery *query, IvTime deadline,
                             char **ret_next_cursor, GError **error) {
  IvStoreKey key;
  guint n = 0;
  Mark before = {query->to == IV_TIME_NONE ? G_MAXINT64 : query->to, 0}; /* no 0: excluded */
  if (query->limit < 1 || query->limit > IV_RECEIPTS_LIMIT_MAX) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "limit must be from 1 to %d",
                IV_RECEIPTS_LIMIT_MAX);
    return NULL;
  }
  if (query->cursor && !mark_from_text(query->cursor, &before, error))
    return NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, query->store_id, &key, error))
    return NULL;
  g_autoptr(GPtrArray) rows = read_rows(read.sql, key.no, query, before, error);
  if (!rows || !read_lines(read.sql, rows, query->limit, &n, error))
    return NULL;
  *ret_next_cursor = cut_page(rows, n);
  return g_steal_pointer(&rows);
}
