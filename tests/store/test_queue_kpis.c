/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of queues and lanes against what can be counted by hand. */
#include <math.h>

#include "ledger_fixture.h"

#define DAY "2026-05-01T"

static void ask(Fixture *fixture, const char *from, const char *to, IvStep step, const char *now,
                IvQueueAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = {.store_id = "demo",
                      .from = at(from),
                      .to = at(to),
                      .step = step,
                      .now = at(now),
                      .deadline = IV_TIME_NONE};
  iv_kpis_queues(fixture->store, &query, ret_answer, &error);
  g_assert_no_error(error);
}

static const IvQueueRow *row(const IvQueueAnswer *answer, const char *id) {
  for (guint i = 0; i < answer->rows->len; i++)
    if (strcmp(g_array_index(answer->rows, IvQueueRow, i).lane_id.text, id) == 0)
      return &g_array_index(answer->rows, IvQueueRow, i);
  g_assert_not_reached();
}

static void put(Fixture *fixture, IvEvent event) {
  g_assert_cmpuint(apply(fixture, &event, 1), ==, 1);
}

static void queue_up(Fixture *fixture, const char *queue, const char *lane, const char *time,
                     int wait_s, int service_s, guint64 who) {
  IvTime t = at(time);
  put(fixture, make_queued(IV_EVENT_QUEUE_JOINED, queue, t, 0, who));
  put(fixture, make_queued(IV_EVENT_QUEUE_WAIT, queue, t, wait_s * IV_SECOND, who));
  put(fixture, make_queued(IV_EVENT_QUEUE_SERVICE, lane, t + wait_s * IV_SECOND,
                           service_s * IV_SECOND, who));
}

static void keep_alive(Fixture *fixture, IvTime from, IvTime to) {
  for (IvTime t = from; t < to; t += IV_MINUTE)
    put(fixture, make_sample("till", t, 60));
}

/* Nothing is known of lanes that no camera has looked at; of what stood still all is 0. */
static void test_nothing(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  keep_alive(&fixture, at(DAY "09:00:00Z"), at(DAY "10:00:00Z"));
  g_auto(IvQueueAnswer) answer = {0};
  ask(&fixture, DAY "08:00:00Z", DAY "10:00:00Z", IV_STEP_HOUR, "2026-05-02T00:00:00Z", &answer);
  g_assert_cmpuint(answer.rows->len, ==, 4);
  const IvQueueRow *one = row(&answer, "one"), *a = row(&answer, "sco-a"),
                   *sco = row(&answer, "sco");
  const IvQueuePeriod *dark = &g_array_index(one->periods, IvQueuePeriod, 0);
  const IvQueuePeriod *still = &g_array_index(one->periods, IvQueuePeriod, 1);
  g_assert_true(isnan(dark->figures.joined) && isnan(dark->figures.served));
  g_assert_cmpfloat(still->figures.joined, ==, 0);
  g_assert_cmpfloat(still->figures.served, ==, 0);
  g_assert_true(isnan(still->figures.abandonment_rate) && isnan(still->figures.wait_mean_s));
  g_assert_true(isnan(still->figures.length_mean)); /* no sample came */
  g_assert_cmpfloat(one->total.coverage, ==, 0.5);
  g_assert_true(sco->is_group && !a->is_group && a->self_checkout);
  g_assert_cmpstr(a->group_id.text, ==, "sco");
  g_assert_cmpstr(one->group_id.text, ==, "");
  g_assert_cmpstr(one->name, ==, "Till one");
  g_assert_cmpstr(one->cameras[0].text, ==, "till");
  g_assert_true(isnan(a->total.joined));
  fixture_tear_down(&fixture);
}

static void test_one_lane(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  keep_alive(&fixture, at(DAY "09:00:00Z"), at(DAY "11:00:00Z"));
  queue_up(&fixture, "one", "one", DAY "09:00:00Z", 100, 60, 1);
  queue_up(&fixture, "one", "one", DAY "09:10:00Z", 300, 30, 2); /* the target is 300 s */
  queue_up(&fixture, "one", "one", DAY "09:59:00Z", 500, 90, 3); /* served in the next hour */
  put(&fixture, make_queued(IV_EVENT_QUEUE_JOINED, "one", at(DAY "09:30:00Z"), 0, 4));
  put(&fixture,
      make_queued(IV_EVENT_QUEUE_ABANDONED, "one", at(DAY "09:30:00Z"), 40 * IV_SECOND, 4));
  for (int i = 0; i < 30; i++)
    put(&fixture, make_queue_sample("one", at(DAY "09:00:00Z") + i * IV_MINUTE, 120, 3, 60));
  put(&fixture, make_queue_sample("one", at(DAY "09:30:00Z"), 600, 11, 0));
  g_auto(IvQueueAnswer) answer = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "11:00:00Z", IV_STEP_HOUR, "2026-05-02T00:00:00Z", &answer);
  const IvQueueRow *one = row(&answer, "one");
  const IvQueueFigures *first = &g_array_index(one->periods, IvQueuePeriod, 0).figures;
  const IvQueueFigures *second = &g_array_index(one->periods, IvQueuePeriod, 1).figures;
  g_assert_cmpfloat(first->joined, ==, 4);
  g_assert_cmpfloat(first->wait_mean_s, ==, 300);
  g_assert_cmpfloat(first->wait_median_s, >=, 297);
  g_assert_cmpfloat(first->wait_median_s, <=, 303);
  g_assert_cmpfloat(fabs(first->wait_p90_s - 500), <=, 5);
  g_assert_cmpfloat(first->abandonment_rate, ==, 0.25);
  g_assert_cmpfloat(first->service_level, ==, 0.5);
  g_assert_cmpfloat(first->served, ==, 2);
  g_assert_cmpfloat(first->service_mean_s, ==, 45);
  g_assert_cmpfloat(first->length_mean, ==, 4200. / (31 * 60));
  g_assert_cmpfloat(first->length_max, ==, 11);
  g_assert_cmpfloat(first->open_hours, ==, 0.5);
  g_assert_cmpfloat(first->served_per_open_hour, ==, 4);
  g_assert_cmpfloat(first->lanes_open, ==, 0.5);
  g_assert_cmpfloat(second->joined, ==, 0);
  g_assert_cmpfloat(second->served, ==, 1);
  g_assert_cmpfloat(one->total.served, ==, 3);
  g_assert_cmpfloat(one->total.service_mean_s, ==, 60);
  g_assert_false(one->total.provisional);
  fixture_tear_down(&fixture);
}

/* The line is the group's, the services are its lanes', and nothing is counted twice. */
static void test_group(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  queue_up(&fixture, "sco", "sco-a", DAY "09:00:00Z", 10, 100, 1);
  queue_up(&fixture, "sco", "sco-b", DAY "09:01:00Z", 30, 200, 2);
  queue_up(&fixture, "one", "one", DAY "09:02:00Z", 50, 60, 3);
  put(&fixture, make_queue_sample("sco-a", at(DAY "09:00:00Z"), 0, 0, 60));
  put(&fixture, make_queue_sample("sco-b", at(DAY "09:00:00Z"), 0, 0, 30));
  put(&fixture, make_queue_sample("sco", at(DAY "09:00:00Z"), 60, 2, 0));
  put(&fixture, make_queue_sample("one", at(DAY "09:00:00Z"), 30, 1, 60));
  g_auto(IvQueueAnswer) answer = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "10:00:00Z", IV_STEP_5MIN, "2026-05-02T00:00:00Z", &answer);
  const IvQueueRow *sco = row(&answer, "sco"), *a = row(&answer, "sco-a");
  g_assert_cmpuint(sco->periods->len, ==, 12);
  g_assert_cmpfloat(sco->total.joined, ==, 2);
  g_assert_cmpfloat(sco->total.wait_mean_s, ==, 20);
  g_assert_cmpfloat(sco->total.served, ==, 2);
  g_assert_cmpfloat(sco->total.service_mean_s, ==, 150);
  g_assert_cmpfloat(sco->total.open_hours, ==, 90. / 3600);
  g_assert_cmpfloat(sco->total.length_mean, ==, 1);
  g_assert_cmpfloat(a->total.served, ==, 1);
  g_assert_true(isnan(a->total.joined) && isnan(a->total.length_mean));
  g_assert_cmpfloat(answer.total.joined, ==, 3);
  g_assert_cmpfloat(answer.total.served, ==, 3);
  g_assert_cmpfloat(answer.total.wait_mean_s, ==, 30);
  g_assert_cmpfloat(answer.total.length_mean, ==, 1.5); /* of two lines */
  g_assert_cmpfloat(answer.total.length_max, ==, 2);
  g_assert_cmpfloat(answer.total.open_hours, ==, 150. / 3600);
  fixture_tear_down(&fixture);
}

/* A wait that goes on makes its bucket provisional, until its end comes, however late. */
static void test_open_wait(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  put(&fixture, make_queued(IV_EVENT_QUEUE_JOINED, "one", at(DAY "09:00:00Z"), 0, 1));
  g_auto(IvQueueAnswer) before = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "10:00:00Z", IV_STEP_HOUR, DAY "10:30:00Z", &before);
  g_assert_cmpuint(row(&before, "one")->total.open_waits, ==, 1);
  g_assert_true(row(&before, "one")->total.provisional);
  g_auto(IvQueueAnswer) given_up = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "10:00:00Z", IV_STEP_HOUR, DAY "14:00:00Z", &given_up);
  g_assert_cmpuint(row(&given_up, "one")->total.open_waits, ==, 0);
  put(&fixture, make_queued(IV_EVENT_QUEUE_LEFT, "one", at(DAY "09:00:00Z"), 5 * IV_SECOND, 1));
  g_auto(IvQueueAnswer) after = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "10:00:00Z", IV_STEP_HOUR, DAY "10:30:00Z", &after);
  g_assert_false(row(&after, "one")->total.provisional);
  g_assert_cmpfloat(row(&after, "one")->total.abandoned, ==, 0);
  /* the end may come before its beginning */
  put(&fixture, make_queued(IV_EVENT_QUEUE_WAIT, "one", at(DAY "09:05:00Z"), 5 * IV_SECOND, 2));
  put(&fixture, make_queued(IV_EVENT_QUEUE_JOINED, "one", at(DAY "09:05:00Z"), 0, 2));
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM open_waits"), ==, 0);
  fixture_tear_down(&fixture);
}

/* An edge may know a lane before the server does; the drawing then tells what it is. */
static void test_unknown_lane(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  put(&fixture, make_queued(IV_EVENT_QUEUE_SERVICE, "new", at(DAY "09:00:00Z"), IV_MINUTE, 1));
  g_auto(IvQueueAnswer) answer = {0};
  ask(&fixture, DAY "09:00:00Z", DAY "10:00:00Z", IV_STEP_HOUR, DAY "12:00:00Z", &answer);
  g_assert_cmpfloat(row(&answer, "new")->total.served, ==, 1);
  g_assert_cmpstr(row(&answer, "new")->name, ==, "new");
  fixture_tear_down(&fixture);
}

static void test_limits(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(GError) error = NULL;
  IvQueueAnswer answer = {0};
  IvKpiQuery query = {.store_id = "demo",
                      .from = at("2026-05-01T00:00:00Z"),
                      .to = at("2026-05-03T00:00:00Z"),
                      .step = IV_STEP_5MIN,
                      .now = at("2026-05-03T00:00:00Z"),
                      .deadline = IV_TIME_NONE};
  g_assert_false(iv_kpis_queues(fixture.store, &query, &answer, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/queue-kpis/nothing", test_nothing);
  g_test_add_func("/store/queue-kpis/one-lane", test_one_lane);
  g_test_add_func("/store/queue-kpis/group", test_group);
  g_test_add_func("/store/queue-kpis/open-wait", test_open_wait);
  g_test_add_func("/store/queue-kpis/unknown-lane", test_unknown_lane);
  g_test_add_func("/store/queue-kpis/limits", test_limits);
  return g_test_run();
}
