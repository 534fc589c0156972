/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"
#include "store/store.h"

/* Scene versions: rows that are written once and never change. */

/* Version `version` of the camera's scene (0 = the newest), camera_id, version and hash set. An
 * existing camera without a drawing gives an empty scene of version 0 (image 0x0).
 * IV_STORE_ERROR_NOT_FOUND when there is no such camera or version. */
IvScene *iv_scenes_get(IvStore *store, const char *store_id, const char *camera_id, int version,
                       IvTime deadline, GError **error);

typedef struct {
  int version;
  char hash[17];
  IvTime created_at;
  char author[IV_SLUG_MAX + 1]; /* user name; "" = from the configuration file */
  guint n_zones, n_lines, n_lanes;
} IvSceneVersion;

/* Newest first (GArray of IvSceneVersion), at most `limit`. */
GArray *iv_scenes_versions(IvStore *store, const char *store_id, const char *camera_id, guint limit,
                           IvTime deadline, GError **error);

typedef struct {
  const char *store_id, *camera_id;
  const IvScene *scene; /* checked (iv_scene_check); its version is ignored */
  int expected_version; /* the newest one the author saw */
  const char *author;   /* "" = the configuration file */
  IvTime now;
} IvScenePut;

/* Stores a new version and returns it (version, hash, camera_id set), for the edge and the answer.
 * The same drawing as the newest makes no new version and returns that. IV_STORE_ERROR_CONFLICT
 * when the newest version is not the expected one, IV_STORE_ERROR_NOT_FOUND without such a camera.
 * `expected_version` < 0 = whatever is there. */
IvScene *iv_scenes_put(IvStore *store, const IvScenePut *put, GError **error);

/* The same inside a job of the writer, to share its transaction (audit log). With a new version it
 * is found out anew which cameras see the floor plan (store/plan_sights.h). */
IvScene *iv_scenes_put_in(IvSql *sql, const IvScenePut *put, GError **error);

/* The same without that, for whoever stores many and then does it once. */
IvScene *iv_scenes_add_in(IvSql *sql, const IvScenePut *put, GError **error);

/* What people call a group of lanes, inside a job of the writer: scenes hold only its id, which is
 * its name until then. A group that is not there is passed over. */
gboolean iv_scenes_name_group_in(IvSql *sql, const char *store_id, const char *group_id,
                                 const char *name, GError **error);
