/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "vision/view_health.h"

/* What was learned of a camera's view (vision/view_health.h), kept in the data folder:
 * views/ID.view, with the camera's address as a fingerprint, as another address is another view. A
 * file that is lost or damaged costs a minute of learning. One thread at a time for a camera. */

#define IV_VIEW_FILE_SPAN (10 * IV_MINUTE) /* how often it is worth saving */

/* `data_dir`: the data folder. FALSE when nothing was there to load. */
gboolean iv_view_file_load(const char *data_dir, const IvCameraConfig *camera,
                           IvViewHealth *health);

/* Does nothing while too little was learned; a failure is logged once in a while, no more. */
void iv_view_file_save(const char *data_dir, const IvCameraConfig *camera,
                       const IvViewHealth *health);

/* The view was accepted, or the camera is gone. */
void iv_view_file_remove(const char *data_dir, const char *camera_id);
