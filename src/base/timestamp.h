/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Points in time are microseconds since 1970-01-01T00:00:00Z (UTC); durations are microseconds too.
 * Nothing here reads a clock: see base/clock.h, which the pure rooms may not include. */
typedef gint64 IvTime;

#define IV_TIME_NONE G_MININT64
#define IV_MS ((IvTime)1000)
#define IV_SECOND ((IvTime)1000000)
#define IV_MINUTE (60 * IV_SECOND)
#define IV_HOUR (60 * IV_MINUTE)
#define IV_DAY (24 * IV_HOUR)

#define IV_TIME_TEXT_MAX 32 /* "2026-01-31T23:59:59.123456Z" and its NUL fit */

/* Writes RFC 3339 with milliseconds and Z into `ret_text` (at least IV_TIME_TEXT_MAX bytes) and
 * returns it. Years 0001 to 9999; a time outside is clamped to that range. Thread-safe. */
char *iv_time_to_text(IvTime t, char *ret_text);

/* Reads RFC 3339 ("2026-11-24T08:00:00Z", fraction and ±hh:mm offset allowed). Returns FALSE and
 * leaves `ret_time` alone when the text is not such a time. Thread-safe. */
gboolean iv_time_from_text(const char *text, IvTime *ret_time);

/* Start of the span of length `span` (> 0) that holds `t`: floor, also for times before 1970. */
IvTime iv_time_floor(IvTime t, IvTime span);
