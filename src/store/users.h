/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "sql/sql.h"

/* Accounts. What a role may do is the API's affair; here it is a word. All functions work on one
 * connection: reading ones on any, writing ones inside a job of the writer (store/store.h). */

#define IV_USER_NAME_MAX 40
#define IV_USER_ROLE_MAX 15
#define IV_USER_HASH_MAX 127
#define IV_USER_STORES_MAX 1000
#define IV_USERS_MAX 10000
#define IV_USER_ROLE_ADMIN "admin" /* of which one that is enabled must remain */

typedef struct {
  gint64 id; /* inside the database; 0 = not stored yet */
  char name[IV_USER_NAME_MAX + 1];
  char role[IV_USER_ROLE_MAX + 1];
  char password_hash[IV_USER_HASH_MAX + 1]; /* secret: never leaves the API's workers */
  gboolean all_stores;                      /* bound to every store, also later ones */
  char **stores; /* slugs, sorted, NULL-terminated, owned; empty when all_stores */
  gboolean disabled;
  gboolean initial_password;        /* somebody else made the password */
  IvTime created_at, last_login_at; /* last_login_at: IV_TIME_NONE = never */
} IvUser;

/* A user without stores. */
IvUser *iv_user_new(void);
void iv_user_free(IvUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvUser, iv_user_free)

/* [a-z0-9][a-z0-9._-]{0,39} */
gboolean iv_user_name_is_valid(const char *name);

/* By name (GPtrArray of IvUser, owning). */
GPtrArray *iv_users_list(IvSql *sql, GError **error);

/* IV_STORE_ERROR_NOT_FOUND when there is none. */
IvUser *iv_users_get(IvSql *sql, const char *name, GError **error);
IvUser *iv_users_get_by_id(IvSql *sql, gint64 id, GError **error);

gboolean iv_users_count(IvSql *sql, gint64 *ret_count, GError **error);

/* `id` is ignored. IV_STORE_ERROR_CONFLICT when the name is taken or there are too many. */
gboolean iv_users_insert(IvSql *sql, const IvUser *user, GError **error);

/* Writes everything but id, name and created_at. IV_STORE_ERROR_CONFLICT when no enabled admin
 * bound to all stores would remain: the job must then fail, which undoes it. */
gboolean iv_users_update(IvSql *sql, const IvUser *user, GError **error);

/* Its sessions go with it. Errors as iv_users_get and iv_users_update. */
gboolean iv_users_delete(IvSql *sql, const char *name, GError **error);

gboolean iv_users_note_login(IvSql *sql, gint64 id, IvTime now, GError **error);
