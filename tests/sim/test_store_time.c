/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "sim/arrivals.h"
#include "store_file.h"

static void check_day(const IvScenario *s, GTimeZone *zone, int index, const char *start,
                      int hours) {
  IvStoreDay day = iv_store_day(s, zone, index);
  IvTime expected;
  g_assert_true(iv_time_from_text(start, &expected));
  g_assert_cmpint(day.start, ==, expected);
  g_assert_cmpint((day.end - day.start) / IV_HOUR, ==, hours);
}

/* Lisbon puts the clock on at 01:00 of 29 March 2026, the seventh day. */
static void test_spring(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  check_day(s, zone, 0, "2026-03-23T00:00:00Z", 24);
  check_day(s, zone, 6, "2026-03-29T00:00:00Z", 23);
  check_day(s, zone, 7, "2026-03-29T23:00:00Z", 24);
  check_day(s, zone, -1, "2026-03-22T00:00:00Z", 24);
  IvTime noon;
  g_assert_true(iv_time_from_text("2026-03-29T12:00:00Z", &noon));
  g_assert_cmpint(iv_store_minute(zone, noon), ==, 13 * 60);
}

/* 25 October 2026: 25 hours. */
static void test_autumn(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  check_day(s, zone, 216, "2026-10-24T23:00:00Z", 25);
}

static void test_odd_offset(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("+05:45");
  check_day(s, zone, 0, "2026-03-22T18:15:00Z", 24);
}

static void test_holidays(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  IvStoreDay friday = iv_store_day(s, zone, 11), sunday = iv_store_day(s, zone, 6);
  g_assert_cmpint(friday.weekday, ==, 4);
  g_assert_cmpint(friday.opening.opens, ==, 9 * 60);
  g_assert_cmpint(friday.opening.closes, ==, 13 * 60);
  g_assert_cmpint(sunday.weekday, ==, 6);
  g_assert_false(iv_store_day_is_open(&sunday, 12 * 60));
}

/* Persons an hour over 60 Mondays, each within five standard errors of the profile. */
static void test_profile(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  double persons[24] = {0}, passers = 0, all = 0;
  const int weeks = 60;
  for (int week = 0; week < weeks; week++) {
    IvStoreDay day = iv_store_day(s, zone, 7 * week);
    g_autoptr(GArray) arrivals = iv_arrivals_of_day(s, zone, &day, 5);
    for (guint i = 0; i < arrivals->len; i++) {
      const IvArrival *arrival = &g_array_index(arrivals, IvArrival, i);
      if (i > 0)
        g_assert_cmpint(g_array_index(arrivals, IvArrival, i - 1).ts, <=, arrival->ts);
      if (arrival->sort == IV_ARRIVAL_PARTY)
        persons[iv_store_minute(zone, arrival->ts) / 60] += arrival->size;
      passers += arrival->sort == IV_ARRIVAL_PASSER;
    }
  }
  for (int h = 0; h < 24; h++) {
    double expected = weeks * s->arrivals[0][h];
    g_assert_cmpfloat(ABS(persons[h] - expected), <=, 5 * 1.3 * sqrt(MAX(expected, 0)));
    all += persons[h];
  }
  g_assert_cmpfloat_with_epsilon(passers / all, s->passers_per_visit, 0.1);
}

static void test_closed_days(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  IvStoreDay sunday = iv_store_day(s, zone, 6), friday = iv_store_day(s, zone, 11);
  g_autoptr(GArray) none = iv_arrivals_of_day(s, zone, &sunday, 5);
  g_autoptr(GArray) few = iv_arrivals_of_day(s, zone, &friday, 5);
  g_assert_cmpuint(none->len, ==, 0);
  g_assert_cmpuint(few->len, >, 0);
  for (guint i = 0; i < few->len; i++) {
    int minute = iv_store_minute(zone, g_array_index(few, IvArrival, i).ts);
    g_assert_true(iv_store_day_is_open(&friday, minute));
  }
}

/* Nights of 100 weeks: as many entries as the file says, none while the shop is open. */
static void test_after_hours(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  guint found = 0;
  s->after_hours_per_week = 2;
  for (int i = 0; i < 700; i++) {
    IvStoreDay day = iv_store_day(s, zone, i);
    g_autoptr(GArray) arrivals = iv_arrivals_of_day(s, zone, &day, 5);
    for (guint a = 0; a < arrivals->len; a++) {
      const IvArrival *arrival = &g_array_index(arrivals, IvArrival, a);
      if (arrival->sort != IV_ARRIVAL_INTRUDER)
        continue;
      found++;
      g_assert_cmpint(iv_store_minute(zone, arrival->ts), >=,
                      day.opening.closes ? day.opening.closes + 60 : 0);
      g_assert_true(arrival->ts >= day.start && arrival->ts < day.end);
    }
  }
  g_assert_cmpfloat_with_epsilon(found, 200, 5 * sqrt(200));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/store-time/spring", test_spring);
  g_test_add_func("/sim/store-time/autumn", test_autumn);
  g_test_add_func("/sim/store-time/odd-offset", test_odd_offset);
  g_test_add_func("/sim/store-time/holidays", test_holidays);
  g_test_add_func("/sim/arrivals/profile", test_profile);
  g_test_add_func("/sim/arrivals/closed-days", test_closed_days);
  g_test_add_func("/sim/arrivals/after-hours", test_after_hours);
  return g_test_run();
}
