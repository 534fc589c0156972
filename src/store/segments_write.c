/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer does to the index of recorded files. */
#include "store/lookup.h"
#include "store/segments.h"

static void bind_pieces(IvStatement *st, GBytes *pieces) {
  gsize n = 0;
  const void *bytes = pieces ? g_bytes_get_data(pieces, &n) : NULL;
  iv_bind_blob(st, bytes ? bytes : "", n);
}

gboolean iv_segments_put(IvSql *sql, const char *store_id, const IvSegment *segment,
                         GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, segment->camera_id.text, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql,
      "INSERT INTO segments (store_no, camera_no, path, start_ts, end_ts, codec, width, height, "
      "bytes, init_bytes, length, pieces, closed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13) ON CONFLICT (store_no, path) DO UPDATE SET start_ts = "
      "excluded.start_ts, end_ts = excluded.end_ts, codec = excluded.codec, width = "
      "excluded.width, height = excluded.height, bytes = excluded.bytes, init_bytes = "
      "excluded.init_bytes, length = excluded.length, pieces = excluded.pieces, closed = "
      "excluded.closed, local = 1");
  iv_bind_int(st, store.no);
  iv_bind_int(st, camera);
  iv_bind_text(st, segment->path);
  iv_bind_time(st, segment->start);
  iv_bind_time(st, segment->end);
  iv_bind_text(st, segment->codec);
  iv_bind_int(st, segment->size.width);
  iv_bind_int(st, segment->size.height);
  iv_bind_int(st, (gint64)segment->bytes);
  iv_bind_int(st, (gint64)segment->init_bytes);
  iv_bind_int(st, segment->length);
  bind_pieces(st, segment->pieces);
  iv_bind_int(st, segment->closed);
  return iv_step_done(st, error);
}

static gboolean run_on(IvSql *sql, const char *text, gint64 no, GError **error) {
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, no);
  return iv_step_done(st, error);
}

gboolean iv_segments_remove(IvSql *sql, gint64 no, GError **error) {
  return run_on(sql, "DELETE FROM segment_holds WHERE segment_no = $1", no, error) &&
         run_on(sql, "DELETE FROM segments WHERE segment_no = $1", no, error);
}

gboolean iv_segments_doom(IvSql *sql, gint64 no, gboolean *ret_doomed, GError **error) {
  if (!run_on(sql,
              "UPDATE segments SET doomed = 1 WHERE segment_no = $1 AND NOT EXISTS (SELECT 1 FROM "
              "segment_holds h WHERE h.segment_no = segments.segment_no)",
              no, error))
    return FALSE;
  *ret_doomed = iv_sql_changes(sql) == 1;
  return TRUE;
}

gboolean iv_segments_hold(IvSql *sql, const char *store_id, const char *camera_id, IvTime from,
                          IvTime to, const char *holder, guint *ret_n, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, camera_id, &camera, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR IGNORE INTO segment_holds (segment_no, holder) SELECT segment_no, $1 FROM "
           "segments WHERE camera_no = $2 AND doomed = 0 AND start_ts < $3 AND start_ts > $4 AND "
           "end_ts > $5");
  iv_bind_text(st, holder);
  iv_bind_int(st, camera);
  iv_bind_time(st, to);
  iv_bind_time(st, from - IV_SEGMENT_LENGTH_MAX);
  iv_bind_time(st, from);
  if (!iv_step_done(st, error))
    return FALSE;
  if (ret_n)
    *ret_n = (guint)iv_sql_changes(sql);
  return TRUE;
}

gboolean iv_segments_let_go(IvSql *sql, const char *holder, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM segment_holds WHERE holder = $1");
  iv_bind_text(st, holder);
  return iv_step_done(st, error);
}

gboolean iv_segments_let_go_all(IvSql *sql, const char *prefix, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM segment_holds WHERE substr(holder, 1, length($1)) = $1");
  iv_bind_text(st, prefix);
  return iv_step_done(st, error);
}

static gboolean put_mark(IvSql *sql, gint64 store, const char *mark, gboolean replace,
                         GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, replace ? "INSERT INTO recording_folders (store_no, mark) VALUES ($1, $2) ON CONFLICT "
                     "(store_no) DO UPDATE SET mark = excluded.mark"
                   : "INSERT OR IGNORE INTO recording_folders (store_no, mark) VALUES ($1, $2)");
  iv_bind_int(st, store);
  iv_bind_text(st, mark);
  return iv_step_done(st, error);
}

gboolean iv_segments_mark(IvSql *sql, const char *store_id, const char *fresh, gboolean replace,
                          char **ret_mark, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !put_mark(sql, store.no, fresh, replace, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(sql, "SELECT mark FROM recording_folders WHERE store_no = $1");
  iv_bind_int(st, store.no);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_mark = g_strdup(iv_column_text(st, 0));
  iv_statement_reset(st);
  return TRUE;
}
