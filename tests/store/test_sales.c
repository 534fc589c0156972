/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: stored once, counted once, and the figures that come of it. */
#include <math.h>
#include <string.h>

#include "config/load.h"
#include "kpi/basket.h"
#include "ledger_fixture.h"
#include "store/kpi_sales.h"
#include "store/products.h"
#include "store/receipts.h"
#include "store/retention.h"
#include "store/terminals.h"

#define NOW "2026-05-02T00:00:00Z"

static IvPosReceipt *make(const char *terminal, const char *number, const char *ts,
                          IvPosReceiptKind kind, gint64 amount) {
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, terminal, sizeof receipt->terminal);
  g_strlcpy(receipt->number, number, sizeof receipt->number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = at(ts);
  receipt->kind = kind;
  receipt->amount = amount;
  return receipt;
}

static void add_item(IvPosReceipt *receipt, const char *sku, gint64 pieces, gint64 price) {
  IvPosReceiptItem *item = iv_pos_receipt_add_item(receipt);
  g_strlcpy(item->sku, sku, sizeof item->sku);
  item->quantity_milli = pieces * 1000;
  item->unit_price = price;
  iv_pos_receipt_settle(receipt);
}

/* Stores n receipts and frees them. */
static void put_all(Fixture *fixture, IvPosReceipt **receipts, guint n,
                    IvPosReceiptResult *ret_results) {
  g_autoptr(GError) error = NULL;
  IvPosReceiptBatch batch = {.store_id = "demo",
                             .source = "api",
                             .receipts = receipts,
                             .n = n,
                             .now = at(NOW),
                             .results = ret_results};
  iv_receipts_put(fixture->store, &batch, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < n; i++)
    iv_pos_receipt_free(receipts[i]);
}

static IvPosReceiptFate put(Fixture *fixture, IvPosReceipt *receipt) {
  IvPosReceiptResult result;
  put_all(fixture, &receipt, 1, &result);
  return result.fate;
}

static gint64 sum(Fixture *fixture, const char *column) {
  g_autofree char *text =
      g_strdup_printf("SELECT coalesce(sum(%s), 0) FROM kpi_5min_sales", column);
  return ask_int(fixture->store, g_intern_string(text));
}

/* ---- once ---- */

static void test_once(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  const char *ts = "2026-05-01T09:00:00Z";
  g_assert_cmpint(put(&fixture, make("1", "7", ts, IV_POS_RECEIPT_SALE, 500)), ==,
                  IV_POS_RECEIPT_STORED);
  g_assert_cmpint(put(&fixture, make("1", "7", ts, IV_POS_RECEIPT_SALE, 500)), ==,
                  IV_POS_RECEIPT_DUPLICATE);
  g_assert_cmpint(put(&fixture, make("1", "7", ts, IV_POS_RECEIPT_SALE, 501)), ==,
                  IV_POS_RECEIPT_CONFLICT);
  g_assert_cmpint(sum(&fixture, "transactions"), ==, 1);
  g_assert_cmpint(sum(&fixture, "revenue_minor"), ==, 500);
  /* another time, terminal or number is another receipt */
  put(&fixture, make("1", "7", "2026-05-01T09:00:01Z", IV_POS_RECEIPT_SALE, 1));
  put(&fixture, make("2", "7", ts, IV_POS_RECEIPT_SALE, 1));
  put(&fixture, make("1", "8", ts, IV_POS_RECEIPT_SALE, 1));
  g_assert_cmpint(sum(&fixture, "transactions"), ==, 4);
  fixture_tear_down(&fixture);
}

static IvPosReceipt *with_key(IvPosReceipt *receipt, const char *key) {
  g_strlcpy(receipt->key, key, sizeof receipt->key);
  return receipt;
}

static void test_keys(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  const char *ts = "2026-05-01T09:00:00Z", *later = "2026-05-01T09:30:00Z";
  IvPosReceipt *batch[] = {
      with_key(make("1", "7", ts, IV_POS_RECEIPT_SALE, 500), "a"),
      with_key(make("1", "7", ts, IV_POS_RECEIPT_SALE, 500), "a"),    /* twice in one batch */
      with_key(make("1", "8", later, IV_POS_RECEIPT_SALE, 500), "a"), /* the key is taken */
      make("1", "9", later, IV_POS_RECEIPT_SALE, 3),
      with_key(make("1", "9", later, IV_POS_RECEIPT_SALE, 3), "b"), /* came without a key before */
      with_key(make("1", "10", later, IV_POS_RECEIPT_SALE, 3), "b"),
  };
  static const IvPosReceiptFate expected[] = {IV_POS_RECEIPT_STORED,    IV_POS_RECEIPT_DUPLICATE,
                                              IV_POS_RECEIPT_CONFLICT,  IV_POS_RECEIPT_STORED,
                                              IV_POS_RECEIPT_DUPLICATE, IV_POS_RECEIPT_CONFLICT};
  IvPosReceiptResult results[G_N_ELEMENTS(batch)];
  put_all(&fixture, batch, G_N_ELEMENTS(batch), results);
  for (gsize i = 0; i < G_N_ELEMENTS(batch); i++)
    g_assert_cmpint(results[i].fate, ==, expected[i]);
  g_assert_cmpint(results[1].id, ==, results[0].id);
  g_assert_cmpint(sum(&fixture, "transactions"), ==, 2);
  fixture_tear_down(&fixture);
}

static void test_currency(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  const char *ts = "2026-05-01T09:00:00Z";
  IvPosReceipt *nameless = make("1", "1", ts, IV_POS_RECEIPT_SALE, 1);
  nameless->currency[0] = '\0';
  g_assert_cmpint(put(&fixture, nameless), ==, IV_POS_RECEIPT_REFUSED);
  put(&fixture, make("1", "2", ts, IV_POS_RECEIPT_SALE, 1));
  nameless = make("1", "1", ts, IV_POS_RECEIPT_SALE, 1);
  nameless->currency[0] = '\0';
  g_assert_cmpint(put(&fixture, nameless), ==, IV_POS_RECEIPT_STORED);
  IvPosReceipt *foreign = make("1", "3", ts, IV_POS_RECEIPT_SALE, 1);
  g_strlcpy(foreign->currency, "USD", sizeof foreign->currency);
  g_assert_cmpint(put(&fixture, foreign), ==, IV_POS_RECEIPT_REFUSED);
  g_assert_cmpint(sum(&fixture, "transactions"), ==, 2);
  fixture_tear_down(&fixture);
}

/* ---- figures ---- */

static IvPosReceipt *random_receipt(GRand *dice, guint i) {
  static const char *const skus[] = {"a", "b", "c", "d", "e"};
  g_autofree char *number = g_strdup_printf("%u", i);
  IvPosReceipt *receipt = make(i % 3 ? "1" : "2", number, "2026-05-01T08:00:00Z",
                               (IvPosReceiptKind)(i % 17 < 14 ? 0 : i % 17 - 13), 0);
  receipt->ts += g_rand_int_range(dice, 0, 4 * 3600) * IV_SECOND;
  for (int k = g_rand_int_range(dice, 0, 6); k > 0; k--)
    add_item(receipt, skus[g_rand_int_range(dice, 0, 5)], g_rand_int_range(dice, 1, 4),
             g_rand_int_range(dice, 50, 900));
  receipt->amount = g_rand_int_range(dice, 100, 5000);
  return receipt;
}

static IvKpiQuery ask(const char *from, const char *to, IvStep step) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = at(from),
                      .to = at(to),
                      .step = step,
                      .now = at(NOW),
                      .deadline = IV_TIME_NONE};
}

static void ask_sales(Fixture *fixture, const IvKpiQuery *query, IvSalesAnswer *ret_answer) {
  g_autoptr(GError) error = NULL;
  iv_kpis_sales(fixture->store, query, ret_answer, &error);
  g_assert_no_error(error);
}

static const IvSalesFigures *hour(const IvSalesAnswer *answer, guint i) {
  return &g_array_index(answer->periods, IvSalesPeriod, i).figures;
}

static void walk_in(Fixture *fixture, guint n, IvTime from) {
  for (guint i = 0; i < n; i++) {
    IvEvent event = make_crossing("door", "in", "in", from + (IvTime)i * IV_SECOND, i + 1);
    apply(fixture, &event, 1);
  }
}

static void test_figures(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  walk_in(&fixture, 8, at("2026-05-01T09:00:00Z"));
  IvPosReceipt *sale = make("1", "1", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 1000);
  add_item(sale, "a", 2, 300);
  add_item(sale, "b", 1, 400);
  put(&fixture, sale);
  put(&fixture, make("1", "2", "2026-05-01T09:59:59.999Z", IV_POS_RECEIPT_SALE, 500));
  put(&fixture, make("2", "3", "2026-05-01T09:30:00Z", IV_POS_RECEIPT_REFUND, 200));
  put(&fixture, make("2", "4", "2026-05-01T09:30:00Z", IV_POS_RECEIPT_VOID, 900));
  put(&fixture, make("2", "5", "2026-05-01T11:00:00Z", IV_POS_RECEIPT_NO_SALE, 0));
  IvKpiQuery query = ask("2026-04-30T22:00:00Z", "2026-05-01T12:00:00Z", IV_STEP_HOUR);
  g_auto(IvSalesAnswer) answer = {0};
  ask_sales(&fixture, &query, &answer);
  g_assert_cmpstr(answer.currency, ==, "EUR");
  g_assert_true(isnan(hour(&answer, 1)->revenue)); /* the day before: no point of sale told */
  g_assert_cmpfloat(hour(&answer, 2)->revenue, ==, 0);
  g_assert_true(isnan(hour(&answer, 2)->conversion_rate));
  const IvSalesFigures *nine = hour(&answer, 11);
  g_assert_cmpfloat(nine->transactions, ==, 2);
  g_assert_cmpfloat(nine->revenue, ==, 1300);
  g_assert_cmpfloat(nine->average_value, ==, 650);
  g_assert_cmpfloat(nine->units_per_transaction, ==, 3);
  g_assert_cmpfloat(nine->conversion_rate, ==, 0.25);
  g_assert_cmpfloat(nine->sales_per_visitor, ==, 1300.0 / 8);
  g_assert_cmpfloat(nine->refunds, ==, 1);
  g_assert_cmpfloat(nine->voids, ==, 1);
  g_assert_cmpfloat(hour(&answer, 13)->no_sales, ==, 1);
  g_assert_cmpfloat(answer.total.figures.revenue, ==, 1300);
  g_assert_cmpuint(answer.terminals->len, ==, 2);
  g_assert_cmpint(answer.unmapped, ==, 5);
  g_assert_cmpint(
      ask_int(fixture.store, "SELECT revenue_minor FROM daily_sales WHERE day = '2026-05-01'"), ==,
      1300);
  fixture_tear_down(&fixture);
}

/* Whatever the steps, the zone and the edges: the same sums. */
static void test_steps_agree(void) {
  static const char *const zones[] = {"UTC", "Asia/Kathmandu"};
  static const struct {
    const char *from, *to;
  } ranges[] = {
      {"2026-05-01T08:00:00Z", "2026-05-01T12:00:00Z"},
      {"2026-05-01T08:25:00Z", "2026-05-01T11:10:00Z"},
      {"2026-05-01T09:05:00Z", "2026-05-01T09:55:00Z"},
      {"2026-05-01T08:45:00Z", "2026-05-01T09:15:00Z"},
  };
  for (gsize z = 0; z < G_N_ELEMENTS(zones); z++) {
    Fixture fixture;
    g_autoptr(GRand) dice = g_rand_new_with_seed(11);
    fixture_set_up(&fixture, zones[z]);
    for (guint i = 0; i < 120; i++)
      put(&fixture, random_receipt(dice, i));
    for (gsize r = 0; r < G_N_ELEMENTS(ranges); r++) {
      g_autofree char *text = g_strdup_printf(
          "SELECT coalesce(sum(CASE kind WHEN 'sale' THEN amount WHEN 'refund' THEN -amount "
          "ELSE 0 END), 0) FROM transactions WHERE ts >= %" G_GINT64_FORMAT
          " AND ts < %" G_GINT64_FORMAT,
          at(ranges[r].from), at(ranges[r].to));
      double expected = (double)ask_int(fixture.store, g_intern_string(text));
      for (int step = 0; step < IV_STEPS; step++) {
        IvKpiQuery query = ask(ranges[r].from, ranges[r].to, (IvStep)step);
        g_auto(IvSalesAnswer) answer = {0};
        double periods = 0, terminals = 0;
        ask_sales(&fixture, &query, &answer);
        for (guint i = 0; i < answer.periods->len; i++)
          periods += hour(&answer, i)->revenue;
        for (guint i = 0; i < answer.terminals->len; i++) {
          const IvTerminalSales *row = &g_array_index(answer.terminals, IvTerminalSales, i);
          terminals += iv_sales_figures(&row->sums, TRUE, 1, 1).revenue;
        }
        g_assert_cmpfloat(answer.total.figures.revenue, ==, expected);
        g_assert_cmpfloat(periods, ==, expected);
        g_assert_cmpfloat(terminals, ==, expected);
      }
    }
    fixture_tear_down(&fixture);
  }
}

static void test_without_pos(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  walk_in(&fixture, 3, at("2026-05-01T09:00:00Z"));
  IvKpiQuery query = ask("2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z", IV_STEP_HOUR);
  g_auto(IvSalesAnswer) answer = {0};
  ask_sales(&fixture, &query, &answer);
  g_assert_true(isnan(answer.total.figures.revenue));
  g_assert_true(isnan(answer.total.figures.transactions));
  g_assert_true(isnan(answer.total.figures.conversion_rate));
  g_assert_cmpstr(answer.currency, ==, "");
  IvBasketQuery baskets = {.range = query, .min_support = 0.1, .limit = 10};
  g_auto(IvBasketAnswer) none = {0};
  g_assert_true(iv_kpis_baskets(fixture.store, &baskets, &none, NULL));
  g_assert_false(none.known);
  g_assert_true(isnan(none.items_per_basket));
  fixture_tear_down(&fixture);
}

/* ---- lanes ---- */

static gboolean run_map(IvSql *sql, gpointer arg, GError **error) {
  return iv_terminals_put_in(sql, "demo", arg, 1, error);
}

static void map_terminal(Fixture *fixture, const char *id, const char *lane) {
  g_autoptr(GError) error = NULL;
  IvTerminal terminal = {.last_receipt = IV_TIME_NONE};
  g_strlcpy(terminal.id, id, sizeof terminal.id);
  iv_slug_set(&terminal.lane, lane);
  iv_store_write(fixture->store, run_map, &terminal, &error);
  g_assert_no_error(error);
}

static gint64 of_lane(Fixture *fixture, const char *lane) {
  g_autofree char *text = g_strdup_printf(
      "SELECT coalesce(sum(revenue_minor), 0) FROM kpi_5min_sales WHERE lane = '%s'", lane);
  return ask_int(fixture->store, g_intern_string(text));
}

/* What came before the terminal was mapped goes with it; a move leaves the past where it was. */
static void test_lanes(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  put(&fixture, make("1", "1", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 100));
  g_assert_cmpint(of_lane(&fixture, ""), ==, 100);
  map_terminal(&fixture, "1", "lane-1");
  g_assert_cmpint(of_lane(&fixture, ""), ==, 0);
  g_assert_cmpint(of_lane(&fixture, "lane-1"), ==, 100);
  put(&fixture, make("1", "2", "2026-05-01T09:01:00Z", IV_POS_RECEIPT_SALE, 20));
  map_terminal(&fixture, "1", "lane-2");
  put(&fixture, make("1", "3", "2026-05-01T09:02:00Z", IV_POS_RECEIPT_SALE, 3));
  g_assert_cmpint(of_lane(&fixture, "lane-1"), ==, 120);
  g_assert_cmpint(of_lane(&fixture, "lane-2"), ==, 3);
  map_terminal(&fixture, "1", "");
  put(&fixture, make("1", "4", "2026-05-01T09:03:00Z", IV_POS_RECEIPT_SALE, 7));
  map_terminal(&fixture, "1", "lane-1"); /* into a bucket that is there */
  g_assert_cmpint(of_lane(&fixture, "lane-1"), ==, 127);
  g_assert_cmpint(sum(&fixture, "transactions"), ==, 4);
  fixture_tear_down(&fixture);
}

static void test_configured(void) {
  static const char yaml[] = "store: {id: demo, time_zone: UTC}\n"
                             "cameras: [{id: a, url: 'rtsp://127.0.0.1/a'}]\n"
                             "sales: {currency: EUR, terminals: '%s'}\n";
  static const struct {
    const char *file, *api, *expected; /* api: "" = nothing is set by it */
  } steps[] = {
      {"POS 1=lane-1", "", "lane-1"},
      {"POS 1=lane-1", "lane-9", "lane-9"},
      {"POS 1=lane-1", "", "lane-9"}, /* the file says nothing new */
      {"POS 1=lane-3, 2=lane-4", "", "lane-3"},
  };
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf(yaml, steps[i].file);
    g_autoptr(IvConfig) config = fixture_config_from(text);
    iv_catalog_import(fixture.store, config, at(NOW), NULL, &error);
    g_assert_no_error(error);
    if (steps[i].api[0])
      map_terminal(&fixture, "POS 1", steps[i].api);
    g_autoptr(GArray) terminals = iv_terminals_list(fixture.store, "demo", IV_TIME_NONE, &error);
    g_assert_no_error(error);
    const IvTerminal *last = &g_array_index(terminals, IvTerminal, terminals->len - 1);
    g_assert_cmpstr(last->id, ==, "POS 1");
    g_assert_cmpstr(last->lane.text, ==, steps[i].expected);
  }
  fixture_tear_down(&fixture);
}

static void test_bad_configuration(void) {
  static const struct {
    const char *sales, *said;
  } cases[] = {
      {"{terminals: '1'}", "is not TERMINAL=lane"},
      {"{terminals: '1=Lane 1'}", "has a lane that is not"},
      {"{terminals: '1=a, 1=b'}", "names a terminal twice"},
      {"{currency: eur}", "is not three capital letters"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf("store: {id: demo}\nsales: %s\n", cases[i].sales);
    g_autoptr(IvConfigReport) report = iv_config_report_new("test.yaml");
    g_assert_null(iv_config_parse(text, strlen(text), NULL, report));
    g_autofree char *findings = iv_config_report_text(report);
    if (!strstr(findings, cases[i].said))
      g_error("%s: %s", cases[i].sales, findings);
  }
}

static void test_many_terminals(void) {
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_autofree IvPosReceiptResult *results = g_new0(IvPosReceiptResult, IV_RECEIPTS_BATCH_MAX);
  IvPosReceipt *batch[IV_RECEIPTS_BATCH_MAX];
  for (guint round = 0; round < 3; round++) {
    for (guint i = 0; i < IV_RECEIPTS_BATCH_MAX; i++) {
      g_autofree char *id = g_strdup_printf("T%u", round * IV_RECEIPTS_BATCH_MAX + i);
      batch[i] = make(id, "1", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 1);
    }
    put_all(&fixture, batch, IV_RECEIPTS_BATCH_MAX, results);
    g_assert_cmpint(results[0].fate, ==,
                    round < 2 ? IV_POS_RECEIPT_STORED : IV_POS_RECEIPT_REFUSED);
  }
  g_assert_cmpint(sum(&fixture, "transactions"), ==, IV_TERMINALS_PER_STORE_MAX);
  fixture_tear_down(&fixture);
}

/* ---- a day in any order ---- */

static char *dump_sales(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  static const char *const tables[] = {
      "SELECT bucket || ' ' || t.id || ' ' || k.lane || ' ' || transactions || ' ' || itemised || "
      "' ' || items || ' ' || revenue_minor || ' ' || refunds || ' ' || refunds_minor || ' ' || "
      "voids || ' ' || no_sales FROM kpi_5min_sales k JOIN terminals t USING (terminal_no) "
      "ORDER BY bucket, t.id, k.lane",
      "SELECT bucket || ' ' || category || ' ' || items || ' ' || revenue_minor || ' ' || "
      "refunds_minor FROM kpi_5min_category ORDER BY bucket, category",
      /* the hours are sums of the 5 minutes: a line tells where not */
      "SELECT 'hour ' || h.bucket || ' ' || h.lane FROM kpi_hour_sales h WHERE (transactions, "
      "items, "
      "revenue_minor, refunds, refunds_minor, voids, no_sales) IS NOT (SELECT sum(transactions), "
      "sum(items), sum(revenue_minor), sum(refunds), sum(refunds_minor), sum(voids), sum(no_sales) "
      "FROM kpi_5min_sales k WHERE k.terminal_no = h.terminal_no AND k.lane = h.lane "
      "AND k.bucket >= h.bucket AND k.bucket < h.bucket + 3600000000)",
      "SELECT 'hour ' || h.bucket || ' ' || h.category FROM kpi_hour_category h WHERE (items, "
      "revenue_minor, refunds_minor) IS NOT (SELECT sum(items), sum(revenue_minor), "
      "sum(refunds_minor) FROM kpi_5min_category k WHERE k.category = h.category "
      "AND k.bucket >= h.bucket AND k.bucket < h.bucket + 3600000000)",
  };
  g_auto(IvStoreRead) read = iv_store_read_begin(fixture->store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    IvStatement *st = iv_sql_statement(read.sql, tables[i]);
    while (iv_step_row(st, &error))
      g_string_append_printf(text, "%s\n", iv_column_text(st, 0));
    g_assert_no_error(error);
  }
  return g_string_free(text, FALSE);
}

static gboolean name_products(IvSql *sql, gpointer arg, GError **error) {
  const IvProduct products[] = {{"a", "Apple", "Fruit", 120}, {"b", "Pear", "Fruit", 90}};
  (void)arg;
  return iv_products_put_in(sql, "demo", products, G_N_ELEMENTS(products), error);
}

/* Late, doubled and shuffled receipts give the same rows, and so does counting again. */
static void test_any_order(void) {
  enum { N = 300 };
  char *dumps[3] = {NULL};
  for (guint round = 0; round < 3; round++) {
    Fixture fixture;
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) dice = g_rand_new_with_seed(5), order = g_rand_new_with_seed(round);
    fixture_set_up(&fixture, "UTC");
    iv_store_write(fixture.store, name_products, NULL, &error);
    g_assert_no_error(error);
    IvPosReceipt *all[N];
    for (guint i = 0; i < N; i++)
      all[i] = random_receipt(dice, i);
    for (guint i = 0; round > 0 && i < N; i++) {
      guint k = (guint)g_rand_int_range(order, 0, N);
      IvPosReceipt *kept = all[i];
      all[i] = all[k];
      all[k] = kept;
    }
    IvPosReceiptResult results[N];
    for (guint i = 0; i < N; i += 50)
      put_all(&fixture, all + i, 50, results + i);
    dumps[round] = dump_sales(&fixture);
    iv_receipts_recount(fixture.store, "demo", at("2026-05-01T07:58:00Z"),
                        at("2026-05-01T12:00:00Z"), &error);
    g_assert_no_error(error);
    g_autofree char *again = dump_sales(&fixture);
    assert_same_dump(dumps[round], again);
    if (round > 0)
      assert_same_dump(dumps[0], dumps[round]);
    fixture_tear_down(&fixture);
  }
  g_assert_nonnull(strstr(dumps[0], "Fruit"));
  g_assert_null(strstr(dumps[0], "hour"));
  for (guint i = 0; i < 3; i++)
    g_clear_pointer(&dumps[i], g_free);
}

static gboolean spoil_rows(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_sql_script(sql,
                       "UPDATE kpi_5min_sales SET revenue_minor = 7; "
                       "UPDATE kpi_hour_sales SET voids = 7; "
                       "DELETE FROM kpi_5min_category",
                       error);
}

static void test_recount(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  IvPosReceipt *sale = make("1", "1", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 1000);
  add_item(sale, "a", 2, 300);
  put(&fixture, sale);
  g_autofree char *before = dump_sales(&fixture);
  iv_store_write(fixture.store, spoil_rows, NULL, &error);
  iv_receipts_recount(fixture.store, "demo", at("2026-05-01T09:02:00Z"), at("2026-05-01T09:03:00Z"),
                      &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_sales(&fixture);
  assert_same_dump(before, after);
  fixture_tear_down(&fixture);
}

/* ---- retention ---- */

static void test_retention(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  const char *old = "2026-03-01T09:00:00Z", *young = "2026-05-01T09:00:00Z";
  IvPosReceipt *sale = make("1", "1", old, IV_POS_RECEIPT_SALE, 1000);
  add_item(sale, "a", 2, 300);
  put(&fixture, sale);
  put(&fixture, make("1", "2", young, IV_POS_RECEIPT_SALE, 20));
  IvRetentionConfig keep = {.sales = 30 * IV_DAY};
  IvRetentionResult result;
  iv_retention_run(fixture.store, &keep, at(NOW), NULL, &result, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(result.receipts, ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM transaction_items"), ==, 0);
  g_assert_cmpint(sum(&fixture, "revenue_minor"), ==, 1020); /* the figures stay */
  g_assert_cmpint(put(&fixture, make("1", "1", old, IV_POS_RECEIPT_SALE, 1000)), ==,
                  IV_POS_RECEIPT_REFUSED);
  iv_receipts_recount(fixture.store, "demo", at(old), at(NOW), &error);
  g_assert_no_error(error);
  g_assert_cmpint(sum(&fixture, "revenue_minor"), ==, 1020);
  keep = (IvRetentionConfig){.kpis = 30 * IV_DAY};
  iv_retention_run(fixture.store, &keep, at(NOW), NULL, &result, &error);
  g_assert_no_error(error);
  g_assert_cmpint(sum(&fixture, "revenue_minor"), ==, 20);
  fixture_tear_down(&fixture);
}

/* ---- pages ---- */

static guint walk_pages(Fixture *fixture, IvPosReceiptQuery query) {
  guint n = 0;
  IvTime last = G_MAXINT64;
  g_autofree char *cursor = NULL;
  do {
    g_autoptr(GError) error = NULL;
    char *next = NULL;
    query.cursor = cursor;
    g_autoptr(GPtrArray) rows =
        iv_receipts_query(fixture->store, &query, IV_TIME_NONE, &next, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++) {
      const IvPosReceiptRow *row = rows->pdata[i];
      g_assert_cmpint(row->receipt.ts, <=, last);
      last = row->receipt.ts;
      n++;
    }
    g_free(cursor);
    cursor = next;
  } while (cursor);
  return n;
}

static void test_pages(void) {
  enum { N = 100 };
  Fixture fixture;
  g_autoptr(GRand) dice = g_rand_new_with_seed(9);
  fixture_set_up(&fixture, "UTC");
  IvPosReceipt *all[N];
  IvPosReceiptResult results[N];
  guint voids = 0, with_a = 0, first = 0, lines = 0;
  for (guint i = 0; i < N; i++) {
    all[i] = random_receipt(dice, i);
    gboolean has = FALSE;
    for (guint k = 0; k < all[i]->items->len; k++)
      has = has || strcmp(g_array_index(all[i]->items, IvPosReceiptItem, k).sku, "a") == 0;
    voids += all[i]->kind == IV_POS_RECEIPT_VOID;
    with_a += has;
    first += i % 3 != 0;
    lines += all[i]->items->len;
  }
  put_all(&fixture, all, N, results);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM transaction_items"), ==, lines);
  IvPosReceiptQuery query = {.store_id = "demo",
                             .from = IV_TIME_NONE,
                             .to = IV_TIME_NONE,
                             .kind = -1,
                             .linked = -1,
                             .limit = 7};
  g_assert_cmpuint(walk_pages(&fixture, query), ==, N);
  query.kind = IV_POS_RECEIPT_VOID;
  g_assert_cmpuint(walk_pages(&fixture, query), ==, voids);
  query.kind = -1;
  query.sku = "a";
  g_assert_cmpuint(walk_pages(&fixture, query), ==, with_a);
  query.sku = NULL;
  query.terminal = "1";
  g_assert_cmpuint(walk_pages(&fixture, query), ==, first);
  query.terminal = NULL;
  query.receipt = "42";
  g_assert_cmpuint(walk_pages(&fixture, query), ==, 1);
  query.receipt = NULL;
  query.from = at("2026-05-01T12:00:00Z");
  g_assert_cmpuint(walk_pages(&fixture, query), ==, 0);
  fixture_tear_down(&fixture);
}

/* ---- baskets ---- */

static void test_baskets(void) {
  static const char *const contents[] = {"ab", "abc", "ac", "d", "d"};
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  fixture_set_up(&fixture, "UTC");
  iv_store_write(fixture.store, name_products, NULL, &error);
  for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
    g_autofree char *number = g_strdup_printf("%u", i);
    IvPosReceipt *sale = make("1", number, "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 100);
    for (const char *at_sku = contents[i]; *at_sku; at_sku++)
      add_item(sale, (const char[]){*at_sku, '\0'}, 1, 100);
    put(&fixture, sale);
  }
  IvPosReceipt *refund = make("1", "9", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_REFUND, 100);
  add_item(refund, "a", 1, 100);
  put(&fixture, refund);
  put(&fixture, make("1", "10", "2026-05-01T09:00:00Z", IV_POS_RECEIPT_SALE, 100)); /* no lines */
  IvBasketQuery query = {.range = ask("2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z", IV_STEP_HOUR),
                         .min_support = 0.01,
                         .limit = 3,
                         .basket = (const char *const[]){"b", "zzz", NULL}};
  g_auto(IvBasketAnswer) answer = {0};
  g_assert_true(iv_kpis_baskets(fixture.store, &query, &answer, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(answer.n_baskets, ==, 5);
  g_assert_cmpfloat(answer.items_per_basket, ==, 9.0 / 5);
  g_assert_cmpuint(answer.n_rules, ==, 4); /* a-b and a-c, both ways; b-c is in one basket */
  g_assert_cmpuint(answer.rules->len, ==, 3);
  const IvBasketRule *best = &g_array_index(answer.rules, IvBasketRule, 0);
  g_assert_cmpfloat_with_epsilon(best->lift, 2.0 * 5 / (3 * 2), 1e-12);
  g_assert_cmpuint(answer.hint.n_if, ==, 1);
  const IvBasketProduct *hint =
      &g_array_index(answer.products, IvBasketProduct, answer.hint.then_item);
  g_assert_cmpstr(hint->sku, ==, "a");
  g_assert_cmpstr(hint->name, ==, "Apple");
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sales/once", test_once);
  g_test_add_func("/sales/keys", test_keys);
  g_test_add_func("/sales/currency", test_currency);
  g_test_add_func("/sales/figures", test_figures);
  g_test_add_func("/sales/steps-agree", test_steps_agree);
  g_test_add_func("/sales/without-pos", test_without_pos);
  g_test_add_func("/sales/lanes", test_lanes);
  g_test_add_func("/sales/configured", test_configured);
  g_test_add_func("/sales/bad-configuration", test_bad_configuration);
  g_test_add_func("/sales/many-terminals", test_many_terminals);
  g_test_add_func("/sales/any-order", test_any_order);
  g_test_add_func("/sales/recount", test_recount);
  g_test_add_func("/sales/retention", test_retention);
  g_test_add_func("/sales/pages", test_pages);
  g_test_add_func("/sales/baskets", test_baskets);
  return g_test_run();
}
