/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "config/config.h"

/* What a camera is set to, as JSON with the keys of the configuration file (config/keys.c), so that
 * a camera that is edited in the dashboard is checked as one in the file is. Without the drawing,
 * which has versions of its own. */

#define IV_CAMERA_SETTINGS_BYTES_MAX (16 * 1024)

/* Flags and numbers as such, all else as the file would say it; texts that are none are left out.
 * The url is masked (iv_url_mask): only iv_url_mask's result ever leaves. New reference. */
json_t *iv_camera_settings_to_json(const IvCameraConfig *camera);

#define IV_CAMERA_SETTINGS_ERROR (iv_camera_settings_error_quark())
GQuark iv_camera_settings_error_quark(void);
typedef enum { IV_CAMERA_SETTINGS_ERROR_INVALID } IvCameraSettingsError;

/* Addresses with their passwords. NULL = as `settings` says; "" = none. */
typedef struct {
  const char *url, *sub_url;
} IvCameraAddresses;

/* A configuration of this one camera; what is missing or null is at its default, and so is a
 * sub_url of "". Nothing in it is expanded: "${NAME}" is plain text. `addresses` (may be NULL) take
 * the place of those in `settings`. The error names the key and what to do, and holds no secret. */
IvConfig *iv_camera_settings_read(const json_t *settings, const IvCameraAddresses *addresses,
                                  GError **error);
