/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "media/probe.h"

/* What a test of a camera found, as `inveye camera test --json` prints it and the API answers. */

/* "note", "warning", "failure"; "works", "works with limits", "does not work". Static text. */
const char *iv_probe_level_name(IvAdviceLevel level);
const char *iv_probe_verdict_name(IvAdviceLevel level);

/* `address`: masked (iv_url_mask). New reference. */
json_t *iv_probe_to_json(const char *address, const IvProbeReport *report);
