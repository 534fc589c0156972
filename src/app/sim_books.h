/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "model/receipt.h"
#include "store/ledger.h"

/* What a simulated store did, put straight into the ledger and the receipts. What they refuse is
 * lost for good, and told: nothing is lost in silence. */

typedef struct {
  guint refused;      /* of those that were put */
  const char *reason; /* of the first of them, static text; NULL where there is none */
} IvSimLoss;

/* Each receipt (IvPosReceipt, settled) is looked at again before it is put, also one that comes a
 * second time because the first ended in an error: what has a fault never reaches the database,
 * where it would keep the others out each time. One that is there already is no loss, one that says
 * something else than what is there is. FALSE: some may be stored, others are not; put the same
 * again later, and what was lost is told then. Any thread. */
gboolean iv_sim_books_put_receipts(IvStore *database, const char *store_id,
                                   const GPtrArray *receipts, IvTime now, IvSimLoss *ret_loss,
                                   GError **error);

/* The same of events, all or none of which are stored. */
gboolean iv_sim_books_put_events(IvLedgerBook *book, const GArray *events, IvTime now,
                                 IvSimLoss *ret_loss, GError **error);
