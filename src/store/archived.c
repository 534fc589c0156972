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

/* What waits is looked for by its state: the `+` keeps the index by age out of it, in which all
 * that lies on the disk would be gone through. */
static const char *const candidate_texts[] = {
    [IV_ARCHIVED_RECORDING] =
        "SELECT s.segment_no, c.id, s.end_ts, NOT " NOT_HELD ", " HAPPENED
        " FROM segments s JOIN cameras c ON c.camera_no = s.camera_no WHERE s.store_no = $1 AND "
        "s.archive = 0 AND s.end_ts < $2 AND s.closed = 1 AND +s.doomed = 0 AND +s.local = 1 "
        "ORDER BY s.end_ts LIMIT $3",
    [IV_ARCHIVED_SNAPSHOT] =
        "SELECT s.snapshot_no, c.id, s.moment, EXISTS (SELECT 1 FROM snapshot_holds h WHERE "
        "h.snapshot_no = s.snapshot_no), 1 FROM snapshots s JOIN cameras c ON c.camera_no = "
        "s.camera_no WHERE s.store_no = $1 AND s.archive = 0 AND s.moment < $2 AND +s.doomed = 0 "
        "AND +s.local = 1 ORDER BY s.moment LIMIT $3",
};

GArray *iv_archived_candidates(IvStore *store, const char *store_id, IvArchivedKind kind,
                               IvTime before, guint limit, GError **error) {
  IvStoreKey key;
  GError *wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, candidate_texts[kind]);
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
                  "+s.doomed = 0 AND +s.local = 1 ORDER BY s.end_ts LIMIT $3",
                  before, limit, error);
}

GArray *iv_archived_doubles(IvStore *store, const char *store_id, guint limit, GError **error) {
  return segments(store, store_id,
                  "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM
                  "WHERE s.store_no = $1 AND s.local = 1 AND s.doomed = 0 AND s.archive = 2 AND "
                  "s.end_ts < $2 AND " NOT_HELD " ORDER BY s.end_ts LIMIT $3",
                  G_MAXINT64, limit, error);
}

#define FILE_COLUMNS                                                                               \
  "a.file_no, a.kind, a.source_no, a.key, a.bytes, a.sha256, a.end_ts, a.archived_ts"

static const char *const kind_names[IV_ARCHIVED_KINDS] = {
    [IV_ARCHIVED_RECORDING] = "recording",
    [IV_ARCHIVED_SNAPSHOT] = "snapshot",
    [IV_ARCHIVED_EVIDENCE] = "evidence",
};

const char *iv_archived_kind_name(IvArchivedKind kind) {
  return kind_names[kind];
}

static void read_file(IvStatement *st, IvArchivedFile *ret_file) {
  *ret_file = (IvArchivedFile){.no = iv_column_int(st, 0),
                               .source_no = iv_column_int(st, 2),
                               .key = g_strdup(iv_column_text(st, 3)),
                               .bytes = (guint64)iv_column_int(st, 4),
                               .end = iv_column_time(st, 6),
                               .archived = iv_column_time(st, 7)};
  for (int i = 0; i < IV_ARCHIVED_KINDS; i++)
    if (g_strcmp0(kind_names[i], iv_column_text(st, 1)) == 0)
      ret_file->kind = (IvArchivedKind)i;
  g_strlcpy(ret_file->sha256, iv_column_text(st, 5), sizeof ret_file->sha256);
}

/* What is held is not old; a bundle goes with the release of its case alone. */
GArray *iv_archived_old(IvStore *store, const char *store_id, IvTime before, gboolean doomed,
                        guint limit, GError **error) {
  IvStoreKey key;
  GError *wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql,
      "SELECT " FILE_COLUMNS " FROM archive_files a WHERE a.store_no = $1 AND a.doomed = $2 AND "
      "a.end_ts < $3 AND (a.doomed = 1 OR a.kind <> 'evidence') AND NOT (a.kind = 'recording' AND "
      "EXISTS (SELECT 1 FROM segment_holds h WHERE h.segment_no = a.source_no)) AND NOT (a.kind = "
      "'snapshot' AND EXISTS (SELECT 1 FROM snapshot_holds h WHERE h.snapshot_no = a.source_no)) "
      "ORDER BY a.end_ts LIMIT $4");
  iv_bind_int(st, key.no);
  iv_bind_int(st, doomed);
  iv_bind_time(st, before);
  iv_bind_int(st, limit);
  GArray *rows = g_array_new(FALSE, TRUE, sizeof(IvArchivedFile));
  g_array_set_clear_func(rows, clear_file);
  while (iv_step_row(st, &wrong)) {
    IvArchivedFile row;
    read_file(st, &row);
    g_array_append_val(rows, row);
  }
  return ended(rows, wrong, error);
}

gboolean iv_archived_find(IvStore *store, const char *store_id, IvArchivedKind kind,
                          gint64 source_no, IvTime deadline, IvArchivedFile *ret_file,
                          GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT " FILE_COLUMNS " FROM archive_files a WHERE a.store_no = $1 AND a.kind = "
                "$2 AND a.source_no = $3 AND a.doomed = 0");
  iv_bind_int(st, key.no);
  iv_bind_text(st, kind_names[kind]);
  iv_bind_int(st, source_no);
  if (!iv_step_row(st, error))
    return FALSE;
  read_file(st, ret_file);
  iv_statement_reset(st);
  return TRUE;
}

/* ---- totals ---- */

/* Texts by kind: how many wait, their bytes and the oldest of them; -1 = none. */
#define WAITING(bytes, end)                                                                        \
  "SELECT count(*), coalesce(sum(" bytes "), 0), coalesce(min(" end "), -1) FROM "
static const char *const waiting_texts[IV_ARCHIVED_KINDS] = {
    [IV_ARCHIVED_RECORDING] =
        WAITING("bytes", "end_ts") "segments WHERE store_no = $1 AND archive IN (0, 1) AND end_ts "
                                   "< $2 AND closed = 1 AND +doomed "
                                   "= 0 AND +local = 1",
    [IV_ARCHIVED_SNAPSHOT] = WAITING("clean_bytes + marked_bytes + thumbnail_bytes",
                                     "moment") "snapshots WHERE store_no = $1 AND archive IN (0, "
                                               "1) AND moment < $2 AND +doomed = 0 AND "
                                               "+local = 1",
    [IV_ARCHIVED_EVIDENCE] =
        WAITING("bundle_bytes", "bundle_ts") "evidence WHERE store_no = $1 AND state = 'ready' AND "
                                             "archive <> 2 AND bundle_ts < $2",
};

static gboolean read_three(IvStatement *st, gint64 *a, gint64 *b, gint64 *c, GError **error) {
  if (!iv_step_row(st, error))
    return FALSE; /* an aggregate always has a row */
  *a = iv_column_int(st, 0);
  *b = iv_column_int(st, 1);
  *c = iv_column_int(st, 2);
  iv_statement_reset(st);
  return TRUE;
}

static gboolean count_waiting(IvSql *sql, gint64 store, IvArchivedKind kind, IvTime before,
                              IvArchivedTotals *totals, GError **error) {
  gint64 n, bytes, oldest;
  IvStatement *st = iv_sql_statement(sql, waiting_texts[kind]);
  iv_bind_int(st, store);
  iv_bind_time(st, before);
  if (!read_three(st, &n, &bytes, &oldest, error))
    return FALSE;
  totals->kinds[kind].waiting = (guint64)n;
  totals->kinds[kind].waiting_bytes = (guint64)bytes;
  if (oldest >= 0 && (totals->oldest_waiting == IV_TIME_NONE || oldest < totals->oldest_waiting))
    totals->oldest_waiting = oldest;
  return TRUE;
}

static gboolean count_stored(IvSql *sql, gint64 store, IvArchivedKind kind, IvArchivedCount *count,
                             GError **error) {
  gint64 n, bytes, rest;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*), coalesce(sum(bytes), 0), 0 FROM "
                                          "archive_files WHERE store_no = $1 AND kind = $2 AND "
                                          "doomed = 0");
  iv_bind_int(st, store);
  iv_bind_text(st, kind_names[kind]);
  if (!read_three(st, &n, &bytes, &rest, error))
    return FALSE;
  count->stored = (guint64)n;
  count->stored_bytes = (guint64)bytes;
  return TRUE;
}

gboolean iv_archived_any(IvStore *store, const char *store_id, gboolean *ret_any, GError **error) {
  IvStoreKey key;
  gint64 any = 0;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT 1 FROM archive_files WHERE store_no = $1 AND doomed = 0 LIMIT 1");
  iv_bind_int(st, key.no);
  if (!iv_lookup_int(st, 0, &any, error))
    return FALSE;
  *ret_any = any != 0;
  return TRUE;
}

static gboolean count_only_there(IvSql *sql, gint64 store, guint64 *ret_n, GError **error) {
  gint64 n = 0;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT (SELECT count(*) FROM segments WHERE store_no = $1 AND local = 0 AND doomed = "
           "0) + (SELECT count(*) FROM snapshots WHERE store_no = $1 AND local = 0 AND doomed = "
           "0)");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  *ret_n = (guint64)n;
  return TRUE;
}

gboolean iv_archived_totals(IvStore *store, const char *store_id, IvTime before, gboolean evidence,
                            IvArchivedTotals *ret_totals, GError **error) {
  IvStoreKey key;
  IvArchivedTotals totals = {.oldest_waiting = IV_TIME_NONE};
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error) ||
      !count_only_there(read.sql, key.no, &totals.only_there, error))
    return FALSE;
  for (int kind = 0; kind < IV_ARCHIVED_KINDS; kind++) {
    IvArchivedCount *count = &totals.kinds[kind];
    if ((kind != IV_ARCHIVED_EVIDENCE || evidence) &&
        !count_waiting(read.sql, key.no, (IvArchivedKind)kind, before, &totals, error))
      return FALSE;
    if (!count_stored(read.sql, key.no, (IvArchivedKind)kind, count, error))
      return FALSE;
    totals.all.waiting += count->waiting;
    totals.all.waiting_bytes += count->waiting_bytes;
    totals.all.stored += count->stored;
    totals.all.stored_bytes += count->stored_bytes;
  }
  *ret_totals = totals;
  return TRUE;
}
