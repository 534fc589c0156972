/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/raster.h"
#include "store/store.h"

/* Pictures of floor plans, as files beside the database: floor-plans/STORE/NAME.png. A name stands
 * for its bytes, so a scene's version keeps its picture. Any thread. */

#define IV_PLAN_IMAGES_MAX 32 /* of a store; the oldest that isn't `keep` goes for a new one */

/* Checks and keeps the picture; the same again is kept once. `keep`: name of the picture in use, ""
 * = none. IV_RASTER_ERROR, IV_STORE_ERROR_INVALID or G_FILE_ERROR. */
gboolean iv_plan_image_put(IvStore *store, const char *store_id, GBytes *bytes, const char *keep,
                           IvRaster *ret_raster, GError **error);

/* NULL with IV_STORE_ERROR_NOT_FOUND when there is none of this name. */
GBytes *iv_plan_image_get(IvStore *store, const char *store_id, const char *name,
                          IvRaster *ret_raster, GError **error);
