/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in that should not: what becomes of it is written in docs/bad-input.md. */
#include "ledger_fixture.h"
#include "store/kpi_sales.h"
#include "store/receipts.h"
#include "store/retention.h"

#define DAY "2026-05-01T"
#define NOW "2026-05-02T00:00:00Z"

/* ---- events ---- */

/* Places that nobody drew are kept by name with what they counted; the store's sums need to know
 * what kind of line it was. */
static void test_unknown_places(void) {
  Fixture fixture;
  IvTime t = at(DAY "09:00:00Z");
  const IvEvent events[] = {
      make_crossing("nowhere", "gate", "in", t, 1),
      make_visit("nowhere", "attic", t, IV_MINUTE, 2),
      make_queued(IV_EVENT_QUEUE_JOINED, "till-99", t, 0, 3),
  };
  fixture_set_up(&fixture, "UTC");
  g_assert_cmpuint(apply(&fixture, events, G_N_ELEMENTS(events)), ==, 3);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM cameras WHERE id = 'nowhere' "
                                         "AND in_config = 0"),
                  ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT k.visits FROM kpi_5min_zone k JOIN zones z "
                                         "ON z.zone_no = k.zone_no WHERE z.id = 'attic'"),
                  ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT k.joined FROM kpi_5min_lane k JOIN lanes l "
                                         "ON l.lane_no = k.lane_no WHERE l.id = 'till-99'"),
                  ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_5min_store"), ==, 0);
  IvLedgerStats stats;
  iv_ledger_stats(fixture.book, &stats);
  g_assert_cmpuint(stats.unplaced, ==, 1);
  fixture_tear_down(&fixture);
}

/* What is older than the ledger keeps is refused: its row may be gone, and it would count twice. */
static void test_older_than_retention(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  IvEvent old = make_crossing("door", "in", "in", at(DAY "09:00:00Z"), 1);
  IvEvent young = make_crossing("door", "in", "in", at(DAY "21:00:00Z"), 2);
  gboolean inserted;
  const char *refused;
  fixture_set_up(&fixture, "UTC");
  apply(&fixture, &old, 1);
  IvRetentionConfig keep = {.events = 6 * IV_HOUR};
  iv_retention_run(fixture.store, &keep, at(NOW), NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(iv_ledger_apply(fixture.book, &old, 1, at(NOW), &inserted, &refused, &error));
  g_assert_no_error(error);
  g_assert_false(inserted);
  g_assert_cmpstr(refused, ==, "older than the ledger keeps");
  g_assert_cmpuint(apply(&fixture, &young, 1), ==, 1);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(traffic_in) FROM kpi_5min_store"), ==, 2);
  fixture_tear_down(&fixture);
}

/* ---- receipts ---- */

static IvPosReceiptResult put(Fixture *fixture, const char *terminal, const char *ts,
                              IvPosReceiptKind kind, gint64 amount) {
  g_autoptr(GError) error = NULL;
  IvPosReceiptResult result;
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, terminal, sizeof receipt->terminal);
  g_strlcpy(receipt->number, "1", sizeof receipt->number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = at(ts);
  receipt->kind = kind;
  receipt->amount = amount;
  IvPosReceiptBatch batch = {"demo", "api", &receipt, 1, at(NOW), &result};
  iv_receipts_put(fixture->store, &batch, &error);
  g_assert_no_error(error);
  iv_pos_receipt_free(receipt);
  return result;
}

static void test_receipts(void) {
  Fixture fixture;
  g_autoptr(GError) error = NULL;
  g_auto(IvSalesAnswer) sales = {0};
  IvKpiQuery query = {.store_id = "demo",
                      .from = at(DAY "00:00:00Z"),
                      .to = at(NOW),
                      .step = IV_STEP_HOUR,
                      .now = at(NOW),
                      .deadline = IV_TIME_NONE};
  fixture_set_up(&fixture, "UTC");
  /* an unknown terminal is added, and counts for no lane */
  g_assert_cmpint(put(&fixture, "stranger", DAY "09:00:00Z", IV_POS_RECEIPT_SALE, 1000).fate, ==,
                  IV_POS_RECEIPT_STORED);
  /* twice, with other content: the first stands */
  g_assert_cmpint(put(&fixture, "stranger", DAY "09:00:00Z", IV_POS_RECEIPT_SALE, 1001).fate, ==,
                  IV_POS_RECEIPT_CONFLICT);
  /* a refund needs no sale that we know: it is money given back all the same */
  g_assert_cmpint(put(&fixture, "stranger", DAY "10:00:00Z", IV_POS_RECEIPT_REFUND, 300).fate, ==,
                  IV_POS_RECEIPT_STORED);
  iv_kpis_sales(fixture.store, &query, &sales, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(sales.total.figures.revenue, ==, 700);
  g_assert_cmpfloat(sales.total.figures.transactions, ==, 1);
  g_assert_cmpint(sales.unmapped, ==, 2);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bad-input/unknown-places", test_unknown_places);
  g_test_add_func("/bad-input/older-than-retention", test_older_than_retention);
  g_test_add_func("/bad-input/receipts", test_receipts);
  return g_test_run();
}
