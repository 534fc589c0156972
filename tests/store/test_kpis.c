/* SPDX-License-Identifier: Apache-2.0 */
/* Figures against what can be counted by hand. */
#include <math.h>

#include "ledger_fixture.h"
#include "store/kpi_forecast.h"

static IvKpiQuery ask(const char *from, const char *to, IvStep step, const char *now) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = from ? at(from) : IV_TIME_NONE,
                      .to = to ? at(to) : IV_TIME_NONE,
                      .step = step,
                      .now = at(now),
                      .deadline = IV_TIME_NONE};
}

static void ask_traffic(Fixture *fixture, const IvKpiQuery *query, IvTrafficAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  iv_kpis_traffic(fixture->store, query, ret_answer, &error);
  g_assert_no_error(error);
}

static const IvTraffic *row(const IvTrafficAnswer *answer, guint i) {
  g_assert_cmpuint(i, <, answer->periods->len);
  return &g_array_index(answer->periods, IvTraffic, i);
}

static void walk_in(Fixture *fixture, const char *time, guint64 who) {
  IvEvent event = make_crossing("door", "in", "in", at(time), who);
  apply(fixture, &event, 1);
}

/* Samples that say the camera was alive in [from, to). */
static void keep_alive(Fixture *fixture, const char *camera, IvTime from, IvTime to) {
  g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (IvTime t = from; t < to; t += IV_MINUTE) {
    IvEvent sample = make_sample(camera, t, 60);
    g_array_append_val(samples, sample);
  }
  apply(fixture, &g_array_index(samples, IvEvent, 0), samples->len);
}

static void test_hours(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  keep_alive(&fixture, "door", at("2026-05-01T08:00:00Z"), at("2026-05-01T10:30:00Z"));
  walk_in(&fixture, "2026-05-01T08:00:00Z", 1);
  walk_in(&fixture, "2026-05-01T08:59:59.999Z", 2);
  walk_in(&fixture, "2026-05-01T10:00:00Z", 3);
  IvEvent back =
      make_turn_back("door", "in", at("2026-05-01T08:59:59.999Z"), at("2026-05-01T09:00:01Z"), 2);
  apply(&fixture, &back, 1);
  IvKpiQuery query =
      ask("2026-05-01T07:00:00Z", "2026-05-01T12:00:00Z", IV_STEP_HOUR, "2026-05-02T00:00:00Z");
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  g_assert_cmpuint(answer.periods->len, ==, 5);
  /* nobody looked: not 0 */
  g_assert_true(isnan(row(&answer, 0)->footfall));
  g_assert_cmpfloat(row(&answer, 0)->coverage, ==, 0);
  g_assert_cmpfloat(row(&answer, 1)->in, ==, 2);
  g_assert_cmpfloat(row(&answer, 1)->footfall, ==, 1);
  g_assert_cmpfloat(row(&answer, 1)->turn_backs, ==, 1);
  g_assert_cmpfloat(row(&answer, 1)->coverage, ==, 1);
  g_assert_cmpfloat(row(&answer, 2)->in, ==, 0);
  g_assert_cmpfloat(row(&answer, 2)->out, ==, 1);
  g_assert_cmpfloat(row(&answer, 3)->in, ==, 1);
  g_assert_cmpfloat(row(&answer, 3)->coverage, ==, 0.5);
  g_assert_false(row(&answer, 3)->provisional);
  g_assert_true(isnan(row(&answer, 4)->in));
  g_assert_cmpfloat(answer.total.in, ==, 3);
  g_assert_cmpfloat(answer.total.footfall, ==, 2);
  g_assert_cmpfloat(answer.total.coverage, ==, 0.5);
  g_assert_null(answer.peak_hours); /* three hours are too few to tell */
  fixture_tear_down(&fixture);
}

/* A day with the clocks set forward has 23 hours, the one with them set back 25; what is counted in
 * the hour that comes twice stays in its own half. */
static void test_dst_days(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "Europe/Berlin");
  keep_alive(&fixture, "door", at("2026-10-24T22:00:00Z"), at("2026-10-24T22:05:00Z"));
  walk_in(&fixture, "2026-10-24T21:59:59Z", 1); /* the day before */
  walk_in(&fixture, "2026-10-24T22:00:00Z", 2);
  walk_in(&fixture, "2026-10-25T00:30:00Z", 3); /* 02:30 summer time */
  walk_in(&fixture, "2026-10-25T01:30:00Z", 4); /* 02:30 winter time */
  walk_in(&fixture, "2026-10-25T22:59:59Z", 5);
  walk_in(&fixture, "2026-10-25T23:00:00Z", 6); /* the day after */
  IvKpiQuery query = ask(NULL, NULL, IV_STEP_HOUR, "2026-10-25T12:00:00Z");
  g_auto(IvTrafficAnswer) hours = {0};
  ask_traffic(&fixture, &query, &hours);
  g_assert_cmpuint(hours.periods->len, ==, 25);
  g_assert_cmpfloat(hours.total.in, ==, 4);
  g_assert_cmpfloat(row(&hours, 2)->in, ==, 1);
  g_assert_cmpfloat(row(&hours, 3)->in, ==, 1);
  g_assert_cmpfloat(row(&hours, 24)->in, ==, 1);
  query = ask("2026-10-24T10:00:00Z", "2026-10-26T10:00:00Z", IV_STEP_DAY, "2026-10-27T12:00:00Z");
  g_auto(IvTrafficAnswer) days = {0};
  ask_traffic(&fixture, &query, &days);
  g_assert_cmpuint(days.periods->len, ==, 3);
  g_assert_cmpfloat(row(&days, 0)->in, ==, 1);
  g_assert_cmpfloat(row(&days, 1)->in, ==, 4);
  g_assert_cmpint(row(&days, 1)->period.to - row(&days, 1)->period.from, ==, 25 * IV_HOUR);
  g_assert_cmpfloat(row(&days, 2)->in, ==, 1);
  g_assert_cmpint(
      ask_int(fixture.store, "SELECT footfall FROM daily_kpis WHERE day = '2026-10-25'"), ==, 4);
  fixture_tear_down(&fixture);
}

static void test_offsets(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "Asia/Kathmandu"); /* +05:45 */
  walk_in(&fixture, "2026-06-01T18:14:59Z", 1);
  walk_in(&fixture, "2026-06-01T18:15:00Z", 2); /* midnight there */
  walk_in(&fixture, "2026-06-01T19:14:59Z", 3);
  walk_in(&fixture, "2026-06-01T19:15:00Z", 4);
  IvKpiQuery query = ask(NULL, NULL, IV_STEP_HOUR, "2026-06-01T19:30:00Z");
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  g_assert_cmpint(answer.range.from, ==, at("2026-06-01T18:15:00Z"));
  g_assert_cmpuint(answer.periods->len, ==, 24);
  g_assert_cmpfloat(answer.total.in, ==, 3);
  g_assert_cmpfloat(row(&answer, 0)->in, ==, 2);
  g_assert_cmpfloat(row(&answer, 1)->in, ==, 1);
  g_assert_cmpstr(answer.time_zone, ==, "Asia/Kathmandu");
  fixture_tear_down(&fixture);
}

/* The sums of 5 minutes, hours and days are the same, in every zone. */
static void test_steps_agree(void) {
  static const char *const zones[] = {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"};
  g_autoptr(GArray) day = make_day(at("2026-03-28T12:00:00Z"), 9);
  for (gsize z = 0; z < G_N_ELEMENTS(zones); z++) {
    Fixture fixture;
    fixture_set_up(&fixture, zones[z]);
    apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
    for (int step = 0; step < IV_STEPS; step++) {
      IvKpiQuery query =
          ask("2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z", (IvStep)step, "2026-04-01T00:00:00Z");
      g_auto(IvTrafficAnswer) answer = {0};
      double in = 0, footfall = 0;
      ask_traffic(&fixture, &query, &answer);
      for (guint i = 0; i < answer.periods->len; i++) {
        in += isnan(row(&answer, i)->in) ? 0 : row(&answer, i)->in;
        footfall += isnan(row(&answer, i)->footfall) ? 0 : row(&answer, i)->footfall;
      }
      g_assert_cmpfloat(in, ==, 200);
      g_assert_cmpfloat(in, ==, answer.total.in);
      g_assert_cmpfloat(footfall, ==, answer.total.footfall);
      g_assert_cmpfloat(footfall, ==,
                        200 - 22 - 15 - 20); /* turned back (told by whom), came again */
    }
    fixture_tear_down(&fixture);
  }
}

static void test_live_marks(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime now = at("2026-05-01T10:07:30Z");
  IvKpiQuery query = ask(NULL, NULL, IV_STEP_HOUR, "2026-05-01T10:07:30Z");
  g_auto(IvTrafficAnswer) nothing = {0};
  ask_traffic(&fixture, &query, &nothing);
  g_assert_true(isnan(nothing.total.footfall)); /* no camera was ever there */
  /* the camera has just come online: nobody came so far is something we know */
  IvEvent online = make_state("door", "online", now - 10 * IV_SECOND);
  apply(&fixture, &online, 1);
  g_auto(IvTrafficAnswer) first = {0};
  ask_traffic(&fixture, &query, &first);
  g_assert_cmpfloat(first.total.footfall, ==, 0);
  g_assert_cmpfloat(row(&first, 10)->in, ==, 0);
  g_assert_true(isnan(row(&first, 9)->in));
  g_assert_true(isnan(row(&first, 11)->in)); /* not yet */
  g_assert_true(isnan(row(&first, 11)->coverage));
  /* alive since 10:00, told until 10:07: all of the hour so far */
  keep_alive(&fixture, "door", at("2026-05-01T10:00:00Z"), at("2026-05-01T10:07:00Z"));
  g_auto(IvTrafficAnswer) second = {0};
  ask_traffic(&fixture, &query, &second);
  g_assert_cmpfloat(row(&second, 10)->coverage, ==, 1);
  g_assert_true(row(&second, 10)->provisional);
  g_assert_true(row(&second, 9)->provisional); /* it ended less than 15 minutes ago */
  g_assert_false(row(&second, 8)->provisional);
  g_auto(IvDayToDate) day = {0};
  iv_kpis_day_to_date(fixture.store, "demo", now, IV_TIME_NONE, &day, &error);
  g_assert_no_error(error);
  g_assert_cmpint(day.day_start, ==, at("2026-05-01T00:00:00Z"));
  g_assert_cmpfloat(day.today.footfall, ==, 0);
  g_assert_cmpint(day.today.period.to, ==, now);
  g_assert_true(day.today.provisional);
  g_assert_cmpfloat(fabs(day.today.coverage - 7.0 / (10 * 60 + 7)), <, 1e-9);
  g_assert_cmpuint(day.lines->len, ==, 3);
  /* it went away long ago: what was counted stays, and 0 is not told for later */
  query.now = at("2026-05-01T11:30:00Z");
  IvEvent offline = make_state("door", "offline", at("2026-05-01T10:08:00Z"));
  apply(&fixture, &offline, 1);
  g_auto(IvTrafficAnswer) gone = {0};
  ask_traffic(&fixture, &query, &gone);
  g_assert_true(isnan(row(&gone, 11)->in));
  g_assert_cmpfloat(row(&gone, 11)->coverage, ==, 0);
  g_assert_cmpfloat(fabs(row(&gone, 10)->coverage - 7.0 / 60), <, 1e-9);
  fixture_tear_down(&fixture);
}

static void test_capture_rate(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  walk_in(&fixture, "2026-05-01T10:00:00Z", 1);
  for (guint64 who = 10; who < 13; who++) {
    IvEvent event = make_passed_by("door", "street", at("2026-05-01T10:01:00Z"), who);
    apply(&fixture, &event, 1);
  }
  IvEvent inside = make_crossing("aisle", "cut", "in", at("2026-05-01T10:02:00Z"), 4);
  apply(&fixture, &inside, 1);
  IvKpiQuery query =
      ask("2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z", IV_STEP_HOUR, "2026-05-02T00:00:00Z");
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  g_assert_cmpfloat(answer.total.in, ==, 1);
  g_assert_cmpfloat(answer.total.pass_bys, ==, 3);
  g_assert_cmpfloat(answer.total.capture_rate, ==, 0.25);
  g_assert_true(isnan(row(&answer, 1)->capture_rate));
  const IvLineTraffic *lines = &g_array_index(answer.lines, IvLineTraffic, 0);
  g_assert_cmpuint(answer.lines->len, ==, 3);
  g_assert_cmpstr(lines[0].line_id.text, ==, "in");
  g_assert_cmpstr(lines[0].name, ==, "Door");
  g_assert_cmpint(lines[0].in, ==, 1);
  g_assert_cmpint(lines[1].kind, ==, IV_LINE_PASS_BY);
  g_assert_cmpint(lines[1].pass_bys, ==, 3);
  g_assert_cmpstr(lines[2].camera_id.text, ==, "aisle");
  g_assert_cmpint(lines[2].in, ==, 1);
  fixture_tear_down(&fixture);
}

/* A store whose door has no pass-by line: the rate can't be known. */
static void test_no_pass_by_line(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(IvScene) scene = iv_scenes_get(fixture.store, "demo", "door", 0, IV_TIME_NONE, &error);
  scene->n_lines = 1;
  IvScenePut put = {.store_id = "demo",
                    .camera_id = "door",
                    .scene = scene,
                    .expected_version = 1,
                    .author = "mia",
                    .now = at("2026-05-01T00:00:00Z")};
  g_autoptr(IvScene) after = iv_scenes_put(fixture.store, &put, &error);
  g_assert_no_error(error);
  g_assert_cmpint(after->version, ==, 2);
  IvEvent event = make_crossing("door", "in", "in", at("2026-05-01T10:00:00Z"), 1);
  event.scene_version = 2;
  iv_event_set_id(&event, "camera");
  apply(&fixture, &event, 1);
  IvKpiQuery query =
      ask("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", IV_STEP_DAY, "2026-05-03T00:00:00Z");
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  g_assert_cmpfloat(answer.total.in, ==, 1);
  g_assert_true(isnan(answer.total.pass_bys));
  g_assert_true(isnan(answer.total.capture_rate));
  g_assert_cmpuint(answer.lines->len, ==, 2); /* the street line is gone */
  fixture_tear_down(&fixture);
}

static void test_peak_hours(void) {
  Fixture fixture;
  guint64 who = 0;
  fixture_set_up(&fixture, "UTC");
  keep_alive(&fixture, "door", at("2026-05-01T08:00:00Z"), at("2026-05-01T20:00:00Z"));
  for (guint hour = 8; hour < 20; hour++)
    for (guint i = 0; i < (hour == 17 ? 9 : hour % 4); i++) {
      IvEvent event = make_crossing(
          "door", "in", "in", at("2026-05-01T00:00:00Z") + hour * IV_HOUR + i * IV_MINUTE, ++who);
      apply(&fixture, &event, 1);
    }
  IvKpiQuery query = ask(NULL, NULL, IV_STEP_HOUR, "2026-05-01T22:00:00Z");
  g_auto(IvTrafficAnswer) answer = {0};
  ask_traffic(&fixture, &query, &answer);
  g_assert_nonnull(answer.peak_hours);
  g_assert_cmpuint(answer.peak_hours->len, ==, 1);
  g_assert_cmpint(g_array_index(answer.peak_hours, IvPeriod, 0).from, ==,
                  at("2026-05-01T17:00:00Z"));
  fixture_tear_down(&fixture);
}

static const IvZoneFigures *zone(const IvZoneAnswer *answer, const char *id) {
  for (guint i = 0; i < answer->zones->len; i++)
    if (strcmp(g_array_index(answer->zones, IvZoneFigures, i).zone_id.text, id) == 0)
      return &g_array_index(answer->zones, IvZoneFigures, i);
  g_error("no zone %s", id);
}

static void ask_zones(Fixture *fixture, const char *from, const char *to, const char *now,
                      IvZoneAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = ask(from, to, IV_STEP_HOUR, now);
  iv_kpis_zones(fixture->store, &query, ret_answer, &error);
  g_assert_no_error(error);
}

static void test_zones(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvZoneAnswer) nothing = {0};
  ask_zones(&fixture, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2026-05-03T00:00:00Z",
            &nothing);
  g_assert_cmpuint(nothing.zones->len, ==, 2);
  g_assert_true(isnan(zone(&nothing, "shelf")->visitors));
  IvTime t = at("2026-05-01T10:00:00Z");
  keep_alive(&fixture, "aisle", t, t + IV_HOUR);
  IvEvent visits[] = {
      make_visit("aisle", "shelf", t, 1 * IV_SECOND, 1), /* too short to be one */
      make_visit("aisle", "shelf", t + IV_SECOND, 10 * IV_SECOND, 2),
      make_visit("aisle", "shelf", t + 2 * IV_SECOND, 20 * IV_SECOND, 3),
      make_visit("aisle", "shelf", t + 3 * IV_SECOND, 60 * IV_SECOND, 4),
      make_visit("till", "shelf", t + 5 * IV_SECOND, 4 * IV_SECOND, 1),
  };
  apply(&fixture, visits, G_N_ELEMENTS(visits));
  g_auto(IvZoneAnswer) answer = {0};
  ask_zones(&fixture, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-03T00:00:00Z",
            &answer);
  const IvZoneFigures *shelf = zone(&answer, "shelf");
  g_assert_cmpfloat(shelf->visitors, ==, 4);
  g_assert_cmpfloat(shelf->engaged_share, ==, 0.5);
  g_assert_cmpfloat(shelf->dwell_mean_s, ==, 94 / 4.0);
  g_assert_cmpfloat(fabs(shelf->dwell_median_s - 10), <=, 0.08);
  g_assert_cmpfloat(fabs(shelf->dwell_p90_s - 60), <=, 0.5);
  g_assert_cmpfloat(shelf->peak_occupancy, ==, 3);
  g_assert_cmpuint(shelf->n_cameras, ==, 2);
  g_assert_cmpstr(shelf->name, ==, "Shelf");
  g_assert_cmpint(shelf->kind, ==, IV_ZONE_PRODUCT);
  g_assert_cmpfloat(shelf->coverage, ==, 0.5); /* one of its two cameras */
  g_assert_false(shelf->provisional);
  const IvZoneFigures *middle = zone(&answer, "middle");
  g_assert_cmpfloat(middle->visitors, ==, 0); /* its camera was alive */
  g_assert_true(isnan(middle->dwell_mean_s));
  g_assert_true(isnan(middle->engaged_share));
  g_assert_cmpfloat(middle->coverage, ==, 1);
  fixture_tear_down(&fixture);
}

/* A stay counts where it began; who is there shows in every bucket. */
static void test_long_stay(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvEvent visit = make_visit("aisle", "middle", at("2026-05-01T10:50:00Z"), 30 * IV_MINUTE, 1);
  apply(&fixture, &visit, 1);
  g_auto(IvZoneAnswer) first = {0}, second = {0};
  ask_zones(&fixture, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-03T00:00:00Z",
            &first);
  ask_zones(&fixture, "2026-05-01T11:00:00Z", "2026-05-01T12:00:00Z", "2026-05-03T00:00:00Z",
            &second);
  g_assert_cmpfloat(zone(&first, "middle")->visitors, ==, 1);
  g_assert_cmpfloat(zone(&first, "middle")->dwell_mean_s, ==, 1800);
  g_assert_cmpfloat(zone(&second, "middle")->visitors, ==, 0);
  g_assert_cmpfloat(zone(&second, "middle")->peak_occupancy, ==, 1);
  fixture_tear_down(&fixture);
}

static void test_open_visits(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at("2026-05-01T10:00:00Z");
  IvEvent started[] = {make_started("aisle", "middle", t, 1),
                       make_started("aisle", "middle", t, 2)};
  apply(&fixture, started, 2);
  g_auto(IvZoneAnswer) open = {0}, closed = {0}, forgotten = {0};
  ask_zones(&fixture, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-01T12:00:00Z",
            &open);
  g_assert_cmpuint(zone(&open, "middle")->open_visits, ==, 2);
  g_assert_true(zone(&open, "middle")->provisional);
  IvEvent ended[] = {make_visit("aisle", "middle", t, IV_HOUR, 1),
                     make_visit("aisle", "middle", t, IV_HOUR, 2)};
  apply(&fixture, ended, 2);
  ask_zones(&fixture, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-01T12:00:00Z",
            &closed);
  g_assert_cmpuint(zone(&closed, "middle")->open_visits, ==, 0);
  g_assert_false(zone(&closed, "middle")->provisional);
  /* one that was never ended does not make a bucket provisional for ever */
  IvEvent lost = make_started("aisle", "middle", t + IV_MINUTE, 3);
  apply(&fixture, &lost, 1);
  ask_zones(&fixture, "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-02T12:00:00Z",
            &forgotten);
  g_assert_false(zone(&forgotten, "middle")->provisional);
  fixture_tear_down(&fixture);
}

static void refuse(Fixture *fixture, IvKpiQuery query, IvStoreError code) {
  g_autoptr(GError) error = NULL;
  IvTrafficAnswer answer;
  g_assert_false(iv_kpis_traffic(fixture->store, &query, &answer, &error));
  g_assert_error(error, IV_STORE_ERROR, (gint)code);
}

static void test_bounds(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  IvTrafficAnswer answer;
  fixture_set_up(&fixture, "UTC");
  const char *now = "2026-05-01T12:00:00Z";
  refuse(&fixture, ask("2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z", IV_STEP_DAY, now),
         IV_STORE_ERROR_INVALID);
  refuse(&fixture, ask("2026-05-02T00:00:00Z", NULL, IV_STEP_DAY, now), IV_STORE_ERROR_INVALID);
  refuse(&fixture, ask("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", IV_STEP_5MIN, now),
         IV_STORE_ERROR_LIMIT);
  refuse(&fixture, ask("1970-01-01T00:00:00Z", "2026-03-01T00:00:00Z", IV_STEP_DAY, now),
         IV_STORE_ERROR_LIMIT);
  IvKpiQuery query = ask(NULL, NULL, IV_STEP_DAY, now);
  query.store_id = "elsewhere";
  refuse(&fixture, query, IV_STORE_ERROR_NOT_FOUND);
  query = ask(NULL, NULL, IV_STEP_DAY, now);
  query.deadline = 1; /* long ago */
  g_assert_false(iv_kpis_traffic(fixture.store, &query, &answer, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_DEADLINE);
  fixture_tear_down(&fixture);
}

/* ---- forecast ---- */

static IvForecastAnswer foretell(Fixture *fixture, const char *now, guint days) {
  IvForecastAnswer answer = {0};
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = {.store_id = "demo", .now = at(now), .deadline = IV_TIME_NONE};
  iv_kpis_forecast(fixture->store, &query, days, &answer, &error);
  g_assert_no_error(error);
  return answer;
}

static int slot_hour(GTimeZone *zone, IvTime t) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(t / IV_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  return g_date_time_get_hour(local);
}

/* Four weeks over the change of the clocks: three people from 10 to 11 of the store's time, six on
 * Saturdays, nobody else. */
static void fill_weeks(Fixture *fixture, IvTime from, guint days) {
  g_autoptr(GTimeZone) zone = iv_calendar_zone("Europe/Berlin");
  guint64 who = 0;
  for (guint day = 0; day < days; day++) {
    IvTime noon = iv_calendar_day_start(zone, from + day * IV_DAY + 2 * IV_HOUR) + 12 * IV_HOUR;
    IvTime ten = iv_calendar_hour_start(zone, noon);
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
    while (slot_hour(zone, ten) != 10)
      ten = iv_calendar_hour_start(zone, ten - IV_MINUTE);
    for (guint i = 0; i < (day % 7 == 2 ? 6u : 3u); i++) { /* begins on a Thursday */
      IvEvent event = make_crossing("door", "in", "in", ten + i * IV_MINUTE, ++who);
      g_array_append_val(events, event);
    }
    apply(fixture, &g_array_index(events, IvEvent, 0), events->len);
  }
  keep_alive(fixture, "door", from, from + days * IV_DAY + IV_HOUR);
}

static void test_forecast(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "Europe/Berlin");
  fill_weeks(&fixture, at("2026-10-07T22:00:00Z"), 28); /* until the night of November 4, 5 */
  g_auto(IvForecastAnswer) answer = foretell(&fixture, "2026-11-04T23:05:00Z", 7);
  /* The hour that has just ended is provisional, so the past ends before it; it is not shown. */
  g_assert_cmpint(answer.range.from, ==, at("2026-11-04T23:00:00Z"));
  g_assert_cmpint(answer.range.to, ==, at("2026-11-12T00:00:00Z"));
  g_assert_cmpuint(answer.known_hours, >, 27 * 24);
  g_autoptr(GTimeZone) zone = iv_calendar_zone("Europe/Berlin");
  for (guint i = 0; i < answer.hours->len; i++) {
    const IvForecastHour *hour = &g_array_index(answer.hours, IvForecastHour, i);
    gboolean ten = slot_hour(zone, hour->period.from) == 10;
    gboolean saturday = hour->period.from >= at("2026-11-06T23:00:00Z") &&
                        hour->period.from < at("2026-11-07T23:00:00Z");
    g_assert_cmpfloat(fabs(hour->footfall.mean - (!ten ? 0 : saturday ? 6 : 3)), <, 0.1);
  }
  fixture_tear_down(&fixture);
}

static void test_forecast_of_a_new_store(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "Asia/Kathmandu");
  keep_alive(&fixture, "door", at("2026-06-01T00:00:00Z"), at("2026-06-03T00:00:00Z"));
  g_auto(IvForecastAnswer) answer = foretell(&fixture, "2026-06-03T00:00:00Z", 1);
  g_assert_cmpuint(answer.known_hours, >, 40);
  g_assert_cmpuint(answer.hours->len, >=, 24);
  for (guint i = 0; i < answer.hours->len; i++)
    g_assert_true(isnan(g_array_index(answer.hours, IvForecastHour, i).footfall.mean));
  g_assert_true(isnan(answer.quality.wape));
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpis/hours", test_hours);
  g_test_add_func("/kpis/dst_days", test_dst_days);
  g_test_add_func("/kpis/offsets", test_offsets);
  g_test_add_func("/kpis/steps_agree", test_steps_agree);
  g_test_add_func("/kpis/live_marks", test_live_marks);
  g_test_add_func("/kpis/capture_rate", test_capture_rate);
  g_test_add_func("/kpis/no_pass_by_line", test_no_pass_by_line);
  g_test_add_func("/kpis/peak_hours", test_peak_hours);
  g_test_add_func("/kpis/zones", test_zones);
  g_test_add_func("/kpis/long_stay", test_long_stay);
  g_test_add_func("/kpis/open_visits", test_open_visits);
  g_test_add_func("/kpis/bounds", test_bounds);
  g_test_add_func("/kpis/forecast", test_forecast);
  g_test_add_func("/kpis/forecast-of-a-new-store", test_forecast_of_a_new_store);
  return g_test_run();
}
