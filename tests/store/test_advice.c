/* SPDX-License-Identifier: Apache-2.0 */
/* Recommendations out of a store's own rows: which figures each rule is given, of which week. What
 * the rules make of figures: tests/kpi/test_advice.c. */
#include <math.h>
#include <string.h>

#include "ledger_fixture.h"
#include "store/kpi_advice.h"
#include "store/receipts.h"

/* The clocks are set back on the Sunday between: the last seven days have an hour more. */
#define ZONE "Europe/Berlin"
#define NOW "2026-10-29T11:20:00Z"
#define BEFORE "2026-10-14T22:00:00Z"
#define WEEK "2026-10-21T22:00:00Z"
#define TODAY "2026-10-28T23:00:00Z"

#define IN_A_WEEK 588 /* 84 each day */
#define SALES_BEFORE 294
#define SALES_NOW 118
#define PAIRS 40 /* of those now: milk and bread */
#define QUEUED 70
#define GAVE_UP 14

static void add(GArray *events, IvEvent event) {
  g_array_append_val(events, event);
}

/* A quarter of an hour of a camera. */
static void add_alive(GArray *events, const char *camera, IvTime ts, double alive_s) {
  IvEvent sample = make_sample(camera, ts, alive_s);
  sample.end_ts = ts + 15 * IV_MINUTE;
  iv_event_set_number(&sample, IV_ATTR_SPAN_S, 900);
  iv_event_set_id(&sample, "camera");
  add(events, sample);
}

static void add_cameras(GArray *events) {
  for (IvTime ts = at(BEFORE); ts < at(TODAY); ts += 15 * IV_MINUTE) {
    add_alive(events, "door", ts, 900);
    add_alive(events, "till", ts, 900);
    add_alive(events, "aisle", ts, ts < at(WEEK) ? 900 : 450);
  }
}

/* From 9 in the morning by UTC, one every two minutes on seven days. */
static void add_people(GArray *events, IvTime week, guint64 first) {
  for (guint i = 0; i < IN_A_WEEK; i++)
    add(events,
        make_crossing("door", "in", "in",
                      week + i / 84 * IV_DAY + 11 * IV_HOUR + i % 84 * 2 * IV_MINUTE, first + i));
}

/* All at the first full hour from 12:00 UTC of the last day: 13 h there. Of five one gives up; the
 * others are served after ten minutes. */
static void add_queue(GArray *events) {
  IvTime start = at("2026-10-28T12:00:00Z");
  for (guint i = 0; i < QUEUED; i++) {
    IvTime ts = start + i * 30 * IV_SECOND;
    add(events, make_queued(IV_EVENT_QUEUE_JOINED, "one", ts, 0, i + 1));
    add(events, make_queued(i % 5 ? IV_EVENT_QUEUE_WAIT : IV_EVENT_QUEUE_ABANDONED, "one", ts,
                            10 * IV_MINUTE, i + 1));
  }
}

static IvPosReceipt *make_sale(IvTime ts, guint number, const char *const *skus) {
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, "1", sizeof receipt->terminal);
  g_snprintf(receipt->number, sizeof receipt->number, "%u", number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = ts;
  receipt->kind = IV_POS_RECEIPT_SALE;
  for (; *skus; skus++) {
    IvPosReceiptItem *item = iv_pos_receipt_add_item(receipt);
    g_strlcpy(item->sku, *skus, sizeof item->sku);
    item->quantity_milli = 1000;
    item->unit_price = 200;
  }
  iv_pos_receipt_settle(receipt);
  return receipt;
}

static void put_sales(Fixture *fixture, IvTime week, guint n, guint first) {
  static const char *const both[] = {"milk", "bread", NULL}, *const tea[] = {"tea", NULL};
  g_autoptr(GError) error = NULL;
  IvPosReceipt *receipts[SALES_BEFORE];
  IvPosReceiptResult results[SALES_BEFORE];
  IvPosReceiptBatch batch = {.store_id = "demo",
                             .source = "api",
                             .receipts = receipts,
                             .n = n,
                             .now = at(NOW),
                             .results = results};
  for (guint i = 0; i < n; i++)
    receipts[i] = make_sale(week + i % 7 * IV_DAY + 12 * IV_HOUR + i * IV_MINUTE, first + i,
                            i < PAIRS ? both : tea);
  iv_receipts_put(fixture->store, &batch, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < n; i++)
    iv_pos_receipt_free(receipts[i]);
}

static void ask(Fixture *fixture, const char *store, const char *now, IvAdviceAnswer *ret_answer,
                GError **error) {
  IvKpiQuery query = {.store_id = store,
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .now = at(now),
                      .deadline = IV_TIME_NONE};
  iv_kpis_advice(fixture->store, &query, 300, ret_answer, error);
}

static const IvAdvice *find(const IvAdviceAnswer *answer, IvAdviceRule rule) {
  for (guint i = 0; i < answer->advice->len; i++)
    if (g_array_index(answer->advice, IvAdvice, i).rule == rule)
      return &g_array_index(answer->advice, IvAdvice, i);
  g_error("no advice of the rule %s", iv_advice_info(rule)->id);
}

static double evidence(const IvAdvice *advice, const char *name) {
  for (guint i = 0; i < advice->n_evidence; i++)
    if (strcmp(advice->evidence[i].name, name) == 0)
      return advice->evidence[i].value;
  g_error("no %s in \"%s\"", name, advice->text);
}

static void test_weeks(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  Fixture fixture;
  fixture_set_up(&fixture, ZONE);
  add_cameras(events);
  add_people(events, at(BEFORE), 1);
  add_people(events, at(WEEK), 10001);
  add_queue(events);
  apply(&fixture, &g_array_index(events, IvEvent, 0), events->len);
  put_sales(&fixture, at(BEFORE), SALES_BEFORE, 1);
  put_sales(&fixture, at(WEEK), SALES_NOW, 1001);
  g_auto(IvAdviceAnswer) answer = {0};
  ask(&fixture, "demo", NOW, &answer, &error);
  g_assert_no_error(error);
  g_assert_cmpint(answer.before.from, ==, at(BEFORE));
  g_assert_cmpint(answer.before.to, ==, at(WEEK));
  g_assert_cmpint(answer.range.from, ==, at(WEEK));
  g_assert_cmpint(answer.range.to, ==, at(TODAY));
  g_assert_cmpuint(answer.advice->len, ==, 5);

  const IvAdvice *conversion = find(&answer, IV_ADVICE_CONVERSION_FELL);
  g_assert_cmpfloat_with_epsilon(evidence(conversion, "conversion_rate"),
                                 (double)SALES_NOW / IN_A_WEEK, 1e-12);
  g_assert_cmpfloat_with_epsilon(evidence(conversion, "before"), (double)SALES_BEFORE / IN_A_WEEK,
                                 1e-12);

  const IvAdvice *waits = find(&answer, IV_ADVICE_LONG_WAITS);
  g_assert_cmpfloat(evidence(waits, "service_level"), ==, 0);
  g_assert_cmpfloat(evidence(waits, "joined"), ==, QUEUED);
  g_assert_cmpfloat(evidence(waits, "from_hour"), ==, 13);

  const IvAdvice *gone = find(&answer, IV_ADVICE_ABANDONMENT_HIGH);
  g_assert_cmpstr(gone->subject.id, ==, "one");
  g_assert_cmpstr(gone->subject.name, ==, "Till one");
  g_assert_cmpfloat_with_epsilon(evidence(gone, "abandonment_rate"), (double)GAVE_UP / QUEUED,
                                 1e-12);

  const IvAdvice *pair = find(&answer, IV_ADVICE_CROSS_SELL);
  g_assert_cmpstr(pair->subject.name, ==, "bread + milk");
  g_assert_cmpfloat(evidence(pair, "baskets"), ==, PAIRS);
  g_assert_cmpfloat_with_epsilon(evidence(pair, "lift"), (double)SALES_NOW / PAIRS, 1e-12);

  const IvAdvice *dark = find(&answer, IV_ADVICE_CAMERA_DARK);
  g_assert_cmpstr(dark->subject.id, ==, "aisle");
  g_assert_cmpfloat(evidence(dark, "coverage"), ==, 0.5);
  fixture_tear_down(&fixture);
}

/* Of weeks in which nothing was told nothing is said. */
static void test_nothing_known(void) {
  GError *error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, ZONE);
  g_auto(IvAdviceAnswer) answer = {0}, none = {0};
  ask(&fixture, "demo", NOW, &answer, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(answer.advice->len, ==, 0);
  ask(&fixture, "elsewhere", NOW, &none, &error);
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/advice/weeks", test_weeks);
  g_test_add_func("/advice/nothing-known", test_nothing_known);
  return g_test_run();
}
