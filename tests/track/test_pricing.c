/* SPDX-License-Identifier: Apache-2.0 */
#include "track/pricing.h"

#include <math.h>

#define NEAR 1e-4
#define ANY 1e9

static const IvTrackTuning *const T = &iv_track_tuning;
static const IvMatchTuning free_step = {.limit = ANY, .distance_max = ANY, .reach_max = ANY};

static const IvLookScale unlearned;

static IvPricing pricing_at(IvTime ts) {
  return (IvPricing){T, iv_look_scale_weight(&unlearned, T), ts};
}

static double price(const IvMatchTuning *step, const IvLivingTrack *track, const IvSight *sight,
                    IvTime ts) {
  IvPricing pricing = pricing_at(ts);
  return iv_price_sight(&pricing, step, track, sight);
}

static double price_link(const IvLivingTrack *lost, const IvLivingTrack *found) {
  IvPricing pricing = pricing_at(found->last);
  return iv_price_link(&pricing, lost, found);
}

static IvSight sight_at(float x, float y, float height) {
  return (IvSight){.box = {x - 20, y - height / 2, x + 20, y + height / 2}, .score = 0.9f};
}

static IvAppearance look_of(guint bin) {
  IvAppearance look = {0};
  look.bins[bin] = 1;
  return look;
}

static IvLivingTrack track_of(const IvSight *sight, IvTime ts) {
  IvLivingTrack track;
  iv_living_begin(&track, T, 1, sight, ts);
  return track;
}

/* 1 − IoU alone: boxes of 40x100 shifted by 20 px share a third. */
static void test_overlap(void) {
  IvSight here = sight_at(100, 100, 100), beside = sight_at(120, 100, 100);
  IvLivingTrack track = track_of(&here, 0);
  g_assert_cmpfloat_with_epsilon(price(&free_step, &track, &here, 0), 0, NEAR);
  g_assert_cmpfloat_with_epsilon(price(&free_step, &track, &beside, 0), 2. / 3, NEAR);
  IvMatchTuning step = free_step;
  step.grow = 0.5; /* 80 wide each: 60 / 100 shared */
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &beside, 0), 0.4, NEAR);
}

static void test_touch(void) {
  IvSight here = sight_at(100, 100, 100), apart = sight_at(145, 100, 100);
  IvLivingTrack track = track_of(&here, 0);
  IvMatchTuning step = free_step;
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &apart, 0), 1, NEAR);
  step.touch = 1;
  g_assert_cmpfloat(price(&step, &track, &apart, 0), ==, IV_PRICE_NEVER);
  step.grow = 0.2; /* 8 px on each side of both close the gap of 5 */
  g_assert_cmpfloat(price(&step, &track, &apart, 0), <, 1);
}

static void test_terms(void) {
  IvSight here = sight_at(100, 100, 100), beside = sight_at(110, 100, 80);
  IvLivingTrack track = track_of(&here, 0);
  double base = price(&free_step, &track, &beside, 0);
  double m = iv_motion_distance2(&track.motion, T, &beside.box);
  IvMatchTuning step = free_step;
  step.distance = 0.5;
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &beside, 0), base + 0.5 * m, NEAR);
  step = free_step;
  step.height = 2;
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &beside, 0), base + 2 * log(100. / 80), NEAR);
  step = free_step;
  step.age = 0.85;
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &beside, 2 * IV_SECOND), base + 1.7, NEAR);
}

static void test_bounds(void) {
  IvSight here = sight_at(100, 100, 100), tall = sight_at(100, 100, 210);
  IvSight low = sight_at(100, 100, 48), fitting = sight_at(100, 100, 195);
  IvLivingTrack track = track_of(&here, 0);
  g_assert_cmpfloat(price(&free_step, &track, &tall, 0), ==, IV_PRICE_NEVER);
  g_assert_cmpfloat(price(&free_step, &track, &low, 0), ==, IV_PRICE_NEVER);
  g_assert_cmpfloat(price(&free_step, &track, &fitting, 0), <, 1);
  IvSight far = sight_at(170, 100, 100);
  IvMatchTuning step = free_step;
  step.reach_max = 0.69;
  g_assert_cmpfloat(price(&step, &track, &far, 0), ==, IV_PRICE_NEVER);
  step.reach_max = 0.71;
  g_assert_cmpfloat(price(&step, &track, &far, 0), <=, 1);
  step.distance_max = iv_motion_distance2(&track.motion, T, &far.box) * 0.99;
  g_assert_cmpfloat(price(&step, &track, &far, 0), ==, IV_PRICE_NEVER);
}

/* The look counts from look_even on both ways, but no more than look_most; unknown is neither for
 * nor against. */
static void test_look(void) {
  IvAppearance red = look_of(3), blue = look_of(60);
  IvSight plain = sight_at(100, 100, 100), same = plain, other = plain;
  same.look = &red;
  other.look = &blue;
  IvLivingTrack track = track_of(&same, 0);
  IvMatchTuning step = free_step;
  step.look = 1.5;
  double base = price(&step, &track, &plain, 0);
  g_assert_cmpfloat_with_epsilon(base, 0, NEAR);
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &same, 0), -1.5 * (1 - T->look_even), NEAR);
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &other, 0), 1.5 * T->look_even, NEAR);
  step.look = 20;
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &same, 0), -T->look_most, NEAR);
  g_assert_cmpfloat_with_epsilon(price(&step, &track, &other, 0), T->look_most, NEAR);
  IvLivingTrack unknown = track_of(&plain, 0);
  g_assert_cmpfloat_with_epsilon(price(&step, &unknown, &same, 0), 0, NEAR);
}

static void test_link(void) {
  IvAppearance red = look_of(3), blue = look_of(60);
  IvSight sight = sight_at(100, 100, 100);
  sight.look = &red;
  IvLivingTrack lost = track_of(&sight, 0), found = track_of(&sight, 2 * IV_SECOND);
  g_assert_cmpfloat_with_epsilon(price_link(&lost, &found),
                                 2 * T->link_age - T->link_look * (1 - T->look_even), NEAR);
  found.look = blue;
  g_assert_cmpfloat_with_epsilon(price_link(&lost, &found),
                                 2 * T->link_age + T->link_look * T->look_even, NEAR);
  found.look = (IvAppearance){0};
  g_assert_cmpfloat_with_epsilon(price_link(&lost, &found), 2 * T->link_age, NEAR);
  found.motion.x.position += 20;
  g_assert_cmpfloat_with_epsilon(
      price_link(&lost, &found),
      2 * T->link_age + iv_kalman_distance2(&lost.motion.x, &found.motion.x), NEAR);
  found.motion.x.position += 100 * T->link_reach;
  g_assert_cmpfloat(price_link(&lost, &found), ==, IV_PRICE_NEVER);
  IvSight tall = sight_at(100, 100, (float)(101 * T->link_height_ratio_max));
  IvLivingTrack giant = track_of(&tall, 2 * IV_SECOND);
  g_assert_cmpfloat(price_link(&lost, &giant), ==, IV_PRICE_NEVER);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pricing/overlap", test_overlap);
  g_test_add_func("/pricing/touch", test_touch);
  g_test_add_func("/pricing/terms", test_terms);
  g_test_add_func("/pricing/bounds", test_bounds);
  g_test_add_func("/pricing/look", test_look);
  g_test_add_func("/pricing/link", test_link);
  return g_test_run();
}
