/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "sql/sql.h"

/* Who did what. Rows are only ever added: the database itself refuses to change or delete them, and
 * each row carries the hash of the one before, so that a change made around the database shows. */

#define IV_AUDIT_HASH_TEXT 64
#define IV_AUDIT_TEXT_MAX 200    /* bytes of actor, subject and address; longer ones are cut */
#define IV_AUDIT_DETAIL_MAX 4096 /* bytes of JSON */
#define IV_AUDIT_LIMIT_MAX 500

/* The words of the column `action`; never renamed. */
typedef enum {
  IV_AUDIT_LOGIN,
  IV_AUDIT_LOGIN_FAILED,
  IV_AUDIT_LOGOUT,
  IV_AUDIT_USER_CREATED,
  IV_AUDIT_USER_CHANGED,
  IV_AUDIT_USER_REMOVED,
  IV_AUDIT_PASSWORD_CHANGED,
  IV_AUDIT_SCENE_CHANGED,
  IV_AUDIT_PICTURE_VIEWED,
  IV_AUDIT_VIDEO_WATCHED,
  IV_AUDIT_STREAM_OPENED,
  IV_AUDIT_STREAM_CLOSED,
  IV_AUDIT_RECORDING_WATCHED,
  IV_AUDIT_STILL_TAKEN,
  IV_AUDIT_EXPORT_ASKED,
  IV_AUDIT_EXPORT_TAKEN,
  IV_AUDIT_EXPORT_DELETED,
  IV_AUDIT_REPLAY_ASKED,
  IV_AUDIT_REPLAY_DELETED,
  IV_AUDIT_COUNT_AUDIT_PLANNED,
  IV_AUDIT_COUNT_AUDIT_SETTLED,
  IV_AUDIT_COUNT_AUDIT_DELETED,
  IV_AUDIT_SNAPSHOT_VIEWED,
  IV_AUDIT_EVIDENCE_KEPT,
  IV_AUDIT_EVIDENCE_BUNDLED,
  IV_AUDIT_EVIDENCE_EXPORTED,
  IV_AUDIT_EVIDENCE_RELEASED,
  IV_AUDIT_VIEW_ACCEPTED,
  IV_AUDIT_CAMERA_ADDED,
  IV_AUDIT_CAMERA_CHANGED,
  IV_AUDIT_CAMERA_REMOVED,
  IV_AUDIT_CAMERA_TESTED,
  IV_AUDIT_CAMERAS_SEARCHED,
  IV_AUDIT_ARCHIVE_TESTED,
  IV_AUDIT_CAMERA_ASKED,
  IV_AUDIT_PRUNED,
  IV_AUDIT_SALES_RECEIVED,
  IV_AUDIT_SALES_IMPORTED,
  IV_AUDIT_SALES_RECOUNTED,
  IV_AUDIT_PRODUCTS_CHANGED,
  IV_AUDIT_TERMINALS_CHANGED,
  IV_AUDIT_ACTIONS,
} IvAuditAction;
const char *iv_audit_action_name(IvAuditAction action);

typedef struct {
  IvTime ts;
  IvAuditAction action;
  const char *actor;    /* user name; "" = nobody logged in; "cli" */
  const char *subject;  /* what it was done to */
  const char *store_id; /* NULL = none */
  const char *address;  /* "" = command line */
  const char *detail;   /* JSON object; NULL = {}. Never a secret */
} IvAuditEntry;

/* Adds a row; inside a job of the writer, in the transaction of what it tells about. */
gboolean iv_audit_add(IvSql *sql, const IvAuditEntry *entry, GError **error);

typedef struct {
  gint64 id;
  IvTime ts;
  char *actor, *action, *subject, *store_id, *address, *detail; /* store_id: NULL = none */
  char previous_hash[IV_AUDIT_HASH_TEXT + 1], hash[IV_AUDIT_HASH_TEXT + 1];
} IvAuditRow;
void iv_audit_row_free(IvAuditRow *row);

/* Newest first (GPtrArray of IvAuditRow, owning), ids below `before` (G_MAXINT64 = from the
 * newest), at most `limit`. */
GPtrArray *iv_audit_list(IvSql *sql, gint64 before, guint limit, GError **error);

/* Walks the chain from the oldest row. TRUE when the walk could be made: then `ret_broken` is the
 * first row that doesn't fit, 0 when all do. */
gboolean iv_audit_verify(IvSql *sql, gint64 *ret_broken, GError **error);

/* Retention: deletes the rows before `before` (at most `max`, oldest first) and says so in a row of
 * its own. The rest of the chain still holds. Inside a job of the writer. */
gboolean iv_audit_prune(IvSql *sql, IvTime before, guint max, IvTime now, guint *ret_deleted,
                        GError **error);
