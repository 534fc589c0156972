/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/calendar.h"

#include <string.h>

#define BUCKET (5 * IV_MINUTE)
/* No local day begins more than this before an instant of it. */
#define DAY_SPAN_MAX (27 * IV_HOUR)

static const char *const step_names[IV_STEPS] = {"5min", "hour", "day", "week"};

const char *iv_step_name(IvStep step) {
  return step_names[step];
}

int iv_step_from_name(const char *name) {
  for (int i = 0; i < IV_STEPS; i++)
    if (strcmp(step_names[i], name) == 0)
      return i;
  return -1;
}

GTimeZone *iv_calendar_zone(const char *iana_name) {
  return g_time_zone_new_identifier(iana_name);
}

static IvTime local(GTimeZone *zone, IvTime t) {
  gint64 seconds = iv_time_floor(t, IV_SECOND) / IV_SECOND;
  gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds);
  return t + g_time_zone_get_offset(zone, interval) * IV_SECOND;
}

static gint64 local_day(GTimeZone *zone, IvTime t) {
  return iv_time_floor(local(zone, t), IV_DAY) / IV_DAY;
}

/* Midnight by the clock as it is set at `t`, where that is the day's first second: on all days on
 * which the clocks don't change in between. IV_TIME_NONE elsewhere. */
static IvTime plain_midnight(GTimeZone *zone, gint64 day, IvTime t) {
  IvTime guess = day * IV_DAY - (local(zone, t) - t);
  return local_day(zone, guess) == day && local_day(zone, guess - IV_SECOND) < day ? guess
                                                                                   : IV_TIME_NONE;
}

/* Clocks jump at whole seconds and never go back over a midnight that has begun, so the day's
 * number only rises and its first second can be searched for. */
static IvTime first_of_day(GTimeZone *zone, gint64 day, IvTime before, IvTime within) {
  gint64 low = iv_time_floor(before, IV_SECOND) / IV_SECOND,
         high = iv_time_floor(within, IV_SECOND) / IV_SECOND;
  while (high - low > 1) {
    gint64 mid = low + (high - low) / 2;
    if (local_day(zone, mid * IV_SECOND) >= day)
      high = mid;
    else
      low = mid;
  }
  return high * IV_SECOND;
}

IvTime iv_calendar_day_start(GTimeZone *zone, IvTime t) {
  gint64 day = local_day(zone, t);
  IvTime plain = plain_midnight(zone, day, t);
  return plain != IV_TIME_NONE ? plain : first_of_day(zone, day, t - DAY_SPAN_MAX, t);
}

IvTime iv_calendar_day_end(GTimeZone *zone, IvTime t) {
  gint64 day = local_day(zone, t) + 1;
  IvTime plain = plain_midnight(zone, day, t);
  return plain != IV_TIME_NONE ? plain : first_of_day(zone, day, t, t + DAY_SPAN_MAX);
}

#define WEEK_DAYS 7
#define MONDAY 3 /* days from a Monday to 1970-01-01 */

IvTime iv_calendar_week_end(GTimeZone *zone, IvTime t) {
  gint64 day = local_day(zone, t);
  gint64 next = iv_time_floor(day + MONDAY, WEEK_DAYS) - MONDAY + WEEK_DAYS;
  return first_of_day(zone, next, t, t + (WEEK_DAYS + 1) * IV_DAY + DAY_SPAN_MAX);
}

IvTime iv_calendar_weeks_before(GTimeZone *zone, IvTime t, guint weeks) {
  IvTime back = (IvTime)weeks * WEEK_DAYS * IV_DAY, guess = t - back;
  if (t == iv_calendar_day_start(zone, t))
    return iv_calendar_day_start(zone, t + IV_DAY / 2 - back);
  return guess + (local(zone, t) - t) - (local(zone, guess) - guess);
}

guint iv_calendar_weeks_of(GTimeZone *zone, IvPeriod range) {
  gint64 days =
      local_day(zone, MAX(range.to, range.from + 1) - 1) - local_day(zone, range.from) + 1;
  return (guint)((days + WEEK_DAYS - 1) / WEEK_DAYS);
}

/* Where the clock shows a full hour next. Where it is set back inside an hour by less than one
 * (Lord Howe Island) that hour is longer. */
IvTime iv_calendar_hour_end(GTimeZone *zone, IvTime t) {
  IvTime here = local(zone, t), hour = iv_time_floor(here, IV_HOUR);
  IvTime end = t + hour + IV_HOUR - here;
  IvTime there = local(zone, end);
  IvTime rest = there - iv_time_floor(there, IV_HOUR);
  return rest != 0 && there - rest == hour ? end + IV_HOUR - rest : end;
}

IvTime iv_calendar_hour_start(GTimeZone *zone, IvTime t) {
  IvTime here = local(zone, t), guess = t - (here - iv_time_floor(here, IV_HOUR));
  IvTime long_before = guess - 2 * IV_HOUR; /* the clocks did not change just before it either */
  if (local(zone, long_before) - long_before == here - t)
    return guess;
  IvTime start = iv_calendar_day_start(zone, t);
  for (IvTime end = start; end <= t; end = iv_calendar_hour_end(zone, start))
    start = end;
  return start;
}

int iv_calendar_hour_of_day(GTimeZone *zone, IvTime t) {
  IvTime here = local(zone, t);
  return (int)((here - iv_time_floor(here, IV_DAY)) / IV_HOUR);
}

/* First instant of the day that holds `t` at which the local clock shows `hour` or later. */
static IvTime hour_of(GTimeZone *zone, IvTime t, guint hour) {
  IvTime at = iv_calendar_day_start(zone, t);
  while (local(zone, at) - iv_time_floor(local(zone, at), IV_DAY) < (IvTime)hour * IV_HOUR)
    at = iv_calendar_hour_end(zone, at);
  return at;
}

IvTime iv_calendar_next_hour(GTimeZone *zone, IvTime t, guint hour) {
  IvTime at = hour_of(zone, t, hour);
  return at > t ? at : hour_of(zone, iv_calendar_day_end(zone, t), hour);
}

static IvTime step_end(GTimeZone *zone, IvTime t, IvStep step) {
  switch (step) {
  case IV_STEP_HOUR:
    return iv_calendar_hour_end(zone, t);
  case IV_STEP_DAY:
    return iv_calendar_day_end(zone, t);
  case IV_STEP_WEEK:
    return iv_calendar_week_end(zone, t);
  default:
    return iv_time_floor(t, BUCKET) + BUCKET;
  }
}

/* Up to when the clocks are not changed after `t`, as far as it looks: no zone has ever changed
 * them twice within a day. */
static IvTime steady_until(GTimeZone *zone, IvTime t) {
  return local(zone, t + IV_DAY) - IV_DAY == local(zone, t) ? t + IV_DAY : t;
}

/* Where each hour begins is asked of the zone once a day. */
static IvTime next_hour(GTimeZone *zone, IvTime t, IvTime *steady) {
  if (t >= *steady) {
    IvTime end = iv_calendar_hour_end(zone, t);
    *steady = steady_until(zone, end);
    return end;
  }
  return t + IV_HOUR <= *steady ? t + IV_HOUR : iv_calendar_hour_end(zone, t);
}

GArray *iv_calendar_cut(GTimeZone *zone, IvPeriod range, IvStep step, guint max) {
  g_autoptr(GArray) periods = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  IvTime steady = range.from;
  for (IvTime from = range.from, to; from < range.to; from = to) {
    to = step == IV_STEP_HOUR ? next_hour(zone, from, &steady) : step_end(zone, from, step);
    to = MIN(to, range.to);
    if (periods->len == max)
      return NULL;
    IvPeriod period = {from, to};
    g_array_append_val(periods, period);
  }
  return g_steal_pointer(&periods);
}

guint iv_calendar_day_number(GTimeZone *zone, IvTime t) {
  return (guint)MAX(0, local_day(zone, t));
}

char *iv_calendar_day_text(GTimeZone *zone, IvTime t, char *ret_text) {
  char text[IV_TIME_TEXT_MAX];
  iv_time_to_text(local(zone, t), text);
  memcpy(ret_text, text, IV_DAY_TEXT_MAX - 1);
  ret_text[IV_DAY_TEXT_MAX - 1] = '\0';
  return ret_text;
}
