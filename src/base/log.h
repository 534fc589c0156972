/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The program's log. Rooms write with GLib's g_warning, g_message, ... (G_LOG_DOMAIN per folder);
 * here it is decided what is shown and how. */

typedef enum { IV_LOG_ERROR, IV_LOG_WARNING, IV_LOG_INFO, IV_LOG_DEBUG } IvLogLevel;

/* From now on shows `level` and what is graver: one line each on standard error, "2026-01-31T
 * 08:00:00.000Z warning inveye-media: text", or with its fields to systemd's journal. Every text
 * passes iv_url_mask once more. Once per process, before other threads; GLib allows no second call.
 */
void iv_log_start(IvLogLevel level);

/* The line for one message, without line break; the caller frees. */
char *iv_log_line(GLogLevelFlags level, const char *domain, const char *message, gint64 now);
