/* SPDX-License-Identifier: Apache-2.0 */
#include "model/unit_ring.h"

static gint alive;

static void on_release(G_GNUC_UNUSED gpointer owner) {
  g_atomic_int_add(&alive, -1);
}

static void on_release_caps(gpointer caps) {
  (*(int *)caps)++;
}

static void test_unit_releases_what_it_holds(void) {
  int released = 0;
  g_atomic_int_set(&alive, 1);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->caps = &released;
  unit->release_caps = on_release_caps;
  unit->release = on_release;
  iv_encoded_unit_unref(iv_encoded_unit_ref(unit));
  g_assert_cmpint(released, ==, 0);
  iv_encoded_unit_unref(unit);
  g_assert_cmpint(released, ==, 1);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
  iv_encoded_unit_unref(iv_encoded_unit_new()); /* holds nothing */
}

static void push(IvUnitRing *ring, guint64 seq, gboolean key) {
  g_autoptr(IvEncodedUnit) unit = iv_encoded_unit_new();
  unit->seq = seq;
  unit->keyframe = key;
  unit->size = 100;
  unit->release = on_release;
  g_atomic_int_inc(&alive);
  iv_unit_ring_push(ring, unit);
}

static void check_pop(IvUnitReader *reader, guint64 seq, guint lost) {
  guint got = 0;
  g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(reader, 5 * IV_SECOND, &got);
  g_assert_nonnull(unit);
  g_assert_cmpuint(unit->seq, ==, seq);
  g_assert_cmpuint(got, ==, lost);
}

static void check_empty(IvUnitReader *reader) {
  g_assert_null(iv_unit_reader_pop(reader, 0, NULL));
}

static void test_starts_at_keyframes(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  push(ring, 0, TRUE);
  push(ring, 1, FALSE);
  IvUnitReader *gop = iv_unit_reader_new(ring, IV_READER_LIVE, 10, TRUE);
  IvUnitReader *next = iv_unit_reader_new(ring, IV_READER_LIVE, 10, FALSE);
  push(ring, 2, FALSE);
  push(ring, 3, TRUE);
  for (guint64 i = 0; i <= 3; i++)
    check_pop(gop, i, 0);
  check_pop(next, 3, 0);
  check_empty(gop);
  check_empty(next);
  g_assert_cmpuint(iv_unit_reader_dropped(next), ==, 0); /* waiting for a keyframe is no loss */
  iv_unit_reader_free(gop);
  iv_unit_ring_unref(ring);
  iv_unit_reader_free(next); /* outlives the ring's owner */
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

static void test_slow_reader_goes_on_at_a_keyframe(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *slow = iv_unit_reader_new(ring, IV_READER_LIVE, 4, FALSE);
  IvUnitReader *quick = iv_unit_reader_new(ring, IV_READER_LIVE, 100, FALSE);
  for (guint64 i = 0; i < 14; i++)
    push(ring, i, i % 6 == 0); /* keys 0, 6, 12 */
  /* 0-3 queued; 4 finds the queue full: 0-4 and 5 lost; 6-9 queued; 10 full: 6-11 lost; 12, 13 */
  check_pop(slow, 12, 12);
  check_pop(slow, 13, 0);
  check_empty(slow);
  g_assert_cmpuint(iv_unit_reader_dropped(slow), ==, 12);
  for (guint64 i = 0; i < 14; i++)
    check_pop(quick, i, 0);
  g_assert_cmpuint(iv_unit_reader_dropped(quick), ==, 0);
  iv_unit_reader_free(slow);
  iv_unit_reader_free(quick);
  iv_unit_ring_unref(ring);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

static void test_long_gop_is_not_kept(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  push(ring, 0, TRUE);
  for (guint64 i = 1; i <= IV_RING_GOP_UNITS_MAX; i++)
    push(ring, i, FALSE);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0); /* memory stays bounded */
  IvUnitReader *reader = iv_unit_reader_new(ring, IV_READER_LIVE, 4, TRUE);
  push(ring, 5000, FALSE);
  check_empty(reader);
  push(ring, 5001, TRUE);
  check_pop(reader, 5001, 0);
  iv_unit_reader_free(reader);
  iv_unit_ring_unref(ring);
}

static void test_reset_forgets_the_past(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *old = iv_unit_reader_new(ring, IV_READER_LIVE, 4, FALSE);
  push(ring, 0, TRUE);
  check_pop(old, 0, 0);
  iv_unit_ring_reset(ring);
  IvUnitReader *reader = iv_unit_reader_new(ring, IV_READER_LIVE, 4, TRUE);
  push(ring, 1, FALSE);
  check_empty(reader);
  check_empty(old);
  push(ring, 2, TRUE);
  check_pop(reader, 2, 0);
  check_pop(old, 2, 0);
  iv_unit_reader_free(old);
  iv_unit_reader_free(reader);
  iv_unit_ring_unref(ring);
}

static void test_end(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *finished = iv_unit_reader_new(ring, IV_READER_LIVE, 4, FALSE);
  IvUnitReader *cancelled = iv_unit_reader_new(ring, IV_READER_LIVE, 4, FALSE);
  IvUnitReader *closed = iv_unit_reader_new(ring, IV_READER_LIVE, 4, FALSE);
  push(ring, 0, TRUE);
  iv_unit_reader_finish(finished);
  iv_unit_reader_cancel(cancelled);
  push(ring, 1, FALSE);
  iv_unit_ring_close(ring);
  g_assert_false(iv_unit_reader_is_over(finished));
  check_pop(finished, 0, 0);
  g_assert_null(iv_unit_reader_pop(finished, -1, NULL));
  g_assert_true(iv_unit_reader_is_over(finished));
  g_assert_null(iv_unit_reader_pop(cancelled, -1, NULL));
  check_pop(closed, 0, 0);
  check_pop(closed, 1, 0);
  g_assert_null(iv_unit_reader_pop(closed, -1, NULL));
  iv_unit_reader_free(finished);
  iv_unit_reader_free(cancelled);
  iv_unit_reader_free(closed);
  iv_unit_ring_unref(ring);
}

#define MANY 2000

static gpointer write_many(gpointer user_data) {
  for (guint64 i = 0; i < MANY; i++)
    push(user_data, i, i % 10 == 0);
  iv_unit_ring_close(user_data);
  return NULL;
}

/* Readers that must have everything get everything, whatever their pace; live ones come and go. */
static void test_every_reader(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *a = iv_unit_reader_new(ring, IV_READER_EVERY, 3, FALSE);
  IvUnitReader *b = iv_unit_reader_new(ring, IV_READER_EVERY, 1, FALSE);
  GThread *writer = g_thread_new("writer", write_many, ring);
  for (guint64 i = 0; i < MANY; i++) {
    check_pop(a, i, 0);
    check_pop(b, i, 0);
    if (i % 100 == 50)
      iv_unit_reader_free(iv_unit_reader_new(ring, IV_READER_LIVE, 2, TRUE));
  }
  g_assert_null(iv_unit_reader_pop(a, -1, NULL));
  g_thread_join(writer);
  iv_unit_reader_free(a);
  iv_unit_reader_free(b);
  iv_unit_ring_unref(ring);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

static void test_cancel_frees_a_waiting_writer(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *reader = iv_unit_reader_new(ring, IV_READER_EVERY, 1, FALSE);
  GThread *writer = g_thread_new("writer", write_many, ring);
  check_pop(reader, 0, 0);
  iv_unit_reader_cancel(reader);
  g_thread_join(writer);
  iv_unit_reader_free(reader);
  iv_unit_ring_unref(ring);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

static void test_readers_are_bounded(void) {
  IvUnitRing *ring = iv_unit_ring_new();
  IvUnitReader *readers[IV_RING_READERS_MAX];
  for (int i = 0; i < IV_RING_READERS_MAX; i++)
    g_assert_nonnull(readers[i] = iv_unit_reader_new(ring, IV_READER_LIVE, 1, FALSE));
  g_assert_null(iv_unit_reader_new(ring, IV_READER_LIVE, 1, FALSE));
  for (int i = 0; i < IV_RING_READERS_MAX; i++)
    iv_unit_reader_free(readers[i]);
  iv_unit_ring_unref(ring);
}

static void push_at(IvUnitRing *ring, IvStreamTime pts, guint epoch) {
  g_autoptr(IvEncodedUnit) unit = iv_encoded_unit_new();
  unit->pts = pts;
  unit->epoch = epoch;
  iv_unit_ring_push(ring, unit);
}

static void push_b_frames(IvUnitRing *ring, guint epoch) {
  static const IvStreamTime shown[] = {0, 4, 2, 1, 3, 8, 6, 5, 7};
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
    push_at(ring, shown[i], epoch);
}

static void test_order(void) {
  g_autoptr(IvUnitRing) ring = iv_unit_ring_new();
  for (int i = 5; i < 9; i++)
    push_at(ring, i, 0);
  push_at(ring, 7, 0); /* times are mended once */
  push_at(ring, 7, 0);
  push_at(ring, 0, 1); /* a new connection begins at 0 again */
  push_at(ring, IV_STREAM_TIME_NONE, 1);
  push_at(ring, 0, 1);
  g_assert_false(iv_unit_ring_is_reordered(ring));
  push_b_frames(ring, 1);
  g_assert_true(iv_unit_ring_is_reordered(ring));
  for (int i = 10; i < 40; i++) /* once known it stays known */
    push_at(ring, i, 1);
  g_assert_true(iv_unit_ring_is_reordered(ring));
  push_at(ring, 1, 2);
  g_assert_false(iv_unit_ring_is_reordered(ring));
  push_b_frames(ring, 2);
  g_assert_true(iv_unit_ring_is_reordered(ring));
  iv_unit_ring_reset(ring);
  g_assert_false(iv_unit_ring_is_reordered(ring));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/unit/releases-what-it-holds", test_unit_releases_what_it_holds);
  g_test_add_func("/model/unit-ring/starts-at-keyframes", test_starts_at_keyframes);
  g_test_add_func("/model/unit-ring/slow-reader", test_slow_reader_goes_on_at_a_keyframe);
  g_test_add_func("/model/unit-ring/long-gop", test_long_gop_is_not_kept);
  g_test_add_func("/model/unit-ring/reset", test_reset_forgets_the_past);
  g_test_add_func("/model/unit-ring/end", test_end);
  g_test_add_func("/model/unit-ring/order", test_order);
  g_test_add_func("/model/unit-ring/every-reader", test_every_reader);
  g_test_add_func("/model/unit-ring/cancel", test_cancel_frees_a_waiting_writer);
  g_test_add_func("/model/unit-ring/readers-are-bounded", test_readers_are_bounded);
  return g_test_run();
}
