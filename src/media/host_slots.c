/* SPDX-License-Identifier: Apache-2.0 */
#include "media/host_slots.h"

struct IvHostSlots {
  gatomicrefcount refs;
  guint per_host;
  GMutex mutex;      /* guards what follows */
  GHashTable *taken; /* lower case host -> how many */
};

IvHostSlots *iv_host_slots_new(guint per_host) {
  IvHostSlots *slots = g_new0(IvHostSlots, 1);
  g_atomic_ref_count_init(&slots->refs);
  g_mutex_init(&slots->mutex);
  slots->per_host = per_host;
  slots->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return slots;
}

IvHostSlots *iv_host_slots_ref(IvHostSlots *slots) {
  g_atomic_ref_count_inc(&slots->refs);
  return slots;
}

void iv_host_slots_unref(IvHostSlots *slots) {
  if (!g_atomic_ref_count_dec(&slots->refs))
    return;
  g_hash_table_unref(slots->taken);
  g_mutex_clear(&slots->mutex);
  g_free(slots);
}

guint iv_host_slots_limit(const IvHostSlots *slots) {
  return slots->per_host;
}

gboolean iv_host_slots_take(IvHostSlots *slots, const char *host) {
  char *key = g_ascii_strdown(host, -1);
  g_mutex_lock(&slots->mutex);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(slots->taken, key));
  gboolean free_one = n < slots->per_host;
  if (free_one)
    g_hash_table_insert(slots->taken, g_steal_pointer(&key), GUINT_TO_POINTER(n + 1));
  g_mutex_unlock(&slots->mutex);
  g_free(key);
  return free_one;
}

void iv_host_slots_give(IvHostSlots *slots, const char *host) {
  g_autofree char *key = g_ascii_strdown(host, -1);
  g_mutex_lock(&slots->mutex);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(slots->taken, key));
  if (n > 1)
    g_hash_table_insert(slots->taken, g_steal_pointer(&key), GUINT_TO_POINTER(n - 1));
  else
    g_hash_table_remove(slots->taken, key);
  g_mutex_unlock(&slots->mutex);
}
