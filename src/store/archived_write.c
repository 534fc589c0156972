/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer does to the index of the archive. */
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

gboolean iv_archived_take_mark(IvSql *sql, const char *store_id, const char *mark, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "INSERT INTO archives (store_no, mark) VALUES ($1, $2) ON CONFLICT "
                            "(store_no) DO UPDATE SET mark = excluded.mark");
  iv_bind_int(st, store.no);
  iv_bind_text(st, mark);
  return iv_step_done(st, error);
}

/* ---- a file there ---- */

/* What its source says of it; of a bundle only of the one that was sent. */
static gboolean tell_source(IvSql *sql, const IvArchivedFile *file, GError **error) {
  IvStatement *st;
  switch (file->kind) {
  case IV_ARCHIVED_RECORDING:
    return run_on(sql, "UPDATE segments SET archive = 2 WHERE segment_no = $1", file->source_no,
                  error);
  case IV_ARCHIVED_SNAPSHOT:
    return run_on(sql, "UPDATE snapshots SET archive = 2 WHERE snapshot_no = $1", file->source_no,
                  error);
  case IV_ARCHIVED_EVIDENCE:
  case IV_ARCHIVED_KINDS:
    break;
  }
  st = iv_sql_statement(
      sql, "UPDATE evidence SET archive = 2 WHERE evidence_no = $1 AND bundle_sha256 = $2");
  iv_bind_int(st, file->source_no);
  iv_bind_text(st, file->sha256);
  return iv_step_done(st, error) &&
         run_on(sql,
                "UPDATE archive_files SET doomed = 1 WHERE kind = 'evidence' AND source_no = $1 "
                "AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence_no = $1 AND state <> "
                "'released')",
                file->source_no, error);
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
  iv_bind_text(st, iv_archived_kind_name(file->kind));
  iv_bind_int(st, file->source_no);
  iv_bind_text(st, file->key);
  iv_bind_int(st, (gint64)file->bytes);
  iv_bind_text(st, file->sha256);
  iv_bind_time(st, file->end);
  iv_bind_time(st, file->archived);
  return iv_step_done(st, error) && tell_source(sql, file, error);
}

gboolean iv_archived_doom(IvSql *sql, const IvArchivedFile *file, gboolean *ret_doomed,
                          GError **error) {
  static const char *const only_there[IV_ARCHIVED_KINDS] = {
      [IV_ARCHIVED_RECORDING] =
          "UPDATE segments SET doomed = 1 WHERE segment_no = $1 AND local = 0",
      [IV_ARCHIVED_SNAPSHOT] =
          "UPDATE snapshots SET doomed = 1 WHERE snapshot_no = $1 AND local = 0",
  };
  if (!run_on(sql,
              "UPDATE archive_files SET doomed = 1 WHERE file_no = $1 AND (doomed = 1 OR kind <> "
              "'evidence') AND NOT (kind = 'recording' AND EXISTS (SELECT 1 FROM segment_holds h "
              "WHERE h.segment_no = source_no)) AND NOT (kind = 'snapshot' AND EXISTS (SELECT 1 "
              "FROM snapshot_holds h WHERE h.snapshot_no = source_no))",
              file->no, error))
    return FALSE;
  *ret_doomed = iv_sql_changes(sql) == 1;
  const char *text = only_there[file->kind];
  return !*ret_doomed || !text || run_on(sql, text, file->source_no, error);
}

gboolean iv_archived_remove(IvSql *sql, const IvArchivedFile *file, GError **error) {
  static const struct {
    const char *delete, *tell;
  } sources[IV_ARCHIVED_KINDS] = {
      [IV_ARCHIVED_RECORDING] = {"DELETE FROM segments WHERE segment_no = $1 AND local = 0",
                                 "UPDATE segments SET archive = 3 WHERE segment_no = $1"},
      [IV_ARCHIVED_SNAPSHOT] = {"DELETE FROM snapshots WHERE snapshot_no = $1 AND local = 0",
                                "UPDATE snapshots SET archive = 3 WHERE snapshot_no = $1"},
  };
  if (!run_on(sql, "DELETE FROM archive_files WHERE file_no = $1", file->no, error))
    return FALSE;
  return !sources[file->kind].delete ||
         (run_on(sql, sources[file->kind].delete, file->source_no, error) &&
          run_on(sql, sources[file->kind].tell, file->source_no, error));
}

/* ---- what belongs there ---- */

gboolean iv_archived_decide(IvSql *sql, IvArchivedKind kind, gint64 source_no, gboolean wanted,
                            GError **error) {
  static const char *const texts[][2] = {
      [IV_ARCHIVED_RECORDING] =
          {"UPDATE segments SET archive = 3 WHERE segment_no = $1 AND archive = 0",
           "UPDATE segments SET archive = 1 WHERE segment_no = $1 AND archive = 0"},
      [IV_ARCHIVED_SNAPSHOT] =
          {"UPDATE snapshots SET archive = 3 WHERE snapshot_no = $1 AND archive = 0",
           "UPDATE snapshots SET archive = 1 WHERE snapshot_no = $1 AND archive = 0"},
  };
  return run_on(sql, texts[kind][wanted ? 1 : 0], source_no, error);
}

gboolean iv_archived_reconsider(IvSql *sql, const char *store_id, IvArchivedKind kind, gboolean all,
                                GError **error) {
  static const char *const texts[][2] = {
      [IV_ARCHIVED_RECORDING] =
          {"UPDATE segments SET archive = 0 WHERE store_no = $1 AND archive = 3 AND segment_no IN "
           "(SELECT segment_no FROM segment_holds)",
           "UPDATE segments SET archive = 0 WHERE store_no = $1 AND archive IN (1, 3)"},
      [IV_ARCHIVED_SNAPSHOT] =
          {"UPDATE snapshots SET archive = 0 WHERE store_no = $1 AND archive = 3 AND snapshot_no "
           "IN (SELECT snapshot_no FROM snapshot_holds)",
           "UPDATE snapshots SET archive = 0 WHERE store_no = $1 AND archive IN (1, 3)"},
  };
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  return run_on(sql, texts[kind][all ? 1 : 0], store.no, error);
}

/* One that is being deleted there has no other file from here on. */
gboolean iv_archived_forget_local(IvSql *sql, gint64 segment_no, GError **error) {
  return run_on(sql,
                "UPDATE segments SET local = 0, doomed = 0 WHERE segment_no = $1 AND archive = 2 "
                "AND NOT EXISTS (SELECT 1 FROM archive_files a WHERE a.kind = 'recording' AND "
                "a.source_no = $1 AND a.doomed = 1)",
                segment_no, error) &&
         (iv_sql_changes(sql) == 1 || iv_segments_remove(sql, segment_no, error));
}
