/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sessions.h"

#include <string.h>

#include "store/store.h"

static gboolean delete_over(IvSql *sql, IvTime now, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2");
  iv_bind_time(st, now - IV_SESSION_IDLE);
  iv_bind_time(st, now - IV_SESSION_AGE);
  return iv_step_done(st, error);
}

static gboolean delete_beyond_limit(IvSql *sql, gint64 user_id, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "DELETE FROM sessions WHERE user_id = $1 AND hash NOT IN (SELECT hash FROM sessions "
           "WHERE user_id = $1 ORDER BY created_at DESC, hash LIMIT $2)");
  iv_bind_int(st, user_id);
  iv_bind_int(st, IV_SESSIONS_PER_USER_MAX);
  return iv_step_done(st, error);
}

gboolean iv_sessions_insert(IvSql *sql, const IvSession *session, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO sessions (hash, user_id, created_at, seen_at) VALUES ($1, $2, $3, $4)");
  iv_bind_blob(st, session->hash, sizeof session->hash);
  iv_bind_int(st, session->user_id);
  iv_bind_time(st, session->created_at);
  iv_bind_time(st, session->seen_at);
  return iv_step_done(st, error) && delete_over(sql, session->created_at, error) &&
         delete_beyond_limit(sql, session->user_id, error);
}

static gboolean is_over(const IvSession *session, IvTime now) {
  return now - session->seen_at > IV_SESSION_IDLE || now - session->created_at > IV_SESSION_AGE;
}

gboolean iv_sessions_get(IvSql *sql, const guint8 *hash, IvTime now, IvSession *ret_session,
                         GError **error) {
  g_autoptr(GError) cause = NULL;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT user_id, created_at, seen_at FROM sessions WHERE hash = $1");
  iv_bind_blob(st, hash, IV_SESSION_HASH_BYTES);
  IvSession session = {0};
  memcpy(session.hash, hash, sizeof session.hash);
  gboolean found = iv_step_row(st, &cause);
  if (found) {
    session.user_id = iv_column_int(st, 0);
    session.created_at = iv_column_time(st, 1);
    session.seen_at = iv_column_time(st, 2);
  }
  iv_statement_reset(st);
  if (found && !is_over(&session, now)) {
    *ret_session = session;
    return TRUE;
  }
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  else
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "the session has ended");
  return FALSE;
}

gboolean iv_sessions_touch(IvSql *sql, const guint8 *hash, IvTime now, GError **error) {
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE sessions SET seen_at = $1 WHERE hash = $2 AND seen_at < $1");
  iv_bind_time(st, now);
  iv_bind_blob(st, hash, IV_SESSION_HASH_BYTES);
  return iv_step_done(st, error);
}

gboolean iv_sessions_delete(IvSql *sql, const guint8 *hash, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM sessions WHERE hash = $1");
  iv_bind_blob(st, hash, IV_SESSION_HASH_BYTES);
  return iv_step_done(st, error);
}

gboolean iv_sessions_delete_user(IvSql *sql, gint64 user_id, const guint8 *keep, GError **error) {
  static const guint8 none[IV_SESSION_HASH_BYTES];
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM sessions WHERE user_id = $1 AND hash <> $2");
  iv_bind_int(st, user_id);
  iv_bind_blob(st, keep ? keep : none, IV_SESSION_HASH_BYTES);
  return iv_step_done(st, error);
}

IvTime iv_session_expires_at(const IvSession *session) {
  return MIN(session->seen_at + IV_SESSION_IDLE, session->created_at + IV_SESSION_AGE);
}
