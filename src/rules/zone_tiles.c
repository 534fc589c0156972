/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone_tiles.h"

#include <string.h>

G_STATIC_ASSERT(IV_SCENE_ZONES_MAX <= 64);

/* Points of the picture, its edges included, lie in tiles 0 to IV_ZONE_TILES - 1. */
static int tile_of(float share) {
  return (int)CLAMP(share * IV_ZONE_TILES, 0.f, (float)(IV_ZONE_TILES - 1));
}

void iv_zone_tiles_init(IvZoneTiles *tiles, const IvScene *scene) {
  memset(tiles, 0, sizeof *tiles);
  for (guint i = 0; i < scene->n_zones; i++) {
    IvBox bounds = iv_polygon_bounds(scene->zones[i].polygon, scene->zones[i].n_points);
    tiles->outside |= G_GUINT64_CONSTANT(1) << i;
    for (int y = tile_of(bounds.y0); y <= tile_of(bounds.y1); y++)
      for (int x = tile_of(bounds.x0); x <= tile_of(bounds.x1); x++)
        tiles->zones[y * IV_ZONE_TILES + x] |= G_GUINT64_CONSTANT(1) << i;
  }
}

guint64 iv_zone_tiles_at(const IvZoneTiles *tiles, IvPoint share) {
  if (!(share.x >= 0 && share.x <= 1 && share.y >= 0 && share.y <= 1))
    return tiles->outside;
  return tiles->zones[tile_of(share.y) * IV_ZONE_TILES + tile_of(share.x)];
}
