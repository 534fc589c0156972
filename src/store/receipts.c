/* SPDX-License-Identifier: Apache-2.0 */
#include "store/receipts.h"

#include <string.h>

#include "store/links.h"
#include "store/lookup.h"
#include "store/receipt_count.h"
#include "store/receipt_read.h"
#include "store/terminals.h"

static const char *const fates[IV_POS_RECEIPT_FATES] = {
    [IV_POS_RECEIPT_STORED] = "stored",
    [IV_POS_RECEIPT_DUPLICATE] = "duplicate",
    [IV_POS_RECEIPT_CONFLICT] = "conflict",
    [IV_POS_RECEIPT_REFUSED] = "refused",
};

const char *iv_pos_receipt_fate_name(IvPosReceiptFate fate) {
  return fates[fate];
}

/* A batch being taken. */
typedef struct {
  const IvPosReceiptBatch *batch;
  IvPosReceiptCounting counting;
  IvLinking linking;
  IvJourneys journeys;
  char currency[4]; /* the store's; "" = not known yet */
  IvTime sales_from;
} Taking;

/* One receipt of it. */
typedef struct {
  IvPosReceipt *receipt;
  IvPosReceiptResult *result;
  gint64 terminal_no;
  IvSlug lane;
  guint8 digest[IV_POS_RECEIPT_DIGEST_BYTES];
} Entry;

static void settle(Entry *entry, IvPosReceiptFate fate, gint64 id, const char *reason) {
  *entry->result = (IvPosReceiptResult){fate, id, reason};
}

/* ---- the door ---- */

static const char *currency_fault(const Taking *taking, const IvPosReceipt *receipt) {
  if (!receipt->currency[0] && !taking->currency[0])
    return "currency is missing and the store's is not known yet; name it, or set sales.currency";
  if (receipt->currency[0] && taking->currency[0] &&
      strcmp(receipt->currency, taking->currency) != 0)
    return "the store's sales are in another currency";
  return NULL;
}

static gboolean take_currency(Taking *taking, IvPosReceipt *receipt, GError **error) {
  if (taking->currency[0]) {
    memcpy(receipt->currency, taking->currency, sizeof receipt->currency);
    return TRUE;
  }
  IvStatement *st =
      iv_sql_statement(taking->counting.sql, "UPDATE stores SET currency = $1 WHERE store_no = $2");
  iv_bind_text(st, receipt->currency);
  iv_bind_int(st, taking->counting.store_no);
  memcpy(taking->currency, receipt->currency, sizeof taking->currency);
  return iv_step_done(st, error);
}

/* ---- is it there ---- */

/* Runs a question for (transaction_no, digest); TRUE with a settled entry when there is such a row.
 */
static gboolean compare(IvStatement *st, Entry *entry, const char *changed, gboolean *ret_there,
                        GError **error) {
  gsize n = 0;
  g_autoptr(GError) wrong = NULL;
  *ret_there = FALSE;
  if (iv_step_row(st, &wrong)) {
    gint64 id = iv_column_int(st, 0);
    const void *digest = iv_column_blob(st, 1, &n);
    gboolean same = n == sizeof entry->digest && memcmp(digest, entry->digest, n) == 0;
    iv_statement_reset(st);
    *ret_there = TRUE;
    settle(entry, same ? IV_POS_RECEIPT_DUPLICATE : IV_POS_RECEIPT_CONFLICT, id,
           same ? "is there already" : changed);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean find_by_key(Taking *taking, Entry *entry, gboolean *ret_there, GError **error) {
  *ret_there = FALSE;
  if (!entry->receipt->key[0])
    return TRUE;
  IvStatement *st = iv_sql_statement(
      taking->counting.sql,
      "SELECT transaction_no, digest FROM transactions WHERE store_no = $1 AND key = $2");
  iv_bind_int(st, taking->counting.store_no);
  iv_bind_text(st, entry->receipt->key);
  return compare(st, entry, "the key was used for a receipt that says something else", ret_there,
                 error);
}

static gboolean find_by_number(Taking *taking, Entry *entry, gboolean *ret_there, GError **error) {
  IvStatement *st = iv_sql_statement(
      taking->counting.sql, "SELECT transaction_no, digest FROM transactions WHERE store_no = $1 "
                            "AND terminal_no = $2 AND receipt = $3 AND ts = $4");
  iv_bind_int(st, taking->counting.store_no);
  iv_bind_int(st, entry->terminal_no);
  iv_bind_text(st, entry->receipt->number);
  iv_bind_time(st, entry->receipt->ts);
  return compare(st, entry,
                 "this terminal has a receipt of that number and time that says something else",
                 ret_there, error);
}

/* A receipt that came without a key remembers the one it comes with now. */
static gboolean remember_key(Taking *taking, const Entry *entry, GError **error) {
  if (!entry->receipt->key[0] || entry->result->fate != IV_POS_RECEIPT_DUPLICATE)
    return TRUE;
  IvStatement *st = iv_sql_statement(
      taking->counting.sql,
      "UPDATE transactions SET key = $1 WHERE transaction_no = $2 AND key IS NULL");
  iv_bind_text(st, entry->receipt->key);
  iv_bind_int(st, entry->result->id);
  return iv_step_done(st, error);
}

/* ---- storing ---- */

static gboolean insert_row(Taking *taking, Entry *entry, GError **error) {
  const IvPosReceipt *receipt = entry->receipt;
  IvStatement *st = iv_sql_statement(
      taking->counting.sql,
      "INSERT INTO transactions (store_no, ts, terminal_no, receipt, kind, amount, currency, "
      "items, lane, source, key, digest, received_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
  iv_bind_int(st, taking->counting.store_no);
  iv_bind_time(st, receipt->ts);
  iv_bind_int(st, entry->terminal_no);
  iv_bind_text(st, receipt->number);
  iv_bind_text(st, iv_pos_receipt_kind_name(receipt->kind));
  iv_bind_int(st, receipt->amount);
  iv_bind_text(st, receipt->currency);
  if (receipt->units < 0)
    iv_bind_null(st);
  else
    iv_bind_int(st, receipt->units);
  iv_bind_text(st, entry->lane.text);
  iv_bind_text(st, taking->batch->source);
  iv_bind_text(st, receipt->key[0] ? receipt->key : NULL);
  iv_bind_blob(st, entry->digest, sizeof entry->digest);
  iv_bind_time(st, taking->batch->now);
  if (!iv_step_done(st, error))
    return FALSE;
  settle(entry, IV_POS_RECEIPT_STORED, iv_sql_last_row(taking->counting.sql), NULL);
  return TRUE;
}

static gboolean insert_item(Taking *taking, const Entry *entry, guint line, GError **error) {
  const IvPosReceiptItem *item = &g_array_index(entry->receipt->items, IvPosReceiptItem, line);
  IvStatement *st = iv_sql_statement(
      taking->counting.sql,
      "INSERT INTO transaction_items (transaction_no, line, store_no, sku, name, quantity_milli, "
      "unit_price, discount) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
  iv_bind_int(st, entry->result->id);
  iv_bind_int(st, line);
  iv_bind_int(st, taking->counting.store_no);
  iv_bind_text(st, item->sku);
  iv_bind_text(st, item->name);
  iv_bind_int(st, item->quantity_milli);
  iv_bind_int(st, item->unit_price);
  iv_bind_int(st, item->discount);
  return iv_step_done(st, error);
}

static gboolean store_receipt(Taking *taking, Entry *entry, GError **error) {
  if (!insert_row(taking, entry, error))
    return FALSE;
  for (guint i = 0; i < entry->receipt->items->len; i++)
    if (!insert_item(taking, entry, i, error))
      return FALSE;
  return iv_pos_receipt_count(&taking->counting, entry->receipt, entry->terminal_no,
                              entry->lane.text, error) &&
         iv_linking_receipt(&taking->linking, entry->receipt, entry->lane.text, error);
}

static gboolean take_receipt(Taking *taking, Entry *entry, GError **error) {
  gboolean there = FALSE;
  const char *fault = entry->receipt->ts < taking->sales_from
                          ? "is older than receipts are kept here (retention.sales)"
                          : currency_fault(taking, entry->receipt);
  if (fault) {
    settle(entry, IV_POS_RECEIPT_REFUSED, 0, fault);
    return TRUE;
  }
  if (!iv_terminal_find_in(taking->counting.sql, taking->counting.store_no,
                           entry->receipt->terminal, &entry->terminal_no, &entry->lane, error))
    return FALSE;
  if (!entry->terminal_no) {
    settle(entry, IV_POS_RECEIPT_REFUSED, 0, "the store has 1000 terminals already");
    return TRUE;
  }
  if (!take_currency(taking, entry->receipt, error))
    return FALSE;
  iv_pos_receipt_digest(entry->receipt, entry->digest);
  if (!find_by_key(taking, entry, &there, error) ||
      (!there && !find_by_number(taking, entry, &there, error)))
    return FALSE;
  return there ? remember_key(taking, entry, error) : store_receipt(taking, entry, error);
}

static gboolean begin(Taking *taking, IvSql *sql, const char *store_id, GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, store_id, &key, error))
    return FALSE;
  taking->sales_from = key.sales_from;
  taking->counting = (IvPosReceiptCounting){.sql = sql, .store_no = key.no};
  IvStatement *st = iv_sql_statement(sql, "SELECT currency FROM stores WHERE store_no = $1");
  iv_bind_int(st, key.no);
  if (!iv_step_row(st, error))
    return FALSE;
  g_strlcpy(taking->currency, iv_column_text(st, 0), sizeof taking->currency);
  iv_statement_reset(st);
  taking->counting.zone = iv_calendar_zone(key.time_zone);
  taking->counting.rollups = iv_rollups_new(sql, &key);
  iv_journeys_init(&taking->journeys, sql, key.no, taking->counting.zone, 0);
  iv_linking_init(&taking->linking, sql, key.no, taking->counting.rollups, &taking->journeys);
  return TRUE;
}

static void end(Taking *taking) {
  iv_linking_clear(&taking->linking);
  iv_journeys_clear(&taking->journeys);
  g_clear_pointer(&taking->counting.rollups, iv_rollups_free);
  g_clear_pointer(&taking->counting.zone, g_time_zone_unref);
}

gboolean iv_receipts_put_in(IvSql *sql, IvPosReceiptBatch *batch, GError **error) {
  Taking taking = {.batch = batch};
  gboolean ok = begin(&taking, sql, batch->store_id, error);
  for (guint i = 0; ok && i < batch->n; i++) {
    Entry entry = {.receipt = batch->receipts[i], .result = &batch->results[i]};
    ok = take_receipt(&taking, &entry, error);
  }
  ok = ok && iv_linking_finish(&taking.linking, error) &&
       iv_journeys_finish(&taking.journeys, error) &&
       iv_rollups_finish(taking.counting.rollups, error);
  end(&taking);
  return ok;
}

static gboolean put_job(IvSql *sql, gpointer batch, GError **error) {
  return iv_receipts_put_in(sql, batch, error);
}

gboolean iv_receipts_put(IvStore *store, IvPosReceiptBatch *batch, GError **error) {
  return iv_store_write(store, put_job, batch, error);
}

/* ---- the repair path ---- */

#define RECOUNT_SPAN IV_HOUR /* of one job of the writer */

typedef struct {
  const char *store_id;
  IvPeriod span;
} Recount;

static gboolean clear_rows(IvSql *sql, gint64 store_no, IvPeriod span, GError **error) {
  static const char *const texts[] = {
      "DELETE FROM kpi_5min_sales WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_5min_category WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_hour_sales WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
      "DELETE FROM kpi_hour_category WHERE store_no = $1 AND bucket >= $2 AND bucket < $3",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvStatement *st = iv_sql_statement(sql, texts[i]);
    iv_bind_int(st, store_no);
    iv_bind_time(st, span.from);
    iv_bind_time(st, span.to);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean count_rows(Taking *taking, IvPeriod span, GError **error) {
  IvSql *sql = taking->counting.sql;
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, IV_POS_RECEIPT_ROW_SELECT
                                     "WHERE t.store_no = $1 AND t.ts >= $2 AND t.ts < $3 ORDER BY "
                                     "t.ts, t.transaction_no");
  iv_bind_int(st, taking->counting.store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  while (iv_step_row(st, &wrong)) {
    gint64 terminal_no = 0;
    IvPosReceiptRow *row = iv_pos_receipt_row_read(st, 0, &terminal_no);
    if (!iv_pos_receipt_row_items(sql, row, &wrong) ||
        !iv_pos_receipt_count(&taking->counting, &row->receipt, terminal_no, row->lane.text,
                              &wrong))
      iv_statement_reset(st);
    iv_pos_receipt_row_free(row);
    if (wrong)
      break;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean recount_span(IvSql *sql, gpointer arg, GError **error) {
  Recount *recount = arg;
  Taking taking = {0};
  if (!begin(&taking, sql, recount->store_id, error))
    return FALSE;
  /* Where receipts are gone, the counts that were made of them must stay. */
  recount->span.from =
      MAX(recount->span.from, iv_time_floor(taking.sales_from + IV_HOUR - 1, IV_HOUR));
  iv_rollups_touch_span(taking.counting.rollups, IV_ROLLUP_SALES, recount->span);
  iv_rollups_touch_span(taking.counting.rollups, IV_ROLLUP_CATEGORY, recount->span);
  gboolean ok = recount->span.from >= recount->span.to ||
                (clear_rows(sql, taking.counting.store_no, recount->span, error) &&
                 count_rows(&taking, recount->span, error) &&
                 iv_links_count_sales(sql, taking.counting.store_no, recount->span.from,
                                      recount->span.to, error) &&
                 iv_rollups_finish(taking.counting.rollups, error));
  end(&taking);
  return ok;
}

gboolean iv_receipts_recount(IvStore *store, const char *store_id, IvTime from, IvTime to,
                             GError **error) {
  for (IvTime t = iv_time_floor(from, RECOUNT_SPAN); t < to; t += RECOUNT_SPAN) {
    Recount recount = {store_id, {t, t + RECOUNT_SPAN}};
    if (!iv_store_write(store, recount_span, &recount, error))
      return FALSE;
  }
  return TRUE;
}
