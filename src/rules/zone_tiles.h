/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"

/* Which of a scene's zones a point may be in, by the tile of the picture it lies in: most points
 * are far from most zones. Immutable once made; one bit a zone. */
#define IV_ZONE_TILES 32 /* along each side */

typedef struct {
  guint64 zones[IV_ZONE_TILES * IV_ZONE_TILES];
  guint64 outside; /* zones for points outside the picture: all */
} IvZoneTiles;

void iv_zone_tiles_init(IvZoneTiles *tiles, const IvScene *scene);

/* No zone that holds the point is missing; others may be there. */
guint64 iv_zone_tiles_at(const IvZoneTiles *tiles, IvPoint share);
