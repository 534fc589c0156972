/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/auth/permissions.h"
#include "api/auth/token.h"
#include "store/sessions.h"
#include "store/users.h"

/* Who a request comes from, read from the database for each request: a user that was disabled or
 * logged out a moment ago is out. */
typedef struct {
  IvSession session;
  IvUser *user; /* owned; its password hash is wiped */
  IvRole role;
} IvAccess;

void iv_access_free(IvAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAccess, iv_access_free)

/* NULL with IV_STORE_ERROR_NOT_FOUND when the session has ended, or the user is disabled or of a
 * role that this program doesn't know; other errors are the database's. `now` is wall-clock time.
 */
IvAccess *iv_access_find(IvSql *sql, const IvToken *token, IvTime now, GError **error);

/* The session as a name, hexadecimal: its hash, with which nobody can log in. The caller frees. */
char *iv_access_login(const IvAccess *access);

/* As iv_access_find, by that name. */
IvAccess *iv_access_find_login(IvSql *sql, const char *login, IvTime now, GError **error);

gboolean iv_access_may(const IvAccess *access, IvPermission permission);

/* Bound to this store? Whether it exists is another question. */
gboolean iv_access_has_store(const IvAccess *access, const char *store_id);
