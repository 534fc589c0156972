/* SPDX-License-Identifier: Apache-2.0 */
/* What makes the rules quick must not change what they say: tiles of zones, and the median kept in
 * order. */
#include <stdlib.h>
#include <string.h>

#include "rules/recent_median.h"
#include "rules/zone_tiles.h"

static IvZone draw_zone(GRand *dice) {
  IvZone zone = {.n_points = (guint)g_rand_int_range(dice, 3, 7)};
  for (guint i = 0; i < zone.n_points; i++) /* some lie on the picture's edge */
    zone.polygon[i] = (IvPoint){(float)CLAMP(g_rand_double_range(dice, -0.1, 1.1), 0, 1),
                                (float)CLAMP(g_rand_double_range(dice, -0.1, 1.1), 0, 1)};
  return zone;
}

static IvPoint draw_point(GRand *dice, const IvScene *scene) {
  const IvZone *zone = &scene->zones[g_rand_int_range(dice, 0, (int)scene->n_zones)];
  if (g_rand_boolean(dice)) /* a corner: on edges of zones */
    return zone->polygon[g_rand_int_range(dice, 0, (int)zone->n_points)];
  return (IvPoint){(float)g_rand_double_range(dice, -0.1, 1.1),
                   (float)g_rand_double_range(dice, -0.1, 1.1)};
}

/* Whatever zone holds a point is among those of its tile. */
static void test_tiles(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  IvZone zones[IV_SCENE_ZONES_MAX];
  for (guint round = 0; round < 50; round++) {
    IvScene scene = {.zones = zones, .n_zones = (guint)g_rand_int_range(dice, 1, 65)};
    IvZoneTiles tiles;
    guint64 asked = 0;
    for (guint i = 0; i < scene.n_zones; i++)
      zones[i] = draw_zone(dice);
    iv_zone_tiles_init(&tiles, &scene);
    for (guint n = 0; n < 500; n++) {
      IvPoint p = draw_point(dice, &scene);
      guint64 near = iv_zone_tiles_at(&tiles, p);
      asked |= near;
      for (guint i = 0; i < scene.n_zones; i++)
        if (iv_polygon_contains(zones[i].polygon, zones[i].n_points, p))
          g_assert_true(near >> i & 1);
    }
    g_assert_true(scene.n_zones == 64 || asked >> scene.n_zones == 0);
  }
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void test_median(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(5);
  IvRecentMedian recent = {0};
  float all[400];
  g_assert_cmpfloat(iv_recent_median(&recent), ==, 0);
  for (guint n = 0; n < G_N_ELEMENTS(all); n++) {
    float sorted[IV_RECENT_MEDIAN_N];
    guint kept = MIN(n + 1, IV_RECENT_MEDIAN_N);
    all[n] = (float)g_rand_int_range(dice, 0, n < 200 ? 8 : 1000); /* many alike, then few */
    iv_recent_median_add(&recent, all[n]);
    memcpy(sorted, &all[n + 1 - kept], kept * sizeof *sorted);
    qsort(sorted, kept, sizeof *sorted, by_size);
    g_assert_cmpfloat(iv_recent_median(&recent), ==, sorted[kept / 2]);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rules/zone_tiles", test_tiles);
  g_test_add_func("/rules/recent_median", test_median);
  return g_test_run();
}
