/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "store/store.h"

/* Writing the ledger: the exactly-once path. */
typedef struct IvLedgerBook IvLedgerBook;

/* What the ledger knows besides the database: the limits of the figures. `store` must outlive it.
 */
IvLedgerBook *iv_ledger_book_new(IvStore *store, const IvKpiLimits *limits);
void iv_ledger_book_free(IvLedgerBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvLedgerBook, iv_ledger_book_free)

/* Stores a batch in one transaction and counts it: of the events (all of one store) those that
 * aren't there yet are inserted, and exactly those change the 5-minute rows. ret_inserted[i] is
 * TRUE for them; ret_refused[i] is NULL or says (static text) why the event can't be taken. TRUE =
 * it is durable; FALSE = nothing changed. Has the shape of outbox/receiver.h's IvLedger.apply,
 * `self` is an IvLedgerBook. Any thread. */
gboolean iv_ledger_apply(gpointer self, const IvEvent *events, guint n, IvTime now,
                         gboolean *ret_inserted, const char **ret_refused, GError **error);

typedef struct {
  guint64 inserted, duplicates, unknown_kind;
  guint64
      unplaced;  /* crossings whose scene version isn't in the database: not in the store's sums */
} IvLedgerStats; /* since creation */
void iv_ledger_stats(IvLedgerBook *book, IvLedgerStats *ret_stats);

/* The repair path: counts the 5-minute rows of [from, to) of a store again from the ledger. The
 * range is cut to what the ledger still holds in full, and rounded to whole buckets. */
gboolean iv_ledger_recount(IvLedgerBook *book, const char *store_id, IvTime from, IvTime to,
                           GError **error);

#define IV_CAMERAS_PER_STORE_MAX 1000 /* that events may name, known or not */
#define IV_PLACES_PER_STORE_MAX 10000 /* zones, lines, and lanes, that events may name */
