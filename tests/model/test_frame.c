/* SPDX-License-Identifier: Apache-2.0 */
#include "model/frame.h"

static gint released;

static void release(gpointer owner) {
  g_assert_cmpint(GPOINTER_TO_INT(owner), ==, 5);
  g_atomic_int_inc(&released);
}

static gpointer ref_and_drop(gpointer data) {
  for (guint i = 0; i < 100000; i++)
    iv_frame_unref(iv_frame_ref(data));
  iv_frame_unref(data);
  return NULL;
}

/* Released once, by whoever drops the last reference. */
static void test_references(void) {
  released = 0;
  GThread *threads[4];
  IvFrame *frame = iv_frame_new();
  frame->release = release;
  frame->owner = GINT_TO_POINTER(5);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("frame", ref_and_drop, iv_frame_ref(frame));
  iv_frame_unref(frame);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  g_assert_cmpint(released, ==, 1);
}

static void test_without_owner(void) {
  g_autoptr(IvFrame) frame = iv_frame_new();
  g_assert_null(frame->plane[0]);
  g_assert_false(frame->discontinuity);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/frame/references", test_references);
  g_test_add_func("/model/frame/without-owner", test_without_owner);
  return g_test_run();
}
