/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/spool.h"

#include <stdlib.h>
#include <string.h>

#include "model/event_json.h"

#define PAGE_BYTES 4096
#define PAGES_MIN 64
#define VACUUM_PAGES 512 /* given back to the disk per write, while nothing is spooled */

static gboolean limit_size(IvSql *sql, guint64 max_bytes, GError **error) {
  char text[64];
  guint64 pages = CLAMP(max_bytes / PAGE_BYTES, PAGES_MIN, 0xfffffffe);
  g_snprintf(text, sizeof text, "PRAGMA max_page_count = %" G_GUINT64_FORMAT, pages);
  return iv_sql_script(sql, text, error);
}

IvSql *iv_spool_open(const char *path, guint64 max_bytes, GError **error) {
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_WRITE, error);
  if (!sql || !limit_size(sql, max_bytes, error) ||
      !iv_sql_script(sql,
                     "CREATE TABLE IF NOT EXISTS spool ("
                     " seq INTEGER PRIMARY KEY AUTOINCREMENT,"
                     " store_id TEXT NOT NULL,"
                     " event TEXT NOT NULL);"
                     "CREATE TABLE IF NOT EXISTS refused ("
                     " seq INTEGER PRIMARY KEY,"
                     " reason TEXT NOT NULL,"
                     " event TEXT NOT NULL);",
                     error))
    return NULL;
  return g_steal_pointer(&sql);
}

gboolean iv_spool_count(IvSql *sql, guint64 *ret_rows, gint64 *ret_last, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT count(*), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'spool'), 0) "
           "FROM spool");
  if (iv_step_row(st, &wrong)) {
    *ret_rows = (guint64)iv_column_int(st, 0);
    *ret_last = iv_column_int(st, 1);
    iv_statement_reset(st);
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- writing ---- */

static gboolean move_aside(IvSql *sql, const IvSpoolWrite *write, GError **error) {
  for (guint i = 0; i < write->refusals->len; i++) {
    const IvSpoolRefusal *refusal = &g_array_index(write->refusals, IvSpoolRefusal, i);
    IvStatement *st = iv_sql_statement(sql, "INSERT OR REPLACE INTO refused (seq, reason, event) "
                                            "SELECT seq, $1, event FROM spool WHERE seq = $2");
    iv_bind_text(st, refusal->reason);
    iv_bind_int(st, refusal->seq);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  if (write->refusals->len == 0)
    return TRUE;
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM refused WHERE seq NOT IN "
                                          "(SELECT seq FROM refused ORDER BY seq DESC LIMIT $1)");
  iv_bind_int(st, write->refused_max);
  return iv_step_done(st, error);
}

static gboolean delete_answered(IvSql *sql, gint64 answered, guint *ret_deleted, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM spool WHERE seq <= $1");
  iv_bind_int(st, answered);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_deleted = (guint)iv_sql_changes(sql);
  return TRUE;
}

static gboolean append(IvSql *sql, const IvEvent *event, GError **error) {
  json_t *json = iv_event_to_json(event);
  char *text = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  IvStatement *st = iv_sql_statement(sql, "INSERT INTO spool (store_id, event) VALUES ($1, $2)");
  iv_bind_text(st, event->store_id.text);
  iv_bind_text(st, text);
  free(text);
  return iv_step_done(st, error);
}

static gboolean write_all(IvSql *sql, const IvSpoolWrite *write, guint *ret_deleted,
                          GError **error) {
  if (!move_aside(sql, write, error) || !delete_answered(sql, write->answered, ret_deleted, error))
    return FALSE;
  for (guint i = 0; i < write->n; i++)
    if (!append(sql, write->events[i], error))
      return FALSE;
  return TRUE;
}

gboolean iv_spool_write(IvSql *sql, const IvSpoolWrite *write, gint64 *ret_last, guint *ret_deleted,
                        GError **error) {
  guint deleted = 0;
  if (!iv_sql_script(sql, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (!write_all(sql, write, &deleted, error) || !iv_sql_script(sql, "COMMIT", error)) {
    if (iv_sql_in_transaction(sql))
      iv_sql_script(sql, "ROLLBACK", NULL);
    return FALSE;
  }
  if (write->n > 0)
    *ret_last = iv_sql_last_row(sql);
  else if (deleted > 0) /* a quiet moment */
    iv_sql_script(sql, "PRAGMA incremental_vacuum(" G_STRINGIFY(VACUUM_PAGES) ")", NULL);
  *ret_deleted = deleted;
  return TRUE;
}

/* ---- reading ---- */

static gboolean read_event(const char *text, IvEvent *ret_event, GError **error) {
  json_error_t fault;
  json_t *json = json_loads(text, 0, &fault);
  if (!json) {
    g_set_error(error, IV_EVENT_ERROR, IV_EVENT_ERROR_INVALID, "event: not JSON (%s)", fault.text);
    return FALSE;
  }
  gboolean ok = iv_event_from_json(json, ret_event, error);
  json_decref(json);
  return ok;
}

gboolean iv_spool_read(IvSql *sql, gint64 after, guint max, GArray *ret_events, GArray *ret_seqs,
                       GArray *ret_refusals, gint64 *ret_last, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvEvent event;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT seq, event FROM spool WHERE seq > $1 ORDER BY seq LIMIT $2");
  iv_bind_int(st, after);
  iv_bind_int(st, max);
  while (iv_step_row(st, &wrong)) {
    g_autoptr(GError) unreadable = NULL;
    gint64 seq = iv_column_int(st, 0);
    if (!read_event(iv_column_text(st, 1), &event, &unreadable)) {
      IvSpoolRefusal refusal = {.seq = seq};
      g_strlcpy(refusal.reason, unreadable->message, sizeof refusal.reason);
      g_array_append_val(ret_refusals, refusal);
    } else if (ret_events->len > 0 &&
               strcmp(event.store_id.text, g_array_index(ret_events, IvEvent, 0).store_id.text) !=
                   0) {
      iv_statement_reset(st); /* the next store's turn comes with the next batch */
      break;
    } else {
      g_array_append_val(ret_events, event);
      g_array_append_val(ret_seqs, seq);
    }
    *ret_last = seq;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}
