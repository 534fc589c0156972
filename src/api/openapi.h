/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>

/* docs/api/openapi.yaml as JSON, made at build time by yaml_to_json.c. */
extern const char iv_openapi_json[];
extern const size_t iv_openapi_json_length; /* bytes, without the NUL */
