/* SPDX-License-Identifier: Apache-2.0 */
/* Groups and capacities through the ledger, against what can be counted by hand. */
#include <math.h>

#include "ledger_fixture.h"
#include "sql/sql.h"
#include "store/kpi_compare.h"
#include "store/scenes.h"

#define DAY "2026-03-30T"

static IvKpiQuery ask(IvStep step) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = at(DAY "00:00:00Z"),
                      .to = at("2026-03-31T00:00:00Z"),
                      .step = step,
                      .now = at("2026-12-31T00:00:00Z"),
                      .deadline = IV_TIME_NONE};
}

static void put(Fixture *fixture, IvEvent event) {
  apply(fixture, &event, 1);
}

/* `size` people come in, half a second after each other. */
static void come_together(Fixture *fixture, IvTime ts, guint size, guint64 tracklet) {
  g_autoptr(GString) crossings = g_string_new("0");
  for (guint i = 0; i < size; i++) {
    put(fixture, make_crossing("door", "in", "in", ts + i * IV_SECOND / 2, tracklet + i));
    if (i > 0)
      g_string_append_printf(crossings, " %u", i * 500);
  }
  if (size > 1)
    put(fixture, make_group("door", "in", ts, ts + (size - 1) * IV_SECOND / 2, size, crossings->str,
                            tracklet));
}

static void ask_traffic(Fixture *fixture, IvStep step, IvTrafficAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = ask(step);
  iv_kpis_traffic(fixture->store, &query, ret_answer, &error);
  g_assert_no_error(error);
}

static void test_groups(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "10:00:00Z");
  come_together(&fixture, t, 1, 10);
  come_together(&fixture, t + IV_MINUTE, 2, 20);
  come_together(&fixture, at(DAY "10:59:59Z"), 5, 30); /* over the end of the hour */
  come_together(&fixture, t + 90 * IV_MINUTE, 1, 40);
  put(&fixture,
      make_turn_back("door", "in", t + 90 * IV_MINUTE, t + 90 * IV_MINUTE + IV_SECOND, 40));
  come_together(&fixture, t + 91 * IV_MINUTE, 1, 50);
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, IV_STEP_HOUR, &answer);
  const IvGroupFigures *day = &answer.total.groups,
                       *ten = &g_array_index(answer.periods, IvTraffic, 10).groups,
                       *eleven = &g_array_index(answer.periods, IvTraffic, 11).groups;
  g_assert_cmpfloat(day->groups, ==, 4); /* two alone, a pair, one of five */
  g_assert_cmpfloat(day->mean_size, ==, 9. / 4);
  g_assert_cmpfloat(day->by_size[0], ==, 2);
  g_assert_cmpfloat(day->by_size[1], ==, 1);
  g_assert_cmpfloat(day->by_size[4], ==, 1);
  g_assert_cmpfloat(ten->groups, ==, 3);
  g_assert_cmpfloat(eleven->groups, ==, 1); /* not the late ones of the five, nor who turned back */
  fixture_tear_down(&fixture);
}

/* Again is as good as once. */
static void test_twice(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  for (int i = 0; i < 2; i++)
    come_together(&fixture, at(DAY "10:00:00Z"), 3, 10);
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, IV_STEP_DAY, &answer);
  g_assert_cmpfloat(answer.total.groups.groups, ==, 1);
  g_assert_cmpfloat(answer.total.groups.mean_size, ==, 3);
  fixture_tear_down(&fixture);
}

static void run_sql(Fixture *fixture, const char *script) {
  g_autoptr(GError) error = NULL;
  fixture_close(fixture);
  IvSql *sql = iv_sql_open(fixture->path, IV_SQL_WRITE, &error);
  g_assert_no_error(error);
  iv_sql_script(sql, script, &error);
  g_assert_no_error(error);
  iv_sql_close(sql);
  fixture_reopen(fixture);
}

/* What an older program counted told of no groups: nobody knows who came alone. */
static void test_not_told_yet(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  come_together(&fixture, at(DAY "10:00:00Z"), 1, 10);
  come_together(&fixture, at(DAY "14:00:00Z"), 2, 20);
  g_autofree char *script =
      g_strdup_printf("UPDATE stores SET groups_from = %" G_GINT64_FORMAT ";", at(DAY "12:00:00Z"));
  run_sql(&fixture, script);
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, IV_STEP_HOUR, &answer);
  g_assert_cmpfloat(answer.total.in, ==, 3);
  g_assert_true(isnan(answer.total.groups.groups));
  g_assert_true(isnan(g_array_index(answer.periods, IvTraffic, 10).groups.groups));
  g_assert_cmpfloat(g_array_index(answer.periods, IvTraffic, 14).groups.groups, ==, 1);
  fixture_tear_down(&fixture);
}

static void set_capacity(Fixture *fixture, const char *camera, guint capacity) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) scene = iv_scenes_get(fixture->store, "demo", camera, 0, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < scene->n_zones; i++)
    scene->zones[i].capacity = capacity;
  IvScenePut put = {.store_id = "demo",
                    .camera_id = camera,
                    .scene = scene,
                    .expected_version = -1,
                    .author = "test",
                    .now = at(DAY "09:00:00Z")};
  g_autoptr(IvScene) stored = iv_scenes_put(fixture->store, &put, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(stored->zones[0].capacity, ==, capacity);
  g_autoptr(IvScene) again = iv_scenes_get(fixture->store, "demo", camera, 0, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(again->zones[0].capacity, ==, capacity);
}

static void test_capacity(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "10:00:00Z");
  set_capacity(&fixture, "aisle", 4);
  for (guint64 i = 0; i < 3; i++)
    put(&fixture, make_visit("aisle", "shelf", t + (IvTime)i * IV_SECOND, IV_MINUTE, i + 1));
  IvKpiQuery query = ask(IV_STEP_DAY);
  g_auto(IvZoneAnswer) zones = {0};
  iv_kpis_zones(fixture.store, &query, &zones, &error);
  g_assert_no_error(error);
  guint found = 0;
  for (guint i = 0; i < zones.zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(zones.zones, IvZoneFigures, i);
    if (strcmp(zone->zone_id.text, "shelf") != 0)
      continue;
    found++;
    g_assert_cmpuint(zone->capacity, ==, 4);
    g_assert_cmpfloat(zone->peak_occupancy, ==, 3);
    g_assert_cmpfloat(zone->peak_share, ==, 0.75);
    g_assert_cmpfloat(zone->over_capacity_s, ==, 0);
  }
  g_assert_cmpuint(found, ==, 1);
  fixture_tear_down(&fixture);
}

static const IvZoneFigures *shelf_of(const IvZoneAnswer *answer) {
  for (guint i = 0; i < answer->zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(answer->zones, IvZoneFigures, i);
    if (strcmp(zone->zone_id.text, "shelf") == 0)
      return zone;
  }
  g_error("no shelf");
}

/* Shared out by time, over the ends of hours; of two cameras the one that saw more of it. */
static void test_too_full(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "10:00:00Z");
  IvKpiQuery query = ask(IV_STEP_HOUR), whole = ask(IV_STEP_DAY);
  g_auto(IvZoneAnswer) before = {0}, after = {0};
  iv_kpis_zones(fixture.store, &whole, &before, &error);
  g_assert_no_error(error);
  g_assert_true(isnan(shelf_of(&before)->over_capacity_s)); /* no capacity is drawn */
  for (int i = 0; i < 2; i++) {                             /* the second time is none */
    put(&fixture, make_crowd("aisle", "shelf", t + 50 * IV_MINUTE + 900, 130 * IV_MINUTE + 300));
    put(&fixture, make_crowd("aisle", "shelf", t + 5 * IV_HOUR, 20 * IV_SECOND));
    put(&fixture, make_crowd("till", "shelf", t + IV_HOUR, 30 * IV_MINUTE));
    put(&fixture, make_crowd("till", "shelf", t + 5 * IV_HOUR, IV_MINUTE));
  }
  iv_kpis_zones(fixture.store, &whole, &after, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(shelf_of(&after)->over_capacity_s, ==, 130 * 60 + 20.001);
  g_autoptr(GPtrArray) hours = iv_kpis_zone_periods(fixture.store, &query, &error);
  g_assert_no_error(error);
  static const double expected[] = {600, 3600, 3600, 0.001, 0, 60};
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    const IvZoneFigures *shelf = shelf_of(hours->pdata[10 + i]);
    if (expected[i] > 0)
      g_assert_cmpfloat(shelf->over_capacity_s, ==, expected[i]);
    else
      g_assert_true(isnan(shelf->over_capacity_s));
  }
  fixture_tear_down(&fixture);
}

/* What an older program stored of it is counted when the database is migrated, as a recount would.
 */
static void test_too_full_before(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  IvTime t = at(DAY "00:00:00Z");
  fixture_set_up(&fixture, "Asia/Kathmandu");
  for (IvTime day = t; day < t + 2 * IV_DAY; day += IV_DAY) {
    g_autoptr(GArray) events = make_day(day, 3);
    apply(&fixture, &g_array_index(events, IvEvent, 0), events->len);
  }
  iv_ledger_recount(fixture.book, "demo", t - IV_DAY, t + 4 * IV_DAY, &error);
  g_assert_no_error(error);
  g_autofree char *counted = dump_tables(fixture.store);
  gint64 until = ask_int(fixture.store, "SELECT hours_until FROM stores");
  g_assert_cmpint(until, >, 0);
#define OVER " DROP COLUMN over_capacity_ms;"
  run_sql(&fixture,
          "ALTER TABLE kpi_5min_zone" OVER "ALTER TABLE kpi_hour_zone" OVER
          "ALTER TABLE kpi_day_zone" OVER "DROP TABLE plan_sights; DROP TABLE camera_setups;"
          "ALTER TABLE scene_zones DROP COLUMN innermost; DROP INDEX lane_services_by_visitor;"
          "ALTER TABLE lane_services DROP COLUMN visitor; DROP TABLE visitor_stays;"
          "DROP TABLE journey_paths; DROP TABLE customer_visits; DROP TABLE kpi_hour_journeys;"
          "DROP TABLE kpi_day_steps; DROP TABLE kpi_day_paths;"
          "DROP TABLE paths; DROP TABLE replays; DROP TABLE count_audit_marks;"
          "DROP TABLE count_audit_intervals; DROP TABLE count_audits;"
          "DROP TABLE archives; DROP TABLE archive_files; DROP TABLE exports; DROP TABLE evidence;"
          "DROP TABLE snapshot_holds; DROP TABLE snapshots;"
          "DROP TABLE segment_holds; DROP TABLE segments; DROP TABLE recording_folders;"
          "DELETE FROM migrations WHERE number > 10;");
  g_autofree char *migrated = dump_tables(fixture.store);
  assert_same_dump(counted, migrated);
  g_assert_cmpint(ask_int(fixture.store, "SELECT hours_until FROM stores"), ==, until);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(over_capacity_ms) FROM kpi_hour_zone"), ==,
                  ask_int(fixture.store, "SELECT sum(over_capacity_ms) FROM kpi_5min_zone "
                                         "WHERE bucket < (SELECT hours_until FROM stores)"));
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/groups/counted", test_groups);
  g_test_add_func("/store/groups/twice", test_twice);
  g_test_add_func("/store/groups/not-told-yet", test_not_told_yet);
  g_test_add_func("/store/groups/capacity", test_capacity);
  g_test_add_func("/store/groups/too-full", test_too_full);
  g_test_add_func("/store/groups/too-full-before", test_too_full_before);
  return g_test_run();
}
