/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that need to know who is who, against what can be counted by hand. */
#include <math.h>

#include "ledger_fixture.h"

static IvKpiQuery ask(const char *from, const char *to, IvStep step) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = at(from),
                      .to = at(to),
                      .step = step,
                      .now = at("2026-12-31T00:00:00Z"),
                      .deadline = IV_TIME_NONE};
}

static void ask_traffic(Fixture *fixture, const IvKpiQuery *query, IvTrafficAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  iv_kpis_traffic(fixture->store, query, ret_answer, &error);
  g_assert_no_error(error);
}

static void ask_zones(Fixture *fixture, const IvKpiQuery *query, IvZoneAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  iv_kpis_zones(fixture->store, query, ret_answer, &error);
  g_assert_no_error(error);
}

static const IvZoneFigures *zone(const IvZoneAnswer *answer, const char *id) {
  for (guint i = 0; i < answer->zones->len; i++) {
    const IvZoneFigures *figures = &g_array_index(answer->zones, IvZoneFigures, i);
    if (strcmp(figures->zone_id.text, id) == 0)
      return figures;
  }
  g_error("no zone %s", id);
}

static void put(Fixture *fixture, IvEvent event) {
  apply(fixture, &event, 1);
}

/* Comes in as the visitor of that number; `tracklet` tells apart who else comes at the time. */
static void walk_in(Fixture *fixture, IvTime ts, guint32 number) {
  IvEvent event = make_crossing("door", "in", "in", ts, number + 1);
  put(fixture, number ? make_known(event, number) : event);
}

static void visit(Fixture *fixture, IvTime ts, IvTime length, guint32 number) {
  walk_in(fixture, ts, number);
  put(fixture, make_store_visit(IV_EVENT_VISIT_STARTED, ts, 0, number));
  if (length)
    put(fixture, make_store_visit(IV_EVENT_VISIT_CLOSED, ts, length, number));
}

static void come_again(Fixture *fixture, IvTime ts, guint32 number) {
  walk_in(fixture, ts, number);
  put(fixture, make_store_visit(IV_EVENT_VISIT_REENTERED, ts, 0, number));
}

static void test_footfall(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at("2026-03-29T10:00:00Z");
  visit(&fixture, t, 10 * IV_SECOND, 1);
  visit(&fixture, t + IV_MINUTE, 20 * IV_MINUTE, 2);
  come_again(&fixture, t + 6 * IV_MINUTE, 1);
  visit(&fixture, t + 70 * IV_MINUTE, 0, 1); /* comes back, and is still there */
  IvKpiQuery query = ask("2026-03-29T10:00:00Z", "2026-03-29T12:00:00Z", IV_STEP_HOUR);
  query.now = t + 90 * IV_MINUTE;
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  const IvTraffic *ten = &g_array_index(answer.periods, IvTraffic, 0),
                  *eleven = &g_array_index(answer.periods, IvTraffic, 1);
  g_assert_cmpfloat(ten->in, ==, 3);
  g_assert_cmpfloat(ten->footfall, ==, 2);
  g_assert_cmpfloat(ten->known_share, ==, 1);
  g_assert_cmpfloat(ten->visits.visitors, ==, 2);
  g_assert_cmpfloat(ten->visits.mean_s, ==, 605);
  g_assert_cmpfloat(ten->visits.bounce_rate, ==, 0.5);
  g_assert_cmpuint(ten->visits.open, ==, 0);
  g_assert_false(ten->visits.provisional);
  g_assert_cmpfloat(eleven->visits.visitors, ==, 1);
  g_assert_true(isnan(eleven->visits.mean_s)); /* nobody has left */
  g_assert_cmpuint(eleven->visits.open, ==, 1);
  g_assert_true(eleven->visits.provisional);
  g_assert_cmpfloat(answer.total.footfall, ==, 3);
  g_assert_cmpfloat(answer.total.visits.visitors, ==, 2); /* one of them twice */
  g_assert_cmpfloat(answer.total.visits.begun, ==, 3);
  g_assert_cmpfloat(fabs(answer.total.visits.p90_s - 1200), <=, 1200 * 0.008);
  fixture_tear_down(&fixture);
}

/* Nobody is known: footfall is as ever, and what needs them is not 0. */
static void test_nobody_known(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at("2026-03-29T10:00:00Z");
  walk_in(&fixture, t, 0);
  put(&fixture, make_visit("aisle", "shelf", t, IV_MINUTE, 1));
  IvKpiQuery query = ask("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", IV_STEP_DAY);
  g_auto(IvTrafficAnswer) answer = {0};
  g_auto(IvZoneAnswer) zones = {0};
  ask_traffic(&fixture, &query, &answer);
  ask_zones(&fixture, &query, &zones);
  g_assert_cmpfloat(answer.total.footfall, ==, 1);
  g_assert_cmpfloat(answer.total.known_share, ==, 0);
  g_assert_true(isnan(answer.total.visits.visitors));
  g_assert_true(isnan(answer.total.visits.begun));
  g_assert_true(isnan(answer.total.visits.mean_s));
  g_assert_true(isnan(answer.total.visits.bounce_rate));
  g_assert_cmpfloat(zone(&zones, "shelf")->visitors, ==, 1);
  g_assert_cmpfloat(zone(&zones, "shelf")->known_share, ==, 0);
  g_assert_true(isnan(zone(&zones, "shelf")->draw_rate));
  g_assert_cmpint(zone(&zones, "shelf")->band, ==, IV_BAND_NONE);
  g_assert_cmpint(zone(&zones, "shelf")->dead, ==, IV_DEAD_UNKNOWN);
  fixture_tear_down(&fixture);
}

/* In two cameras and twice a day one visitor; who is not known counts each time; days add up. */
static void test_zone_visitors(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at("2026-03-29T10:00:00Z");
  visit(&fixture, t, IV_HOUR, 1);
  visit(&fixture, t, IV_HOUR, 2);
  visit(&fixture, t, IV_HOUR, 3);
  visit(&fixture, t, IV_HOUR, 4);
  put(&fixture, make_known(make_visit("aisle", "shelf", t, 5 * IV_SECOND, 1), 1));
  put(&fixture, make_known(make_visit("till", "shelf", t, 5 * IV_SECOND, 1), 1));
  put(&fixture, make_known(make_visit("aisle", "shelf", t + IV_HOUR, 20 * IV_SECOND, 2), 1));
  put(&fixture, make_known(make_visit("aisle", "shelf", t + IV_HOUR, 5 * IV_SECOND, 3), 2));
  put(&fixture, make_known(make_visit("aisle", "shelf", t, IV_SECOND, 4), 3)); /* too short */
  IvKpiQuery day = ask("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", IV_STEP_DAY);
  IvKpiQuery hour = ask("2026-03-29T10:00:00Z", "2026-03-29T11:00:00Z", IV_STEP_HOUR);
  g_auto(IvZoneAnswer) a = {0}, b = {0}, c = {0}, d = {0};
  ask_zones(&fixture, &day, &a);
  g_assert_cmpfloat(zone(&a, "shelf")->visitors, ==, 2);
  g_assert_cmpfloat(zone(&a, "shelf")->visits, ==, 4);
  g_assert_cmpfloat(zone(&a, "shelf")->engaged_share, ==, 0.5);
  g_assert_cmpfloat(zone(&a, "shelf")->draw_rate, ==, 0.5);
  ask_zones(&fixture, &hour, &b);
  g_assert_cmpfloat(zone(&b, "shelf")->visitors, ==, 1);
  put(&fixture, make_visit("aisle", "shelf", t, IV_MINUTE, 9));
  put(&fixture, make_visit("aisle", "shelf", t, 3 * IV_SECOND, 10));
  ask_zones(&fixture, &day, &c);
  g_assert_cmpfloat(zone(&c, "shelf")->visitors, ==, 4);
  g_assert_cmpfloat(zone(&c, "shelf")->engaged_share, ==, 0.5);
  g_assert_cmpfloat(zone(&c, "shelf")->draw_rate, ==, 0.5); /* of those who are known */
  /* The same number on the day after is somebody else. */
  IvEvent next = make_visit("aisle", "shelf", t + IV_DAY, IV_MINUTE, 1);
  next.visitor = iv_visitor_make(20542, 1);
  put(&fixture, next);
  IvKpiQuery two = ask("2026-03-29T06:00:00Z", "2026-03-31T06:00:00Z", IV_STEP_DAY);
  ask_zones(&fixture, &two, &d);
  g_assert_cmpfloat(zone(&d, "shelf")->visitors, ==, 5);
  fixture_tear_down(&fixture);
}

/* Days of the store with 23 and 25 hours, and one in a zone of 5:45: parts of a day and whole ones
 * tell the same. */
static void test_days(void) {
  static const char *const zones[] = {"Europe/Berlin", "Asia/Kathmandu", "America/New_York"};
  for (gsize z = 0; z < G_N_ELEMENTS(zones); z++) {
    Fixture fixture;
    fixture_set_up(&fixture, zones[z]);
    for (guint i = 0; i < 96; i++) /* somebody new each half hour, and one who is always there */
      for (guint32 number = 1; number <= 1 + i; number += MAX(i, 1))
        visit(&fixture, at("2026-03-28T00:00:00Z") + i * 30 * IV_MINUTE, IV_MINUTE, number);
    IvKpiQuery query = ask("2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z", IV_STEP_HOUR);
    g_auto(IvTrafficAnswer) hours = {0}, days = {0};
    ask_traffic(&fixture, &query, &hours);
    query.step = IV_STEP_DAY;
    ask_traffic(&fixture, &query, &days);
    double sum = 0;
    for (guint i = 0; i < days.periods->len; i++) {
      double people = g_array_index(days.periods, IvTraffic, i).visits.visitors;
      sum += isnan(people) ? 0 : people;
    }
    g_assert_cmpfloat(sum, ==, days.total.visits.visitors); /* daily uniques, summed */
    g_assert_cmpfloat(days.total.visits.visitors, ==, hours.total.visits.visitors);
    g_assert_cmpfloat(sum, ==, 95 + 3); /* the one who is always there, on three days */
    fixture_tear_down(&fixture);
  }
}

/* A week of days; the zone `middle` is of another kind, so bands need more zones of one kind. */
static void test_bands_and_dead_zones(void) {
  static const guint visitors[] = {20, 20, 20, 20, 1};
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  for (guint day = 0; day < 8; day++) {
    IvTime t = at("2026-04-01T10:00:00Z") + day * IV_DAY;
    for (guint32 who = 1; who <= 20; who++) {
      IvEvent start = make_store_visit(IV_EVENT_VISIT_STARTED, t + who * IV_SECOND, 0, who);
      start.visitor = iv_visitor_make(20544 + day, who);
      if (day == 3) /* closed */
        break;
      put(&fixture, start);
      for (guint z = 0; z < 5; z++) {
        g_autofree char *id = g_strdup_printf("z%u", z);
        IvEvent stay = make_visit("aisle", id, t, (who <= 3 * z ? 20 : 5) * IV_SECOND, who);
        stay.visitor = start.visitor;
        if (who <= visitors[z])
          put(&fixture, stay);
      }
    }
    IvEvent alive = make_sample("aisle", t, 60);
    put(&fixture, alive);
  }
  IvKpiQuery query = ask("2026-04-08T10:00:00Z", "2026-04-08T10:05:00Z", IV_STEP_DAY);
  query.now = at("2026-04-08T10:01:00Z");
  g_auto(IvZoneAnswer) answer = {0};
  ask_zones(&fixture, &query, &answer);
  g_assert_cmpint(zone(&answer, "z4")->band, ==, IV_BAND_HOT); /* its only one is engaged */
  g_assert_cmpint(zone(&answer, "z3")->band, ==, IV_BAND_HIGH);
  g_assert_cmpint(zone(&answer, "z0")->band, ==, IV_BAND_LOW);
  g_assert_cmpint(zone(&answer, "shelf")->band, ==, IV_BAND_NONE); /* alone of its kind */
  g_assert_cmpint(zone(&answer, "z3")->dead, ==, IV_DEAD_NO);
  g_assert_cmpint(zone(&answer, "z4")->dead, ==, IV_DEAD_YES);
  query.fixed_bands = TRUE;
  g_auto(IvZoneAnswer) fixed = {0};
  ask_zones(&fixture, &query, &fixed);
  g_assert_cmpint(zone(&fixed, "z3")->band, ==, IV_BAND_MEDIUM); /* 9 of 20 */
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/people/footfall", test_footfall);
  g_test_add_func("/people/nobody-known", test_nobody_known);
  g_test_add_func("/people/zone-visitors", test_zone_visitors);
  g_test_add_func("/people/days", test_days);
  g_test_add_func("/people/bands-and-dead-zones", test_bands_and_dead_zones);
  return g_test_run();
}
