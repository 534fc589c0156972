/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the ledger page by page, and what retention takes from it. */
#include "kpi/bucket.h"
#include "ledger_fixture.h"
#include "model/event_json.h"
#include "store/events.h"
#include "store/retention.h"

#define START "2026-03-28T00:00:00Z"

static IvEventQuery all(guint limit) {
  return (IvEventQuery){
      .store_id = "demo", .from = IV_TIME_NONE, .to = IV_TIME_NONE, .limit = limit};
}

static GArray *page(Fixture *fixture, const IvEventQuery *query, char **ret_cursor) {
  g_autoptr(GError) error = NULL;
  GArray *events = iv_events_query(fixture->store, query, IV_TIME_NONE, ret_cursor, &error);
  g_assert_no_error(error);
  return events;
}

/* All pages, one after the other. */
static GArray *read_all(Fixture *fixture, IvEventQuery query) {
  GArray *events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  g_autofree char *cursor = NULL;
  do {
    query.cursor = cursor;
    g_autofree char *next = NULL;
    g_autoptr(GArray) one = page(fixture, &query, &next);
    g_assert_cmpuint(one->len, <=, query.limit);
    g_assert_true(next == NULL || one->len == query.limit);
    g_array_append_vals(events, one->data, one->len);
    g_free(cursor);
    cursor = g_steal_pointer(&next);
  } while (cursor);
  return events;
}

static int newest_first(const void *a, const void *b) {
  const IvEvent *x = a, *y = b;
  if (x->ts != y->ts)
    return x->ts > y->ts ? -1 : 1;
  return memcmp(y->id.bytes, x->id.bytes, 16);
}

static char *text_of(const IvEvent *event) {
  json_t *json = iv_event_to_json(event);
  char *text = json_dumps(json, JSON_SORT_KEYS);
  json_decref(json);
  return text;
}

/* Every page size shows every event once, newest first, as it was written. */
static void test_paging(void) {
  g_autoptr(GArray) day = make_day(at(START), 21);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  g_autoptr(GArray) expected = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint i = 0; i < day->len; i++)
    if (!iv_event_kind_info(g_array_index(day, IvEvent, i).kind)->sample)
      g_array_append_val(expected, g_array_index(day, IvEvent, i));
  qsort(expected->data, expected->len, sizeof(IvEvent), newest_first);
  static const guint limits[] = {1, 7, 100, IV_EVENTS_LIMIT_MAX};
  for (gsize l = 0; l < G_N_ELEMENTS(limits); l++) {
    g_autoptr(GArray) found = read_all(&fixture, all(limits[l]));
    g_assert_cmpuint(found->len, ==, expected->len);
    for (guint i = 0; i < found->len; i++) {
      char *a = text_of(&g_array_index(found, IvEvent, i));
      char *b = text_of(&g_array_index(expected, IvEvent, i));
      g_assert_cmpstr(a, ==, b);
      free(a);
      free(b);
    }
  }
  fixture_tear_down(&fixture);
}

static guint count(Fixture *fixture, IvEventQuery query) {
  g_autoptr(GArray) found = read_all(fixture, query);
  return found->len;
}

static void test_filters(void) {
  static const char *const crossings[] = {"line.crossed", NULL};
  static const char *const two[] = {"camera.state", "camera.sample", NULL};
  static const char *const none[] = {"no.such_kind", NULL};
  g_autoptr(GArray) day = make_day(at(START), 22);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  guint n_crossings = 0, n_two = 0, n_till = 0, n_morning = 0;
  for (guint i = 0; i < day->len; i++) {
    const IvEvent *event = &g_array_index(day, IvEvent, i);
    n_crossings += event->kind == IV_EVENT_LINE_CROSSED;
    n_two += event->kind == IV_EVENT_CAMERA_STATE || event->kind == IV_EVENT_CAMERA_SAMPLE;
    n_till +=
        strcmp(event->camera_id.text, "till") == 0 && !iv_event_kind_info(event->kind)->sample;
    n_morning += event->kind == IV_EVENT_LINE_CROSSED && event->ts >= at(START) + 6 * IV_HOUR &&
                 event->ts < at(START) + 12 * IV_HOUR;
  }
  IvEventQuery query = all(100);
  query.kinds = crossings;
  g_assert_cmpuint(count(&fixture, query), ==, n_crossings);
  query.from = at(START) + 6 * IV_HOUR;
  query.to = at(START) + 12 * IV_HOUR;
  g_assert_cmpuint(count(&fixture, query), ==, n_morning);
  query = all(100);
  query.kinds = two;
  g_assert_cmpuint(count(&fixture, query), ==, n_two);
  query.kinds = none;
  g_assert_cmpuint(count(&fixture, query), ==, 0);
  query = all(100);
  query.camera_id = "till";
  g_assert_cmpuint(count(&fixture, query), ==, n_till);
  query.camera_id = "no-such-camera";
  g_assert_cmpuint(count(&fixture, query), ==, 0);
  fixture_tear_down(&fixture);
}

/* The end is excluded, the start included, to the microsecond. */
static void test_bounds(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvEvent event = make_crossing("door", "in", "in", at(START), 1);
  apply(&fixture, &event, 1);
  IvEventQuery query = all(10);
  query.from = at(START);
  query.to = at(START) + 1;
  g_assert_cmpuint(count(&fixture, query), ==, 1);
  query.from = at(START) + 1;
  query.to = at(START) + 2;
  g_assert_cmpuint(count(&fixture, query), ==, 0);
  query.from = at(START) - 1;
  query.to = at(START);
  g_assert_cmpuint(count(&fixture, query), ==, 0);
  fixture_tear_down(&fixture);
}

static void refuse(Fixture *fixture, const IvEventQuery *query, IvStoreError code) {
  g_autoptr(GError) error = NULL;
  g_autofree char *next = NULL;
  g_assert_null(iv_events_query(fixture->store, query, IV_TIME_NONE, &next, &error));
  g_assert_error(error, IV_STORE_ERROR, (gint)code);
}

static void test_refusals(void) {
  static const char *const cursors[] = {
      "",
      "x",
      "MTc2Mzk3",
      "00000000000000000000000000000000000000",
      "' OR 1=1 --",
      "=================================",
      ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  for (gsize i = 0; i < G_N_ELEMENTS(cursors); i++) {
    IvEventQuery query = all(10);
    query.cursor = cursors[i];
    refuse(&fixture, &query, IV_STORE_ERROR_INVALID);
  }
  IvEventQuery query = all(0);
  refuse(&fixture, &query, IV_STORE_ERROR_INVALID);
  query = all(IV_EVENTS_LIMIT_MAX + 1);
  refuse(&fixture, &query, IV_STORE_ERROR_INVALID);
  query = all(10);
  query.store_id = "elsewhere";
  refuse(&fixture, &query, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* ---- retention ---- */

static IvRetentionResult keep(Fixture *fixture, IvTime events, IvTime samples, IvTime kpis,
                              IvTime now) {
  g_autoptr(GError) error = NULL;
  IvRetentionConfig config = {.events = events, .samples = samples, .kpis = kpis};
  IvRetentionResult result;
  iv_retention_run(fixture->store, &config, now, NULL, &result, &error);
  g_assert_no_error(error);
  return result;
}

static void test_retention(void) {
  g_autoptr(GArray) day = make_day(at(START), 23);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  g_autofree char *before = dump_tables(fixture.store);
  IvTime end = at(START) + 30 * IV_HOUR;
  /* for ever */
  IvRetentionResult nothing = keep(&fixture, 0, 0, 0, end);
  g_assert_cmpuint(nothing.events + nothing.buckets, ==, 0);
  g_autofree char *same = dump_tables(fixture.store);
  assert_same_dump(before, same);
  gint64 footfall = ask_int(fixture.store, "SELECT sum(footfall) FROM kpi_5min");
  gint64 n = ask_int(fixture.store, "SELECT count(*) FROM events");
  /* the events go, the counts stay */
  IvRetentionResult half = keep(&fixture, 18 * IV_HOUR, 24 * IV_HOUR, 0, end);
  g_assert_cmpuint(half.events, >, 100);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM events"), ==,
                  n - (gint64)half.events);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(footfall) FROM kpi_5min"), ==, footfall);
  IvEventQuery query = all(100);
  query.to = at(START) + 12 * IV_HOUR;
  g_assert_cmpuint(count(&fixture, query), ==, 0);
  /* what comes again now is refused, not counted twice */
  g_autofree char *kept = dump_tables(fixture.store);
  g_assert_cmpuint(apply(&fixture, &g_array_index(day, IvEvent, 0), day->len), ==, 0);
  g_autofree char *replayed = dump_tables(fixture.store);
  assert_same_dump(kept, replayed);
  IvRetentionResult all_gone = keep(&fixture, 1, 1, IV_BUCKET_SPAN, end + 10 * IV_DAY);
  g_assert_cmpuint(all_gone.buckets, >, 100);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM events"), ==, 0);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_5min_zone"), ==, 0);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM store_days"), ==, 0);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM open_visits"), ==, 0);
  fixture_tear_down(&fixture);
}

/* After retention the recount leaves alone what it can no longer know. */
static void test_recount_after_retention(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) day = make_day(at(START), 24);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  keep(&fixture, 18 * IV_HOUR, 18 * IV_HOUR, 0, at(START) + 30 * IV_HOUR);
  g_autofree char *before = dump_tables(fixture.store);
  iv_ledger_recount(fixture.book, "demo", at(START) - IV_DAY, at(START) + 3 * IV_DAY, &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_tables(fixture.store);
  assert_same_dump(before, after);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/events/paging", test_paging);
  g_test_add_func("/events/filters", test_filters);
  g_test_add_func("/events/bounds", test_bounds);
  g_test_add_func("/events/refusals", test_refusals);
  g_test_add_func("/retention/run", test_retention);
  g_test_add_func("/retention/recount", test_recount_after_retention);
  return g_test_run();
}
