/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/store_time.h"

static gint32 offset_at(GTimeZone *zone, gint64 seconds, GTimeType type) {
  gint interval = g_time_zone_adjust_time(zone, type, &seconds);
  return g_time_zone_get_offset(zone, interval);
}

/* First instant of the date: the local midnight's time standard decides, so that a change of clock
 * later on the day does not matter. */
static IvTime midnight(GTimeZone *zone, guint32 julian) {
  GDate epoch;
  g_date_clear(&epoch, 1);
  g_date_set_dmy(&epoch, 1, G_DATE_JANUARY, 1970);
  gint64 local = ((gint64)julian - g_date_get_julian(&epoch)) * 86400;
  gint64 adjusted = local;
  gint interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &adjusted);
  return (adjusted - g_time_zone_get_offset(zone, interval)) * IV_SECOND;
}

static IvOpening opening_of(const IvScenario *s, const GDate *date, int weekday) {
  for (guint i = 0; i < s->n_holidays; i++) {
    const IvHoliday *holiday = &s->holidays[i];
    if (holiday->year == g_date_get_year(date) && holiday->month == (int)g_date_get_month(date) &&
        holiday->day == g_date_get_day(date))
      return holiday->opening;
  }
  return s->hours[weekday];
}

IvStoreDay iv_store_day(const IvScenario *s, GTimeZone *zone, int index) {
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)s->day, (GDateMonth)s->month, (GDateYear)s->year);
  guint32 julian = (guint32)((int)g_date_get_julian(&date) + index);
  g_date_set_julian(&date, julian);
  int weekday = (int)g_date_get_weekday(&date) - 1;
  return (IvStoreDay){.start = midnight(zone, julian),
                      .end = midnight(zone, julian + 1),
                      .index = index,
                      .weekday = weekday,
                      .opening = opening_of(s, &date, weekday)};
}

int iv_store_minute(GTimeZone *zone, IvTime t) {
  gint64 seconds = t / IV_SECOND;
  gint64 local = seconds + offset_at(zone, seconds, G_TIME_TYPE_UNIVERSAL);
  return (int)(local % 86400 / 60);
}

gboolean iv_store_day_is_open(const IvStoreDay *day, int minute) {
  return minute >= day->opening.opens && minute < day->opening.closes;
}
