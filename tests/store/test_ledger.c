/* SPDX-License-Identifier: Apache-2.0 */
/* The exactly-once path on a real database. */
#include "kpi/bucket.h"
#include "ledger_fixture.h"
#include "store/events.h"

#define START "2026-03-28T00:00:00Z"

/* In pieces of 1 to 60 events. */
static void apply_in_batches(Fixture *fixture, const GArray *events, GRand *dice) {
  for (guint i = 0; i < events->len;) {
    guint n = (guint)g_rand_int_range(dice, 1, 60); /* MIN would throw the dice twice */
    n = MIN(n, events->len - i);
    apply(fixture, &g_array_index(events, IvEvent, i), n);
    i += n;
  }
}

/* Everything once, in order, is what everything three times in any order must come to. */
static void test_exactly_once(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(2026);
  g_autoptr(GArray) day = make_day(at(START), 1);
  Fixture plain, wild;
  fixture_set_up(&plain, "Europe/Berlin");
  fixture_set_up(&wild, "Europe/Berlin");
  g_assert_cmpuint(apply(&plain, &g_array_index(day, IvEvent, 0), day->len), ==, day->len);
  g_autoptr(GArray) thrice = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint i = 0; i < 3; i++)
    g_array_append_vals(thrice, day->data, day->len);
  shuffle(thrice, dice);
  apply_in_batches(&wild, thrice, dice);
  g_autofree char *once = dump_tables(plain.store);
  g_autofree char *often = dump_tables(wild.store);
  assert_same_dump(once, often);
  g_assert_cmpuint(strlen(once), >, 50000);
  /* and again, after a restart */
  fixture_close(&wild);
  fixture_reopen(&wild);
  apply_in_batches(&wild, thrice, dice);
  g_autofree char *again = dump_tables(wild.store);
  assert_same_dump(once, again);
  IvLedgerStats stats;
  iv_ledger_stats(wild.book, &stats);
  g_assert_cmpuint(stats.duplicates, ==, thrice->len);
  g_assert_cmpuint(stats.inserted, ==, 0);
  fixture_tear_down(&plain);
  fixture_tear_down(&wild);
}

/* The sums of the rows are those of the events, found in another way. */
static void test_sums(void) {
  g_autoptr(GArray) day = make_day(at(START), 2);
  Fixture fixture;
  gint64 in = 0, backs = 0, again = 0, by = 0, visitors = 0, dwell = 0;
  for (guint i = 0; i < day->len; i++) {
    const IvEvent *event = &g_array_index(day, IvEvent, i);
    const IvAttr *direction = iv_event_attr(event, IV_ATTR_DIRECTION);
    gboolean door = strcmp(event->line_id.text, "in") == 0;
    in += door && direction && strcmp(direction->text, "in") == 0;
    backs += iv_event_attr(event, IV_ATTR_TURN_BACK) != NULL;
    backs += event->kind == IV_EVENT_VISIT_TURNED_BACK;
    again += event->kind == IV_EVENT_VISIT_REENTERED;
    by += event->kind == IV_EVENT_LINE_PASSED_BY;
    if (event->kind != IV_EVENT_ZONE_VISIT || event->end_ts - event->ts < 2 * IV_SECOND)
      continue;
    visitors++;
    dwell += (event->end_ts - event->ts) / IV_MS;
  }
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(traffic_in) FROM kpi_5min"), ==, in);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(footfall) FROM kpi_5min"), ==,
                  in - backs - again);
  g_assert_cmpint(again, >, 10);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(footfall) FROM daily_kpis"), ==,
                  in - backs - again);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(pass_bys) FROM kpi_hourly"), ==, by);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(visitors) FROM kpi_5min_zone"), ==, visitors);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(dwell_ms) FROM kpi_5min_zone"), ==, dwell);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM open_visits"), ==, 4);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(joined) FROM kpi_5min_lane"), ==, 200);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(served) FROM kpi_5min_lane"), ==, 200);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(abandoned) FROM kpi_5min_lane"), ==, 8);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(waited) FROM kpi_5min_lane"), ==,
                  200 - 8 - 7 - 7);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM open_waits"), ==, 7);
  fixture_tear_down(&fixture);
}

/* Counting again from the ledger changes nothing, whatever was wrong in the rows. */
static void test_recount(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) day = make_day(at(START), 3);
  Fixture fixture;
  fixture_set_up(&fixture, "Asia/Kathmandu");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  g_autofree char *before = dump_tables(fixture.store);
  iv_ledger_recount(fixture.book, "demo", at(START) - IV_DAY, at(START) + 2 * IV_DAY, &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_tables(fixture.store);
  assert_same_dump(before, after);
  iv_ledger_recount(fixture.book, "demo", at(START) + 7 * IV_HOUR + 1, at(START) + 9 * IV_HOUR,
                    &error);
  g_assert_no_error(error);
  g_autofree char *part = dump_tables(fixture.store);
  assert_same_dump(before, part);
  fixture_tear_down(&fixture);
}

static gboolean spoil(IvSql *sql, gpointer arg, GError **error) {
  return iv_sql_script(sql, arg, error);
}

static void test_recount_repairs(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) day = make_day(at(START), 4);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &g_array_index(day, IvEvent, 0), day->len);
  g_autofree char *before = dump_tables(fixture.store);
  iv_store_write(fixture.store, spoil,
                 (gpointer) "UPDATE kpi_5min_zone SET visitors = 99, peak = 99, dwell_sketch = "
                            "NULL, known = 3, visitor_set = NULL, engaged_set = x'05'; DELETE FROM "
                            "kpi_day_people; DELETE FROM kpi_5min_line; UPDATE kpi_5min_store SET "
                            "traffic_in = 7, reentries = 7, visitor_set = NULL, visit_sketch = "
                            "NULL; DELETE FROM kpi_5min_camera; UPDATE kpi_5min_lane "
                            "SET joined = 0, wait_sketch = NULL, length_max = 99",
                 &error);
  g_assert_no_error(error);
  iv_ledger_recount(fixture.book, "demo", at(START), at(START) + 26 * IV_HOUR, &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_tables(fixture.store);
  assert_same_dump(before, after);
  fixture_tear_down(&fixture);
}

/* From a newer edge: kept by name, counted nowhere, told in the statistics. */
static void test_unknown_kind(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *cursor = NULL;
  Fixture fixture;
  IvEvent event = make_crossing("door", "in", "in", at(START), 1);
  event.kind = IV_EVENT_UNKNOWN;
  event.n_attrs = 0;
  strcpy(event.kind_name, "shelf.touched");
  iv_event_set_id(&event, "camera");
  fixture_set_up(&fixture, "UTC");
  g_assert_cmpuint(apply(&fixture, &event, 1), ==, 1);
  IvLedgerStats stats;
  iv_ledger_stats(fixture.book, &stats);
  g_assert_cmpuint(stats.unknown_kind, ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_5min_line"), ==, 0);
  IvEventQuery query = {.store_id = "demo", .from = IV_TIME_NONE, .to = IV_TIME_NONE, .limit = 5};
  g_autoptr(GArray) found = iv_events_query(fixture.store, &query, IV_TIME_NONE, &cursor, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->len, ==, 1);
  g_assert_cmpstr(g_array_index(found, IvEvent, 0).kind_name, ==, "shelf.touched");
  fixture_tear_down(&fixture);
}

/* A crossing under a scene the server doesn't have is kept and told, and its line is counted. */
static void test_unplaced(void) {
  Fixture fixture;
  IvEvent event = make_crossing("door", "in", "in", at(START), 1);
  event.scene_version = 9;
  iv_event_set_id(&event, "camera");
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &event, 1);
  IvLedgerStats stats;
  iv_ledger_stats(fixture.book, &stats);
  g_assert_cmpuint(stats.unplaced, ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(crossed_in) FROM kpi_5min_line"), ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_5min_store"), ==, 0);
  fixture_tear_down(&fixture);
}

static void test_unknown_store(void) {
  g_autoptr(GError) error = NULL;
  gboolean inserted;
  const char *refused;
  Fixture fixture;
  IvEvent event = make_crossing("door", "in", "in", at(START), 1);
  iv_slug_set(&event.store_id, "elsewhere");
  fixture_set_up(&fixture, "UTC");
  g_assert_false(iv_ledger_apply(fixture.book, &event, 1, at(START), &inserted, &refused, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  fixture_tear_down(&fixture);
}

/* A batch is one transaction: when a part of it fails, nothing of it is there. */
static void test_all_or_nothing(void) {
  g_autoptr(GError) error = NULL;
  gboolean inserted[50];
  const char *refused[50];
  g_autoptr(GArray) day = make_day(at(START), 5);
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  iv_store_write(fixture.store, spoil,
                 (gpointer) "CREATE TRIGGER no BEFORE INSERT ON events WHEN NEW.tracklet_id = 5 "
                            "BEGIN SELECT RAISE(ABORT, 'no'); END",
                 &error);
  g_assert_no_error(error);
  g_autofree char *before = dump_tables(fixture.store);
  g_assert_false(iv_ledger_apply(fixture.book, &g_array_index(day, IvEvent, 0), 50, at(START),
                                 inserted, refused, &error));
  g_assert_nonnull(error);
  g_autofree char *after = dump_tables(fixture.store);
  assert_same_dump(before, after);
  fixture_tear_down(&fixture);
}

/* Names are bounded: an edge that makes up cameras is stopped, and the rest goes on. */
static void test_name_limits(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint i = 0; i < IV_CAMERAS_PER_STORE_MAX + 10; i++) {
    g_autofree char *camera = g_strdup_printf("made-up-%u", i);
    IvEvent event = make_state(camera, "online", at(START) + i);
    g_array_append_val(events, event);
  }
  IvEvent known = make_state("door", "online", at(START));
  g_array_append_val(events, known);
  /* the three of the file are there already */
  g_assert_cmpuint(apply(&fixture, &g_array_index(events, IvEvent, 0), events->len), ==,
                   IV_CAMERAS_PER_STORE_MAX - 3 + 1);
  g_assert_cmpint(
      ask_int(fixture.store, "SELECT count(*) FROM cameras WHERE in_config = 1 AND role <> 'plan'"),
      ==, 3);
  fixture_tear_down(&fixture);
}

/* The columns that the mapping names are those of the tables. */
static void test_columns(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  for (int s = 0; s < IV_SUBJECTS; s++) {
    const IvSubjectInfo *info = iv_subject_info((IvSubject)s);
    for (guint i = 0; i < info->n_measures; i++) {
      g_auto(IvStoreRead) read = iv_store_read_begin(fixture.store, IV_TIME_NONE, &error);
      g_autofree char *text =
          g_strdup_printf("SELECT %s FROM %s LIMIT 1", info->measures[i].column, info->table);
      g_assert_true(iv_sql_script(read.sql, text, &error));
      g_assert_no_error(error);
    }
  }
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ledger/exactly_once", test_exactly_once);
  g_test_add_func("/ledger/sums", test_sums);
  g_test_add_func("/ledger/recount", test_recount);
  g_test_add_func("/ledger/recount_repairs", test_recount_repairs);
  g_test_add_func("/ledger/unknown_kind", test_unknown_kind);
  g_test_add_func("/ledger/unplaced", test_unplaced);
  g_test_add_func("/ledger/unknown_store", test_unknown_store);
  g_test_add_func("/ledger/all_or_nothing", test_all_or_nothing);
  g_test_add_func("/ledger/name_limits", test_name_limits);
  g_test_add_func("/ledger/columns", test_columns);
  return g_test_run();
}
