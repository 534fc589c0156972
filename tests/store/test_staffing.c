/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of lanes against what can be counted by hand. */
#include <math.h>

#include "kpi/staffing.h"
#include "ledger_fixture.h"
#include "store/kpi_staffing.h"

#define FIRST "2026-05-04T00:00:00Z" /* a Monday */
#define OPENS 9
#define CLOSES 17
#define AN_HOUR 12 /* customers; twice as many at noon */

static guint customers_at(int hour) {
  return hour < OPENS || hour >= CLOSES ? 0 : hour == 12 ? 2 * AN_HOUR : AN_HOUR;
}

static void add_hour(GArray *events, IvTime start, int hour) {
  for (int k = 0; k < 4; k++) {
    IvEvent sample = make_sample("till", start + k * 15 * IV_MINUTE, 900);
    sample.end_ts = sample.ts + 15 * IV_MINUTE;
    iv_event_set_number(&sample, IV_ATTR_SPAN_S, 900);
    iv_event_set_id(&sample, "camera");
    g_array_append_val(events, sample);
  }
  for (guint k = 0; k < customers_at(hour); k++) {
    IvTime ts = start + k * 2 * IV_MINUTE;
    IvEvent service = make_queued(IV_EVENT_QUEUE_SERVICE, "one", ts, IV_MINUTE, k + 1);
    g_array_append_val(events, service);
  }
}

static void live_on(Fixture *fixture, int days) {
  for (int day = 0; day < days; day++) {
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
    for (int hour = 0; hour < 24; hour++)
      add_hour(events, at(FIRST) + day * IV_DAY + hour * IV_HOUR, hour);
    apply(fixture, &g_array_index(events, IvEvent, 0), events->len);
  }
}

static void ask(Fixture *fixture, int days_later, IvStaffingAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = {.store_id = "demo",
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .step = IV_STEP_HOUR,
                      .now = at(FIRST) + days_later * IV_DAY + 20 * IV_MINUTE,
                      .deadline = IV_TIME_NONE};
  IvStaffingWish wish = {2, 60, 0.9};
  iv_kpis_staffing(fixture->store, &query, &wish, ret_answer, &error);
  g_assert_no_error(error);
}

static const IvStaffingPool *pool_of(const IvStaffingAnswer *answer, gboolean pooled) {
  for (guint i = 0; i < answer->pools->len; i++)
    if (g_array_index(answer->pools, IvStaffingPool, i).pooled == pooled)
      return &g_array_index(answer->pools, IvStaffingPool, i);
  g_assert_not_reached();
}

static void test_plan(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  live_on(&fixture, 22);
  g_auto(IvStaffingAnswer) answer = {0};
  ask(&fixture, 22, &answer);
  g_assert_cmpuint(answer.pools->len, ==, 2);
  const IvStaffingPool *lanes = pool_of(&answer, FALSE), *sco = pool_of(&answer, TRUE);
  g_assert_cmpuint(lanes->lanes_total, ==, 1);
  g_assert_cmpuint(sco->lanes_total, ==, 2);
  g_assert_cmpstr(sco->group_id.text, ==, "sco");
  g_assert_true(sco->self_checkout);
  g_assert_cmpfloat(lanes->service_s, ==, 60 + IV_STAFFING_CHANGEOVER_S);
  g_assert_true(isnan(sco->service_s));        /* nobody was served there */
  g_assert_cmpuint(lanes->hours->len, ==, 49); /* from the running one on */

  const IvStaffingHour *night = &g_array_index(lanes->hours, IvStaffingHour, 3);
  const IvStaffingHour *noon = &g_array_index(lanes->hours, IvStaffingHour, 12);
  g_assert_cmpint(noon->period.from, ==, at("2026-05-26T12:00:00Z"));
  g_assert_cmpfloat_with_epsilon(night->arrivals.mean, 0, 0.01);
  g_assert_cmpint(night->lanes, ==, 0);
  g_assert_cmpfloat_with_epsilon(noon->arrivals.mean, 2 * AN_HOUR, 1);
  IvQueueLoad load = {noon->arrivals.mean, 68, 60};
  g_assert_cmpint(noon->lanes, ==, (int)iv_lanes_needed(&load, 0.9, TRUE));
  g_assert_cmpint(noon->lanes_even_split, ==, (int)iv_lanes_needed(&load, 0.9, FALSE));
  g_assert_cmpint(g_array_index(sco->hours, IvStaffingHour, 12).lanes_even_split, ==, -1);
  g_assert_cmpint(noon->lanes, >, 1);
  g_assert_cmpfloat(noon->service_level, >=, 0.9);
  g_assert_cmpfloat(iv_service_level_pooled(&load, (guint)noon->lanes - 1), <, 0.9);
  g_assert_cmpint(g_array_index(sco->hours, IvStaffingHour, 12).lanes, ==, -1);
  fixture_tear_down(&fixture);
}

/* Too little history: nothing is said, not 0. */
static void test_unknown(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  live_on(&fixture, 5);
  g_auto(IvStaffingAnswer) answer = {0};
  ask(&fixture, 5, &answer);
  const IvStaffingPool *lanes = pool_of(&answer, FALSE);
  g_assert_cmpuint(lanes->known_hours, ==, 5 * 24);
  for (guint i = 0; i < lanes->hours->len; i++) {
    const IvStaffingHour *hour = &g_array_index(lanes->hours, IvStaffingHour, i);
    g_assert_true(isnan(hour->arrivals.mean) && isnan(hour->service_level));
    g_assert_cmpint(hour->lanes, ==, -1);
  }
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/staffing/plan", test_plan);
  g_test_add_func("/staffing/unknown", test_unknown);
  return g_test_run();
}
