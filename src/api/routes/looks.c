/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/looks.h"

struct IvLooks {
  GMutex lock;
  GHashTable *seen; /* "session camera" → IvTime* */
};

IvLooks *iv_looks_new(void) {
  IvLooks *looks = g_new0(IvLooks, 1);
  g_mutex_init(&looks->lock);
  looks->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return looks;
}

void iv_looks_free(IvLooks *looks) {
  if (!looks)
    return;
  g_hash_table_unref(looks->seen);
  g_mutex_clear(&looks->lock);
  g_free(looks);
}

gboolean iv_looks_is_new(IvLooks *looks, const char *session, const char *camera, IvTime now) {
  g_autofree char *key = g_strdup_printf("%s %s", session, camera);
  g_mutex_lock(&looks->lock);
  IvTime *last = g_hash_table_lookup(looks->seen, key);
  gboolean is_new = !last || now - *last >= IV_LOOKS_AGAIN;
  if (is_new && g_hash_table_size(looks->seen) >= IV_LOOKS_MAX)
    g_hash_table_remove_all(looks->seen);
  if (is_new)
    g_hash_table_insert(looks->seen, g_steal_pointer(&key), g_memdup2(&now, sizeof now));
  g_mutex_unlock(&looks->lock);
  return is_new;
}

void iv_looks_forget(IvLooks *looks, const char *session, const char *camera) {
  g_autofree char *key = g_strdup_printf("%s %s", session, camera);
  g_mutex_lock(&looks->lock);
  g_hash_table_remove(looks->seen, key);
  g_mutex_unlock(&looks->lock);
}
