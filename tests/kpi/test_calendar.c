/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/bucket.h"
#include "kpi/calendar.h"

static IvTime at(const char *text) {
  IvTime t;
  g_assert_true(iv_time_from_text(text, &t));
  return t;
}

static void assert_time(IvTime t, const char *expected) {
  char text[IV_TIME_TEXT_MAX], wanted[IV_TIME_TEXT_MAX];
  iv_time_to_text(t, text);
  iv_time_to_text(at(expected), wanted);
  g_assert_cmpstr(text, ==, wanted);
}

/* NULL with a skip where the machine has no zone files. */
static GTimeZone *zone_or_skip(const char *name) {
  GTimeZone *zone = iv_calendar_zone(name);
  if (!zone)
    g_test_skip("this machine has no such time zone; install tzdata");
  return zone;
}

typedef struct {
  const char *zone, *inside; /* an instant of the day */
  const char *start, *end;
  guint hours;
} Day;

static const Day days[] = {
    {"UTC", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", 24},
    {"Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", 24},
    {"Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23},
    {"Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25},
    {"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25},
    {"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25},
    {"America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z",
     25},
    {"Asia/Kolkata", "2026-06-01T12:00:00Z", "2026-05-31T18:30:00Z", "2026-06-01T18:30:00Z", 24},
    {"Asia/Kathmandu", "2026-06-01T12:00:00Z", "2026-05-31T18:15:00Z", "2026-06-01T18:15:00Z", 24},
    {"Australia/Lord_Howe", "2026-04-04T16:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z",
     24},
    /* No midnight: the clocks go from 24:00 to 01:00. */
    {"Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z", 23},
    /* Midnight comes twice; the day begins once. */
    {"Africa/Cairo", "2026-10-29T12:00:00Z", "2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z", 25},
};

static void test_days(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
    const Day *day = &days[i];
    g_autoptr(GTimeZone) zone = zone_or_skip(day->zone);
    if (!zone)
      return;
    IvTime t = at(day->inside);
    IvPeriod range = {iv_calendar_day_start(zone, t), iv_calendar_day_end(zone, t)};
    assert_time(range.from, day->start);
    assert_time(range.to, day->end);
    g_autoptr(GArray) hours = iv_calendar_cut(zone, range, IV_STEP_HOUR, 30);
    g_assert_cmpuint(hours->len, ==, day->hours);
    g_autoptr(GArray) whole = iv_calendar_cut(zone, range, IV_STEP_DAY, 2);
    g_assert_cmpuint(whole->len, ==, 1);
  }
}

/* Periods lie end to end, hold their instants, and begin where buckets begin. */
static void test_periods_tile(void) {
  static const char *const zones[] = {"Europe/Berlin",       "America/St_Johns", "Asia/Kathmandu",
                                      "Australia/Lord_Howe", "Africa/Cairo",     "Pacific/Apia",
                                      "America/Sao_Paulo"};
  for (gsize z = 0; z < G_N_ELEMENTS(zones); z++) {
    g_autoptr(GTimeZone) zone = zone_or_skip(zones[z]);
    if (!zone)
      return;
    for (int step = 0; step < IV_STEPS; step++) {
      IvPeriod range = {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")};
      if (step == IV_STEP_5MIN)
        range.to = range.from + 3 * IV_DAY;
      g_autoptr(GArray) periods = iv_calendar_cut(zone, range, (IvStep)step, 9000);
      IvTime before = range.from;
      for (guint i = 0; i < periods->len; i++) {
        IvPeriod p = g_array_index(periods, IvPeriod, i);
        g_assert_cmpint(p.from, ==, before);
        g_assert_cmpint(p.from, <, p.to);
        g_assert_cmpint(p.from % IV_BUCKET_SPAN, ==, 0);
        before = p.to;
      }
      g_assert_cmpint(before, ==, range.to);
    }
  }
}

static void test_hour_start(void) {
  g_autoptr(GTimeZone) zone = zone_or_skip("Europe/Berlin");
  if (!zone)
    return;
  /* the hour from 2 to 3 comes twice on this day */
  assert_time(iv_calendar_hour_start(zone, at("2026-10-25T00:30:00Z")), "2026-10-25T00:00:00Z");
  assert_time(iv_calendar_hour_start(zone, at("2026-10-25T01:30:00Z")), "2026-10-25T01:00:00Z");
  assert_time(iv_calendar_hour_end(zone, at("2026-10-25T00:30:00Z")), "2026-10-25T01:00:00Z");
  g_autoptr(GTimeZone) kathmandu = zone_or_skip("Asia/Kathmandu");
  assert_time(iv_calendar_hour_start(kathmandu, at("2026-06-01T12:00:00Z")),
              "2026-06-01T11:15:00Z");
}

static void test_cut_is_bounded(void) {
  g_autoptr(GTimeZone) zone = iv_calendar_zone("UTC");
  IvPeriod range = {0, 10 * IV_HOUR};
  g_assert_null(iv_calendar_cut(zone, range, IV_STEP_HOUR, 9));
  g_autoptr(GArray) all = iv_calendar_cut(zone, range, IV_STEP_HOUR, 10);
  g_assert_cmpuint(all->len, ==, 10);
  IvPeriod odd = {10 * IV_MINUTE, 70 * IV_MINUTE};
  g_autoptr(GArray) parts = iv_calendar_cut(zone, odd, IV_STEP_HOUR, 10);
  g_assert_cmpuint(parts->len, ==, 2);
  g_assert_cmpint(g_array_index(parts, IvPeriod, 0).to, ==, IV_HOUR);
}

/* Four in the morning, once a day; where two is left out, at three; where it comes twice, once. */
static void test_next_hour(void) {
  static const struct {
    const char *zone, *t;
    guint hour;
    const char *next;
  } cases[] = {
      {"UTC", "2026-03-29T03:59:59Z", 4, "2026-03-29T04:00:00Z"},
      {"UTC", "2026-03-29T04:00:00Z", 4, "2026-03-30T04:00:00Z"},
      {"UTC", "2026-03-29T23:00:00Z", 0, "2026-03-30T00:00:00Z"},
      {"Europe/Berlin", "2026-03-28T12:00:00Z", 4, "2026-03-29T02:00:00Z"},
      {"Europe/Berlin", "2026-03-28T12:00:00Z", 2, "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", "2026-10-24T12:00:00Z", 2, "2026-10-25T00:00:00Z"},
      {"Europe/Berlin", "2026-10-25T00:30:00Z", 2, "2026-10-26T01:00:00Z"},
      {"Asia/Kathmandu", "2026-06-01T12:00:00Z", 4, "2026-06-01T22:15:00Z"},
      {"Africa/Cairo", "2026-04-23T12:00:00Z", 0, "2026-04-23T22:00:00Z"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GTimeZone) zone = zone_or_skip(cases[i].zone);
    if (!zone)
      return;
    assert_time(iv_calendar_next_hour(zone, at(cases[i].t), cases[i].hour), cases[i].next);
  }
}

static void test_day_number(void) {
  g_autoptr(GTimeZone) zone = zone_or_skip("Europe/Berlin");
  if (!zone)
    return;
  g_assert_cmpuint(iv_calendar_day_number(zone, at("2026-03-22T22:59:59Z")), ==, 20534);
  g_assert_cmpuint(iv_calendar_day_number(zone, at("2026-03-22T23:00:00Z")), ==, 20535);
  g_assert_cmpuint(iv_calendar_day_number(zone, -IV_DAY), ==, 0);
}

static void test_day_text(void) {
  char text[IV_DAY_TEXT_MAX];
  g_autoptr(GTimeZone) zone = zone_or_skip("Asia/Kolkata");
  if (!zone)
    return;
  g_assert_cmpstr(iv_calendar_day_text(zone, at("2026-05-31T18:29:59Z"), text), ==, "2026-05-31");
  g_assert_cmpstr(iv_calendar_day_text(zone, at("2026-05-31T18:30:00Z"), text), ==, "2026-06-01");
}

static void test_unknown_zone(void) {
  g_assert_null(iv_calendar_zone("Middle/Earth"));
}

/* Weeks begin on Monday; the clock on the wall goes along where the clocks change. */
static void test_weeks(void) {
  g_autoptr(GTimeZone) zone = zone_or_skip("Europe/Berlin");
  if (!zone)
    return;
  assert_time(iv_calendar_week_end(zone, at("2026-03-29T21:59:59Z")), "2026-03-29T22:00:00Z");
  assert_time(iv_calendar_week_end(zone, at("2026-03-22T23:00:00Z")), "2026-03-29T22:00:00Z");
  assert_time(iv_calendar_week_end(zone, at("2026-10-25T22:59:59Z")), "2026-10-25T23:00:00Z");
  /* 12:34 on Monday after the change, and on the Monday before it */
  assert_time(iv_calendar_weeks_before(zone, at("2026-03-30T10:34:00Z"), 1),
              "2026-03-23T11:34:00Z");
  assert_time(iv_calendar_weeks_before(zone, at("2026-03-29T22:00:00Z"), 1),
              "2026-03-22T23:00:00Z");
  assert_time(iv_calendar_weeks_before(zone, at("2026-10-26T11:00:00Z"), 2),
              "2026-10-12T10:00:00Z");
  static const struct {
    const char *from, *to;
    guint weeks;
  } ranges[] = {{"2026-05-01T22:00:00Z", "2026-05-02T22:00:00Z", 1},
                {"2026-05-01T22:00:00Z", "2026-05-08T22:00:00Z", 1},
                {"2026-05-01T22:00:00Z", "2026-05-08T22:05:00Z", 2},
                {"2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z", 5}};
  for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
    g_assert_cmpuint(iv_calendar_weeks_of(zone, (IvPeriod){at(ranges[i].from), at(ranges[i].to)}),
                     ==, ranges[i].weeks);
  IvPeriod spring = {at("2026-03-18T23:00:00Z"), at("2026-04-07T22:00:00Z")};
  g_autoptr(GArray) cut = iv_calendar_cut(zone, spring, IV_STEP_WEEK, 10);
  g_assert_cmpuint(cut->len, ==,
                   4); /* a part, two whole weeks of which one lacks an hour, a part */
  IvPeriod second = g_array_index(cut, IvPeriod, 1);
  g_assert_cmpint(second.to - second.from, ==, 7 * IV_DAY - IV_HOUR);
  g_assert_null(iv_calendar_cut(zone, spring, IV_STEP_WEEK, 3));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/calendar/days", test_days);
  g_test_add_func("/calendar/periods_tile", test_periods_tile);
  g_test_add_func("/calendar/hour_start", test_hour_start);
  g_test_add_func("/calendar/cut_is_bounded", test_cut_is_bounded);
  g_test_add_func("/calendar/day_text", test_day_text);
  g_test_add_func("/calendar/day_number", test_day_number);
  g_test_add_func("/calendar/next_hour", test_next_hour);
  g_test_add_func("/calendar/unknown_zone", test_unknown_zone);
  g_test_add_func("/calendar/weeks", test_weeks);
  return g_test_run();
}
