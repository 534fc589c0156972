/* SPDX-License-Identifier: Apache-2.0 */
#include "store/event_replay.h"

#include "ledger_fixture.h"

static void note(const IvEvent *event, gpointer user_data) {
  g_array_append_vals(user_data, event, 1);
}

static const IvEvent *nth(const GArray *seen, guint i) {
  return &g_array_index(seen, IvEvent, i);
}

/* An interval is known at its end, whatever began in between. */
static void test_order(void) {
  static const IvEventKind kinds[] = {IV_EVENT_QUEUE_JOINED, IV_EVENT_QUEUE_WAIT};
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  IvTime t = at("2026-05-01T09:00:00Z");
  IvEvent events[] = {make_queued(IV_EVENT_QUEUE_JOINED, "one", t + IV_MINUTE, 0, 2),
                      make_queued(IV_EVENT_QUEUE_WAIT, "one", t, 5 * IV_MINUTE, 1),
                      make_queued(IV_EVENT_QUEUE_JOINED, "one", t, 0, 1),
                      make_queued(IV_EVENT_QUEUE_SERVICE, "one", t, IV_MINUTE, 7),
                      make_queued(IV_EVENT_QUEUE_JOINED, "one", t + 3 * IV_DAY, 0, 3),
                      make_queued(IV_EVENT_QUEUE_JOINED, "one", t + 4 * IV_DAY, 0, 4)};
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, events, G_N_ELEMENTS(events));
  g_assert_true(iv_event_replay(fixture.store, "demo", kinds, G_N_ELEMENTS(kinds), t,
                                t + 4 * IV_DAY, note, seen, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(seen->len, ==, 4);
  g_assert_cmpuint(nth(seen, 0)->tracklet_id, ==, 1);
  g_assert_cmpuint(nth(seen, 1)->tracklet_id, ==, 2);
  g_assert_cmpint(nth(seen, 2)->kind, ==, IV_EVENT_QUEUE_WAIT);
  g_assert_cmpint(nth(seen, 2)->end_ts, ==, t + 5 * IV_MINUTE);
  g_assert_cmpuint(nth(seen, 3)->tracklet_id, ==, 3);
  g_assert_cmpstr(nth(seen, 3)->lane_id.text, ==, "one");
  g_assert_false(
      iv_event_replay(fixture.store, "nowhere", kinds, 1, t, t + IV_DAY, note, seen, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* A call of the store stage: no camera saw it, and it is in the ledger like any other. */
static void test_without_camera(void) {
  static const IvEventKind kind = IV_EVENT_QUEUE_LONG_FORETOLD;
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  IvTime t = at("2026-05-01T09:00:00Z");
  IvEvent call;
  iv_event_init(&call, kind, t);
  iv_slug_set(&call.store_id, "demo");
  iv_slug_set(&call.edge_id, "local");
  iv_slug_set(&call.lane_id, "one");
  iv_event_set_number(&call, IV_ATTR_CHANCE, 0.75);
  iv_event_set_id(&call, "store");
  fixture_set_up(&fixture, "UTC");
  g_assert_cmpuint(apply(&fixture, &call, 1), ==, 1);
  g_assert_cmpuint(apply(&fixture, &call, 1), ==, 0);
  g_assert_true(
      iv_event_replay(fixture.store, "demo", &kind, 1, t, t + IV_DAY, note, seen, &error));
  g_assert_cmpuint(seen->len, ==, 1);
  g_assert_cmpstr(nth(seen, 0)->camera_id.text, ==, "");
  g_assert_cmpstr(nth(seen, 0)->lane_id.text, ==, "one");
  g_assert_cmpfloat(iv_event_attr(nth(seen, 0), IV_ATTR_CHANCE)->number, ==, 0.75);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/event-replay/order", test_order);
  g_test_add_func("/event-replay/without-camera", test_without_camera);
  return g_test_run();
}
