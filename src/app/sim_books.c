/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_books.h"

#include "store/receipts.h"

static void note(IvSimLoss *loss, const char *reason) {
  if (loss->refused++ == 0)
    loss->reason = reason;
}

/* In transactions of a size that the tills' own route has too, so that no job of the writer is
 * long. What is put again after an error is found to be there. */
static gboolean put_some(IvStore *database, const char *store_id, IvPosReceipt **receipts, guint n,
                         IvTime now, IvSimLoss *loss, GError **error) {
  g_autofree IvPosReceiptResult *results = g_new0(IvPosReceiptResult, n);
  IvPosReceiptBatch batch = {.store_id = store_id,
                             .source = "sim",
                             .receipts = receipts,
                             .n = n,
                             .now = now,
                             .results = results};
  if (!iv_receipts_put(database, &batch, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (results[i].fate == IV_POS_RECEIPT_REFUSED || results[i].fate == IV_POS_RECEIPT_CONFLICT)
      note(loss, results[i].reason);
  return TRUE;
}

gboolean iv_sim_books_put_receipts(IvStore *database, const char *store_id,
                                   const GPtrArray *receipts, IvTime now, IvSimLoss *ret_loss,
                                   GError **error) {
  IvSimLoss loss = {0, NULL};
  g_autoptr(GPtrArray) fine = g_ptr_array_new();
  for (guint i = 0; i < receipts->len; i++) {
    const char *field, *fault = iv_pos_receipt_fault(receipts->pdata[i], now, &field);
    if (fault)
      note(&loss, fault);
    else
      g_ptr_array_add(fine, receipts->pdata[i]);
  }
  for (guint i = 0; i < fine->len; i += IV_RECEIPTS_BATCH_MAX)
    if (!put_some(database, store_id, (IvPosReceipt **)fine->pdata + i,
                  MIN(fine->len - i, IV_RECEIPTS_BATCH_MAX), now, &loss, error))
      return FALSE;
  *ret_loss = loss;
  return TRUE;
}

gboolean iv_sim_books_put_events(IvLedgerBook *book, const GArray *events, IvTime now,
                                 IvSimLoss *ret_loss, GError **error) {
  IvSimLoss loss = {0, NULL};
  g_autofree gboolean *inserted = g_new(gboolean, events->len + 1);
  g_autofree const char **refused = g_new0(const char *, events->len + 1);
  if (!iv_ledger_apply(book, (const IvEvent *)(gconstpointer)events->data, events->len, now,
                       inserted, refused, error))
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    if (refused[i])
      note(&loss, refused[i]);
  *ret_loss = loss;
  return TRUE;
}
