/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "kpi/foretell.h"
#include "kpi/till_arrivals.h"

#define T0 (IvTime)1767258000000000 /* 2026-01-01T09:00:00Z */
#define AT(s) (T0 + (IvTime)((s) * (double)IV_SECOND))

/* ---- arrivals ---- */

/* Of ten who come in each minute, four reach the tills, 20 min later. */
static void test_learned_share(void) {
  g_autoptr(IvTillArrivals) arrivals = iv_till_arrivals_new();
  for (int minute = 0; minute < 600; minute++) {
    iv_till_arrivals_enter(arrivals, AT(minute * 60), 10);
    for (int k = 0; k < 4 && minute >= 20; k++)
      iv_till_arrivals_reach(arrivals, AT(minute * 60 + k), 9);
  }
  double steady = iv_till_arrivals_expect(arrivals, AT(600 * 60), AT(600 * 60), 9);
  g_assert_cmpfloat_with_epsilon(steady, 4, 0.4);
}

/* A wave of entrants must come out as a wave of arrivals after the time that others took. */
static void test_wave(void) {
  g_autoptr(IvTillArrivals) arrivals = iv_till_arrivals_new();
  for (int minute = 0; minute < 2000; minute++) {
    int wave = minute % 60 < 10 ? 30 : 0;
    int due = minute >= 22 && (minute - 22) % 60 < 10 ? 15 : 0;
    iv_till_arrivals_enter(arrivals, AT(minute * 60), wave);
    for (int k = 0; k < due; k++)
      iv_till_arrivals_reach(arrivals, AT(minute * 60 + k), 9);
  }
  IvTime now = AT(2000 * 60.0); /* 20 min into the 34th hour: the wave came in 10 to 20 min ago */
  double soon = 0, later = 0;
  for (int m = 0; m < 10; m++) {
    soon += iv_till_arrivals_expect(arrivals, now, now + (m + 3) * IV_MINUTE, 9);
    later += iv_till_arrivals_expect(arrivals, now, now + (m + 20) * IV_MINUTE, 9);
  }
  g_assert_cmpfloat(soon, >, 100);
  g_assert_cmpfloat(later, <, soon / 2);
}

/* Hours after the last fact nobody is on the way, and nobody is taken to be coming in. */
static void test_silence(void) {
  g_autoptr(IvTillArrivals) arrivals = iv_till_arrivals_new();
  for (int minute = 0; minute < 300; minute++) {
    iv_till_arrivals_enter(arrivals, AT(minute * 60), 5);
    iv_till_arrivals_reach(arrivals, AT(minute * 60), 9);
  }
  IvTime now = AT(300 * 60.0 + 4 * 3600.0);
  g_assert_cmpfloat(iv_till_arrivals_expect(arrivals, now, now, 9), <=, 0);
  g_assert_cmpfloat(iv_till_arrivals_expect(arrivals, now, now + 14 * IV_MINUTE, 9), <=, 0);
}

static void test_unknown_arrivals(void) {
  g_autoptr(IvTillArrivals) arrivals = iv_till_arrivals_new();
  g_assert_true(isnan(iv_till_arrivals_expect(arrivals, T0, T0, 0)));
  for (int k = 0; k < 30; k++)
    iv_till_arrivals_reach(arrivals, AT(k), 9);
  g_assert_true(isnan(iv_till_arrivals_expect(arrivals, AT(60), AT(60), 0)));
}

/* ---- futures ---- */

static const double spans[] = {90, 100, 110};

static IvFuturePool pool_of(guint lanes, double arrivals_a_minute) {
  IvFuturePool pool = {.n_lines = lanes,
                       .n_lanes = lanes,
                       .n_spans = G_N_ELEMENTS(spans),
                       .spans = spans,
                       .changeover_s = 5,
                       .limit_s = 480};
  for (guint i = 0; i < lanes; i++) {
    pool.lanes[i] = (IvFutureLane){i, TRUE, -1};
    pool.lines[i] = (IvFutureLine){.n_recent = 1, .recent = {{30, 100}}, .over_s = -1};
  }
  for (guint m = 0; m < IV_FUTURE_MINUTES; m++)
    pool.arrivals[m] = arrivals_a_minute;
  return pool;
}

static void test_quiet(void) {
  IvFuturePool pool = pool_of(3, 0);
  IvFutureOutlook lines[3], whole;
  iv_future_play(&pool, 20, lines, &whole);
  g_assert_cmpfloat(whole.long_by[14], ==, 0);
  g_assert_cmpfloat(whole.first_s[9], ==, 0);
  g_assert_cmpfloat(lines[2].wait_s[9], ==, 0);
}

static void test_overload(void) {
  IvFuturePool pool = pool_of(1, 3); /* three a minute, one in 105 s is served */
  IvFutureOutlook line, whole, again;
  iv_future_play(&pool, 50, &line, &whole);
  g_assert_cmpfloat(line.long_by[14], >, 0.99);
  g_assert_cmpfloat(line.long_by[0], <, 0.1);
  g_assert_cmpfloat(line.first_s[9], >, 15 * 100);
  iv_future_play(&pool, 50, &again, NULL);
  g_assert_cmpmem(&line, sizeof line, &again, sizeof again);
}

/* Who stands eighth and nobody to come: the line shrinks by one each 105 s. */
static void test_shrinks(void) {
  IvFuturePool pool = pool_of(1, 0);
  IvFutureOutlook line;
  pool.lanes[0].served_s = 0;
  pool.lines[0].n_waiting = 8;
  iv_future_play(&pool, 50, &line, NULL);
  g_assert_cmpfloat(line.first_s[0], >, 7.4 * 105);
  g_assert_cmpfloat_with_epsilon(line.first_s[9], 3 * 105, 90);
}

static void test_closed_lane(void) {
  IvFuturePool pool = pool_of(2, 1);
  IvFutureOutlook lines[2], whole;
  pool.lanes[1].open = FALSE;
  iv_future_play(&pool, 20, lines, &whole);
  g_assert_true(isnan(lines[1].first_s[4]));
  g_assert_cmpfloat(lines[1].wait_s[14], ==, 0);
  pool.lanes[0].open = FALSE;
  iv_future_play(&pool, 20, lines, &whole);
  g_assert_true(isnan(whole.first_s[4]));
}

/* ---- calls ---- */

static void test_score(void) {
  g_autoptr(IvCalls) calls = iv_calls_new();
  g_assert_cmpint(iv_calls_score(calls, T0).since, ==, IV_TIME_NONE);
  iv_calls_add(calls, 0, AT(0)); /* false */
  iv_calls_add(calls, 0, AT(3600));
  iv_calls_add(calls, 0, AT(3600));            /* told twice */
  iv_calls_long(calls, 0, 1, AT(3600 + 239));  /* a hit, but too late */
  iv_calls_long(calls, 0, 2, AT(3600 + 240));  /* 4 min ahead */
  iv_calls_long(calls, 1, 7, AT(3600 + 300));  /* of another pool */
  iv_calls_add(calls, 0, AT(3600 + 900 + 15)); /* goes on with the one before */
  iv_calls_long(calls, 0, 2, AT(3600 + 900 + 100));
  iv_calls_add(calls, 1, AT(7200));
  IvCallScore score = iv_calls_score(calls, AT(7300));
  g_assert_cmpuint(score.calls, ==, 3);
  g_assert_cmpuint(score.hits, ==, 2);
  g_assert_cmpuint(score.misses, ==, 1);
  g_assert_cmpuint(score.pending, ==, 1);
  g_assert_cmpuint(score.longs, ==, 4);
  g_assert_cmpuint(score.foretold, ==, 2);
  g_assert_cmpint(iv_calls_in_force(calls, 1, AT(7300)), ==, AT(7200));
  g_assert_cmpint(iv_calls_in_force(calls, 1, AT(7200 + 900)), ==, IV_TIME_NONE);
}

/* A history that was brought in: nobody was there to call. */
static void test_before_the_first_look(void) {
  g_autoptr(IvCalls) calls = iv_calls_new();
  for (int i = 0; i < 400; i++)
    iv_calls_long(calls, 0, 1, AT(i * 3600.0));
  g_assert_cmpuint(iv_calls_score(calls, AT(400 * 3600.0)).longs, ==, 0);
  g_assert_cmpint(iv_calls_score(calls, AT(400 * 3600.0)).since, ==, IV_TIME_NONE);
  iv_calls_look(calls, AT(400 * 3600.0));
  iv_calls_look(calls, AT(400 * 3600.0 + 15));
  iv_calls_long(calls, 0, 1, AT(400 * 3600.0 + 239)); /* nobody could, 4 min ahead */
  iv_calls_long(calls, 0, 1, AT(400 * 3600.0 + 240));
  IvCallScore score = iv_calls_score(calls, AT(401 * 3600.0));
  g_assert_cmpuint(score.longs, ==, 1);
  g_assert_cmpuint(score.foretold, ==, 0);
  g_assert_cmpint(score.since, ==, AT(400 * 3600.0));
  iv_calls_add(calls, 0, AT(399 * 3600.0)); /* after a restart: a call tells that it looked then */
  g_assert_cmpint(iv_calls_score(calls, AT(401 * 3600.0)).since, ==, AT(399 * 3600.0));
  g_assert_cmpuint(iv_calls_score(calls, AT(401 * 3600.0)).longs, ==, 2);
}

static void test_forgets(void) {
  g_autoptr(IvCalls) calls = iv_calls_new();
  iv_calls_add(calls, 0, AT(0));
  iv_calls_add(calls, 0, T0 + IV_CALLS_KEPT + IV_DAY);
  IvCallScore score = iv_calls_score(calls, T0 + IV_CALLS_KEPT + 2 * IV_DAY);
  g_assert_cmpuint(score.calls, ==, 1);
  g_assert_cmpint(score.since, ==, T0 + IV_DAY);
}

/* ---- all of it ---- */

typedef struct {
  GTimeZone *zone;
  IvForetell *foretell;
  guint64 tracklet;
} Store;

static Store store_new(void) {
  IvForetellLane lanes[3] = {0};
  const char *const names[] = {"a", "b", "c"};
  for (guint i = 0; i < 3; i++) {
    iv_slug_set(&lanes[i].lane, names[i]);
    lanes[i].queue = lanes[i].lane;
  }
  Store store = {.zone = g_time_zone_new_utc()};
  store.foretell = iv_foretell_new(store.zone, 8 * IV_MINUTE, 5 * IV_MINUTE);
  iv_foretell_set_lanes(store.foretell, lanes, 3);
  return store;
}

static void store_clear(Store *store) {
  iv_foretell_free(store->foretell);
  g_time_zone_unref(store->zone);
}

static void open_lane(Store *store, const char *lane, gboolean open, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LANE_STATE, ts);
  iv_slug_set(&event.lane_id, lane);
  iv_event_set_text(&event, IV_ATTR_STATE, open ? "open" : "closed");
  iv_foretell_take(store->foretell, &event, FALSE);
}

static void enter(Store *store, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LINE_CROSSED, ts);
  iv_event_set_text(&event, IV_ATTR_DIRECTION, "in");
  iv_foretell_take(store->foretell, &event, TRUE);
}

static guint64 join(Store *store, const char *queue, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_QUEUE_JOINED, ts);
  iv_slug_set(&event.lane_id, queue);
  event.tracklet_id = ++store->tracklet;
  iv_foretell_take(store->foretell, &event, FALSE);
  return event.tracklet_id;
}

static void serve(Store *store, const char *lane, guint64 tracklet, IvTime joined, IvTime from,
                  IvTime to) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_QUEUE_WAIT, joined);
  iv_slug_set(&event.lane_id, lane);
  event.tracklet_id = tracklet;
  event.end_ts = from;
  iv_foretell_take(store->foretell, &event, FALSE);
  iv_event_init(&event, IV_EVENT_QUEUE_SERVICE, from);
  iv_slug_set(&event.lane_id, lane);
  event.end_ts = to;
  iv_foretell_take(store->foretell, &event, FALSE);
}

/* For `minutes`: each minute `n` come in, and as many join lane a and are served there in 50 s. */
static void pass_time(Store *store, int minutes, int n) {
  open_lane(store, "a", TRUE, T0);
  for (int m = 0; m < minutes; m++)
    for (int k = 0; k < n; k++) {
      IvTime ts = AT(m * 60 + 2 * k);
      enter(store, ts);
      guint64 tracklet = join(store, "a", ts);
      serve(store, "a", tracklet, ts, ts + 6 * IV_SECOND, ts + 56 * IV_SECOND);
    }
}

static void test_knows_nothing(void) {
  Store store = store_new();
  IvForetoldPool pool;
  IvEvent call;
  g_assert_cmpuint(iv_foretell_n_pools(store.foretell), ==, 1);
  iv_foretell_look(store.foretell, 0, T0, &pool, &call);
  g_assert_false(pool.known);
  g_assert_cmpuint(pool.total, ==, 3);
  g_assert_true(isnan(pool.lines[0].wait_5m_s));
  g_assert_cmpint(call.kind, ==, IV_EVENT_UNKNOWN);
  store_clear(&store);
}

static void test_calls_and_advises(void) {
  Store store = store_new();
  IvForetoldPool pool;
  IvEvent call;
  pass_time(&store, 120, 1);
  IvTime now = AT(120 * 60.0);
  iv_foretell_look(store.foretell, 0, now, &pool, &call);
  g_assert_true(pool.known && pool.staffed);
  g_assert_cmpuint(pool.open, ==, 1);
  g_assert_cmpint(call.kind, ==, IV_EVENT_UNKNOWN);
  g_assert_cmpfloat(pool.long_chance, <, 0.65);

  for (int k = 0; k < 9; k++) /* nine at once before the only lane: over 8 min of work */
    join(&store, "a", now + k * IV_SECOND);
  now += 20 * IV_SECOND;
  iv_foretell_look(store.foretell, 0, now, &pool, &call);
  g_assert_cmpint(call.kind, ==, IV_EVENT_QUEUE_LONG_FORETOLD);
  g_assert_cmpstr(call.lane_id.text, ==, "a");
  g_assert_cmpint(pool.called_at, ==, now);
  g_assert_cmpint(pool.advice.action, ==, IV_ADVICE_OPEN);
  g_assert_cmpstr(pool.advice.change[0].text, ==, "b");
  g_assert_cmpfloat(pool.advice.then_s, <=, 300);
  g_assert_true(pool.advice.enough);

  iv_foretell_look(store.foretell, 0, now + 15 * IV_SECOND, &pool, &call);
  g_assert_cmpint(call.kind, ==, IV_EVENT_UNKNOWN); /* the call is in force */
  g_assert_cmpint(pool.called_at, ==, now);
  store_clear(&store);
}

static void test_can_close(void) {
  Store store = store_new();
  IvForetoldPool pool;
  pass_time(&store, 120, 1);
  open_lane(&store, "b", TRUE, T0);
  open_lane(&store, "c", TRUE, T0);
  IvTime now = AT(135 * 60.0); /* nobody came in for a quarter of an hour */
  iv_foretell_look(store.foretell, 0, now, &pool, NULL);
  g_assert_cmpint(pool.advice.action, ==, IV_ADVICE_CLOSE);
  g_assert_cmpuint(pool.advice.lanes, >=, 1);
  g_assert_cmpuint(pool.advice.n_change, ==, 3 - pool.advice.lanes);
  store_clear(&store);
}

/* The last lane is closed, and nobody has come in for hours: no lane is asked for. */
static void test_shut(void) {
  Store store = store_new();
  IvForetoldPool pool;
  pass_time(&store, 120, 1);
  IvTime now = AT(120 * 60.0 + 3 * 3600.0);
  open_lane(&store, "a", FALSE, now - IV_HOUR);
  iv_foretell_look(store.foretell, 0, now, &pool, NULL);
  g_assert_true(pool.known && pool.staffed);
  g_assert_cmpuint(pool.open, ==, 0);
  g_assert_cmpint(pool.advice.action, ==, IV_ADVICE_KEEP);
  g_assert_cmpuint(pool.advice.lanes, ==, 0);
  g_assert_true(pool.advice.enough);
  join(&store, "a", now); /* somebody before a closed lane */
  iv_foretell_look(store.foretell, 0, now + 20 * IV_SECOND, &pool, NULL);
  g_assert_cmpint(pool.advice.action, ==, IV_ADVICE_OPEN);
  store_clear(&store);
}

/* A lane whose camera gives no picture may be open or not, and who stands there is not known. */
static void test_unseen(void) {
  Store store = store_new();
  IvForetoldPool pool;
  IvEvent call;
  const char *const seen[] = {"b", "c"}, *const all[] = {"a", "b", "c"};
  pass_time(&store, 120, 1);
  open_lane(&store, "b", TRUE, AT(120 * 60.0));
  for (int k = 0; k < 20; k++)
    join(&store, "a", AT(120 * 60.0 + k));
  iv_foretell_set_seen(store.foretell, seen, 2);
  iv_foretell_look(store.foretell, 0, AT(120 * 60.0 + 20), &pool, &call);
  g_assert_false(pool.known);
  g_assert_cmpuint(pool.unseen, ==, 1);
  g_assert_cmpuint(pool.open, ==, 1);
  g_assert_true(isnan(pool.lines[0].wait_5m_s));
  g_assert_cmpint(call.kind, ==, IV_EVENT_UNKNOWN);
  iv_foretell_set_seen(store.foretell, all, 3);
  iv_foretell_look(store.foretell, 0, AT(120 * 60.0 + 30), &pool, &call);
  g_assert_true(pool.known);
  g_assert_cmpuint(pool.open, ==, 2);
  g_assert_cmpint(call.kind, ==, IV_EVENT_QUEUE_LONG_FORETOLD);
  store_clear(&store);
}

/* The same events give the same state: what a restart relies on. */
static void test_again(void) {
  IvForetoldPool pools[2];
  for (int round = 0; round < 2; round++) {
    Store store = store_new();
    pass_time(&store, 90, 2);
    iv_foretell_look(store.foretell, 0, AT(90 * 60.0), &pools[round], NULL);
    store_clear(&store);
  }
  g_assert_cmpmem(&pools[0], sizeof pools[0], &pools[1], sizeof pools[1]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/arrivals/learned-share", test_learned_share);
  g_test_add_func("/arrivals/wave", test_wave);
  g_test_add_func("/arrivals/silence", test_silence);
  g_test_add_func("/arrivals/unknown", test_unknown_arrivals);
  g_test_add_func("/future/quiet", test_quiet);
  g_test_add_func("/future/overload", test_overload);
  g_test_add_func("/future/shrinks", test_shrinks);
  g_test_add_func("/future/closed-lane", test_closed_lane);
  g_test_add_func("/calls/score", test_score);
  g_test_add_func("/calls/before-the-first-look", test_before_the_first_look);
  g_test_add_func("/calls/forgets", test_forgets);
  g_test_add_func("/foretell/knows-nothing", test_knows_nothing);
  g_test_add_func("/foretell/calls-and-advises", test_calls_and_advises);
  g_test_add_func("/foretell/can-close", test_can_close);
  g_test_add_func("/foretell/shut", test_shut);
  g_test_add_func("/foretell/unseen", test_unseen);
  g_test_add_func("/foretell/again", test_again);
  return g_test_run();
}
