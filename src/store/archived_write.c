/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer does to the index of the archive. */
#include <string.h>

#include "store/archived.h"
#include "store/lookup.h"
#include "store/segments.h"

void iv_archived_file_clear(IvArchivedFile *file) {
  g_clear_pointer(&file->key, g_free);
}

static gboolean run_on(IvSql *sql, const char *text, gint64 no, GError **error) {
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, no);
  return iv_step_done(st, error);
}

gboolean iv_archived_mark(IvSql *sql, const char *store_id, const char *fresh, char **ret_mark,
                          GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "INSERT OR IGNORE INTO archives (store_no, mark) VALUES ($1, $2)");
  iv_bind_int(st, store.no);
  iv_bind_text(st, fresh);
  if (!iv_step_done(st, error))
    return FALSE;
  st = iv_sql_statement(sql, "SELECT mark FROM archives WHERE store_no = $1");
  iv_bind_int(st, store.no);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_mark = g_strdup(iv_column_text(st, 0));
  iv_statement_reset(st);
  return TRUE;
}

gboolean iv_archived_add(IvSql *sql, const char *store_id, const IvArchivedFile *file,
                         GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO archive_files (store_no, kind, source_no, key, bytes, sha256, end_ts, "
           "archived_ts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (store_no, kind, "
           "source_no) DO UPDATE SET key = excluded.key, bytes = excluded.bytes, sha256 = "
           "excluded.sha256, end_ts = excluded.end_ts, archived_ts = excluded.archived_ts, doomed "
           "= 0");
  iv_bind_int(st, store.no);
  iv_bind_text(st, file->kind);
  iv_bind_int(st, file->source_no);
  iv_bind_text(st, file->key);
  iv_bind_int(st, (gint64)file->bytes);
  iv_bind_text(st, file->sha256);
  iv_bind_time(st, file->end);
  iv_bind_time(st, file->archived);
  return iv_step_done(st, error) &&
         (strcmp(file->kind, IV_ARCHIVED_RECORDING) != 0 ||
          run_on(sql, "UPDATE segments SET archive = 2 WHERE segment_no = $1", file->source_no,
                 error));
}

gboolean iv_archived_doom(IvSql *sql, const IvArchivedFile *file, gboolean *ret_doomed,
                          GError **error) {
  if (!run_on(sql,
              "UPDATE archive_files SET doomed = 1 WHERE file_no = $1 AND NOT (kind = 'recording' "
              "AND EXISTS (SELECT 1 FROM segment_holds h WHERE h.segment_no = source_no))",
              file->no, error))
    return FALSE;
  *ret_doomed = iv_sql_changes(sql) == 1;
  return !*ret_doomed || strcmp(file->kind, IV_ARCHIVED_RECORDING) != 0 ||
         run_on(sql, "UPDATE segments SET doomed = 1 WHERE segment_no = $1 AND local = 0",
                file->source_no, error);
}

gboolean iv_archived_remove(IvSql *sql, const IvArchivedFile *file, GError **error) {
  if (!run_on(sql, "DELETE FROM archive_files WHERE file_no = $1", file->no, error))
    return FALSE;
  return strcmp(file->kind, IV_ARCHIVED_RECORDING) != 0 ||
         (run_on(sql, "DELETE FROM segments WHERE segment_no = $1 AND local = 0", file->source_no,
                 error) &&
          run_on(sql, "UPDATE segments SET archive = 3 WHERE segment_no = $1", file->source_no,
                 error));
}

gboolean iv_archived_decide(IvSql *sql, gint64 segment_no, gboolean wanted, GError **error) {
  return run_on(sql,
                wanted ? "UPDATE segments SET archive = 1 WHERE segment_no = $1 AND archive = 0"
                       : "UPDATE segments SET archive = 3 WHERE segment_no = $1 AND archive = 0",
                segment_no, error);
}

gboolean iv_archived_reconsider(IvSql *sql, const char *store_id, gboolean all, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  return run_on(sql,
                all ? "UPDATE segments SET archive = 0 WHERE store_no = $1 AND archive IN (1, 3)"
                    : "UPDATE segments SET archive = 0 WHERE store_no = $1 AND archive = 3 AND "
                      "segment_no IN (SELECT segment_no FROM segment_holds)",
                store.no, error);
}

gboolean iv_archived_forget_local(IvSql *sql, gint64 segment_no, GError **error) {
  return run_on(sql,
                "UPDATE segments SET local = 0, doomed = 0 WHERE segment_no = $1 AND archive = 2",
                segment_no, error) &&
         (iv_sql_changes(sql) == 1 || iv_segments_remove(sql, segment_no, error));
}
