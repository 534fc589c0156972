/* SPDX-License-Identifier: Apache-2.0 */
#include "store/users.h"

#include <string.h>

#include "store/store.h"

#define USER_COLUMNS                                                                               \
  "id, name, role, password_hash, all_stores, disabled, initial_password, created_at, "            \
  "last_login_at"

IvUser *iv_user_new(void) {
  IvUser *user = g_new0(IvUser, 1);
  user->stores = g_new0(char *, 1);
  user->last_login_at = IV_TIME_NONE;
  return user;
}

void iv_user_free(IvUser *user) {
  if (!user)
    return;
  g_strfreev(user->stores);
  g_free(user);
}

gboolean iv_user_name_is_valid(const char *name) {
  gsize n = strlen(name);
  return n >= 1 && n <= IV_USER_NAME_MAX && g_ascii_isalnum(name[0]) &&
         strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static IvUser *row_to_user(IvStatement *st) {
  IvUser *user = iv_user_new();
  user->id = iv_column_int(st, 0);
  g_strlcpy(user->name, iv_column_text(st, 1), sizeof user->name);
  g_strlcpy(user->role, iv_column_text(st, 2), sizeof user->role);
  g_strlcpy(user->password_hash, iv_column_text(st, 3), sizeof user->password_hash);
  user->all_stores = iv_column_int(st, 4) != 0;
  user->disabled = iv_column_int(st, 5) != 0;
  user->initial_password = iv_column_int(st, 6) != 0;
  user->created_at = iv_column_time(st, 7);
  user->last_login_at = iv_column_time(st, 8);
  return user;
}

static gboolean load_stores(IvSql *sql, IvUser *user, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GStrvBuilder) stores = g_strv_builder_new();
  IvStatement *st =
      iv_sql_statement(sql, "SELECT store FROM user_stores WHERE user_id = $1 ORDER BY store");
  iv_bind_int(st, user->id);
  while (iv_step_row(st, &cause))
    g_strv_builder_add(stores, iv_column_text(st, 0));
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  g_strfreev(user->stores);
  user->stores = g_strv_builder_end(stores);
  return TRUE;
}

GPtrArray *iv_users_list(IvSql *sql, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func((GDestroyNotify)iv_user_free);
  IvStatement *st = iv_sql_statement(sql, "SELECT " USER_COLUMNS " FROM users ORDER BY name");
  while (iv_step_row(st, &cause))
    g_ptr_array_add(users, row_to_user(st));
  for (guint i = 0; !cause && i < users->len; i++)
    load_stores(sql, users->pdata[i], &cause);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  return g_steal_pointer(&users);
}

/* `st` selects at most one user; `what` is for the error. */
static IvUser *get_one(IvSql *sql, IvStatement *st, const char *what, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(IvUser) user = iv_step_row(st, &cause) ? row_to_user(st) : NULL;
  iv_statement_reset(st);
  if (!user && !cause)
    g_set_error(&cause, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "there is no user \"%s\"", what);
  if (user && load_stores(sql, user, &cause))
    return g_steal_pointer(&user);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

IvUser *iv_users_get(IvSql *sql, const char *name, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "SELECT " USER_COLUMNS " FROM users WHERE name = $1");
  iv_bind_text(st, name);
  return get_one(sql, st, name, error);
}

IvUser *iv_users_get_by_id(IvSql *sql, gint64 id, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "SELECT " USER_COLUMNS " FROM users WHERE id = $1");
  iv_bind_int(st, id);
  return get_one(sql, st, "(removed)", error);
}

static gboolean count(IvStatement *st, gint64 *ret_count, GError **error) {
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_count = iv_column_int(st, 0);
  iv_statement_reset(st);
  return TRUE;
}

gboolean iv_users_count(IvSql *sql, gint64 *ret_count, GError **error) {
  return count(iv_sql_statement(sql, "SELECT COUNT(*) FROM users"), ret_count, error);
}

static gboolean save_stores(IvSql *sql, const IvUser *user, gint64 id, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM user_stores WHERE user_id = $1");
  iv_bind_int(st, id);
  if (!iv_step_done(st, error))
    return FALSE;
  for (char **store = user->stores; !user->all_stores && *store; store++) {
    st = iv_sql_statement(sql, "INSERT INTO user_stores (user_id, store) VALUES ($1, $2) "
                               "ON CONFLICT DO NOTHING");
    iv_bind_int(st, id);
    iv_bind_text(st, *store);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

static void bind_changeable(IvStatement *st, const IvUser *user) {
  iv_bind_text(st, user->role);
  iv_bind_text(st, user->password_hash);
  iv_bind_int(st, user->all_stores ? 1 : 0);
  iv_bind_int(st, user->disabled ? 1 : 0);
  iv_bind_int(st, user->initial_password ? 1 : 0);
}

gboolean iv_users_insert(IvSql *sql, const IvUser *user, GError **error) {
  gint64 users = 0;
  if (!iv_users_count(sql, &users, error))
    return FALSE;
  if (users >= IV_USERS_MAX) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
                "there are %d users already; remove one first", IV_USERS_MAX);
    return FALSE;
  }
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO users (role, password_hash, all_stores, disabled, initial_password, name, "
           "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)");
  bind_changeable(st, user);
  iv_bind_text(st, user->name);
  iv_bind_time(st, user->created_at);
  g_autoptr(GError) cause = NULL;
  if (iv_step_done(st, &cause))
    return save_stores(sql, user, iv_sql_last_row(sql), error);
  if (g_error_matches(cause, IV_SQL_ERROR, IV_SQL_ERROR_CONSTRAINT))
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
                "there is already a user \"%s\"; choose another name", user->name);
  else
    g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

/* Somebody must be able to make users. */
static gboolean check_admin_remains(IvSql *sql, GError **error) {
  gint64 admins = 0;
  IvStatement *st = iv_sql_statement(sql, "SELECT COUNT(*) FROM users WHERE role = $1 AND "
                                          "disabled = 0 AND all_stores = 1");
  iv_bind_text(st, IV_USER_ROLE_ADMIN);
  if (!count(st, &admins, error))
    return FALSE;
  if (admins > 0)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
              "this is the last enabled admin of all stores; make another one first");
  return FALSE;
}

gboolean iv_users_update(IvSql *sql, const IvUser *user, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE users SET role = $1, password_hash = $2, all_stores = $3, disabled = $4, "
           "initial_password = $5, last_login_at = $6 WHERE id = $7");
  bind_changeable(st, user);
  iv_bind_time(st, user->last_login_at);
  iv_bind_int(st, user->id);
  return iv_step_done(st, error) && save_stores(sql, user, user->id, error) &&
         check_admin_remains(sql, error);
}

gboolean iv_users_delete(IvSql *sql, const char *name, GError **error) {
  g_autoptr(IvUser) user = iv_users_get(sql, name, error);
  if (!user)
    return FALSE;
  IvStatement *st = iv_sql_statement(sql, "DELETE FROM users WHERE id = $1");
  iv_bind_int(st, user->id);
  return iv_step_done(st, error) && check_admin_remains(sql, error);
}

gboolean iv_users_note_login(IvSql *sql, gint64 id, IvTime now, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "UPDATE users SET last_login_at = $1 WHERE id = $2");
  iv_bind_time(st, now);
  iv_bind_int(st, id);
  return iv_step_done(st, error);
}
