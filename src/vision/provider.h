/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/ort.h"

struct OrtSessionOptions;

/* Puts the execution provider called `name` (NULL = "cpu") into `options`. Fails with
 * IV_DETECTOR_ERROR_CONFIG when there is none of that name, or when the loaded library was built
 * without it; the message says what the library has. */
gboolean iv_provider_append(const IvOrt *ort, const char *name, struct OrtSessionOptions *options,
                            GError **error);
