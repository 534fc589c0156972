/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/access.h"

#include <sodium.h>
#include <string.h>

#include "store/store.h"

void iv_access_free(IvAccess *access) {
  if (!access)
    return;
  iv_user_free(access->user);
  g_free(access);
}

static IvAccess *find(IvSql *sql, const guint8 *hash, IvTime now, GError **error) {
  g_autoptr(IvAccess) access = g_new0(IvAccess, 1);
  if (!iv_sessions_get(sql, hash, now, &access->session, error))
    return NULL;
  access->user = iv_users_get_by_id(sql, access->session.user_id, error);
  if (!access->user)
    return NULL;
  sodium_memzero(access->user->password_hash, sizeof access->user->password_hash);
  int role = iv_role_from_name(access->user->role);
  if (role < 0 || access->user->disabled) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "the account is disabled");
    return NULL;
  }
  access->role = (IvRole)role;
  return g_steal_pointer(&access);
}

IvAccess *iv_access_find(IvSql *sql, const IvToken *token, IvTime now, GError **error) {
  guint8 hash[IV_TOKEN_HASH_BYTES];
  iv_token_hash(token, hash);
  return find(sql, hash, now, error);
}

char *iv_access_login(const IvAccess *access) {
  char *text = g_malloc(2 * IV_TOKEN_HASH_BYTES + 1);
  return sodium_bin2hex(text, 2 * IV_TOKEN_HASH_BYTES + 1, access->session.hash,
                        IV_TOKEN_HASH_BYTES);
}

IvAccess *iv_access_find_login(IvSql *sql, const char *login, IvTime now, GError **error) {
  guint8 hash[IV_TOKEN_HASH_BYTES] = {0};
  gsize n = 0;
  if (sodium_hex2bin(hash, sizeof hash, login, strlen(login), NULL, &n, NULL) == 0 &&
      n == sizeof hash)
    return find(sql, hash, now, error);
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "this is no login");
  return NULL;
}

gboolean iv_access_may(const IvAccess *access, IvPermission permission) {
  return iv_role_may(access->role, permission);
}

gboolean iv_access_has_store(const IvAccess *access, const char *store_id) {
  return access->user->all_stores ||
         g_strv_contains((const char *const *)access->user->stores, store_id);
}
