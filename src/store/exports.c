/* SPDX-License-Identifier: Apache-2.0 */
#include "store/exports.h"

#include <string.h>

#include "store/lookup.h"
#include "store/segments.h"

static const char *const state_names[IV_EXPORT_STATES] = {
    [IV_EXPORT_WAITING] = "waiting", [IV_EXPORT_WORKING] = "working", [IV_EXPORT_DONE] = "done",
    [IV_EXPORT_FAILED] = "failed",   [IV_EXPORT_EXPIRED] = "expired",
};

const char *iv_export_state_name(IvExportState state) {
  return state_names[state];
}

static IvExportState state_of(const char *name) {
  for (int i = 0; i < IV_EXPORT_STATES; i++)
    if (strcmp(state_names[i], name) == 0)
      return (IvExportState)i;
  return IV_EXPORT_FAILED;
}

void iv_export_clear(IvExport *e) {
  g_clear_pointer(&e->asked_by, g_free);
  g_clear_pointer(&e->reason, g_free);
  g_clear_pointer(&e->sha256, g_free);
  g_clear_pointer(&e->gaps, g_array_unref);
}

static void clear_item(gpointer export) {
  iv_export_clear(export);
}

static char *holder_of(gint64 no) {
  return g_strdup_printf(IV_EXPORT_HOLDER "%" G_GINT64_FORMAT, no);
}

/* ---- gaps ---- */

static void bind_gaps(IvStatement *st, const GArray *gaps) {
  if (!gaps || gaps->len == 0) {
    iv_bind_null(st);
    return;
  }
  g_autofree gint64 *packed = g_new(gint64, gaps->len * 2);
  for (guint i = 0; i < gaps->len; i++) {
    const IvExportGap *gap = &g_array_index(gaps, IvExportGap, i);
    packed[2 * i] = GINT64_TO_LE(gap->start);
    packed[2 * i + 1] = GINT64_TO_LE(gap->end);
  }
  iv_bind_blob(st, packed, gaps->len * 2 * sizeof *packed);
}

static GArray *column_gaps(IvStatement *st, int column) {
  gsize n;
  const guint8 *packed = iv_column_blob(st, column, &n);
  if (n < sizeof(IvExportGap))
    return NULL;
  GArray *gaps = g_array_new(FALSE, FALSE, sizeof(IvExportGap));
  for (gsize i = 0; i + 2 * sizeof(gint64) <= n; i += 2 * sizeof(gint64)) {
    gint64 pair[2];
    memcpy(pair, packed + i, sizeof pair);
    IvExportGap gap = {GINT64_FROM_LE(pair[0]), GINT64_FROM_LE(pair[1])};
    g_array_append_val(gaps, gap);
  }
  return gaps;
}

/* ---- writing ---- */

static gboolean run_on(IvSql *sql, const char *text, gint64 no, GError **error) {
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, no);
  return iv_step_done(st, error);
}

static gboolean check_room(IvSql *sql, gint64 store, GError **error) {
  gint64 n = 0;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM exports WHERE store_no = $1 AND "
                                          "state IN ('waiting', 'working')");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  if (n < IV_EXPORTS_WAITING_MAX)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
              "%d clips wait already; try again when some are done, or delete some.",
              IV_EXPORTS_WAITING_MAX);
  return FALSE;
}

gboolean iv_exports_hold(IvSql *sql, const char *store_id, const IvExport *e, GError **error) {
  gint64 n = 0;
  g_autofree char *holder = holder_of(e->no);
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM exports WHERE export_no = $1 AND "
                                          "state IN ('waiting', 'working')");
  iv_bind_int(st, e->no);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  return n == 0 ||
         iv_segments_hold(sql, store_id, e->camera_id.text, e->from, e->to, holder, NULL, error);
}

static gboolean forget_old(IvSql *sql, gint64 store, gint64 newest, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM exports WHERE store_no = $1 AND export_no <= $2 AND state "
                            "IN ('failed', 'expired')");
  iv_bind_int(st, store);
  iv_bind_int(st, newest - IV_EXPORTS_ROWS_MAX);
  return iv_step_done(st, error);
}

gboolean iv_exports_add(IvSql *sql, const char *store_id, IvExport *e, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, e->camera_id.text, &camera, error) ||
      (e->part <= 1 && !check_room(sql, store.no, error)))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO exports (store_no, camera_no, from_ts, to_ts, asked_ts, asked_by, part, "
           "state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')");
  iv_bind_int(st, store.no);
  iv_bind_int(st, camera);
  iv_bind_time(st, e->from);
  iv_bind_time(st, e->to);
  iv_bind_time(st, e->asked);
  iv_bind_text(st, e->asked_by);
  iv_bind_int(st, MAX(e->part, 1));
  if (!iv_step_done(st, error))
    return FALSE;
  e->no = iv_sql_last_row(sql);
  return iv_exports_hold(sql, store_id, e, error) && forget_old(sql, store.no, e->no, error);
}

gboolean iv_exports_begin(IvSql *sql, const char *store_id, const IvExport *e, gboolean *ret_fits,
                          GError **error) {
  if (!run_on(sql,
              "UPDATE exports SET state = 'working', reason = '' WHERE export_no = $1 AND state = "
              "'waiting'",
              e->no, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return !*ret_fits || iv_exports_hold(sql, store_id, e, error);
}

gboolean iv_exports_settle(IvSql *sql, const IvExport *e, gboolean *ret_fits, GError **error) {
  g_autofree char *holder = holder_of(e->no);
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE exports SET state = $1, reason = $2, start_ts = $3, end_ts = $4, bytes = $5, "
           "sha256 = $6, gaps = $7, expires_ts = $8 WHERE export_no = $9 AND state = 'working'");
  iv_bind_text(st, state_names[e->state]);
  iv_bind_text(st, e->reason ? e->reason : "");
  iv_bind_time(st, e->start);
  iv_bind_time(st, e->end);
  iv_bind_int(st, (gint64)e->bytes);
  iv_bind_text(st, e->sha256 ? e->sha256 : "");
  bind_gaps(st, e->gaps);
  iv_bind_time(st, e->expires);
  iv_bind_int(st, e->no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return e->state == IV_EXPORT_WAITING || iv_segments_let_go(sql, holder, error);
}

gboolean iv_exports_close(IvSql *sql, gint64 no, IvExportState state, const char *reason,
                          GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE exports SET state = $1, reason = $2 WHERE export_no = $3 AND state = 'done'");
  iv_bind_text(st, state_names[state]);
  iv_bind_text(st, reason);
  iv_bind_int(st, no);
  return iv_step_done(st, error);
}

gboolean iv_exports_remove(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error) {
  IvStoreKey store;
  g_autofree char *holder = holder_of(no);
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM exports WHERE export_no = $1 AND store_no = $2");
  iv_bind_int(st, no);
  iv_bind_int(st, store.no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return !*ret_fits || iv_segments_let_go(sql, holder, error);
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
  "SELECT e.export_no, c.id, e.from_ts, e.to_ts, e.asked_ts, e.asked_by, e.part, e.state, "        \
  "e.reason, e.start_ts, e.end_ts, e.bytes, e.sha256, e.gaps, e.expires_ts FROM exports e JOIN "   \
  "cameras c ON c.camera_no = e.camera_no WHERE e.store_no = $1 "

static void read_row(IvStatement *st, IvExport *ret_row) {
  *ret_row = (IvExport){.no = iv_column_int(st, 0),
                        .from = iv_column_time(st, 2),
                        .to = iv_column_time(st, 3),
                        .asked = iv_column_time(st, 4),
                        .asked_by = g_strdup(iv_column_text(st, 5)),
                        .part = (guint)iv_column_int(st, 6),
                        .state = state_of(iv_column_text(st, 7)),
                        .reason = g_strdup(iv_column_text(st, 8)),
                        .start = iv_column_time(st, 9),
                        .end = iv_column_time(st, 10),
                        .bytes = (guint64)iv_column_int(st, 11),
                        .sha256 = g_strdup(iv_column_text(st, 12)),
                        .gaps = column_gaps(st, 13),
                        .expires = iv_column_time(st, 14)};
  iv_slug_set(&ret_row->camera_id, iv_column_text(st, 1));
}

static GArray *read_rows(IvStatement *st, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvExport));
  g_array_set_clear_func(rows, clear_item);
  while (iv_step_row(st, &wrong)) {
    IvExport row;
    read_row(st, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

GArray *iv_exports_list(IvStore *store, const char *store_id, IvExportsPick pick, gint64 after,
                        guint limit, IvTime deadline, GError **error) {
  static const char *const texts[] = {
      [IV_EXPORTS_ALL] = COLUMNS "AND e.export_no > $2 ORDER BY e.export_no DESC LIMIT $3",
      [IV_EXPORTS_WAITING] =
          COLUMNS "AND e.export_no > $2 AND e.state = 'waiting' ORDER BY e.export_no LIMIT $3",
      [IV_EXPORTS_DONE] =
          COLUMNS "AND e.export_no > $2 AND e.state = 'done' ORDER BY e.export_no LIMIT $3"};
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, texts[pick]);
  iv_bind_int(st, key.no);
  iv_bind_int(st, after);
  iv_bind_int(st, CLAMP(limit, 1, IV_EXPORTS_LIMIT_MAX));
  return read_rows(st, error);
}

gboolean iv_exports_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                        IvExport *ret_export, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, COLUMNS "AND e.export_no = $2");
  iv_bind_int(st, key.no);
  iv_bind_int(st, no);
  g_autoptr(GArray) rows = read_rows(st, error);
  if (!rows || rows->len == 0)
    return FALSE;
  *ret_export = g_array_index(rows, IvExport, 0);
  g_array_index(rows, IvExport, 0) = (IvExport){0};
  return TRUE;
}

/* ---- after a start ---- */

/* The rows first: a statement is not stepped while others run. */
static GArray *waiting_rows(IvSql *sql, gint64 store, GError **error) {
  IvStatement *st = iv_sql_statement(sql, COLUMNS "AND e.state = 'waiting'");
  iv_bind_int(st, store);
  return read_rows(st, error);
}

gboolean iv_exports_recover(IvSql *sql, const char *store_id, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !run_on(sql, "UPDATE exports SET state = 'waiting' WHERE store_no = $1 AND state = 'working'",
              store.no, error) ||
      !iv_segments_let_go_all(sql, IV_EXPORT_HOLDER, error))
    return FALSE;
  g_autoptr(GArray) rows = waiting_rows(sql, store.no, error);
  for (guint i = 0; rows && i < rows->len; i++)
    if (!iv_exports_hold(sql, store_id, &g_array_index(rows, IvExport, i), error))
      return FALSE;
  return rows != NULL;
}
