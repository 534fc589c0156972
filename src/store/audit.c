/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include <string.h>

static const char *const action_names[IV_AUDIT_ACTIONS] = {
    [IV_AUDIT_LOGIN] = "session.login",
    [IV_AUDIT_LOGIN_FAILED] = "session.login_failed",
    [IV_AUDIT_LOGOUT] = "session.logout",
    [IV_AUDIT_USER_CREATED] = "user.created",
    [IV_AUDIT_USER_CHANGED] = "user.changed",
    [IV_AUDIT_USER_REMOVED] = "user.removed",
    [IV_AUDIT_PASSWORD_CHANGED] = "user.password_changed",
    [IV_AUDIT_SCENE_CHANGED] = "scene.changed",
    [IV_AUDIT_PICTURE_VIEWED] = "picture.viewed",
    [IV_AUDIT_VIDEO_WATCHED] = "video.watched",
    [IV_AUDIT_STREAM_OPENED] = "stream.opened",
    [IV_AUDIT_STREAM_CLOSED] = "stream.closed",
    [IV_AUDIT_RECORDING_WATCHED] = "recording.watched",
    [IV_AUDIT_STILL_TAKEN] = "recording.still",
    [IV_AUDIT_EXPORT_ASKED] = "recording.exported",
    [IV_AUDIT_EXPORT_TAKEN] = "recording.export_downloaded",
    [IV_AUDIT_EXPORT_DELETED] = "recording.export_deleted",
    [IV_AUDIT_REPLAY_ASKED] = "replay.asked",
    [IV_AUDIT_REPLAY_DELETED] = "replay.deleted",
    [IV_AUDIT_COUNT_AUDIT_PLANNED] = "count_audit.planned",
    [IV_AUDIT_COUNT_AUDIT_SETTLED] = "count_audit.settled",
    [IV_AUDIT_COUNT_AUDIT_DELETED] = "count_audit.deleted",
    [IV_AUDIT_SNAPSHOT_VIEWED] = "snapshot.viewed",
    [IV_AUDIT_EVIDENCE_KEPT] = "evidence.kept",
    [IV_AUDIT_EVIDENCE_BUNDLED] = "evidence.bundled",
    [IV_AUDIT_EVIDENCE_EXPORTED] = "evidence.exported",
    [IV_AUDIT_EVIDENCE_RELEASED] = "evidence.released",
    [IV_AUDIT_VIEW_ACCEPTED] = "view.accepted",
    [IV_AUDIT_CAMERA_ADDED] = "camera.added",
    [IV_AUDIT_CAMERA_CHANGED] = "camera.changed",
    [IV_AUDIT_CAMERA_REMOVED] = "camera.removed",
    [IV_AUDIT_CAMERA_TESTED] = "camera.tested",
    [IV_AUDIT_ARCHIVE_TESTED] = "archive.tested",
    [IV_AUDIT_CAMERAS_SEARCHED] = "cameras.searched",
    [IV_AUDIT_CAMERA_ASKED] = "camera.asked",
    [IV_AUDIT_PRUNED] = "audit.pruned",
    [IV_AUDIT_SALES_RECEIVED] = "sales.received",
    [IV_AUDIT_SALES_IMPORTED] = "sales.imported",
    [IV_AUDIT_SALES_RECOUNTED] = "sales.recounted",
    [IV_AUDIT_PRODUCTS_CHANGED] = "products.changed",
    [IV_AUDIT_TERMINALS_CHANGED] = "terminals.changed",
};

const char *iv_audit_action_name(IvAuditAction action) {
  return action_names[action];
}

/* Length before each text, so that no two rows give the same bytes. */
static void hash_text(GChecksum *sum, const char *text) {
  g_autofree char *length =
      text ? g_strdup_printf("%" G_GSIZE_FORMAT ":", strlen(text)) : g_strdup("-:");
  g_checksum_update(sum, (const guchar *)length, -1);
  if (text)
    g_checksum_update(sum, (const guchar *)text, -1);
}

static void set_hash(IvAuditRow *row) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree char *numbers =
      g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, row->id, row->ts);
  const char *texts[] = {row->previous_hash, numbers,       row->actor,   row->action,
                         row->subject,       row->store_id, row->address, row->detail};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    hash_text(sum, texts[i]);
  g_strlcpy(row->hash, g_checksum_get_string(sum), sizeof row->hash);
}

void iv_audit_row_free(IvAuditRow *row) {
  if (!row)
    return;
  g_free(row->actor);
  g_free(row->action);
  g_free(row->subject);
  g_free(row->store_id);
  g_free(row->address);
  g_free(row->detail);
  g_free(row);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAuditRow, iv_audit_row_free)

/* Number and hash of the newest row; 0 and zeros when there is none. */
static gboolean read_last(IvSql *sql, IvAuditRow *ret_row, GError **error) {
  g_autoptr(GError) cause = NULL;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1");
  memset(ret_row->previous_hash, '0', IV_AUDIT_HASH_TEXT);
  ret_row->id = 1;
  if (iv_step_row(st, &cause)) {
    ret_row->id = iv_column_int(st, 0) + 1;
    g_strlcpy(ret_row->previous_hash, iv_column_text(st, 1), sizeof ret_row->previous_hash);
  }
  iv_statement_reset(st);
  if (!cause)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

static char *cut(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
  gsize n = strlen(valid);
  if (n > IV_AUDIT_TEXT_MAX) {
    n = IV_AUDIT_TEXT_MAX;
    while (n > 0 && ((guchar)valid[n] & 0xc0) == 0x80)
      n--;
  }
  return g_strndup(valid, n);
}

static gboolean insert(IvSql *sql, const IvAuditRow *row, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO audit_log (id, ts, actor, action, subject, store, address, detail, "
           "previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
  iv_bind_int(st, row->id);
  iv_bind_time(st, row->ts);
  iv_bind_text(st, row->actor);
  iv_bind_text(st, row->action);
  iv_bind_text(st, row->subject);
  iv_bind_text(st, row->store_id);
  iv_bind_text(st, row->address);
  iv_bind_text(st, row->detail);
  iv_bind_text(st, row->previous_hash);
  iv_bind_text(st, row->hash);
  return iv_step_done(st, error);
}

gboolean iv_audit_add(IvSql *sql, const IvAuditEntry *entry, GError **error) {
  g_assert(!entry->detail || strlen(entry->detail) <= IV_AUDIT_DETAIL_MAX);
  g_autoptr(IvAuditRow) row = g_new0(IvAuditRow, 1);
  row->ts = entry->ts;
  row->actor = cut(entry->actor);
  row->action = g_strdup(action_names[entry->action]);
  row->subject = cut(entry->subject);
  row->store_id = entry->store_id ? cut(entry->store_id) : NULL;
  row->address = cut(entry->address);
  row->detail = g_strdup(entry->detail ? entry->detail : "{}");
  if (!read_last(sql, row, error))
    return FALSE;
  set_hash(row);
  return insert(sql, row, error);
}

#define ROW_COLUMNS "id, ts, actor, action, subject, store, address, detail, previous_hash, hash"

static IvAuditRow *row_from(IvStatement *st) {
  IvAuditRow *row = g_new0(IvAuditRow, 1);
  row->id = iv_column_int(st, 0);
  row->ts = iv_column_time(st, 1);
  row->actor = g_strdup(iv_column_text(st, 2));
  row->action = g_strdup(iv_column_text(st, 3));
  row->subject = g_strdup(iv_column_text(st, 4));
  row->store_id = iv_column_is_null(st, 5) ? NULL : g_strdup(iv_column_text(st, 5));
  row->address = g_strdup(iv_column_text(st, 6));
  row->detail = g_strdup(iv_column_text(st, 7));
  g_strlcpy(row->previous_hash, iv_column_text(st, 8), sizeof row->previous_hash);
  g_strlcpy(row->hash, iv_column_text(st, 9), sizeof row->hash);
  return row;
}

GPtrArray *iv_audit_list(IvSql *sql, gint64 before, guint limit, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)iv_audit_row_free);
  IvStatement *st = iv_sql_statement(
      sql, "SELECT " ROW_COLUMNS " FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2");
  iv_bind_int(st, before);
  iv_bind_int(st, MIN(limit, IV_AUDIT_LIMIT_MAX));
  while (iv_step_row(st, &cause))
    g_ptr_array_add(rows, row_from(st));
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  return g_steal_pointer(&rows);
}

/* `expected` is the hash of the row before, "" for the oldest (its forerunners may be pruned). */
static gboolean fits(IvAuditRow *row, const char *expected) {
  char stored[IV_AUDIT_HASH_TEXT + 1];
  g_strlcpy(stored, row->hash, sizeof stored);
  set_hash(row);
  return strcmp(stored, row->hash) == 0 &&
         (expected[0] == '\0' || strcmp(row->previous_hash, expected) == 0);
}

gboolean iv_audit_verify(IvSql *sql, gint64 *ret_broken, GError **error) {
  g_autoptr(GError) cause = NULL;
  char expected[IV_AUDIT_HASH_TEXT + 1] = "";
  gint64 broken = 0;
  IvStatement *st = iv_sql_statement(sql, "SELECT " ROW_COLUMNS " FROM audit_log ORDER BY id");
  while (!broken && iv_step_row(st, &cause)) {
    g_autoptr(IvAuditRow) row = row_from(st);
    if (!fits(row, expected))
      broken = row->id;
    g_strlcpy(expected, row->hash, sizeof expected);
  }
  iv_statement_reset(st);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  *ret_broken = broken;
  return TRUE;
}

/* The trigger that refuses deletes lets through what this row of audit_floor allows. */
static gboolean set_floor(IvSql *sql, gint64 id, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "UPDATE audit_floor SET id = $1");
  iv_bind_int(st, id);
  return iv_step_done(st, error);
}

/* The row below which all are to go; 0 = none. */
static gboolean find_floor(IvSql *sql, IvTime before, guint max, gint64 *ret_floor,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "SELECT COALESCE(MAX(id), 0) FROM (SELECT id, ts FROM audit_log ORDER BY id LIMIT $1) "
           "WHERE ts < $2");
  iv_bind_int(st, max);
  iv_bind_time(st, before);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_floor = iv_column_int(st, 0);
  iv_statement_reset(st);
  return TRUE;
}

gboolean iv_audit_prune(IvSql *sql, IvTime before, guint max, IvTime now, guint *ret_deleted,
                        GError **error) {
  gint64 floor_id = 0;
  if (!find_floor(sql, before, max, &floor_id, error))
    return FALSE;
  *ret_deleted = 0;
  if (floor_id == 0)
    return TRUE;
  /* Said first: the newest row stays, so the chain's end is never lost. */
  g_autofree char *detail = g_strdup_printf("{\"through_id\":%" G_GINT64_FORMAT "}", floor_id);
  IvAuditEntry entry = {.ts = now,
                        .action = IV_AUDIT_PRUNED,
                        .actor = "",
                        .subject = "audit_log",
                        .address = "",
                        .detail = detail};
  if (!iv_audit_add(sql, &entry, error) || !set_floor(sql, floor_id, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM audit_log WHERE id <= $1");
  iv_bind_int(st, floor_id);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_deleted = (guint)iv_sql_changes(sql);
  return set_floor(sql, 0, error);
}
