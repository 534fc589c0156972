/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* Hours and days in a store's own time. A day has 23 or 25 hours when the clocks change; an hour
 * that comes twice is two periods; offsets like +05:45 are as good as any. Pure: the zone's rules
 * are an argument. */

typedef struct {
  IvTime from, to; /* UTC, `to` excluded */
} IvPeriod;

typedef enum { IV_STEP_5MIN, IV_STEP_HOUR, IV_STEP_DAY, IV_STEP_WEEK, IV_STEPS } IvStep;

const char *iv_step_name(IvStep step);   /* "5min", "hour", "day", "week" */
int iv_step_from_name(const char *name); /* -1 if it is none */

/* NULL for a name the system doesn't know. */
GTimeZone *iv_calendar_zone(const char *iana_name);

/* First instant of the local day (hour) that holds `t`, and of the one after. */
IvTime iv_calendar_day_start(GTimeZone *zone, IvTime t);
IvTime iv_calendar_day_end(GTimeZone *zone, IvTime t);
IvTime iv_calendar_hour_start(GTimeZone *zone, IvTime t);
IvTime iv_calendar_hour_end(GTimeZone *zone, IvTime t);

/* First instant of the local ISO week (Monday) after the one that holds `t`. */
IvTime iv_calendar_week_end(GTimeZone *zone, IvTime t);

/* The instant that the store's clock showed the same `weeks` weeks before: the same weekday,
 * whatever the clocks did in between. The beginning of a day goes to the beginning of a day. A time
 * that the clock left out on that day goes to one as far from noon, before or after. */
IvTime iv_calendar_weeks_before(GTimeZone *zone, IvTime t, guint weeks);

/* How many weeks earlier the same weekdays lie that do not touch the range: 1 for a day or a week,
 * 5 for a month. */
guint iv_calendar_weeks_of(GTimeZone *zone, IvPeriod range);

/* The hour that the store's clock shows, 0 to 23. */
int iv_calendar_hour_of_day(GTimeZone *zone, IvTime t);

/* Cuts [from, to) into steps (GArray of IvPeriod); the first and the last may be short. NULL when
 * that makes more than `max`. */
GArray *iv_calendar_cut(GTimeZone *zone, IvPeriod range, IvStep step, guint max);

/* The hour of a store's day in which fewest people are about: what goes on over days ends there. */
#define IV_QUIET_HOUR 4

/* The next instant after `t` at which the local clock shows `hour`:00 (0..23), or has passed it
 * where that hour is left out. Once a day, also where it comes twice. */
IvTime iv_calendar_next_hour(GTimeZone *zone, IvTime t, guint hour);

/* The local day that holds `t`, as days since 1970-01-01; 0 before. */
guint iv_calendar_day_number(GTimeZone *zone, IvTime t);

/* "2026-03-29" of the local day. */
#define IV_DAY_TEXT_MAX 11
char *iv_calendar_day_text(GTimeZone *zone, IvTime t, char *ret_text);
