/* SPDX-License-Identifier: Apache-2.0 */
#include "track/sights.h"

#include "tests/track/film.h"
#include "track/appearance.h"
#include "track/living.h"

static const IvSize size = {IV_TEST_SIDE, IV_TEST_SIDE};

static guint sights_from(const IvDetection *people, const IvAppearance *looks, guint n,
                         IvSight *ret_sights) {
  IvTrackerConfig config = iv_tracker_config_default();
  return iv_sights_from(&config, size, people, looks, n, ret_sights);
}

static void test_pixels_in_order(void) {
  IvDetection people[] = {iv_test_person(300, 600, 200, 0.9), iv_test_person(500, 600, 200, 0.1),
                          iv_test_person(700, 500, 100, 0.5)};
  IvAppearance looks[G_N_ELEMENTS(people)] = {0};
  IvSight sights[IV_DETECTIONS_MAX];
  looks[2].bins[5] = 1;
  g_assert_cmpuint(sights_from(people, looks, G_N_ELEMENTS(people), sights), ==, 2);
  g_assert_cmpfloat_with_epsilon(sights[0].box.x0, 260, 0.01f);
  g_assert_cmpfloat_with_epsilon(sights[0].box.y1, 600, 0.01f);
  g_assert_null(sights[0].look); /* all zero = unknown */
  g_assert_cmpfloat_with_epsilon(sights[1].box.x1, 720, 0.01f);
  g_assert_true(sights[1].look == &looks[2]);
  g_assert_false(sights[0].taken);
  g_assert_cmpuint(sights_from(people, NULL, G_N_ELEMENTS(people), sights), ==, 2);
  g_assert_null(sights[1].look);
}

/* Share of the person at 300 that is covered by one at `x` with his feet at `feet`. */
static float cover_by(double x, double feet, double score) {
  IvDetection people[] = {iv_test_person(300, 600, 200, 0.9), iv_test_person(x, feet, 200, score)};
  IvSight sights[IV_DETECTIONS_MAX];
  g_assert_cmpuint(sights_from(people, NULL, 2, sights), ==, 2);
  return sights[0].covered;
}

static void test_cover(void) {
  g_assert_cmpfloat_with_epsilon(cover_by(340, 620, 0.9), 0.5f * 0.9f, 1e-3f);
  g_assert_cmpfloat(cover_by(340, 580, 0.9), ==, 0); /* stands behind */
  g_assert_cmpfloat(cover_by(340, 620, 0.4), ==, 0); /* too weak to believe */
  g_assert_cmpfloat(cover_by(400, 620, 0.9), ==, 0); /* beside */
}

/* A picture of somebody who is half hidden shows the one before him: nothing is learnt from it. */
static void test_covered_look_teaches_nothing(void) {
  IvAppearance own = {0}, foreign = {0};
  own.bins[3] = 1;
  foreign.bins[60] = 1;
  IvSight sight = {.box = {260, 400, 340, 600}, .score = 0.9f, .look = &own};
  IvLivingTrack track;
  iv_living_begin(&track, &iv_track_tuning, 1, &sight, 0);
  sight.look = &foreign;
  sight.covered = 0.4f;
  iv_living_see(&track, &iv_track_tuning, &sight, IV_SECOND, 1);
  g_assert_cmpfloat(iv_appearance_correlation(&track.look, &own), ==, 1);
  sight.covered = 0.2f;
  iv_living_see(&track, &iv_track_tuning, &sight, 2 * IV_SECOND, 1);
  g_assert_cmpfloat(iv_appearance_correlation(&track.look, &foreign), >, 0.05f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sights/pixels-in-order", test_pixels_in_order);
  g_test_add_func("/sights/cover", test_cover);
  g_test_add_func("/sights/covered-look-teaches-nothing", test_covered_look_teaches_nothing);
  return g_test_run();
}
