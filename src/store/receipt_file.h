/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/receipts.h"

/* Receipts from a CSV file (docs/sales.md) into the store. */

#define IV_POS_RECEIPT_PROBLEMS_MAX 1000 /* told one by one; the rest is counted */

typedef struct {
  const char *store_id, *path;
  const char *const *maps; /* "COLUMN=field"; NULL = columns are named as fields */
  IvTime now;
  const char *actor; /* for the audit log */
} IvPosReceiptFile;

typedef struct {
  guint64 stored, duplicates, bad; /* receipts; bad: also those that were refused */
  GPtrArray *problems;             /* of char *, "line 12: ...", owning */
} IvPosReceiptTally;
void iv_pos_receipt_tally_clear(IvPosReceiptTally *tally);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvPosReceiptTally, iv_pos_receipt_tally_clear)

/* Stores what is good, batch by batch, and tells what is not: the file can be mended and read
 * again, what is there counts once. Blocks; any thread but the writer. FALSE when the file as a
 * whole can't be used (G_FILE_ERROR, IV_POS_RECEIPT_ERROR) or the database failed (IV_STORE_ERROR,
 * IV_SQL_ERROR): batches before that stay. Clear `ret_tally` on success only. */
gboolean iv_pos_receipt_file_import(IvStore *store, const IvPosReceiptFile *file,
                                    IvPosReceiptTally *ret_tally, GError **error);
