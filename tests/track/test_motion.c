/* SPDX-License-Identifier: Apache-2.0 */
#include "track/motion.h"

static const IvTrackTuning *const T = &iv_track_tuning;

static IvBox box_at(double x, double y, double height) {
  return (IvBox){(float)(x - height / 5), (float)(y - height / 2), (float)(x + height / 5),
                 (float)(y + height / 2)};
}

static void test_begins_at_sight(void) {
  IvBox seen = box_at(300, 200, 100);
  IvMotion m = iv_motion_from(T, &seen);
  IvBox box = iv_motion_box(&m);
  g_assert_cmpfloat_with_epsilon(box.x0, seen.x0, 1e-3);
  g_assert_cmpfloat_with_epsilon(box.y1, seen.y1, 1e-3);
  g_assert_cmpfloat(m.x.speed, ==, 0);
  double place = T->place_noise * T->first_noise * 100;
  g_assert_cmpfloat_with_epsilon(m.x.var_position, place * place, 1e-6);
}

static void test_distance(void) {
  IvBox seen = box_at(300, 200, 100), other = box_at(312, 195, 100);
  IvMotion m = iv_motion_from(T, &seen);
  double first = T->place_noise * T->first_noise * 100, noise = T->place_noise * 100;
  g_assert_cmpfloat_with_epsilon(iv_motion_distance2(&m, T, &seen), 0, 1e-9);
  g_assert_cmpfloat_with_epsilon(iv_motion_distance2(&m, T, &other),
                                 (12 * 12 + 5 * 5) / (first * first + noise * noise), 1e-4);
}

/* 120 px/s to the right, 30 px/s down, person of 150 px. */
static IvMotion walk(double fps, double seconds) {
  IvBox seen = box_at(100, 300, 150);
  IvMotion m = iv_motion_from(T, &seen);
  for (int i = 1; i <= (int)(seconds * fps + 0.5); i++) {
    seen = box_at(100 + 120 * i / fps, 300 + 30 * i / fps, 150);
    iv_motion_predict(&m, T, 1 / fps);
    iv_motion_update(&m, T, &seen, 1);
  }
  return m;
}

static void test_follows_at_any_rate(void) {
  static const double rates[] = {2, 5, 10, 30};
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
    IvMotion m = walk(rates[i], 4);
    g_assert_cmpfloat_with_epsilon(m.x.speed, 120, 3);
    g_assert_cmpfloat_with_epsilon(m.y.speed, 30, 3);
    iv_motion_predict(&m, T, 0.5);
    g_assert_cmpfloat_with_epsilon(m.x.position, 100 + 120 * 4.5, 5);
    g_assert_cmpfloat_with_epsilon(m.height.position, 150, 1);
  }
}

static void test_doubtful_sight_moves_less(void) {
  IvMotion sure = walk(10, 1), doubtful = sure;
  IvBox beside = box_at(100 + 120 + 40, 330, 150);
  double before = sure.x.position;
  iv_motion_update(&sure, T, &beside, 1);
  iv_motion_update(&doubtful, T, &beside, 4);
  g_assert_cmpfloat(sure.x.position - before, >, 1.5 * (doubtful.x.position - before));
  g_assert_cmpfloat(doubtful.x.position, >, before);
}

/* Somebody who comes nearer: +50 % a second. */
static IvMotion approach(void) {
  IvBox seen = box_at(300, 300, 100);
  IvMotion m = iv_motion_from(T, &seen);
  for (int i = 1; i <= 10; i++) {
    seen = box_at(300, 300, 100 + 5 * i);
    iv_motion_predict(&m, T, 0.1);
    iv_motion_update(&m, T, &seen, 1);
  }
  return m;
}

/* A change of size ends soon, and a long gap in one step foretells what many short ones do. */
static void test_size_over_a_gap(void) {
  IvMotion once = approach(), often = once;
  g_assert_cmpfloat(once.height.speed, >, 10);
  double most = once.height.position + once.height.speed * T->swelling_fades;
  iv_motion_predict(&once, T, 3);
  for (int i = 0; i < 90; i++)
    iv_motion_predict(&often, T, 3. / 90);
  g_assert_cmpfloat(once.height.position, <, most + 1e-9);
  g_assert_cmpfloat_with_epsilon(once.height.position, often.height.position, 3);
  g_assert_cmpfloat_with_epsilon(once.height.speed, 0, 0.1);
}

/* The filters never turn a box inside out. */
static void test_least_size(void) {
  IvBox seen = box_at(300, 300, 40);
  IvMotion m = iv_motion_from(T, &seen);
  for (int i = 1; i <= 30; i++) {
    seen = box_at(300, 300, MAX(40 - 8 * i, 1));
    iv_motion_predict(&m, T, 0.1);
    iv_motion_update(&m, T, &seen, 1);
    IvBox box = iv_motion_box(&m);
    g_assert_cmpfloat(iv_box_width(&box), >=, 1.99);
    g_assert_cmpfloat(iv_box_height(&box), >=, 3.99);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/motion/begins-at-sight", test_begins_at_sight);
  g_test_add_func("/motion/distance", test_distance);
  g_test_add_func("/motion/follows-at-any-rate", test_follows_at_any_rate);
  g_test_add_func("/motion/doubtful-sight-moves-less", test_doubtful_sight_moves_less);
  g_test_add_func("/motion/size-over-a-gap", test_size_over_a_gap);
  g_test_add_func("/motion/least-size", test_least_size);
  return g_test_run();
}
