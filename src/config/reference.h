/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* docs/configuration.md as Markdown, printed from the key table; the caller frees. */
char *iv_config_reference(void);
