/* SPDX-License-Identifier: Apache-2.0 */
#include "store/segments.h"

#include "store/lookup.h"
#include "store/segment_row.h"

void iv_segment_clear(IvSegment *segment) {
  g_clear_pointer(&segment->path, g_free);
  g_clear_pointer(&segment->pieces, g_bytes_unref);
}

static void clear_item(gpointer segment) {
  iv_segment_clear(segment);
}

enum { PIECES = 16 };

static void read_row(IvStatement *st, gboolean with_pieces, IvSegment *ret_segment) {
  *ret_segment = (IvSegment){.no = iv_column_int(st, 0),
                             .path = g_strdup(iv_column_text(st, 2)),
                             .start = iv_column_time(st, 3),
                             .end = iv_column_time(st, 4),
                             .size = {(int)iv_column_int(st, 6), (int)iv_column_int(st, 7)},
                             .bytes = (guint64)iv_column_int(st, 8),
                             .init_bytes = (guint64)iv_column_int(st, 9),
                             .length = iv_column_int(st, 10),
                             .closed = iv_column_int(st, 11) != 0,
                             .doomed = iv_column_int(st, 12) != 0,
                             .held = iv_column_int(st, 13) != 0,
                             .local = iv_column_int(st, 14) != 0,
                             .archived = iv_column_int(st, 15) != 0};
  iv_slug_set(&ret_segment->camera_id, iv_column_text(st, 1));
  g_strlcpy(ret_segment->codec, iv_column_text(st, 5), sizeof ret_segment->codec);
  if (!with_pieces)
    return;
  gsize n;
  const void *bytes = iv_column_blob(st, PIECES, &n);
  ret_segment->pieces = g_bytes_new(bytes, n);
}

GArray *iv_segment_rows(IvStatement *st, gboolean with_pieces, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvSegment));
  g_array_set_clear_func(rows, clear_item);
  while (iv_step_row(st, &wrong)) {
    IvSegment row;
    read_row(st, with_pieces, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

#define OF_CAMERA                                                                                  \
  "WHERE s.camera_no = $1 AND s.store_no = $2 AND s.doomed = 0 AND s.start_ts < $3 AND "           \
  "s.start_ts > $4 AND s.end_ts > $5 AND (s.start_ts > $6 OR (s.start_ts = $6 AND s.segment_no > " \
  "$7)) ORDER BY s.start_ts, s.segment_no LIMIT $8"

static GArray *list(IvSql *sql, gint64 store, gint64 camera, const IvSegmentQuery *query,
                    GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, query->with_pieces ? "SELECT " IV_SEGMENT_COLUMNS ", s.pieces" IV_SEGMENT_FROM OF_CAMERA
                              : "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM OF_CAMERA);
  iv_bind_int(st, camera);
  iv_bind_int(st, store);
  iv_bind_time(st, query->to);
  iv_bind_time(st, query->from - IV_SEGMENT_LENGTH_MAX);
  iv_bind_time(st, query->from);
  iv_bind_int(st, query->after == IV_TIME_NONE ? -1 : query->after);
  iv_bind_int(st, query->after_no);
  iv_bind_int(st, CLAMP(query->limit, 1, IV_SEGMENTS_LIMIT_MAX));
  return iv_segment_rows(st, query->with_pieces, error);
}

GArray *iv_segments_list(IvStore *store, const char *store_id, const IvSegmentQuery *query,
                         IvTime deadline, GError **error) {
  IvStoreKey key;
  gint64 camera;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error) ||
      !iv_lookup_camera(read.sql, key.no, query->camera_id, &camera, error))
    return NULL;
  return list(read.sql, key.no, camera, query, error);
}

gboolean iv_segments_get(IvStore *store, const char *store_id, const char *camera_id, gint64 no,
                         IvTime deadline, IvSegment *ret_segment, GError **error) {
  IvStoreKey key;
  gint64 camera;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error) ||
      !iv_lookup_camera(read.sql, key.no, camera_id, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM
                                               "WHERE s.segment_no = $1 AND s.store_no = $2 AND "
                                               "s.camera_no = $3 AND s.doomed = 0");
  iv_bind_int(st, no);
  iv_bind_int(st, key.no);
  iv_bind_int(st, camera);
  g_autoptr(GArray) rows = iv_segment_rows(st, FALSE, error);
  if (!rows || rows->len == 0)
    return FALSE;
  *ret_segment = g_array_index(rows, IvSegment, 0);
  g_array_index(rows, IvSegment, 0) = (IvSegment){0};
  return TRUE;
}

/* Texts by IvSegmentPick: which ones. */
#define OLDEST(which)                                                                              \
  "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM "WHERE s.store_no = $1 AND s.local = 1 AND " which  \
  " AND s.closed = 1 AND NOT EXISTS (SELECT 1 FROM segment_holds h WHERE h.segment_no = "          \
  "s.segment_no) ORDER BY s.end_ts LIMIT $2"
static const char *const oldest_texts[] = {
    [IV_SEGMENTS_ANY] = OLDEST("s.doomed = 0"),
    [IV_SEGMENTS_SPARE] = OLDEST("s.doomed = 0 AND s.archive IN (2, 3)"),
    [IV_SEGMENTS_WAITING] = OLDEST("s.doomed = 0 AND s.archive IN (0, 1)"),
    [IV_SEGMENTS_BEGUN] = OLDEST("s.doomed = 1"),
};

GArray *iv_segments_oldest(IvStore *store, const char *store_id, IvSegmentPick pick, guint limit,
                           GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, oldest_texts[pick]);
  iv_bind_int(st, key.no);
  iv_bind_int(st, limit);
  return iv_segment_rows(st, FALSE, error);
}

GArray *iv_segments_all(IvStore *store, const char *store_id, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT " IV_SEGMENT_COLUMNS IV_SEGMENT_FROM
                                               "WHERE s.store_no = $1 ORDER BY s.path");
  iv_bind_int(st, key.no);
  return iv_segment_rows(st, FALSE, error);
}

gboolean iv_segments_totals(IvStore *store, const char *store_id, IvSegmentTotals *ret_totals,
                            GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(read.sql, "SELECT coalesce(sum(bytes), 0), count(*), min(start_ts) "
                                 "FROM segments WHERE store_no = $1 AND local = 1 AND doomed = 0");
  iv_bind_int(st, key.no);
  if (iv_step_row(st, &wrong)) {
    *ret_totals = (IvSegmentTotals){.bytes = (guint64)iv_column_int(st, 0),
                                    .n = (guint64)iv_column_int(st, 1),
                                    .oldest = iv_column_time(st, 2)};
    iv_statement_reset(st);
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}
