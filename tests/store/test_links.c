/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts and services find each other, in whatever order they come; and the figures of it. */
#include <math.h>
#include <string.h>

#include "config/load.h"
#include "kpi/link.h"
#include "ledger_fixture.h"
#include "store/kpi_sales.h"
#include "store/receipts.h"
#include "store/retention.h"
#include "store/services.h"
#include "store/terminals.h"

#define DAY "2026-05-01T"
#define NOW "2026-05-02T00:00:00Z"

static void put_sale(Fixture *fixture, const char *terminal, guint number, IvTime ts,
                     IvPosReceiptKind kind) {
  g_autoptr(GError) error = NULL;
  IvPosReceiptResult result;
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, terminal, sizeof receipt->terminal);
  g_snprintf(receipt->number, sizeof receipt->number, "%u", number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = ts;
  receipt->kind = kind;
  receipt->amount = 100;
  IvPosReceiptBatch batch = {"demo", "api", &receipt, 1, at(NOW), &result};
  iv_receipts_put(fixture->store, &batch, &error);
  g_assert_no_error(error);
  g_assert_cmpint(result.fate, ==, IV_POS_RECEIPT_STORED);
  iv_pos_receipt_free(receipt);
}

static void serve(Fixture *fixture, const char *lane, IvTime from, IvTime length, guint64 who) {
  IvEvent event = make_queued(IV_EVENT_QUEUE_SERVICE, lane, from, length, who);
  g_assert_cmpuint(apply(fixture, &event, 1), ==, 1);
}

static gboolean put_map(IvSql *sql, gpointer terminal, GError **error) {
  return iv_terminals_put_in(sql, "demo", terminal, 1, error);
}

static void map(Fixture *fixture, const char *id, const char *lane) {
  g_autoptr(GError) error = NULL;
  IvTerminal terminal = {.name = ""};
  g_strlcpy(terminal.id, id, sizeof terminal.id);
  iv_slug_set(&terminal.lane, lane);
  iv_store_write(fixture->store, put_map, &terminal, &error);
  g_assert_no_error(error);
}

static gint64 linked(Fixture *fixture) {
  return ask_int(fixture->store,
                 "SELECT count(*) FROM lane_services WHERE transaction_no IS NOT NULL");
}

/* The rollups hold what the links say, at both sizes. */
static void assert_counted(Fixture *fixture) {
  static const char *const tables[] = {"kpi_5min_sales", "kpi_hour_sales", "kpi_5min_link",
                                       "kpi_hour_link"};
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *text = g_strdup_printf("SELECT coalesce(sum(linked), 0) FROM %s", tables[i]);
    g_assert_cmpint(ask_int(fixture->store, g_intern_string(text)), ==, linked(fixture));
  }
}

static IvSalesFigures sales_of_day(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_auto(IvSalesAnswer) answer = {0};
  IvKpiQuery query = {.store_id = "demo",
                      .from = at(DAY "00:00:00Z"),
                      .to = at(NOW),
                      .step = IV_STEP_HOUR,
                      .now = at(NOW),
                      .deadline = IV_TIME_NONE};
  iv_kpis_sales(fixture->store, &query, &answer, &error);
  g_assert_no_error(error);
  return answer.total.figures;
}

static void test_link_rate(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "one");
  put_sale(&fixture, "9", 1, t, IV_POS_RECEIPT_SALE); /* not mapped */
  g_assert_true(isnan(sales_of_day(&fixture).link_rate));
  put_sale(&fixture, "1", 1, t + 70 * IV_SECOND, IV_POS_RECEIPT_SALE); /* before its service */
  serve(&fixture, "one", t, 60 * IV_SECOND, 1);
  serve(&fixture, "one", t + 10 * IV_MINUTE, 60 * IV_SECOND, 2);
  put_sale(&fixture, "1", 2, t + 12 * IV_MINUTE, IV_POS_RECEIPT_SALE); /* too late */
  put_sale(&fixture, "1", 3, t + 11 * IV_MINUTE, IV_POS_RECEIPT_VOID); /* no transaction */
  put_sale(&fixture, "1", 4, t + 11 * IV_MINUTE + 1, IV_POS_RECEIPT_REFUND);
  g_assert_cmpint(linked(&fixture), ==, 1);
  g_assert_cmpfloat(sales_of_day(&fixture).link_rate, ==, 1. / 3);
  assert_counted(&fixture);
  fixture_tear_down(&fixture);
}

/* A better receipt that comes late takes the service over; the other finds another. */
static void test_late(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "one");
  serve(&fixture, "one", t, 60 * IV_SECOND, 1);
  put_sale(&fixture, "1", 1, t + 75 * IV_SECOND, IV_POS_RECEIPT_SALE);
  g_assert_cmpint(linked(&fixture), ==, 1);
  put_sale(&fixture, "1", 2, t + 40 * IV_SECOND, IV_POS_RECEIPT_SALE);
  g_assert_cmpint(linked(&fixture), ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT t.receipt FROM lane_services s JOIN transactions "
                                         "t ON t.transaction_no = s.transaction_no"),
                  ==, 2);
  serve(&fixture, "one", t + 70 * IV_SECOND, 60 * IV_SECOND, 2);
  g_assert_cmpint(linked(&fixture), ==, 2);
  assert_counted(&fixture);
  fixture_tear_down(&fixture);
}

/* ---- any order ---- */

typedef struct {
  gboolean is_service;
  const char *lane, *terminal;
  IvTime ts, length;
  guint number;
} Happening;

static GArray *make_happenings(GRand *dice) {
  static const char *const lanes[] = {"one", "sco-a"}, *const terminals[] = {"1", "2"};
  GArray *all = g_array_new(FALSE, TRUE, sizeof(Happening));
  for (guint i = 0; i < 240; i++) {
    guint lane = g_rand_int(dice) % 2;
    Happening at_till = {.is_service = i % 2 == 0,
                         .lane = lanes[lane],
                         .terminal = terminals[lane],
                         .ts = at(DAY "09:00:00Z") + g_rand_int_range(dice, 0, 3600) * IV_SECOND,
                         .length = g_rand_int_range(dice, 5, 90) * IV_SECOND,
                         .number = i};
    g_array_append_val(all, at_till);
  }
  return all;
}

static void happen(Fixture *fixture, const Happening *one) {
  if (one->is_service)
    serve(fixture, one->lane, one->ts, one->length, one->number + 1);
  else
    put_sale(fixture, one->terminal, one->number, one->ts, IV_POS_RECEIPT_SALE);
}

/* "lane start receipt" of every service, in order. */
static char *links_text(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(fixture->store, IV_TIME_NONE, &error);
  GString *text = g_string_new(NULL);
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT l.id, s.ts, s.id, t.receipt FROM lane_services s JOIN lanes l "
                "ON l.lane_no = s.lane_no LEFT JOIN transactions t "
                "ON t.transaction_no = s.transaction_no ORDER BY 1, 2, 3");
  while (iv_step_row(st, &error))
    g_string_append_printf(text, "%s %" G_GINT64_FORMAT " %s\n", iv_column_text(st, 0),
                           iv_column_int(st, 1), iv_column_text(st, 3));
  g_assert_no_error(error);
  return g_string_free(text, FALSE);
}

/* What linking everything at once gives: how many. */
static guint link_at_once(const GArray *all) {
  g_autofree IvServiceInterval *services = g_new0(IvServiceInterval, all->len);
  g_autofree IvPosReceiptMark *receipts = g_new0(IvPosReceiptMark, all->len);
  g_autofree gint *found = g_new0(gint, all->len);
  guint n_services = 0, n_receipts = 0;
  for (guint i = 0; i < all->len; i++) {
    const Happening *one = &g_array_index(all, Happening, i);
    gint64 lane = strcmp(one->lane, "one") == 0;
    if (one->is_service)
      services[n_services++] = (IvServiceInterval){lane, one->ts, one->ts + one->length};
    else
      receipts[n_receipts++] = (IvPosReceiptMark){lane, one->ts};
  }
  return iv_link_receipts(services, n_services, receipts, n_receipts, IV_LINK_SLACK, found);
}

static void swap(GArray *all, guint a, guint b) {
  Happening kept = g_array_index(all, Happening, a);
  g_array_index(all, Happening, a) = g_array_index(all, Happening, b);
  g_array_index(all, Happening, b) = kept;
}

static void test_any_order(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(11);
  g_autoptr(GArray) all = make_happenings(dice);
  g_autofree char *first = NULL;
  for (guint turn = 0; turn < 4; turn++) {
    Fixture fixture;
    fixture_set_up(&fixture, "UTC");
    map(&fixture, "1", "one");
    if (turn != 3) /* else the lane becomes known when all is there */
      map(&fixture, "2", "sco-a");
    for (guint i = 0; i < all->len; i++)
      happen(&fixture, &g_array_index(all, Happening, i));
    if (turn == 3)
      map(&fixture, "2", "sco-a");
    g_autofree char *links = links_text(&fixture);
    if (!first)
      first = g_steal_pointer(&links);
    else
      assert_same_dump(first, links);
    g_assert_cmpint(linked(&fixture), ==, link_at_once(all));
    assert_counted(&fixture);
    fixture_tear_down(&fixture);
    for (guint i = all->len - 1; i > 0; i--)
      swap(all, i, g_rand_int(dice) % (i + 1));
  }
  g_assert_cmpuint(link_at_once(all), >, 30);
}

/* Counting sales again keeps the links. */
static void test_recount(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "one");
  serve(&fixture, "one", t, 60 * IV_SECOND, 1);
  put_sale(&fixture, "1", 1, t + 55 * IV_SECOND, IV_POS_RECEIPT_SALE);
  put_sale(&fixture, "1", 2, t + 20 * IV_MINUTE, IV_POS_RECEIPT_SALE);
  g_assert_true(iv_receipts_recount(fixture.store, "demo", t - IV_HOUR, t + IV_HOUR, &error));
  g_assert_no_error(error);
  g_assert_cmpint(linked(&fixture), ==, 1);
  assert_counted(&fixture);
  fixture_tear_down(&fixture);
}

/* ---- lanes ---- */

static const IvQueueFigures *figures_of(const IvQueueAnswer *answer, const char *id) {
  for (guint i = 0; i < answer->rows->len; i++)
    if (strcmp(g_array_index(answer->rows, IvQueueRow, i).lane_id.text, id) == 0)
      return &g_array_index(answer->rows, IvQueueRow, i).total;
  g_assert_not_reached();
}

static void test_lanes(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "sco-a");
  for (guint i = 0; i < 4; i++)
    serve(&fixture, i < 3 ? "sco-a" : "one", t + i * 10 * IV_MINUTE, 60 * IV_SECOND, i + 1);
  IvKpiQuery query = {.store_id = "demo",
                      .from = t,
                      .to = t + IV_HOUR,
                      .step = IV_STEP_HOUR,
                      .now = at(NOW),
                      .deadline = IV_TIME_NONE};
  for (guint turn = 0; turn < 2; turn++) {
    g_auto(IvQueueAnswer) answer = {0};
    iv_kpis_queues(fixture.store, &query, &answer, &error);
    g_assert_no_error(error);
    g_assert_true(isnan(figures_of(&answer, "one")->linked_share));
    if (turn == 0) { /* no receipt came at all: nothing is known */
      g_assert_true(isnan(figures_of(&answer, "sco-a")->linked_share));
      put_sale(&fixture, "1", 1, t + 50 * IV_SECOND, IV_POS_RECEIPT_SALE);
      continue;
    }
    g_assert_cmpfloat(figures_of(&answer, "sco-a")->linked_share, ==, 1. / 3);
    g_assert_cmpfloat(figures_of(&answer, "sco")->linked_share, ==, 1. / 3);
    g_assert_cmpfloat(answer.total.linked_share, ==, 1. / 4);
    query.from += 5 * IV_MINUTE; /* from rows of 5 minutes: the linked one is before */
    query.to += 5 * IV_MINUTE;
  }
  g_auto(IvQueueAnswer) later = {0};
  iv_kpis_queues(fixture.store, &query, &later, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(figures_of(&later, "sco-a")->linked_share, ==, 0);
  fixture_tear_down(&fixture);
}

/* ---- lists ---- */

static guint count_services(Fixture *fixture, int wanted, guint limit, IvTime now) {
  guint n = 0;
  g_autofree char *cursor = NULL;
  do {
    g_autoptr(GError) error = NULL;
    char *next = NULL;
    IvServiceQuery query = {.store_id = "demo",
                            .from = IV_TIME_NONE,
                            .to = IV_TIME_NONE,
                            .linked = wanted,
                            .now = now,
                            .limit = limit,
                            .cursor = cursor};
    g_autoptr(GArray) rows = iv_services_query(fixture->store, &query, IV_TIME_NONE, &next, &error);
    g_assert_no_error(error);
    for (guint i = 0; wanted >= 0 && i < rows->len; i++)
      g_assert_cmpint(g_array_index(rows, IvServiceRow, i).linked, ==, wanted);
    n += rows->len;
    g_free(cursor);
    cursor = next;
  } while (cursor);
  return n;
}

static guint count_receipts(Fixture *fixture, int wanted, IvTime now) {
  g_autoptr(GError) error = NULL;
  g_autofree char *next = NULL;
  IvPosReceiptQuery query = {.store_id = "demo",
                             .from = IV_TIME_NONE,
                             .to = IV_TIME_NONE,
                             .kind = -1,
                             .linked = wanted,
                             .now = now,
                             .limit = 100};
  g_autoptr(GPtrArray) rows =
      iv_receipts_query(fixture->store, &query, IV_TIME_NONE, &next, &error);
  g_assert_no_error(error);
  for (guint i = 0; wanted >= 0 && i < rows->len; i++)
    g_assert_cmpint(((const IvPosReceiptRow *)rows->pdata[i])->linked, ==, wanted);
  return rows->len;
}

/* Findings: only of what was watched, mapped, and had time to be linked. */
static void test_findings(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "one");
  for (guint i = 0; i < 5; i++)
    serve(&fixture, "one", t + i * 10 * IV_MINUTE, 60 * IV_SECOND, i + 1);
  serve(&fixture, "sco-a", t, 60 * IV_SECOND, 9);                       /* not mapped */
  put_sale(&fixture, "1", 1, t + 50 * IV_SECOND, IV_POS_RECEIPT_SALE);  /* linked */
  put_sale(&fixture, "1", 2, t + 180 * IV_SECOND, IV_POS_RECEIPT_SALE); /* a finding */
  put_sale(&fixture, "1", 3, t + 181 * IV_SECOND, IV_POS_RECEIPT_VOID);
  put_sale(&fixture, "1", 4, t + 5 * IV_HOUR, IV_POS_RECEIPT_SALE); /* nobody looked */
  put_sale(&fixture, "2", 5, t, IV_POS_RECEIPT_SALE);               /* not mapped */
  g_assert_cmpuint(count_receipts(&fixture, 1, at(NOW)), ==, 1);
  g_assert_cmpuint(count_receipts(&fixture, 0, at(NOW)), ==, 1);
  g_assert_cmpuint(count_receipts(&fixture, -1, at(NOW)), ==, 5);
  g_assert_cmpuint(count_receipts(&fixture, 0, t + 17 * IV_MINUTE), ==, 0); /* too young */
  g_assert_cmpuint(count_services(&fixture, -1, 2, at(NOW)), ==, 6);
  g_assert_cmpuint(count_services(&fixture, 1, 2, at(NOW)), ==, 1);
  g_assert_cmpuint(count_services(&fixture, 0, 2, at(NOW)), ==, 4);
  g_assert_cmpuint(count_services(&fixture, 0, 2, t + 47 * IV_MINUTE), ==, 3);
  fixture_tear_down(&fixture);
}

/* When receipts are deleted their services go too: they would look unpaid. */
static void test_retention(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvTime t = at(DAY "09:00:00Z");
  map(&fixture, "1", "one");
  serve(&fixture, "one", t, 60 * IV_SECOND, 1);
  serve(&fixture, "one", t + 5 * IV_DAY, 60 * IV_SECOND, 2);
  put_sale(&fixture, "1", 1, t + 50 * IV_SECOND, IV_POS_RECEIPT_SALE);
  IvRetentionConfig keep = {.sales = 2 * IV_DAY};
  iv_retention_run(fixture.store, &keep, t + 5 * IV_DAY, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM lane_services"), ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(linked) FROM kpi_5min_sales"), ==, 1);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/links/rate", test_link_rate);
  g_test_add_func("/links/late", test_late);
  g_test_add_func("/links/any-order", test_any_order);
  g_test_add_func("/links/recount", test_recount);
  g_test_add_func("/links/lanes", test_lanes);
  g_test_add_func("/links/findings", test_findings);
  g_test_add_func("/links/retention", test_retention);
  return g_test_run();
}
