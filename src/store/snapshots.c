/* SPDX-License-Identifier: Apache-2.0 */
#include "store/snapshots.h"

#include <string.h>

#include "store/lookup.h"

void iv_snapshot_clear(IvSnapshot *snapshot) {
  g_clear_pointer(&snapshot->path, g_free);
}

static void clear_item(gpointer snapshot) {
  iv_snapshot_clear(snapshot);
}

guint64 iv_snapshot_bytes(const IvSnapshot *snapshot) {
  guint64 sum = 0;
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++)
    sum += snapshot->bytes[i];
  return sum;
}

char *iv_snapshot_file(const char *path, IvSnapshotFile file) {
  static const char *const ends[IV_SNAPSHOT_FILES] = {".jpg", ".boxes.jpg", ".small.jpg"};
  return g_strconcat(path, ends[file], NULL);
}

#define COLUMNS                                                                                    \
  "s.snapshot_no, c.id, s.event_id, s.kind, s.moment, s.frame_ts, s.path, s.width, s.height, "     \
  "s.boxes, s.clean_bytes, s.marked_bytes, s.thumbnail_bytes, s.clean_sha256, s.marked_sha256, "   \
  "s.thumbnail_sha256, "                                                                           \
  "EXISTS (SELECT 1 FROM snapshot_holds h WHERE h.snapshot_no = s.snapshot_no), s.local, "         \
  "s.archive = 2"
#define FROM " FROM snapshots s JOIN cameras c ON c.camera_no = s.camera_no "

static void read_blob(IvStatement *st, int column, guint8 *ret_bytes, gsize size) {
  gsize n;
  const void *bytes = iv_column_blob(st, column, &n);
  if (n == size)
    memcpy(ret_bytes, bytes, size);
}

static void read_row(IvStatement *st, IvSnapshot *ret_row) {
  *ret_row = (IvSnapshot){.no = iv_column_int(st, 0),
                          .moment = iv_column_time(st, 4),
                          .frame_ts = iv_column_time(st, 5),
                          .path = g_strdup(iv_column_text(st, 6)),
                          .size = {(int)iv_column_int(st, 7), (int)iv_column_int(st, 8)},
                          .boxes = (guint)iv_column_int(st, 9),
                          .held = iv_column_int(st, 16) != 0,
                          .local = iv_column_int(st, 17) != 0,
                          .archived = iv_column_int(st, 18) != 0};
  iv_slug_set(&ret_row->camera_id, iv_column_text(st, 1));
  read_blob(st, 2, ret_row->event_id.bytes, sizeof ret_row->event_id.bytes);
  g_strlcpy(ret_row->kind, iv_column_text(st, 3), sizeof ret_row->kind);
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    ret_row->bytes[i] = (guint64)iv_column_int(st, 10 + i);
    read_blob(st, 13 + i, ret_row->sha256[i], IV_SHA256_BYTES);
  }
}

static GArray *new_rows(void) {
  GArray *rows = g_array_new(FALSE, TRUE, sizeof(IvSnapshot));
  g_array_set_clear_func(rows, clear_item);
  return rows;
}

static gboolean read_rows(IvStatement *st, GArray *rows, GError **error) {
  g_autoptr(GError) wrong = NULL;
  while (iv_step_row(st, &wrong)) {
    IvSnapshot row;
    read_row(st, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- writing ---- */

gboolean iv_snapshots_add(IvSql *sql, const char *store_id, const IvSnapshot *snapshot,
                          gboolean *ret_fresh, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, snapshot->camera_id.text, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO snapshots (store_no, camera_no, event_id, kind, moment, frame_ts, path, "
           "width, height, boxes, clean_bytes, marked_bytes, thumbnail_bytes, clean_sha256, "
           "marked_sha256, thumbnail_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
           "$12, $13, $14, $15, $16) ON CONFLICT (store_no, event_id) DO NOTHING");
  iv_bind_int(st, store.no);
  iv_bind_int(st, camera);
  iv_bind_blob(st, snapshot->event_id.bytes, sizeof snapshot->event_id.bytes);
  iv_bind_text(st, snapshot->kind);
  iv_bind_time(st, snapshot->moment);
  iv_bind_time(st, snapshot->frame_ts);
  iv_bind_text(st, snapshot->path);
  iv_bind_int(st, snapshot->size.width);
  iv_bind_int(st, snapshot->size.height);
  iv_bind_int(st, snapshot->boxes);
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++)
    iv_bind_int(st, (gint64)snapshot->bytes[i]);
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++)
    iv_bind_blob(st, snapshot->sha256[i], IV_SHA256_BYTES);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fresh = iv_sql_changes(sql) == 1;
  return TRUE;
}

#define NOT_HELD                                                                                   \
  "NOT EXISTS (SELECT 1 FROM snapshot_holds h WHERE h.snapshot_no = snapshots.snapshot_no)"

static gboolean run_on(IvSql *sql, const char *text, gint64 no, GError **error) {
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, no);
  return iv_step_done(st, error);
}

gboolean iv_snapshots_remove(IvSql *sql, gint64 no, gboolean *ret_removed, GError **error) {
  if (!run_on(sql,
              "UPDATE snapshots SET local = 0 WHERE snapshot_no = $1 AND archive = 2 AND local = 1 "
              "AND NOT EXISTS (SELECT 1 FROM archive_files a WHERE a.kind = 'snapshot' AND "
              "a.source_no = $1 AND a.doomed = 1) AND " NOT_HELD,
              no, error))
    return FALSE;
  *ret_removed = iv_sql_changes(sql) == 1;
  if (*ret_removed)
    return TRUE;
  if (!run_on(sql, "DELETE FROM snapshots WHERE snapshot_no = $1 AND local = 1 AND " NOT_HELD, no,
              error))
    return FALSE;
  *ret_removed = iv_sql_changes(sql) == 1;
  return TRUE;
}

gboolean iv_snapshots_hold(IvSql *sql, const char *store_id, const char *camera_id, IvTime from,
                           IvTime to, const IvUuid *event, const char *holder, guint *ret_n,
                           GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, camera_id, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR IGNORE INTO snapshot_holds (snapshot_no, holder) SELECT snapshot_no, $1 FROM "
           "snapshots WHERE camera_no = $2 AND doomed = 0 AND ((moment >= $3 AND moment < $4) OR "
           "event_id = $5)");
  iv_bind_text(st, holder);
  iv_bind_int(st, camera);
  iv_bind_time(st, from);
  iv_bind_time(st, to);
  iv_bind_blob(st, event ? (gconstpointer)event->bytes : "", event ? sizeof event->bytes : 0);
  if (!iv_step_done(st, error))
    return FALSE;
  if (ret_n)
    *ret_n = (guint)iv_sql_changes(sql);
  return TRUE;
}

gboolean iv_snapshots_let_go(IvSql *sql, const char *holder, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM snapshot_holds WHERE holder = $1");
  iv_bind_text(st, holder);
  return iv_step_done(st, error);
}

/* ---- reading ---- */

/* An unknown camera has none. */
static gboolean find_camera(IvSql *sql, gint64 store, const char *camera_id, gint64 *ret_camera,
                            GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_camera = -1;
  if (!camera_id)
    return TRUE;
  if (iv_lookup_camera(sql, store, camera_id, ret_camera, &wrong))
    return TRUE;
  *ret_camera = 0;
  if (g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean list_event(IvSql *sql, gint64 store, const IvUuid *event, GArray *rows,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "SELECT " COLUMNS FROM "WHERE s.store_no = $1 AND s.event_id = $2 AND s.doomed = 0");
  iv_bind_int(st, store);
  iv_bind_blob(st, event->bytes, sizeof event->bytes);
  return read_rows(st, rows, error);
}

#define PAGE                                                                                       \
  " = $1 AND s.doomed = 0 AND ($2 IS NULL OR s.kind = $2) AND s.moment >= $3 AND s.moment < $4 "   \
  "AND (s.moment < $5 "                                                                            \
  "OR (s.moment = $5 AND s.snapshot_no < $6)) ORDER BY s.moment DESC, s.snapshot_no DESC LIMIT $7"

static gboolean list_page(IvSql *sql, gint64 store, gint64 camera, const IvSnapshotQuery *query,
                          GArray *rows, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, camera >= 0 ? "SELECT " COLUMNS FROM "WHERE s.camera_no" PAGE
                                        : "SELECT " COLUMNS FROM "WHERE s.store_no" PAGE);
  iv_bind_int(st, camera >= 0 ? camera : store);
  iv_bind_text(st, query->kind);
  iv_bind_int(st, query->from == IV_TIME_NONE ? G_MININT64 + 1 : query->from);
  iv_bind_int(st, query->to == IV_TIME_NONE ? G_MAXINT64 : query->to);
  iv_bind_int(st, query->before == IV_TIME_NONE ? G_MAXINT64 : query->before);
  iv_bind_int(st, query->before_no);
  iv_bind_int(st, CLAMP(query->limit, 1, IV_SNAPSHOTS_LIMIT_MAX));
  return read_rows(st, rows, error);
}

GArray *iv_snapshots_list(IvStore *store, const char *store_id, const IvSnapshotQuery *query,
                          IvTime deadline, GError **error) {
  IvStoreKey key;
  gint64 camera;
  g_autoptr(GArray) rows = new_rows();
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error) ||
      !find_camera(read.sql, key.no, query->camera_id, &camera, error))
    return NULL;
  if (query->event ? list_event(read.sql, key.no, query->event, rows, error)
                   : list_page(read.sql, key.no, camera, query, rows, error))
    return g_steal_pointer(&rows);
  return NULL;
}

gboolean iv_snapshots_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                          IvSnapshot *ret_snapshot, GError **error) {
  IvStoreKey key;
  g_autoptr(GArray) rows = new_rows();
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT " COLUMNS FROM
                                               "WHERE s.snapshot_no = $1 AND s.store_no = $2 AND "
                                               "s.doomed = 0");
  iv_bind_int(st, no);
  iv_bind_int(st, key.no);
  if (!read_rows(st, rows, error) || rows->len == 0)
    return FALSE;
  *ret_snapshot = g_array_index(rows, IvSnapshot, 0);
  g_array_index(rows, IvSnapshot, 0) = (IvSnapshot){0};
  return TRUE;
}

#define OLDEST(which)                                                                              \
  "SELECT " COLUMNS FROM "WHERE s.store_no = $1 AND s.local = 1 AND s.doomed = 0 AND " which       \
  " AND s.moment < $2 ORDER BY s.moment LIMIT $3"
#define FREE "NOT EXISTS (SELECT 1 FROM snapshot_holds h WHERE h.snapshot_no = s.snapshot_no)"
static const char *const oldest_texts[] = {
    [IV_SNAPSHOTS_ANY] = OLDEST(FREE),
    [IV_SNAPSHOTS_SPARE] = OLDEST("s.archive IN (2, 3) AND " FREE),
    [IV_SNAPSHOTS_WAITING] = OLDEST("s.archive IN (0, 1) AND " FREE),
    [IV_SNAPSHOTS_STORED] = OLDEST("s.archive = 2 AND " FREE),
    /* The `+`: by their state, not through all that are there. */
    [IV_SNAPSHOTS_TO_SEND] =
        "SELECT " COLUMNS FROM "WHERE s.store_no = $1 AND s.archive = 1 AND s.moment < $2 AND "
        "+s.local = 1 AND +s.doomed = 0 ORDER BY s.moment LIMIT $3",
};

GArray *iv_snapshots_oldest(IvStore *store, const char *store_id, IvSnapshotPick pick,
                            IvTime before, guint limit, GError **error) {
  IvStoreKey key;
  g_autoptr(GArray) rows = new_rows();
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, oldest_texts[pick]);
  iv_bind_int(st, key.no);
  iv_bind_time(st, before);
  iv_bind_int(st, limit);
  return read_rows(st, rows, error) ? g_steal_pointer(&rows) : NULL;
}

GHashTable *iv_snapshots_paths(IvStore *store, const char *store_id, GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT path FROM snapshots WHERE store_no = $1 "
                                               "AND local = 1");
  iv_bind_int(st, key.no);
  while (iv_step_row(st, &wrong))
    g_hash_table_add(paths, g_strdup(iv_column_text(st, 0)));
  if (!wrong)
    return g_steal_pointer(&paths);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_snapshots_totals(IvStore *store, const char *store_id, IvSnapshotTotals *ret_totals,
                             GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT count(*), coalesce(sum(clean_bytes + marked_bytes + thumbnail_bytes), 0) "
                "FROM snapshots WHERE store_no = $1 AND local = 1");
  iv_bind_int(st, key.no);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_totals = (IvSnapshotTotals){(guint64)iv_column_int(st, 0), (guint64)iv_column_int(st, 1)};
  iv_statement_reset(st);
  return TRUE;
}
