/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

struct IvQueue {
  GMutex mutex; /* the only one; guards everything below */
  GCond filled, drained;
  GQueue entries;
  GDestroyNotify free_entry;
  guint capacity;
  guint64 dropped;
  gboolean closed;
};

IvQueue *iv_queue_new(guint capacity, GDestroyNotify free_entry) {
  IvQueue *queue = g_new0(IvQueue, 1);
  g_mutex_init(&queue->mutex);
  g_cond_init(&queue->filled);
  g_cond_init(&queue->drained);
  g_queue_init(&queue->entries);
  queue->capacity = MAX(capacity, 1);
  queue->free_entry = free_entry;
  return queue;
}

static void release(IvQueue *queue, gpointer entry) {
  if (entry && queue->free_entry)
    queue->free_entry(entry);
}

void iv_queue_free(IvQueue *queue) {
  gpointer entry;
  while ((entry = g_queue_pop_head(&queue->entries)))
    release(queue, entry);
  g_cond_clear(&queue->drained);
  g_cond_clear(&queue->filled);
  g_mutex_clear(&queue->mutex);
  g_free(queue);
}

guint iv_queue_push(IvQueue *queue, gpointer entry) {
  gpointer victim = NULL;
  guint dropped = 0;
  g_mutex_lock(&queue->mutex);
  if (queue->closed) {
    victim = entry;
  } else {
    if (queue->entries.length >= queue->capacity) {
      victim = g_queue_pop_head(&queue->entries);
      queue->dropped += dropped = 1;
    }
    g_queue_push_tail(&queue->entries, entry);
    g_cond_signal(&queue->filled);
  }
  g_mutex_unlock(&queue->mutex);
  release(queue, victim);
  return dropped;
}

gboolean iv_queue_push_wait(IvQueue *queue, gpointer entry) {
  g_mutex_lock(&queue->mutex);
  while (!queue->closed && queue->entries.length >= queue->capacity)
    g_cond_wait(&queue->drained, &queue->mutex);
  gboolean open = !queue->closed;
  if (open) {
    g_queue_push_tail(&queue->entries, entry);
    g_cond_signal(&queue->filled);
  }
  g_mutex_unlock(&queue->mutex);
  if (!open)
    release(queue, entry);
  return open;
}

gpointer iv_queue_pop(IvQueue *queue, IvTime timeout) {
  gint64 deadline = g_get_monotonic_time() + timeout;
  g_mutex_lock(&queue->mutex);
  while (!queue->closed && queue->entries.length == 0) {
    if (timeout < 0)
      g_cond_wait(&queue->filled, &queue->mutex);
    else if (!g_cond_wait_until(&queue->filled, &queue->mutex, deadline))
      break;
  }
  gpointer entry = g_queue_pop_head(&queue->entries);
  if (entry)
    g_cond_signal(&queue->drained);
  g_mutex_unlock(&queue->mutex);
  return entry;
}

void iv_queue_close(IvQueue *queue) {
  g_mutex_lock(&queue->mutex);
  queue->closed = TRUE;
  g_cond_broadcast(&queue->filled);
  g_cond_broadcast(&queue->drained);
  g_mutex_unlock(&queue->mutex);
}

gboolean iv_queue_is_closed(IvQueue *queue) {
  g_mutex_lock(&queue->mutex);
  gboolean closed = queue->closed;
  g_mutex_unlock(&queue->mutex);
  return closed;
}

guint iv_queue_length(IvQueue *queue) {
  g_mutex_lock(&queue->mutex);
  guint length = queue->entries.length;
  g_mutex_unlock(&queue->mutex);
  return length;
}

guint64 iv_queue_dropped(IvQueue *queue) {
  g_mutex_lock(&queue->mutex);
  guint64 dropped = queue->dropped;
  g_mutex_unlock(&queue->mutex);
  return dropped;
}
