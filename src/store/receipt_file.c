/* SPDX-License-Identifier: Apache-2.0 */
#include "store/receipt_file.h"

#include <string.h>

#include "kpi/calendar.h"
#include "model/csv.h"
#include "model/receipt_csv.h"
#include "store/audit.h"
#include "store/lookup.h"

void iv_pos_receipt_tally_clear(IvPosReceiptTally *tally) {
  g_clear_pointer(&tally->problems, g_ptr_array_unref);
}

/* A file being read. */
typedef struct {
  IvStore *store;
  const IvPosReceiptFile *file;
  GPtrArray *receipts; /* of the next batch */
  GArray *lines;       /* of guint: where each begins */
  IvPosReceiptTally tally;
} Import;

/* Takes `problem`. */
static void tell(Import *import, char *problem) {
  import->tally.bad++;
  if (import->tally.problems->len < IV_POS_RECEIPT_PROBLEMS_MAX)
    g_ptr_array_add(import->tally.problems, problem);
  else
    g_free(problem);
}

static void note_result(Import *import, guint i, const IvPosReceiptResult *result) {
  if (result->fate == IV_POS_RECEIPT_STORED)
    import->tally.stored++;
  else if (result->fate == IV_POS_RECEIPT_DUPLICATE)
    import->tally.duplicates++;
  else
    tell(import,
         g_strdup_printf("line %u: %s", g_array_index(import->lines, guint, i), result->reason));
}

static gboolean flush(Import *import, GError **error) {
  IvPosReceiptResult results[IV_RECEIPTS_BATCH_MAX];
  IvPosReceiptBatch batch = {.store_id = import->file->store_id,
                             .source = "csv",
                             .receipts = (IvPosReceipt **)import->receipts->pdata,
                             .n = import->receipts->len,
                             .now = import->file->now,
                             .results = results};
  if (batch.n > 0 && !iv_receipts_put(import->store, &batch, error))
    return FALSE;
  for (guint i = 0; i < batch.n; i++)
    note_result(import, i, &results[i]);
  g_ptr_array_set_size(import->receipts, 0);
  g_array_set_size(import->lines, 0);
  return TRUE;
}

static gboolean take_all(Import *import, IvPosReceiptCsv *csv, GError **error) {
  IvPosReceiptCsvStep step;
  IvPosReceipt *receipt = NULL;
  char *problem = NULL;
  while ((step = iv_pos_receipt_csv_next(csv, &receipt, &problem)) != IV_POS_RECEIPT_CSV_END) {
    guint line = iv_pos_receipt_csv_line(csv);
    if (step == IV_POS_RECEIPT_CSV_BAD) {
      tell(import, problem);
      continue;
    }
    g_ptr_array_add(import->receipts, receipt);
    g_array_append_val(import->lines, line);
    if (import->receipts->len == IV_RECEIPTS_BATCH_MAX && !flush(import, error))
      return FALSE;
  }
  return flush(import, error);
}

static gboolean read_store(IvStore *store, const char *store_id, char *ret_currency,
                           GTimeZone **ret_zone, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT currency FROM stores WHERE store_no = $1");
  iv_bind_int(st, key.no);
  if (!iv_step_row(st, error))
    return FALSE;
  g_strlcpy(ret_currency, iv_column_text(st, 0), 4);
  iv_statement_reset(st);
  *ret_zone = iv_calendar_zone(key.time_zone);
  if (!*ret_zone)
    *ret_zone = g_time_zone_new_utc();
  return TRUE;
}

/* A file of any size is not read into memory. */
static char *read_text(const char *path, gsize *ret_length, GError **error) {
  g_autofree char *text = NULL;
  g_autoptr(GMappedFile) mapped = g_mapped_file_new(path, FALSE, error);
  if (!mapped)
    return NULL;
  *ret_length = g_mapped_file_get_length(mapped);
  if (*ret_length > IV_CSV_BYTES_MAX) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                "%s has more than %d MiB; cut it into parts", path, IV_CSV_BYTES_MAX / 1024 / 1024);
    return NULL;
  }
  text = g_malloc(*ret_length + 1);
  if (*ret_length > 0)
    memcpy(text, g_mapped_file_get_contents(mapped), *ret_length);
  text[*ret_length] = '\0';
  return g_steal_pointer(&text);
}

static gboolean audit(IvSql *sql, gpointer arg, GError **error) {
  const Import *import = arg;
  g_autofree char *name = g_path_get_basename(import->file->path);
  g_autofree char *detail =
      g_strdup_printf("{\"stored\":%" G_GUINT64_FORMAT ",\"duplicates\":%" G_GUINT64_FORMAT
                      ",\"bad\":%" G_GUINT64_FORMAT "}",
                      import->tally.stored, import->tally.duplicates, import->tally.bad);
  IvAuditEntry entry = {.ts = import->file->now,
                        .action = IV_AUDIT_SALES_IMPORTED,
                        .actor = import->file->actor,
                        .subject = name,
                        .store_id = import->file->store_id,
                        .address = "",
                        .detail = detail};
  return iv_audit_add(sql, &entry, error);
}

static gboolean run(Import *import, GError **error) {
  gsize length = 0;
  char currency[4];
  g_autoptr(GTimeZone) zone = NULL;
  g_autofree char *text = read_text(import->file->path, &length, error);
  if (!text || !read_store(import->store, import->file->store_id, currency, &zone, error))
    return FALSE;
  IvPosReceiptCsvOptions options = {zone, currency, import->file->maps, import->file->now};
  g_autoptr(IvPosReceiptCsv) csv = iv_pos_receipt_csv_new(text, length, &options, error);
  g_clear_pointer(&text, g_free); /* the reader has its own */
  return csv && take_all(import, csv, error) && iv_store_write(import->store, audit, import, error);
}

gboolean iv_pos_receipt_file_import(IvStore *store, const IvPosReceiptFile *file,
                                    IvPosReceiptTally *ret_tally, GError **error) {
  Import import = {.store = store, .file = file};
  import.receipts = iv_receipts_new();
  import.lines = g_array_new(FALSE, FALSE, sizeof(guint));
  import.tally.problems = g_ptr_array_new_with_free_func(g_free);
  gboolean ok = run(&import, error);
  g_ptr_array_unref(import.receipts);
  g_array_unref(import.lines);
  if (ok)
    *ret_tally = import.tally;
  else
    iv_pos_receipt_tally_clear(&import.tally);
  return ok;
}
