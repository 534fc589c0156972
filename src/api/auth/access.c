/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/access.h"

#include <sodium.h>

#include "store/store.h"

void iv_access_free(IvAccess *access) {
  if (!access)
    return;
  iv_user_free(access->user);
  g_free(access);
}

IvAccess *iv_access_find(IvSql *sql, const IvToken *token, IvTime now, GError **error) {
  g_autoptr(IvAccess) access = g_new0(IvAccess, 1);
  guint8 hash[IV_TOKEN_HASH_BYTES];
  iv_token_hash(token, hash);
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

gboolean iv_access_may(const IvAccess *access, IvPermission permission) {
  return iv_role_may(access->role, permission);
}

gboolean iv_access_has_store(const IvAccess *access, const char *store_id) {
  return access->user->all_stores ||
         g_strv_contains((const char *const *)access->user->stores, store_id);
}
