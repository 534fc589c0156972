/* SPDX-License-Identifier: Apache-2.0 */
#include "base/throttle.h"

#define DOUBLINGS_MAX 20

typedef struct {
  guint failures;
  IvTime last;
} Record;

struct IvThrottle {
  guint free_failures;
  GMutex lock;
  GHashTable *records; /* char* → Record* */
};

IvThrottle *iv_throttle_new(guint free_failures) {
  IvThrottle *throttle = g_new0(IvThrottle, 1);
  throttle->free_failures = free_failures;
  g_mutex_init(&throttle->lock);
  throttle->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return throttle;
}

void iv_throttle_free(IvThrottle *throttle) {
  if (!throttle)
    return;
  g_hash_table_unref(throttle->records);
  g_mutex_clear(&throttle->lock);
  g_free(throttle);
}

static IvTime wait_of(const IvThrottle *throttle, const Record *record, IvTime now) {
  if (record->failures <= throttle->free_failures)
    return 0;
  guint doublings = MIN(record->failures - throttle->free_failures - 1, DOUBLINGS_MAX);
  IvTime wait = MIN(IV_SECOND << doublings, IV_THROTTLE_WAIT_MAX);
  return MAX(record->last + wait - now, 0);
}

IvTime iv_throttle_wait(IvThrottle *throttle, const char *key, IvTime now) {
  g_mutex_lock(&throttle->lock);
  const Record *record = g_hash_table_lookup(throttle->records, key);
  IvTime wait = record ? wait_of(throttle, record, now) : 0;
  g_mutex_unlock(&throttle->lock);
  return wait;
}

static void forget_oldest(IvThrottle *throttle) {
  GHashTableIter iter;
  gpointer key, value, oldest = NULL;
  IvTime last = G_MAXINT64;
  g_hash_table_iter_init(&iter, throttle->records);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    if (((Record *)value)->last >= last)
      continue;
    last = ((Record *)value)->last;
    oldest = key;
  }
  if (oldest)
    g_hash_table_remove(throttle->records, oldest);
}

void iv_throttle_attempt(IvThrottle *throttle, const char *key, IvTime now) {
  g_mutex_lock(&throttle->lock);
  Record *record = g_hash_table_lookup(throttle->records, key);
  if (!record) {
    if (g_hash_table_size(throttle->records) >= IV_THROTTLE_KEYS_MAX)
      forget_oldest(throttle);
    record = g_new0(Record, 1);
    g_hash_table_insert(throttle->records, g_strdup(key), record);
  }
  if (now - record->last > IV_THROTTLE_FORGET)
    record->failures = 0;
  record->failures++;
  record->last = now;
  g_mutex_unlock(&throttle->lock);
}

void iv_throttle_take_back(IvThrottle *throttle, const char *key) {
  g_mutex_lock(&throttle->lock);
  Record *record = g_hash_table_lookup(throttle->records, key);
  if (record && record->failures > 0)
    record->failures--;
  g_mutex_unlock(&throttle->lock);
}

void iv_throttle_clear(IvThrottle *throttle, const char *key) {
  g_mutex_lock(&throttle->lock);
  g_hash_table_remove(throttle->records, key);
  g_mutex_unlock(&throttle->lock);
}
