/* SPDX-License-Identifier: Apache-2.0 */
#include "store/paths.h"

#include "store/lookup.h"

void iv_path_row_clear(IvPathRow *row) {
  g_clear_pointer(&row->bytes, g_free);
}

static void row_free(gpointer p) {
  iv_path_row_clear(p);
  g_free(p);
}

gboolean iv_paths_put(IvSql *sql, const char *store_id, const IvPathRow *row, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, row->camera_id.text, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO paths (camera_no, start_ts, end_ts, track_us, piece) VALUES ($1, $2, $3, "
           "$4, $5) ON CONFLICT (camera_no, start_ts) DO UPDATE SET end_ts = excluded.end_ts, "
           "track_us = excluded.track_us, piece = excluded.piece");
  iv_bind_int(st, camera);
  iv_bind_time(st, row->from);
  iv_bind_time(st, row->to);
  iv_bind_int(st, (gint64)row->track_us);
  iv_bind_blob(st, row->bytes, row->n);
  return iv_step_done(st, error);
}

static IvPathRow *read_row(IvStatement *st, const char *camera_id) {
  IvPathRow *row = g_new0(IvPathRow, 1);
  iv_slug_set(&row->camera_id, camera_id);
  row->from = iv_column_time(st, 0);
  row->to = iv_column_time(st, 1);
  row->track_us = (guint64)iv_column_int(st, 2);
  const void *bytes = iv_column_blob(st, 3, &row->n);
  row->bytes = g_memdup2(bytes, row->n);
  return row;
}

GPtrArray *iv_paths_read(IvStore *store, const char *store_id, const char *camera_id, IvTime from,
                         IvTime to, gboolean touching, guint limit, GError **error) {
  IvStoreKey key;
  gint64 camera;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error) ||
      !iv_lookup_camera(read.sql, key.no, camera_id, &camera, error))
    return NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
  IvStatement *st =
      iv_sql_statement(read.sql, "SELECT start_ts, end_ts, track_us, piece FROM paths WHERE "
                                 "camera_no = $1 AND start_ts >= $2 AND start_ts < $3 AND end_ts "
                                 ">= $4 ORDER BY start_ts LIMIT $5");
  iv_bind_int(st, camera);
  iv_bind_time(st, touching ? from - IV_PATHS_SPAN_MAX : from);
  iv_bind_time(st, to);
  iv_bind_time(st, from);
  iv_bind_int(st, limit);
  while (iv_step_row(st, &wrong))
    g_ptr_array_add(rows, read_row(st, camera_id));
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

GArray *iv_paths_sums(IvStore *store, const char *store_id, IvTime from, IvTime to,
                      GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  g_autoptr(GArray) sums = g_array_new(FALSE, TRUE, sizeof(IvPathSum));
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT c.id, count(*), sum(length(p.piece)), sum(p.track_us), min(p.start_ts), "
                "max(p.end_ts) FROM cameras c JOIN paths p USING (camera_no) WHERE c.store_no = $1 "
                "AND p.start_ts >= $2 AND p.start_ts < $3 GROUP BY c.id ORDER BY c.id");
  iv_bind_int(st, key.no);
  iv_bind_time(st, from);
  iv_bind_time(st, to);
  while (iv_step_row(st, &wrong)) {
    IvPathSum sum = {.rows = (guint64)iv_column_int(st, 1),
                     .bytes = (guint64)iv_column_int(st, 2),
                     .track_us = (guint64)iv_column_int(st, 3),
                     .from = iv_column_time(st, 4),
                     .to = iv_column_time(st, 5)};
    iv_slug_set(&sum.camera_id, iv_column_text(st, 0));
    g_array_append_val(sums, sum);
  }
  if (!wrong)
    return g_steal_pointer(&sums);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}
