/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "store/store.h"

/* Which stores and cameras there are. Slugs outside, int32 numbers inside the database. */

typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  char time_zone[64]; /* IANA */
  guint n_cameras;    /* that are in the configuration */
  gboolean simulated; /* nothing of it is real: store/simulations.h */
} IvStoreRow;

typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  int number;
  IvCameraRole role;
  gboolean enabled;
  int scene_version; /* newest; 0 = nothing was ever drawn */
  char state[16];    /* of the last camera.state event; "" = none yet */
  IvTime state_ts;   /* IV_TIME_NONE = none yet */
} IvCameraRow;

/* All stores by id (GArray of IvStoreRow). */
GArray *iv_catalog_stores(IvStore *store, IvTime deadline, GError **error);

/* IV_STORE_ERROR_NOT_FOUND when there is none. */
gboolean iv_catalog_store(IvStore *store, const char *store_id, IvTime deadline,
                          IvStoreRow *ret_row, GError **error);

/* Cameras of the store that are in the configuration, by number (GArray of IvCameraRow). */
GArray *iv_catalog_cameras(IvStore *store, const char *store_id, IvTime deadline, GError **error);

/* Makes sure that the store has the row of its floor plan: as a camera that is none (role `plan`),
 * so that what is drawn on it has scenes, zones, lanes and figures like a picture's. It is in no
 * list of cameras. Inside a job of the writer. */
gboolean iv_plan_put(IvSql *sql, gint64 store_no, GError **error);

/* A camera is there, or there no longer: then its history stays and it is not shown. Inside a job
 * of the writer. */
gboolean iv_catalog_camera_put(IvSql *sql, gint64 store_no, const IvCameraConfig *camera,
                               GError **error);
gboolean iv_catalog_camera_retire(IvSql *sql, gint64 store_no, const char *camera_id,
                                  GError **error);

/* What start-up does with the configuration file: stores, cameras and scenes in it are taken over
 * when they are absent or have changed in the file since they were taken over last; what was edited
 * in the dashboard stays. `ret_notes` gets one line each for what was taken over and for what
 * differs from the file and why (caller frees with g_strfreev). */
gboolean iv_catalog_import(IvStore *store, const IvConfig *config, IvTime now, char ***ret_notes,
                           GError **error);
