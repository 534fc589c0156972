/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "config/config.h"
#include "store/store.h"

/* What the dashboard says of cameras, beside the configuration file: cameras that it added,
 * settings that it changed, and cameras of the file that it removed. It holds until it is changed
 * there. */

typedef struct {
  IvSlug camera_id;
  gboolean removed;
  json_t *settings; /* config/camera_settings.h, without url; owned */
  GBytes *address;  /* sealed; NULL = that of the file; owned */
} IvCameraSetup;

void iv_camera_setup_free(IvCameraSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCameraSetup, iv_camera_setup_free)

/* All of the store by id (GPtrArray of IvCameraSetup, owned); none when there is no such store yet.
 */
GPtrArray *iv_camera_setups_list(IvStore *store, const char *store_id, IvTime deadline,
                                 GError **error);

/* The address is bound to this (store/secret_box.h); the caller frees. */
char *iv_camera_setup_context(const char *store_id, const char *camera_id);

/* Writes the setup and the camera's row in one go. `camera` NULL: it is removed, its history stays.
 * IV_STORE_ERROR_NOT_FOUND without the store. */
gboolean iv_camera_setups_put(IvStore *store, const char *store_id, const IvCameraSetup *setup,
                              const IvCameraConfig *camera, const char *author, IvTime now,
                              GError **error);
