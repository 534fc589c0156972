/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_looks.h"

#include <math.h>

/* People whose looks are drawn as the model says: of the variance, a third is theirs, the rest is
 * that of each track; each camera adds something of its own to all. */
#define CAMERAS 2
#define PEOPLE 300
#define DIRECTIONS 48
#define OWN 0.33

typedef struct {
  GRand *dice;
  IvFloorLooks *looks;
  double light[CAMERAS][IV_APPEARANCE_BINS];
} World;

static double normal(GRand *dice) {
  return sqrt(-2 * log(1 - g_rand_double(dice))) * cos(2 * G_PI * g_rand_double(dice));
}

static void draw(GRand *dice, double variance, double ret[IV_APPEARANCE_BINS]) {
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    ret[i] = i < DIRECTIONS ? sqrt(variance / DIRECTIONS) * normal(dice) : 0;
}

static IvFloorLook track_of(World *world, guint camera, const double person[IV_APPEARANCE_BINS]) {
  IvFloorLook look = {{0}, 0};
  double own[IV_APPEARANCE_BINS];
  draw(world->dice, 1 - OWN, own);
  for (guint n = 0; n < 30; n++) {
    IvAppearance seen;
    for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
      seen.bins[i] = (float)(person[i] + own[i] + world->light[camera][i]);
    iv_floor_look_add(&look, &seen);
  }
  return look;
}

static IvFloorEvidence evidence_of(const World *world, guint camera, const IvFloorLook *look) {
  IvFloorEvidence evidence;
  iv_floor_looks_evidence(world->looks, camera, look, &evidence);
  return evidence;
}

static void set_up(World *world) {
  world->dice = g_rand_new_with_seed(5);
  world->looks = iv_floor_looks_new(CAMERAS);
  for (guint c = 0; c < CAMERAS; c++)
    draw(world->dice, 2, world->light[c]);
}

static void tear_down(World *world) {
  g_rand_free(world->dice);
  iv_floor_looks_free(world->looks);
}

static void teach(World *world) {
  IvFloorLook before = {{0}, 0};
  for (guint i = 0; i < PEOPLE; i++) {
    double person[IV_APPEARANCE_BINS];
    draw(world->dice, OWN, person);
    IvFloorLook here = track_of(world, 0, person), there = track_of(world, 1, person);
    iv_floor_looks_learn(world->looks, 0, &here, before.n ? &before : NULL);
    iv_floor_looks_learn(world->looks, 1, &there, NULL);
    iv_floor_looks_learn_same(world->looks, 0, &here, 1, &there);
    before = here;
  }
}

static void test_knows_nothing(void) {
  World world;
  set_up(&world);
  double person[IV_APPEARANCE_BINS];
  draw(world.dice, OWN, person);
  IvFloorLook look = track_of(&world, 0, person);
  IvFloorEvidence evidence = evidence_of(&world, 0, &look);
  g_assert_cmpfloat(evidence.weight, ==, 0);
  g_assert_cmpfloat(iv_floor_looks_gain(world.looks, &evidence, &evidence), ==, 0);
  tear_down(&world);
}

/* Over cameras of different light: the same person speaks for it, another one against; the more
 * tracks are known of somebody, the clearer. */
static void test_tells_apart(void) {
  World world;
  double same = 0, other = 0, known = 0;
  guint right = 0;
  set_up(&world);
  teach(&world);
  for (guint i = 0; i < PEOPLE; i++) {
    double one[IV_APPEARANCE_BINS], two[IV_APPEARANCE_BINS];
    draw(world.dice, OWN, one);
    draw(world.dice, OWN, two);
    IvFloorLook a = track_of(&world, 0, one), b = track_of(&world, 1, one);
    IvFloorLook c = track_of(&world, 1, two);
    IvFloorEvidence x = evidence_of(&world, 0, &a), y = evidence_of(&world, 1, &b);
    IvFloorEvidence z = evidence_of(&world, 1, &c), many = x;
    for (guint k = 0; k < 3; k++) {
      IvFloorLook more = track_of(&world, k % 2, one);
      IvFloorEvidence more_of_him = evidence_of(&world, k % 2, &more);
      iv_floor_evidence_add(&many, &more_of_him);
    }
    double his = iv_floor_looks_gain(world.looks, &x, &y);
    double hers = iv_floor_looks_gain(world.looks, &x, &z);
    same += his / PEOPLE;
    other += hers / PEOPLE;
    known += iv_floor_looks_gain(world.looks, &many, &y) / PEOPLE;
    right += his > hers;
  }
  g_assert_cmpfloat(same, >, 1);
  g_assert_cmpfloat(other, <, -1);
  g_assert_cmpfloat(known, >, same);
  g_assert_cmpuint(right, >, PEOPLE * 9 / 10);
  tear_down(&world);
}

static void test_sums(void) {
  IvFloorEvidence a = {{1, 2}, 3}, b = {{4, -1}, 2}, sum = a;
  iv_floor_evidence_add(&sum, &b);
  g_assert_cmpfloat(sum.sum[0], ==, 5);
  g_assert_cmpfloat(sum.sum[1], ==, 1);
  g_assert_cmpfloat(sum.weight, ==, 5);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/floor-looks/knows-nothing", test_knows_nothing);
  g_test_add_func("/floor-looks/tells-apart", test_tells_apart);
  g_test_add_func("/floor-looks/sums", test_sums);
  return g_test_run();
}
