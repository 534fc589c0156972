/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Many RTSP cameras in a process of their own, so that their work is not the recorder's: each sends
 * a film's encoded pictures in a loop, a given number of them and then no more. */
typedef struct IvCameraFarm IvCameraFarm;

#define IV_CAMERA_FARM_MAX 256

/* Starts this program anew as the cameras; returns once they listen. `film` is an H.264 file. */
IvCameraFarm *iv_camera_farm_start(const char *film, guint cameras, guint pictures, GError **error);

/* Of a camera, from 0; the caller frees. */
char *iv_camera_farm_url(const IvCameraFarm *farm, guint camera);

/* Pictures that each has sent so far. */
gboolean iv_camera_farm_sent(IvCameraFarm *farm, guint64 *ret_sent, GError **error);

void iv_camera_farm_stop(IvCameraFarm *farm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCameraFarm, iv_camera_farm_stop)

/* What the other process does. Returns its exit status. */
int iv_camera_farm_run(const char *film, guint cameras, guint pictures);
