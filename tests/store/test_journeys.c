/* SPDX-License-Identifier: Apache-2.0 */
/* Where visits led: rows that follow what comes late, and figures of days. */
#include <math.h>
#include <string.h>

#include "config/load.h"
#include "ledger_fixture.h"
#include "model/visitor.h"
#include "store/kpi_journeys.h"
#include "store/receipts.h"
#include "store/retention.h"
#include "store/terminals.h"

#define DAY "2026-03-29T" /* of the fixture's visitors; the clocks change on it in Berlin */
#define NOW "2026-03-30T12:00:00Z"

/* The fixture's store with a camera that sees a department with three shelves in it, a fitting room
 * and the tills. */
static const char yaml[] =
    "store: {id: demo, name: Demo store, time_zone: Europe/Berlin}\n"
    "cameras:\n"
    "  - {id: door, url: \"rtsp://127.0.0.1/door\", scene: {image: {w: 768, h: 576},\n"
    "     lines: [{id: in, name: Door, kind: entrance, a: [0.2, 0.5], b: [0.8, 0.5]}]}}\n"
    "  - {id: till, url: \"rtsp://127.0.0.1/till\", scene: {image: {w: 768, h: 576}, lanes: [\n"
    "     {id: one, name: Till one, queue: {polygon: [[0, 0.3], [0.2, 0.3], [0.2, 1], [0, 1]]},\n"
    "      service: {polygon: [[0, 0], [0.2, 0], [0.2, 0.2], [0, 0.2]]}}]}}\n"
    "  - {id: shop, url: \"rtsp://127.0.0.1/shop\", scene: {image: {w: 768, h: 576}, zones: [\n"
    "     {id: food, kind: product, polygon: [[0, 0], [0.6, 0], [0.6, 1], [0, 1]]},\n"
    "     {id: a, name: Apples, parent: food, kind: product,\n"
    "      polygon: [[0, 0], [0.2, 0], [0.2, 1], [0, 1]]},\n"
    "     {id: b, parent: food, kind: product,\n"
    "      polygon: [[0.2, 0], [0.4, 0], [0.4, 1], [0.2, 1]]},\n"
    "     {id: c, parent: food, kind: product,\n"
    "      polygon: [[0.4, 0], [0.6, 0], [0.6, 1], [0.4, 1]]},\n"
    "     {id: f, kind: fitting, polygon: [[0.6, 0], [0.7, 0], [0.7, 1], [0.6, 1]]},\n"
    "     {id: way, kind: corridor, polygon: [[0.7, 0], [0.8, 0], [0.8, 1], [0.7, 1]]},\n"
    "     {id: t, kind: checkout, polygon: [[0.8, 0], [0.9, 0], [0.9, 1], [0.8, 1]]}]}}\n";

static void set_up(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfig) config = fixture_config_from(yaml);
  fixture_set_up(fixture, "Europe/Berlin");
  iv_catalog_import(fixture->store, config, at("2026-01-02T00:00:00Z"), NULL, &error);
  g_assert_no_error(error);
}

static IvEvent stay(const char *zone, IvTime ts, guint32 who) {
  IvEvent event = make_known(make_visit("shop", zone, ts, 10 * IV_SECOND, who), who);
  event.scene_version = 1;
  return event;
}

/* A way in, a stay for each letter a minute apart, and the way out a minute later (GArray of
 * IvEvent). Also what makes no journey: the department, the corridor, a stay that is too short. */
static GArray *visit(guint32 who, IvTime ts, const char *zones) {
  GArray *events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  IvTime t = ts;
  IvEvent event = make_store_visit(IV_EVENT_VISIT_STARTED, ts, 0, who);
  g_array_append_val(events, event);
  for (; *zones; zones++) {
    t += IV_MINUTE;
    event = stay((char[]){*zones, 0}, t, who);
    g_array_append_val(events, event);
    event = stay("food", t, who);
    g_array_append_val(events, event);
    event = stay("way", t + 20 * IV_SECOND, who);
    g_array_append_val(events, event);
    event = make_known(make_visit("shop", "c", t + 30 * IV_SECOND, 1900 * IV_MS, who), who);
    g_array_append_val(events, event);
  }
  event = make_store_visit(IV_EVENT_VISIT_CLOSED, ts, t + IV_MINUTE - ts, who);
  g_array_append_val(events, event);
  return events;
}

static void put(Fixture *fixture, GArray *events) {
  g_assert_cmpuint(apply(fixture, (const IvEvent *)events->data, events->len), ==, events->len);
  g_array_unref(events);
}

static void ask(Fixture *fixture, IvJourneyAnswer *answer) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = {.store_id = "demo",
                      .from = at(DAY "08:00:00Z"),
                      .to = at(DAY "09:00:00Z"),
                      .step = IV_STEP_HOUR,
                      .now = at(NOW),
                      .deadline = IV_TIME_NONE};
  iv_kpis_journeys(fixture->store, &query, answer, &error);
  g_assert_no_error(error);
}

/* "a b t" of a path; "-" for none. */
static char *words_of(const IvJourneyAnswer *answer, const IvJourneyPath *path) {
  GString *text = g_string_new(path->n_steps ? "" : "-");
  for (guint i = 0; i < path->n_steps; i++)
    g_string_append_printf(
        text, "%s%s", i ? " " : "",
        g_array_index(answer->zones, IvJourneyZone, (guint)path->steps[i]).id.text);
  return g_string_free(text, FALSE);
}

static void assert_path(const IvJourneyAnswer *answer, guint i, const char *words, gint64 visits) {
  const IvJourneyPath *path = &g_array_index(answer->paths, IvJourneyPath, i);
  g_autofree char *found = words_of(answer, path);
  g_assert_cmpstr(found, ==, words);
  g_assert_cmpint(path->visits, ==, visits);
}

static gint64 link_of(const IvJourneyAnswer *answer, guint depth, const char *from,
                      const char *to) {
  for (guint i = 0; i < answer->links->len; i++) {
    const IvJourneyLink *link = &g_array_index(answer->links, IvJourneyLink, i);
    const IvJourneyZone *zones = (const IvJourneyZone *)answer->zones->data;
    if (link->depth == depth &&
        strcmp(link->from < 0 ? "" : zones[link->from].id.text, from) == 0 &&
        strcmp(link->to < 0 ? "" : zones[link->to].id.text, to) == 0)
      return link->visits;
  }
  return 0;
}

static void test_figures(void) {
  Fixture fixture;
  set_up(&fixture);
  IvTime t = at(DAY "08:00:00Z");
  put(&fixture, visit(1, t, "abt"));              /* 4 min: express */
  put(&fixture, visit(2, t + IV_SECOND, "abt"));  /* the same */
  put(&fixture, visit(3, t + IV_HOUR, "abcaft")); /* back to a after two others */
  put(&fixture, visit(4, t + IV_HOUR, "abcbcb")); /* one other only: not back; no checkout */
  put(&fixture, visit(5, t - 14 * IV_HOUR, "a")); /* the day before */
  put(&fixture, visit(6, t + 2 * IV_HOUR, ""));
  g_auto(IvJourneyAnswer) answer = {0};
  ask(&fixture, &answer);
  g_assert_cmpint(answer.range.from, ==, at("2026-03-28T23:00:00Z"));
  g_assert_cmpint(answer.range.to, ==, at("2026-03-29T22:00:00Z")); /* 23 hours */
  g_assert_cmpint(answer.total.visits, ==, 5);
  g_assert_cmpfloat(answer.total.zones, ==, (2 + 2 + 3 + 3 + 0) / 5.0);
  g_assert_cmpint(answer.total.wide, ==, 2);
  g_assert_cmpfloat(answer.total.backtracking_rate, ==, 0.5);
  g_assert_cmpfloat(answer.total.express_share, ==, 0.4);
  g_assert_cmpfloat(answer.total.browser_share, ==, 0.4);
  g_assert_cmpfloat(answer.total.checkout_share, ==, 0.6);
  g_assert_true(isnan(answer.total.conversion)); /* no receipts were ever brought */
  g_assert_cmpfloat(answer.total.mean_s, ==, (240 + 240 + 420 + 420 + 60) / 5.0);
  g_assert_cmpint(answer.hours[10].visits, ==, 2); /* Berlin's summer time */
  g_assert_cmpint(answer.hours[11].visits, ==, 2);
  g_assert_cmpint(answer.different_paths, ==, 4);
  assert_path(&answer, 0, "a b t", 2);
  g_assert_cmpint(link_of(&answer, 0, "", "a"), ==, 4);
  g_assert_cmpint(link_of(&answer, 0, "", ""), ==, 1);
  g_assert_cmpint(link_of(&answer, 1, "a", "b"), ==, 4);
  g_assert_cmpint(link_of(&answer, 2, "b", "t"), ==, 2);
  g_assert_cmpint(link_of(&answer, 3, "t", ""), ==, 2);
  g_assert_cmpint(link_of(&answer, 5, "f", "t"), ==, 1);
  g_assert_cmpint(answer.open, ==, 0);
  fixture_tear_down(&fixture);
}

/* A stay that is told after its visit was closed changes it, and nothing else. */
static void test_late_stay(void) {
  Fixture fixture;
  set_up(&fixture);
  IvTime t = at(DAY "08:00:00Z");
  put(&fixture, visit(1, t, "ab"));
  put(&fixture, visit(2, t, "ab"));
  IvEvent late = stay("f", t + 90 * IV_SECOND, 1);
  g_assert_cmpuint(apply(&fixture, &late, 1), ==, 1);
  g_assert_cmpuint(apply(&fixture, &late, 1), ==, 0);
  g_auto(IvJourneyAnswer) answer = {0};
  ask(&fixture, &answer);
  g_assert_cmpint(answer.different_paths, ==, 2);
  assert_path(&answer, 0, "a b", 1);
  assert_path(&answer, 1, "a f b", 1);
  g_assert_cmpint(link_of(&answer, 1, "a", "b"), ==, 1);
  g_assert_cmpint(link_of(&answer, 1, "a", "f"), ==, 1);
  fixture_tear_down(&fixture);
}

/* A second visit on the same day is one of its own; outside of visits nothing counts. */
static void test_two_visits(void) {
  Fixture fixture;
  set_up(&fixture);
  IvTime t = at(DAY "08:00:00Z");
  put(&fixture, visit(1, t, "a"));
  put(&fixture, visit(1, t + IV_HOUR, "bt"));
  IvEvent between = stay("c", t + 30 * IV_MINUTE, 1);
  g_assert_cmpuint(apply(&fixture, &between, 1), ==, 1);
  g_auto(IvJourneyAnswer) answer = {0};
  ask(&fixture, &answer);
  g_assert_cmpint(answer.total.visits, ==, 2);
  assert_path(&answer, 0, "a", 1);
  assert_path(&answer, 1, "b t", 1);
  fixture_tear_down(&fixture);
}

/* ---- purchases ---- */

static gboolean put_map(IvSql *sql, gpointer terminal, GError **error) {
  return iv_terminals_put_in(sql, "demo", terminal, 1, error);
}

static void put_sale(Fixture *fixture, guint number, IvTime ts) {
  g_autoptr(GError) error = NULL;
  IvPosReceiptResult result;
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, "1", sizeof receipt->terminal);
  g_snprintf(receipt->number, sizeof receipt->number, "%u", number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = ts;
  receipt->kind = IV_POS_RECEIPT_SALE;
  receipt->amount = 100;
  IvPosReceiptBatch batch = {"demo", "api", &receipt, 1, at(NOW), &result};
  iv_receipts_put(fixture->store, &batch, &error);
  g_assert_no_error(error);
  iv_pos_receipt_free(receipt);
}

/* Served without having stood in a checkout zone is a checkout; the receipt comes later, or is
 * taken by another. */
static void test_bought(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  set_up(&fixture);
  IvTime t = at(DAY "08:00:00Z");
  put(&fixture, visit(1, t, "ab"));
  put(&fixture, visit(2, t, "ab"));
  IvEvent served = make_known(
      make_queued(IV_EVENT_QUEUE_SERVICE, "one", t + 130 * IV_SECOND, 30 * IV_SECOND, 1), 1);
  g_assert_cmpuint(apply(&fixture, &served, 1), ==, 1);
  put_sale(&fixture, 1, t + 150 * IV_SECOND);
  g_auto(IvJourneyAnswer) before = {0};
  ask(&fixture, &before);
  g_assert_cmpfloat(before.total.checkout_share, ==, 0.5);
  g_assert_cmpfloat(before.total.browser_share, ==, 0.5);
  g_assert_cmpfloat(before.total.conversion, ==, 0);
  IvTerminal terminal = {.id = "1", .name = ""};
  iv_slug_set(&terminal.lane, "one");
  iv_store_write(fixture.store, put_map, &terminal, &error); /* now the receipt finds the service */
  g_assert_no_error(error);
  g_auto(IvJourneyAnswer) after = {0};
  ask(&fixture, &after);
  g_assert_cmpfloat(after.total.conversion, ==, 0.5);
  g_assert_cmpfloat(after.total.link_rate, ==, 1);
  g_assert_cmpfloat(after.hours[10].conversion, ==, 0.5);
  g_assert_cmpint(ask_int(fixture.store, "SELECT bought FROM kpi_hour_journeys"), ==, 1);
  fixture_tear_down(&fixture);
}

/* ---- again ---- */

static GArray *make_many(GRand *dice) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint32 who = 1; who <= 60; who++) {
    char zones[12] = "";
    guint n = (guint)g_rand_int_range(dice, 0, 10);
    for (guint i = 0; i < n; i++)
      zones[i] = "abcft"[g_rand_int_range(dice, 0, 5)];
    IvTime ts = at(DAY "00:00:00Z") + g_rand_int_range(dice, 0, 20 * 3600) * (IvTime)IV_SECOND;
    g_autoptr(GArray) events = visit(who, ts, zones);
    g_array_append_vals(all, events->data, events->len);
    IvEvent served = make_known(
        make_queued(IV_EVENT_QUEUE_SERVICE, "one", ts + 40 * IV_SECOND, 20 * IV_SECOND, who), who);
    if (who % 3 == 0)
      g_array_append_val(all, served);
  }
  return all;
}

/* In any order and in batches of any size, and counted again from the ledger: the same rows. */
static void test_any_order(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(4);
  g_autoptr(GArray) events = make_many(dice);
  g_autofree char *first = NULL;
  for (guint round = 0; round < 4; round++) {
    g_autoptr(GError) error = NULL;
    Fixture fixture;
    set_up(&fixture);
    for (guint i = 0, n; i < events->len; i += n) {
      n = MIN(events->len - i, round == 0 ? 500 : (guint)g_rand_int_range(dice, 1, 40));
      apply(&fixture, &g_array_index(events, IvEvent, i), n);
    }
    g_autofree char *dump = dump_tables(fixture.store);
    if (first)
      assert_same_dump(first, dump);
    iv_ledger_recount(fixture.book, "demo", at("2026-03-28T20:00:00Z"), at(NOW), &error);
    g_assert_no_error(error);
    g_autofree char *again = dump_tables(fixture.store);
    assert_same_dump(dump, again);
    if (!first)
      first = g_steal_pointer(&dump);
    fixture_tear_down(&fixture);
    shuffle(events, dice);
  }
}

static gboolean forget_counts(IvSql *sql, gpointer data, GError **error) {
  (void)data;
  return iv_sql_script(sql,
                       "UPDATE customer_visits SET path_no = NULL; DELETE FROM kpi_hour_journeys; "
                       "DELETE FROM kpi_day_steps; DELETE FROM kpi_day_paths",
                       error);
}

/* Visits that were taken over and not counted yet are, when the database is opened. */
static void test_catch_up(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GRand) dice = g_rand_new_with_seed(5);
  Fixture fixture;
  set_up(&fixture);
  put(&fixture, make_many(dice));
  g_autofree char *before = dump_tables(fixture.store);
  iv_store_write(fixture.store, forget_counts, NULL, &error);
  g_assert_no_error(error);
  fixture_close(&fixture);
  fixture_reopen(&fixture);
  g_autofree char *after = dump_tables(fixture.store);
  assert_same_dump(before, after);
  fixture_tear_down(&fixture);
}

/* Of a store whose zone has changed hours and days are those of the new one, also of the past. */
static void test_rezone(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GRand) dice = g_rand_new_with_seed(6);
  Fixture moved, there;
  g_autoptr(GString) far = g_string_new(yaml);
  g_string_replace(far, "Europe/Berlin", "Asia/Kathmandu", 0);
  g_autoptr(IvConfig) config = fixture_config_from(far->str);
  g_autoptr(GArray) events = make_many(dice);
  set_up(&moved);
  apply(&moved, (const IvEvent *)events->data, events->len);
  iv_catalog_import(moved.store, config, at(NOW), NULL, &error);
  g_assert_no_error(error);
  set_up(&there);
  iv_catalog_import(there.store, config, at(NOW), NULL, &error);
  g_assert_no_error(error);
  apply(&there, (const IvEvent *)events->data, events->len);
  g_autofree char *a = dump_tables(moved.store), *b = dump_tables(there.store);
  assert_same_dump(a, b);
  fixture_tear_down(&moved);
  fixture_tear_down(&there);
}

/* Who went where goes with the events; the sums stay. */
static void test_retention(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  set_up(&fixture);
  put(&fixture, visit(1, at(DAY "08:00:00Z"), "abt"));
  IvRetentionConfig keep = {.events = IV_DAY};
  iv_retention_run(fixture.store, &keep, at(NOW) + 2 * IV_DAY, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM customer_visits"), ==, 0);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM visitor_stays"), ==, 0);
  g_auto(IvJourneyAnswer) answer = {0};
  ask(&fixture, &answer);
  g_assert_cmpint(answer.total.visits, ==, 1);
  assert_path(&answer, 0, "a b t", 1);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/journeys/figures", test_figures);
  g_test_add_func("/store/journeys/late-stay", test_late_stay);
  g_test_add_func("/store/journeys/two-visits", test_two_visits);
  g_test_add_func("/store/journeys/bought", test_bought);
  g_test_add_func("/store/journeys/any-order", test_any_order);
  g_test_add_func("/store/journeys/catch-up", test_catch_up);
  g_test_add_func("/store/journeys/rezone", test_rezone);
  g_test_add_func("/store/journeys/retention", test_retention);
  return g_test_run();
}
