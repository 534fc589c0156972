/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sql/sql.h"

/* Logged-in browsers. The token itself is never stored, only its hash: who reads the database can't
 * log in with it. Writing functions run inside a job of the writer. */

#define IV_SESSION_IDLE (12 * IV_HOUR)   /* ends after this long without a request */
#define IV_SESSION_AGE (7 * IV_DAY)      /* ends at the latest */
#define IV_SESSION_TOUCH (1 * IV_MINUTE) /* a sign of life is written at most this often */
#define IV_SESSIONS_PER_USER_MAX 50      /* the oldest end */
#define IV_SESSION_HASH_BYTES 32

typedef struct {
  guint8 hash[IV_SESSION_HASH_BYTES]; /* SHA-256 of the token */
  gint64 user_id;
  IvTime created_at, seen_at;
} IvSession;

/* Also ends what is over, and the user's oldest ones beyond the limit. */
gboolean iv_sessions_insert(IvSql *sql, const IvSession *session, GError **error);

/* IV_STORE_ERROR_NOT_FOUND when there is none or it is over. */
gboolean iv_sessions_get(IvSql *sql, const guint8 *hash, IvTime now, IvSession *ret_session,
                         GError **error);

gboolean iv_sessions_touch(IvSql *sql, const guint8 *hash, IvTime now, GError **error);
gboolean iv_sessions_delete(IvSql *sql, const guint8 *hash, GError **error);

/* All of the user's but `keep` (a hash, or NULL). */
gboolean iv_sessions_delete_user(IvSql *sql, gint64 user_id, const guint8 *keep, GError **error);

IvTime iv_session_expires_at(const IvSession *session);
