/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Rows of a CSV text (RFC 4180: quotes, "" for a quote, line breaks inside quotes). Bounded: what a
 * file says can't make it take more memory than the text itself and one row. Pure; one thread. */
typedef struct IvCsv IvCsv;

#define IV_CSV_BYTES_MAX (64 * 1024 * 1024)
#define IV_CSV_ROW_BYTES_MAX (64 * 1024)
#define IV_CSV_COLUMNS_MAX 200

/* Takes a copy as UTF-8: a byte order mark is left out, text that is no UTF-8 is read as Latin-1.
 * The delimiter is the one of , ; and tab that the first line has most of. `length` is at most
 * IV_CSV_BYTES_MAX (asserted). */
IvCsv *iv_csv_new(const char *text, gsize length);
void iv_csv_free(IvCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCsv, iv_csv_free)

typedef enum { IV_CSV_ROW, IV_CSV_BAD_ROW, IV_CSV_END } IvCsvStep;

/* Reads the next row that is not empty. `ret_cells` (of char *, trimmed) is borrowed until the next
 * call. A row beyond a limit is passed over as IV_CSV_BAD_ROW; an open quote ends the text so. */
IvCsvStep iv_csv_next(IvCsv *csv, GPtrArray **ret_cells);

/* Line in which the last row began, from 1. */
guint iv_csv_line(const IvCsv *csv);
