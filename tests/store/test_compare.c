/* SPDX-License-Identifier: Apache-2.0 */
/* Week over week: which time is compared with which; zones by time. */
#include <math.h>
#include <string.h>

#include "ledger_fixture.h"
#include "store/kpi_compare.h"

#define ZONE "Europe/Berlin" /* clocks are set back on 2026-10-25, forward on 2026-03-29 */

static IvKpiQuery query_of(const char *from, const char *to, IvStep step, const char *now) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = from ? at(from) : IV_TIME_NONE,
                      .to = to ? at(to) : IV_TIME_NONE,
                      .step = step,
                      .now = at(now),
                      .deadline = IV_TIME_NONE};
}

static void assert_compared(Fixture *fixture, const IvKpiQuery *query, guint weeks,
                            const char *passed_to, const char *before_from, const char *before_to) {
  g_autoptr(GError) error = NULL;
  IvKpiComparison ranges;
  iv_kpi_compare(fixture->store, query, &ranges, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(ranges.weeks, ==, weeks);
  g_assert_cmpint(ranges.passed.to, ==, at(passed_to));
  g_assert_cmpint(ranges.before.from, ==, at(before_from));
  g_assert_cmpint(ranges.before.to, ==, at(before_to));
  g_assert_cmpint(ranges.before.step, ==, query->step);
  g_assert_cmpint(ranges.before.now, ==, query->now);
}

static void test_ranges(void) {
  Fixture fixture;
  fixture_set_up(&fixture, ZONE);
  /* A whole Sunday of 25 hours, with one of 24. */
  IvKpiQuery query = query_of("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", IV_STEP_HOUR,
                              "2026-10-28T12:00:00Z");
  assert_compared(&fixture, &query, 1, "2026-10-25T23:00:00Z", "2026-10-17T22:00:00Z",
                  "2026-10-18T22:00:00Z");
  /* Today, up to the last whole 5 minutes: 13:05 by the clock, on both days. */
  query = query_of(NULL, NULL, IV_STEP_HOUR, "2026-10-27T12:08:30Z");
  assert_compared(&fixture, &query, 1, "2026-10-27T12:05:00Z", "2026-10-19T22:00:00Z",
                  "2026-10-20T11:05:00Z");
  /* A month is compared with the same weekdays five weeks before. */
  query =
      query_of("2026-03-01T23:00:00Z", "2026-03-31T22:00:00Z", IV_STEP_DAY, "2026-05-01T00:00:00Z");
  assert_compared(&fixture, &query, 5, "2026-03-31T22:00:00Z", "2026-01-25T23:00:00Z",
                  "2026-02-24T23:00:00Z");
  fixture_tear_down(&fixture);
}

static void test_nothing_passed(void) {
  g_autoptr(GError) error = NULL;
  IvKpiComparison ranges;
  Fixture fixture;
  fixture_set_up(&fixture, ZONE);
  IvKpiQuery query = query_of("2026-06-02T10:00:00Z", "2026-06-02T12:00:00Z", IV_STEP_HOUR,
                              "2026-06-02T10:04:59Z");
  g_assert_true(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_cmpuint(ranges.weeks, ==, 0);
  query.now = at("2026-06-02T10:05:00Z");
  g_assert_true(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_cmpuint(ranges.weeks, ==, 1);
  g_assert_cmpint(ranges.before.to - ranges.before.from, ==, 5 * IV_MINUTE);
  IvPeriod range = {query.from, query.to};
  g_assert_false(iv_kpi_has_passed(&ranges, range));
  query.now = at("2026-06-02T11:59:59Z");
  g_assert_true(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_false(iv_kpi_has_passed(&ranges, range));
  query.now = at("2026-06-02T12:00:00Z");
  g_assert_true(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_true(iv_kpi_has_passed(&ranges, range));
  fixture_tear_down(&fixture);
}

static void test_faults(void) {
  GError *error = NULL;
  IvKpiComparison ranges;
  Fixture fixture;
  fixture_set_up(&fixture, ZONE);
  IvKpiQuery query = query_of("2026-06-02T10:00:00Z", "2026-06-02T10:00:00Z", IV_STEP_HOUR,
                              "2026-06-03T00:00:00Z");
  g_assert_false(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID);
  g_clear_error(&error);
  query.store_id = "elsewhere";
  g_assert_false(iv_kpi_compare(fixture.store, &query, &ranges, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);
  query = query_of("2026-06-01T00:00:00Z", "2026-06-05T05:00:00Z", IV_STEP_HOUR,
                   "2026-06-03T00:00:00Z");
  g_assert_null(iv_kpis_zone_periods(fixture.store, &query, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT);
  g_clear_error(&error);
  fixture_tear_down(&fixture);
}

static void assert_same_number(double a, double b) {
  g_assert_true((isnan(a) && isnan(b)) || a == b);
}

/* Each period tells what is told of it when it is asked for alone. */
static void assert_as_alone(Fixture *fixture, const IvKpiQuery *query, const IvZoneAnswer *part) {
  g_autoptr(GError) error = NULL;
  g_auto(IvZoneAnswer) alone = {0};
  IvKpiQuery one = *query;
  one.from = part->range.from;
  one.to = part->range.to;
  iv_kpis_zones(fixture->store, &one, &alone, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(part->zones->len, ==, alone.zones->len);
  for (guint i = 0; i < alone.zones->len; i++) {
    const IvZoneFigures *a = &g_array_index(part->zones, IvZoneFigures, i);
    const IvZoneFigures *b = &g_array_index(alone.zones, IvZoneFigures, i);
    g_assert_cmpstr(a->zone_id.text, ==, b->zone_id.text);
    assert_same_number(a->visitors, b->visitors);
    assert_same_number(a->visits, b->visits);
    assert_same_number(a->engaged_share, b->engaged_share);
    assert_same_number(a->draw_rate, b->draw_rate);
    assert_same_number(a->dwell_mean_s, b->dwell_mean_s);
    assert_same_number(a->dwell_median_s, b->dwell_median_s);
    assert_same_number(a->dwell_p90_s, b->dwell_p90_s);
    assert_same_number(a->peak_occupancy, b->peak_occupancy);
    assert_same_number(a->over_capacity_s, b->over_capacity_s);
    assert_same_number(a->coverage, b->coverage);
    g_assert_cmpuint(a->open_visits, ==, b->open_visits);
    g_assert_cmpint(a->provisional, ==, b->provisional);
    g_assert_cmpint(a->band, ==, IV_BAND_NONE);
    g_assert_cmpint(a->dead, ==, IV_DEAD_UNKNOWN);
  }
}

static void compare_periods(Fixture *fixture, const IvKpiQuery *query, guint n) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) parts = iv_kpis_zone_periods(fixture->store, query, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(parts->len, ==, n);
  for (guint i = 0; i < parts->len; i++) {
    const IvZoneAnswer *part = parts->pdata[i];
    g_assert_cmpint(part->range.from, ==,
                    i ? ((const IvZoneAnswer *)parts->pdata[i - 1])->range.to : query->from);
    assert_as_alone(fixture, query, part);
  }
}

static void test_zone_periods(void) {
  Fixture fixture;
  IvTime start = at("2026-10-23T22:00:00Z");
  fixture_set_up(&fixture, ZONE);
  for (guint day = 0; day < 4; day++) {
    g_autoptr(GArray) events = make_day(start + day * IV_DAY, 3 + day);
    apply(&fixture, &g_array_index(events, IvEvent, 0), events->len);
  }
  IvKpiQuery query = query_of("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", IV_STEP_HOUR,
                              "2026-10-26T12:00:00Z");
  compare_periods(&fixture, &query, 25);
  query =
      query_of("2026-10-24T10:35:00Z", "2026-10-27T17:20:00Z", IV_STEP_DAY, "2026-10-27T17:00:00Z");
  compare_periods(&fixture, &query, 4);
  query.step = IV_STEP_WEEK;
  compare_periods(&fixture, &query, 2);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/compare/ranges", test_ranges);
  g_test_add_func("/compare/nothing-passed", test_nothing_passed);
  g_test_add_func("/compare/faults", test_faults);
  g_test_add_func("/compare/zone-periods", test_zone_periods);
  return g_test_run();
}
