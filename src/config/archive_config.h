/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"

/* What the keys of the archive say together, and what their texts mean. Pure. */

/* What is wrong and what to do; NULL = nothing. `ret_key`: whose; NULL = the section's. The caller
 * frees. */
char *iv_archive_config_fault(const IvArchiveConfig *config, const char **ret_key);

/* What is sent can be seen on the way. */
gboolean iv_archive_config_is_readable_on_the_way(const IvArchiveConfig *config);

/* The camera is one whose recordings are archived. */
gboolean iv_archive_config_has_camera(const IvArchiveConfig *config, const char *camera_id);
