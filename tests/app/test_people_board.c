/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a picture shows is covered, or it is said that nobody knows. */
#include "app/people_board.h"

#include "base/clock.h"

#define T0 (1700000000 * IV_SECOND)

static IvPeopleBoard *board;
static IvBox boxes[IV_COVER_MAX];
static guint n;

static void set_up(void) {
  board = iv_people_board_new();
  n = 0;
}

static void see(IvTime at, float x) {
  IvDetection detection = {.box = {x, 0.4f, x + 0.1f, 0.8f}, .score = 0.5f};
  iv_people_board_expect(board, T0 + at);
  iv_people_board_see(board, T0 + at, &detection, x < 0 ? 0 : 1);
}

static void pass(IvTime at) {
  iv_people_board_expect(board, T0 + at);
  iv_people_board_pass(board, T0 + at);
}

static gboolean ask(IvTime at) {
  return iv_people_board_cover(board, T0 + at, 0, boxes, &n);
}

static gboolean covers(float x, float y) {
  for (guint i = 0; i < n; i++)
    if (iv_box_has(&boxes[i], (IvPoint){x, y}))
      return TRUE;
  return FALSE;
}

static void test_nothing_is_known_at_first(void) {
  set_up();
  g_assert_false(ask(0));
  pass(0); /* nothing moves, but nobody looked who stands there */
  g_assert_false(ask(0));
  see(IV_SECOND, 0.3f);
  g_assert_false(ask(0));
  g_assert_true(ask(IV_SECOND));
  g_assert_false(ask(IV_SECOND + 1));
  iv_people_board_clear(board, TRUE);
  g_assert_false(ask(IV_SECOND));
  iv_people_board_unref(board);
}

static void test_before_and_after(void) {
  set_up();
  see(0, 0.2f);
  see(200 * IV_MS, 0.3f);
  g_assert_true(ask(100 * IV_MS)); /* where he was and where he will be, with a margin */
  g_assert_true(covers(0.2f, 0.6f) && covers(0.39f, 0.6f) && covers(0.185f, 0.37f));
  g_assert_false(covers(0.6f, 0.6f));
  g_assert_true(ask(0));
  g_assert_true(covers(0.25f, 0.6f));
  iv_people_board_unref(board);
}

/* A detector that loses somebody for a moment does not show him. */
static void test_held(void) {
  set_up();
  see(0, 0.2f);
  for (int i = 1; i <= 12; i++)
    see(i * 200 * IV_MS, -1);
  g_assert_true(ask(800 * IV_MS));
  g_assert_true(covers(0.25f, 0.6f));
  g_assert_true(ask(2 * IV_SECOND));
  g_assert_cmpuint(n, ==, 0);
  IvTrackPoint track = {.state = IV_TRACK_LOST, .box = {0.5f, 0.4f, 0.6f, 0.8f}};
  iv_people_board_follow(board, T0 + 2 * IV_SECOND, &track, 1);
  g_assert_true(ask(2 * IV_SECOND));
  g_assert_true(covers(0.55f, 0.6f));
  iv_people_board_unref(board);
}

/* What is being analysed may show somebody, though the picture after it is like it. */
static void test_still_pictures(void) {
  set_up();
  see(0, 0.2f);
  pass(200 * IV_MS);
  g_assert_true(ask(200 * IV_MS));
  g_assert_true(covers(0.25f, 0.6f));
  pass(1800 * IV_MS);
  g_assert_true(ask(1800 * IV_MS)); /* nothing has moved since */
  g_assert_true(covers(0.25f, 0.6f));
  iv_people_board_expect(board, T0 + 2000 * IV_MS);
  pass(2200 * IV_MS);
  g_assert_false(ask(2100 * IV_MS));
  IvDetection somebody = {.box = {0.7f, 0.4f, 0.8f, 0.8f}};
  iv_people_board_see(board, T0 + 2000 * IV_MS, &somebody, 1);
  g_assert_true(ask(2200 * IV_MS));
  g_assert_true(covers(0.75f, 0.6f));
  iv_people_board_unref(board);
}

static void test_left_out_and_holes(void) {
  set_up();
  see(0, 0.2f);
  iv_people_board_expect(board, T0 + 200 * IV_MS);
  iv_people_board_withdraw(board, T0 + 200 * IV_MS);
  g_assert_false(ask(200 * IV_MS));
  see(10 * IV_SECOND, 0.3f); /* nobody looked for ten seconds */
  g_assert_false(ask(5 * IV_SECOND));
  g_assert_true(ask(10 * IV_SECOND));
  see(-60 * IV_SECOND, 0.3f); /* the clock was set back */
  g_assert_false(ask(10 * IV_SECOND));
  g_assert_true(ask(-60 * IV_SECOND));
  iv_people_board_unref(board);
}

static void test_too_many(void) {
  set_up();
  g_autofree IvDetection *crowd = g_new0(IvDetection, 200);
  for (guint i = 0; i < 200; i++)
    crowd[i].box = (IvBox){0.1f, 0.1f, 0.2f, 0.2f};
  iv_people_board_see(board, T0, crowd, 200);
  g_assert_false(ask(0));
  iv_people_board_unref(board);
}

static gpointer see_later(gpointer data) {
  (void)data;
  see(200 * IV_MS, 0.7f);
  return NULL;
}

static void test_waits(void) {
  set_up();
  see(0, 0.2f);
  GThread *thread = g_thread_new("later", see_later, NULL);
  g_assert_true(iv_people_board_cover(board, T0 + 100 * IV_MS,
                                      iv_clock_monotonic() + 30 * IV_SECOND, boxes, &n));
  g_assert_true(covers(0.75f, 0.6f));
  g_thread_join(thread);
  iv_people_board_close(board);
  g_assert_false(iv_people_board_cover(board, T0 + IV_SECOND, iv_clock_monotonic() + 30 * IV_SECOND,
                                       boxes, &n));
  iv_people_board_unref(board);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/people-board/unknown-at-first", test_nothing_is_known_at_first);
  g_test_add_func("/people-board/before-and-after", test_before_and_after);
  g_test_add_func("/people-board/held", test_held);
  g_test_add_func("/people-board/still-pictures", test_still_pictures);
  g_test_add_func("/people-board/left-out-and-holes", test_left_out_and_holes);
  g_test_add_func("/people-board/too-many", test_too_many);
  g_test_add_func("/people-board/waits", test_waits);
  return g_test_run();
}
