/* SPDX-License-Identifier: Apache-2.0 */
/* The list of the archive, made again from what is in it. */
#include "store/archived.h"
#include "store/lookup.h"

typedef struct {
  gint64 no; /* 0 = there is none */
  guint64 bytes;
  IvTime end;
} Row;

static gboolean find_segment(IvSql *sql, gint64 store, const char *path, Row *ret_row,
                             GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT segment_no, bytes, end_ts FROM segments WHERE store_no = $1 AND path = $2");
  iv_bind_int(st, store);
  iv_bind_text(st, path);
  *ret_row = (Row){0};
  if (iv_step_row(st, &wrong)) {
    *ret_row = (Row){iv_column_int(st, 0), (guint64)iv_column_int(st, 1), iv_column_time(st, 2)};
    iv_statement_reset(st);
    return TRUE;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* A row that says that its file is in the archive alone. */
static gboolean put_row(IvSql *sql, const char *store_id, gint64 store, const IvSegment *segment,
                        Row *ret_row, GError **error) {
  if (!iv_segments_put(sql, store_id, segment, error) ||
      !find_segment(sql, store, segment->path, ret_row, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(sql, "UPDATE segments SET local = 0 WHERE segment_no = $1");
  iv_bind_int(st, ret_row->no);
  return iv_step_done(st, error);
}

static gboolean hold(IvSql *sql, gint64 segment_no, const char *holder, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR IGNORE INTO segment_holds (segment_no, holder) VALUES ($1, $2)");
  iv_bind_int(st, segment_no);
  iv_bind_text(st, holder);
  return iv_step_done(st, error);
}

gboolean iv_archived_adopt(IvSql *sql, const char *store_id, const IvSegment *segment,
                           IvArchivedFile *file, const char *holder, gboolean *ret_fresh,
                           GError **error) {
  IvStoreKey store;
  Row row;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !find_segment(sql, store.no, segment->path, &row, error))
    return FALSE;
  *ret_fresh = row.no == 0;
  if (row.no != 0 && row.bytes != file->bytes)
    return TRUE;
  if (row.no == 0 && !put_row(sql, store_id, store.no, segment, &row, error))
    return FALSE;
  file->source_no = row.no;
  file->end = row.end;
  return iv_archived_add(sql, store_id, file, error) &&
         (!holder || !*ret_fresh || hold(sql, row.no, holder, error));
}

gboolean iv_archived_is_known(IvStore *store, const char *store_id, const char *key,
                              const char *path, gboolean *ret_stored, gboolean *ret_recorded,
                              GError **error) {
  IvStoreKey own;
  gint64 n = 0;
  Row row;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &own, error) ||
      !find_segment(read.sql, own.no, path, &row, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT count(*) FROM archive_files WHERE store_no = $1 AND key = $2");
  iv_bind_int(st, own.no);
  iv_bind_text(st, key);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  *ret_stored = n > 0;
  *ret_recorded = row.no > 0;
  return TRUE;
}
