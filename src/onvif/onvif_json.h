/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "onvif/device.h"
#include "onvif/discovery.h"
#include "onvif/onvif_error.h"

/* What was found, as the command line prints it and the API answers. New references; any thread. */

json_t *iv_onvif_found_to_json(const GPtrArray *found); /* {devices} */

/* {reached, reason, fault, ...}; `device` NULL: not reached, for `error`. */
json_t *iv_onvif_device_to_json(const IvOnvifDevice *device, const GError *error);

/* What is worth saying about a device, a line each; NULL ends it. The caller frees (g_strfreev). */
GStrv iv_onvif_device_advice(const IvOnvifDevice *device);

/* {makers}; `host` NULL and `channel` 0 leave their places. */
json_t *iv_onvif_makers_to_json(const char *host, guint channel);
