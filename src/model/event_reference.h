/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* docs/events.md as Markdown, printed from the tables of kinds and attributes; the caller frees. */
char *iv_event_reference(void);
