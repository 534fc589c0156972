/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/receipt.h"

/* Receipts from a point of sale's CSV file; the format is described in docs/sales.md. A row is a
 * receipt or one line of it: rows that follow each other with the same terminal, receipt and time
 * are one receipt. Pure; one thread. */
typedef struct IvPosReceiptCsv IvPosReceiptCsv;

#define IV_POS_RECEIPT_CSV_MAPS_MAX 40

typedef struct {
  GTimeZone *zone;         /* of times without an offset: the store's */
  const char *currency;    /* for files without the column; "" = the store's, with two digits */
  const char *const *maps; /* "COLUMN=field", NULL-terminated; NULL = columns are named as fields */
  IvTime now;
} IvPosReceiptCsvOptions;

/* Reads the head. NULL (IV_POS_RECEIPT_ERROR) when a column that is needed is missing or a map
 * makes no sense. The options' texts must outlive it; the zone is referenced. */
IvPosReceiptCsv *iv_pos_receipt_csv_new(const char *text, gsize length,
                                        const IvPosReceiptCsvOptions *options, GError **error);
void iv_pos_receipt_csv_free(IvPosReceiptCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPosReceiptCsv, iv_pos_receipt_csv_free)

typedef enum {
  IV_POS_RECEIPT_CSV_RECEIPT,
  IV_POS_RECEIPT_CSV_BAD,
  IV_POS_RECEIPT_CSV_END
} IvPosReceiptCsvStep;

/* The next receipt, settled and checked (the caller frees), or one that is wrong: then
 * `ret_problem` (the caller frees) says "line 12: amount: ...". A receipt with one bad row is bad
 * as a whole. */
IvPosReceiptCsvStep iv_pos_receipt_csv_next(IvPosReceiptCsv *csv, IvPosReceipt **ret_receipt,
                                            char **ret_problem);

/* Line of the file in which the last receipt began. */
guint iv_pos_receipt_csv_line(const IvPosReceiptCsv *csv);

/* A decimal number ("1234.5", "1.234,50", "-3", "1 234,50") in units of 10^-digits; FALSE when it
 * is none, has more digits behind the point than `digits` (zeros aside), or is beyond ±1e15. */
gboolean iv_decimal_read(const char *text, int digits, gint64 *ret_value);

/* "2026-11-24T09:00:00Z", "2026-11-24 09:00[:00]", "24.11.2026 09:00[:00]"; without an offset it is
 * the zone's. */
gboolean iv_local_time_read(const char *text, GTimeZone *zone, IvTime *ret_time);
