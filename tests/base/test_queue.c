/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#define PER_THREAD 20000
#define THREADS 4

static gint freed;

static void count_free(gpointer entry) {
  (void)entry;
  g_atomic_int_inc(&freed);
}

static void test_order(void) {
  g_autoptr(IvQueue) queue = iv_queue_new(3, NULL);
  for (guint i = 1; i <= 3; i++)
    g_assert_cmpuint(iv_queue_push(queue, GUINT_TO_POINTER(i)), ==, 0);
  g_assert_cmpuint(iv_queue_length(queue), ==, 3);
  for (guint i = 1; i <= 3; i++)
    g_assert_cmpuint(GPOINTER_TO_UINT(iv_queue_pop(queue, 0)), ==, i);
  g_assert_null(iv_queue_pop(queue, 0));
}

static void test_full_drops_oldest(void) {
  freed = 0;
  IvQueue *queue = iv_queue_new(2, count_free);
  for (guint i = 1; i <= 5; i++)
    g_assert_cmpuint(iv_queue_push(queue, GUINT_TO_POINTER(i)), ==, i > 2 ? 1 : 0);
  g_assert_cmpuint(iv_queue_dropped(queue), ==, 3);
  g_assert_cmpint(freed, ==, 3);
  g_assert_cmpuint(GPOINTER_TO_UINT(iv_queue_pop(queue, 0)), ==, 4);
  iv_queue_free(queue);
  g_assert_cmpint(freed, ==, 4);
}

static void test_close(void) {
  freed = 0;
  g_autoptr(IvQueue) queue = iv_queue_new(2, count_free);
  iv_queue_push(queue, GUINT_TO_POINTER(1));
  iv_queue_close(queue);
  g_assert_true(iv_queue_is_closed(queue));
  g_assert_cmpuint(iv_queue_push(queue, GUINT_TO_POINTER(2)), ==, 0);
  g_assert_false(iv_queue_push_wait(queue, GUINT_TO_POINTER(3)));
  g_assert_cmpint(freed, ==, 2);
  g_assert_cmpuint(GPOINTER_TO_UINT(iv_queue_pop(queue, -1)), ==, 1);
  g_assert_null(iv_queue_pop(queue, -1)); /* returns, though it would wait for ever */
  g_assert_cmpuint(iv_queue_dropped(queue), ==, 0);
}

static void test_timeout(void) {
  g_autoptr(IvQueue) queue = iv_queue_new(1, NULL);
  gint64 before = g_get_monotonic_time();
  g_assert_null(iv_queue_pop(queue, 20 * IV_MS));
  g_assert_cmpint(g_get_monotonic_time() - before, >=, 20 * IV_MS);
}

static gpointer pop_one(gpointer data) {
  return iv_queue_pop(data, -1);
}

static void test_wakes_who_waits(void) {
  g_autoptr(IvQueue) queue = iv_queue_new(1, NULL);
  GThread *first = g_thread_new("first", pop_one, queue);
  iv_queue_push(queue, GUINT_TO_POINTER(9));
  g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(first)), ==, 9);
  GThread *second = g_thread_new("second", pop_one, queue);
  iv_queue_close(queue);
  g_assert_null(g_thread_join(second));
}

/* Numbers 1..PER_THREAD of one producer, its own number in the upper bits. */
typedef struct {
  IvQueue *queue;
  guint producer;
  gboolean wait;
} Producer;

static gpointer produce(gpointer data) {
  const Producer *p = data;
  guint64 dropped = 0;
  for (guint i = 1; i <= PER_THREAD; i++) {
    gpointer entry = GUINT_TO_POINTER(p->producer << 24 | i);
    if (p->wait)
      g_assert_true(iv_queue_push_wait(p->queue, entry));
    else
      dropped += iv_queue_push(p->queue, entry);
  }
  return GSIZE_TO_POINTER(dropped);
}

static gpointer consume(gpointer data) {
  guint last[THREADS] = {0};
  gsize n = 0;
  for (gpointer entry; (entry = iv_queue_pop(data, -1)); n++) {
    guint producer = GPOINTER_TO_UINT(entry) >> 24, i = GPOINTER_TO_UINT(entry) & 0xffffff;
    g_assert_cmpuint(i, >, last[producer]); /* each producer's order is kept */
    last[producer] = i;
  }
  return GSIZE_TO_POINTER(n);
}

static void run_threads(gboolean wait, guint n_consumers, gsize *ret_popped, gsize *ret_dropped,
                        IvQueue *queue) {
  GThread *producers[THREADS], *consumers[THREADS];
  Producer starts[THREADS];
  for (guint i = 0; i < n_consumers; i++)
    consumers[i] = g_thread_new("consumer", consume, queue);
  for (guint i = 0; i < THREADS; i++) {
    starts[i] = (Producer){queue, i, wait};
    producers[i] = g_thread_new("producer", produce, &starts[i]);
  }
  *ret_popped = *ret_dropped = 0;
  for (guint i = 0; i < THREADS; i++)
    *ret_dropped += GPOINTER_TO_SIZE(g_thread_join(producers[i]));
  iv_queue_close(queue);
  for (guint i = 0; i < n_consumers; i++)
    *ret_popped += GPOINTER_TO_SIZE(g_thread_join(consumers[i]));
}

static void test_threads_drop(void) {
  gsize popped, dropped;
  for (guint consumers = 1; consumers <= THREADS; consumers += 3) {
    g_autoptr(IvQueue) queue = iv_queue_new(16, NULL);
    run_threads(FALSE, consumers, &popped, &dropped, queue);
    g_assert_cmpuint(popped + dropped, ==, THREADS * PER_THREAD);
    g_assert_cmpuint(iv_queue_dropped(queue), ==, dropped);
  }
}

static void test_threads_wait(void) {
  gsize popped, dropped;
  for (guint consumers = 1; consumers <= THREADS; consumers += 3) {
    g_autoptr(IvQueue) queue = iv_queue_new(2, NULL);
    run_threads(TRUE, consumers, &popped, &dropped, queue);
    g_assert_cmpuint(popped, ==, THREADS * PER_THREAD);
    g_assert_cmpuint(iv_queue_dropped(queue), ==, 0);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/queue/order", test_order);
  g_test_add_func("/base/queue/full-drops-oldest", test_full_drops_oldest);
  g_test_add_func("/base/queue/close", test_close);
  g_test_add_func("/base/queue/timeout", test_timeout);
  g_test_add_func("/base/queue/wakes-who-waits", test_wakes_who_waits);
  g_test_add_func("/base/queue/threads-drop", test_threads_drop);
  g_test_add_func("/base/queue/threads-wait", test_threads_wait);
  return g_test_run();
}
