/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "model/receipt.h"
#include "store/store.h"

/* Receipts of the points of sale: stored once, and counted into the 5-minute rows in the same
 * transaction. */

#define IV_RECEIPTS_BATCH_MAX 500
#define IV_TERMINALS_PER_STORE_MAX 1000 /* that receipts or people may name */

typedef enum {
  IV_POS_RECEIPT_STORED,
  IV_POS_RECEIPT_DUPLICATE, /* was there already, the same: nothing changed */
  IV_POS_RECEIPT_CONFLICT,  /* its key, or its (terminal, receipt, time), is another receipt's */
  IV_POS_RECEIPT_REFUSED,
  IV_POS_RECEIPT_FATES,
} IvPosReceiptFate;
const char *iv_pos_receipt_fate_name(IvPosReceiptFate fate); /* "stored", "duplicate", ... */

typedef struct {
  IvPosReceiptFate fate;
  gint64 id;          /* of the row that is there; 0 when refused */
  const char *reason; /* static text; NULL when stored */
} IvPosReceiptResult;

typedef struct {
  const char *store_id;
  const char *source; /* "api", "csv" */
  IvPosReceipt *
      *receipts; /* n of them, settled and without fault; a missing currency is filled in */
  guint n;
  IvTime now;
  IvPosReceiptResult *results; /* n of them, filled in */
} IvPosReceiptBatch;

/* One transaction: TRUE = what is told as stored is durable; FALSE = nothing changed. The first
 * receipt of a store whose currency isn't known yet names it for good; receipts in another are
 * refused, as are those older than what retention has deleted. A terminal that nobody knew is
 * added without a lane. IV_STORE_ERROR_NOT_FOUND for the store. Any thread. */
gboolean iv_receipts_put(IvStore *store, IvPosReceiptBatch *batch, GError **error);

/* The same inside a job of the writer. */
gboolean iv_receipts_put_in(IvSql *sql, IvPosReceiptBatch *batch, GError **error);

/* The repair path: counts the rows of sales and categories of [from, to) again from the receipts,
 * with the categories that products have today. The range is cut to what is still held and rounded
 * to whole hours. */
gboolean iv_receipts_recount(IvStore *store, const char *store_id, IvTime from, IvTime to,
                             GError **error);

/* ---- reading ---- */

#define IV_RECEIPTS_LIMIT_MAX 500
#define IV_RECEIPTS_LINES_MAX 5000 /* of one page: it ends early rather than grow beyond */
#define IV_RECEIPTS_CURSOR_MAX 64

typedef struct {
  gint64 id;
  IvPosReceipt receipt;
  IvSlug lane; /* none = the terminal was not mapped */
  char source[8];
  IvTime received_at;
  int linked;                     /* 1 = its service is known; 0 = there is none, though the lane
                                     was watched; -1 = can't be known (yet), or is no transaction */
  IvTime service_ts, service_end; /* of the service; IV_TIME_NONE = none */
  IvSlug camera;                  /* that saw it; none = not known */
} IvPosReceiptRow;
void iv_pos_receipt_row_free(IvPosReceiptRow *row);

typedef struct {
  const char *store_id;
  IvTime from, to;                      /* IV_TIME_NONE = open; `to` excluded */
  const char *terminal, *receipt, *sku; /* exactly; NULL = all */
  int kind;                             /* -1 = all */
  int linked;                           /* as in the row: 0 or 1 only; -1 = all */
  IvTime now;                           /* what is younger than 15 min may still be linked */
  guint limit;                          /* 1..IV_RECEIPTS_LIMIT_MAX */
  const char *cursor;                   /* of the page before; NULL = from the newest on */
} IvPosReceiptQuery;

/* Newest first (GPtrArray of IvPosReceiptRow, owning); `ret_next_cursor` (caller frees) is NULL on
 * the last page. A terminal that doesn't exist gives an empty page. IV_STORE_ERROR_NOT_FOUND for
 * the store, _INVALID for limit or cursor. */
GPtrArray *iv_receipts_query(IvStore *store, const IvPosReceiptQuery *query, IvTime deadline,
                             char **ret_next_cursor, GError **error);
