/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archived.h"

#include "store/lookup.h"
#include "store/segment_row.h"

#define NOT_HELD "NOT EXISTS (SELECT 1 FROM segment_holds h WHERE h.segment_no = s.segment_no)"

/* A file is looked at by events that last into it for at most an hour. */
#define HAPPENED                                                                                   \
  "EXISTS (SELECT 1 FROM events e WHERE e.store_no = s.store_no AND e.ts < s.end_ts AND e.ts > "   \
  "s.start_ts - 3600000000 AND e.camera_no = s.camera_no AND coalesce(e.end_ts, e.ts) >= "         \
  "s.start_ts AND e.kind_no NOT IN (SELECT kind_no FROM event_kinds WHERE name LIKE '%.sample'))"

static void clear_file(gpointer file) {
  iv_archived_file_clear(file);
}

/* What `rows` were read of, or NULL with the error. */
static GArray *ended(GArray *rows, GError *wrong, GError **error) {
  if (!wrong)
    return rows;
  g_array_unref(rows);
  g_propagate_error(error, wrong);
  return NULL;
}

GArray *iv_archived_candidates(IvStore *store, const char *store_id, IvTime before, guint limit,
                               GError **error) {
  IvStoreKey key;
  GError *wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql,
      "SELECT s.segment_no, c.id, s.end_ts, NOT " NOT_HELD ", " HAPPENED
      " FROM segments s JOIN cameras c ON c.camera_no = s.camera_no WHERE s.store_no = $1 AND "
      "s.archive = 0 AND s.end_ts < $2 AND s.closed = 1 AND s.doomed = 0 AND s.local = 1 "
      "ORDER BY s.end_ts LIMIT $3");
  iv_bind_int(st, key.no);
  iv_bind_time(st, before);
  iv_bind_int(st, limit);
  GArray *rows = g_array_new(FALSE, TRUE, sizeof(IvArchiveCandidate));
  while (iv_step_row(st, &wrong)) {
    IvArchiveCandidate row = {.no = iv_column_int(st, 0),
                              .end = iv_column_time(st, 2),
                              .held = iv_column_int(st, 3) != 0,
                              .happened = iv_column_int(st, 4) != 0};
    iv_slug_set(&row.camera_id, iv_column_text(st, 1));
    g_array_append_val(rows, row);
  }
  return ended(rows, wrong, error);
}

static GArray *segments(IvStore *store, const char *store_id, const char *text, IvTime before,
                        guint limit, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, text);
  iv_bind_int(st, key.no);
  iv_bind_time(st, before);
  iv_bind_int(st, limit);
  return iv_segment_rows(st, FALSE, error);
}

GArray *iv_archived_waiting(IvStore *store, const char *store_id, IvTime before, guint limit,
                            GError **error) {
  return segments(store, store_id,
                  "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM
                  "WHERE s.store_no = $1 AND s.archive = 1 AND s.end_ts < $2 AND s.closed = 1 AND "
                  "s.doomed = 0 AND s.local = 1 ORDER BY s.end_ts LIMIT $3",
                  before, limit, error);
}

GArray *iv_archived_doubles(IvStore *store, const char *store_id, guint limit, GError **error) {
  return segments(store, store_id,
                  "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM
                  "WHERE s.store_no = $1 AND s.local = 1 AND s.doomed = 0 AND s.archive = 2 AND "
                  "s.end_ts < $2 AND " NOT_HELD " ORDER BY s.end_ts LIMIT $3",
                  G_MAXINT64, limit, error);
}

GArray *iv_archived_old(IvStore *store, const char *store_id, IvTime before, gboolean doomed,
                        guint limit, GError **error) {
  IvStoreKey key;
  GError *wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT a.file_no, a.kind, a.source_no, a.key, a.bytes, a.sha256, a.end_ts, "
                "a.archived_ts FROM archive_files a WHERE a.store_no = $1 AND a.doomed = $2 AND "
                "a.end_ts < $3 AND NOT (a.kind = 'recording' AND EXISTS (SELECT 1 FROM "
                "segment_holds h WHERE h.segment_no = a.source_no)) ORDER BY a.end_ts LIMIT $4");
  iv_bind_int(st, key.no);
  iv_bind_int(st, doomed);
  iv_bind_time(st, before);
  iv_bind_int(st, limit);
  GArray *rows = g_array_new(FALSE, TRUE, sizeof(IvArchivedFile));
  g_array_set_clear_func(rows, clear_file);
  while (iv_step_row(st, &wrong)) {
    IvArchivedFile row = {.no = iv_column_int(st, 0),
                          .source_no = iv_column_int(st, 2),
                          .key = g_strdup(iv_column_text(st, 3)),
                          .bytes = (guint64)iv_column_int(st, 4),
                          .end = iv_column_time(st, 6),
                          .archived = iv_column_time(st, 7)};
    g_strlcpy(row.kind, iv_column_text(st, 1), sizeof row.kind);
    g_strlcpy(row.sha256, iv_column_text(st, 5), sizeof row.sha256);
    g_array_append_val(rows, row);
  }
  return ended(rows, wrong, error);
}

char *iv_archived_key(IvStore *store, const char *store_id, gint64 segment_no, IvTime deadline,
                      GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st =
      iv_sql_statement(read.sql, "SELECT key FROM archive_files WHERE store_no = $1 AND kind = "
                                 "'recording' AND source_no = $2 AND doomed = 0");
  iv_bind_int(st, key.no);
  iv_bind_int(st, segment_no);
  if (!iv_step_row(st, error))
    return NULL;
  char *found = g_strdup(iv_column_text(st, 0));
  iv_statement_reset(st);
  return found;
}

static gboolean read_three(IvStatement *st, gint64 *a, gint64 *b, gint64 *c, GError **error) {
  if (!iv_step_row(st, error))
    return FALSE; /* an aggregate always has a row */
  *a = iv_column_int(st, 0);
  *b = iv_column_int(st, 1);
  *c = iv_column_int(st, 2);
  iv_statement_reset(st);
  return TRUE;
}

gboolean iv_archived_totals(IvStore *store, const char *store_id, IvTime before,
                            IvArchivedTotals *ret_totals, GError **error) {
  IvStoreKey key;
  gint64 waiting, waiting_bytes, oldest, stored, stored_bytes, only_there;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT count(*), coalesce(sum(bytes), 0), coalesce(min(end_ts), -1) FROM segments "
                "WHERE store_no = $1 AND archive IN (0, 1) AND end_ts < $2 AND closed = 1 AND "
                "doomed = 0 AND local = 1");
  iv_bind_int(st, key.no);
  iv_bind_time(st, before);
  if (!read_three(st, &waiting, &waiting_bytes, &oldest, error))
    return FALSE;
  st = iv_sql_statement(
      read.sql, "SELECT count(*), coalesce(sum(bytes), 0), (SELECT count(*) FROM segments WHERE "
                "store_no = $1 AND local = 0 AND doomed = 0) FROM archive_files WHERE store_no = "
                "$1 AND doomed = 0");
  iv_bind_int(st, key.no);
  if (!read_three(st, &stored, &stored_bytes, &only_there, error))
    return FALSE;
  *ret_totals = (IvArchivedTotals){.waiting = (guint64)waiting,
                                   .waiting_bytes = (guint64)waiting_bytes,
                                   .oldest_waiting = oldest < 0 ? IV_TIME_NONE : oldest,
                                   .stored = (guint64)stored,
                                   .stored_bytes = (guint64)stored_bytes,
                                   .only_there = (guint64)only_there};
  return TRUE;
}
