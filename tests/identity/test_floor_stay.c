/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_stay.h"

#include <math.h>

#define SD 0.3
#define N 200

static double noise(GRand *dice) {
  return SD * sqrt(-2 * log(1 - g_rand_double(dice))) * cos(2 * G_PI * g_rand_double(dice));
}

typedef struct {
  IvFloorStay stay;
  IvFloorState places[N + IV_FLOOR_AHEAD], told[N];
  gboolean stands[N];
} Walk;

static void take(Walk *walk) {
  for (guint i = 0; i < N; i++) {
    walk->stands[i] =
        iv_floor_stay_see(&walk->stay, &walk->places[i], IV_FLOOR_AHEAD, TRUE, &walk->told[i]);
    if (!walk->stands[i])
      walk->told[i] = walk->places[i];
  }
}

static IvFloorState at(double x, double y) {
  return (IvFloorState){.x = x, .y = y, .xx = SD * SD, .yy = SD * SD, .n = 5};
}

/* Noise goes down to a third, and what is said of it is true. */
static void test_stands(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(11);
  Walk walk = {.stay = {.trust = 0}};
  double error = 0, told = 0;
  guint n = 0;
  for (guint i = 0; i < N + IV_FLOOR_AHEAD; i++)
    walk.places[i] = at(5 + noise(dice), 3 + noise(dice));
  take(&walk);
  for (guint i = 40; i < N; i++, n++) {
    g_assert_true(walk.stands[i]);
    error += pow(walk.told[i].x - 5, 2) + pow(walk.told[i].y - 3, 2);
    told += walk.told[i].xx + walk.told[i].yy;
  }
  g_assert_cmpfloat(sqrt(error / n), <, SD / 2);
  g_assert_cmpfloat(told, >, error);
}

/* Who walks is not held back; who stops again stands there. */
static void test_goes_on(void) {
  Walk walk = {.stay = {.trust = 0}};
  for (guint i = 0; i < N + IV_FLOOR_AHEAD; i++) {
    double way = i < 60 ? 0 : MIN(8, (i - 60) * 0.6);
    walk.places[i] = at(2 + way, 1);
    walk.places[i].vx = way > 0 && way < 8 ? 1.2 : 0;
  }
  take(&walk);
  g_assert_true(walk.stands[50]);
  g_assert_false(walk.stands[68]);
  g_assert_true(walk.stands[120]);
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat(fabs(walk.told[i].x - walk.places[i].x), <, 1.3);
  g_assert_cmpfloat_with_epsilon(walk.told[N - 1].x, 10, 0.05);
}

/* A place that one camera puts elsewhere for a moment moves nobody. */
static void test_wavers(void) {
  Walk walk = {.stay = {.trust = 0}};
  for (guint i = 0; i < N + IV_FLOOR_AHEAD; i++)
    walk.places[i] = at(i % 40 == 30 || i % 40 == 31 ? 6.5 : 5, 3);
  take(&walk);
  for (guint i = 10; i < N; i++)
    g_assert_cmpfloat_with_epsilon(walk.told[i].x, 5, 0.1);
}

/* Unseen for a while: he stands where he stood. */
static void test_unseen(void) {
  IvFloorStay stay = {.trust = 0};
  IvFloorState places[IV_FLOOR_AHEAD], told;
  for (guint i = 0; i < IV_FLOOR_AHEAD; i++)
    places[i] = at(4, 4);
  g_assert_false(iv_floor_stay_see(&stay, places, 0, FALSE, &told));
  g_assert_true(iv_floor_stay_see(&stay, places, IV_FLOOR_AHEAD, TRUE, &told));
  g_assert_true(iv_floor_stay_see(&stay, places, 0, FALSE, &told));
  g_assert_cmpfloat_with_epsilon(told.x, 4, 1e-6);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/floor-stay/stands", test_stands);
  g_test_add_func("/floor-stay/goes-on", test_goes_on);
  g_test_add_func("/floor-stay/wavers", test_wavers);
  g_test_add_func("/floor-stay/unseen", test_unseen);
  return g_test_run();
}
