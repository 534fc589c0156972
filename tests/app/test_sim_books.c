/* SPDX-License-Identifier: Apache-2.0 */
/* What a simulated store puts into the books: again after an error, and what they refuse. */
#include "app/sim_books.h"

#include <glib/gstdio.h>
#include <string.h>

#include "config/load.h"
#include "store/catalog.h"

#define NOW (G_GINT64_CONSTANT(1795600800) * IV_SECOND) /* 2026-11-25T10:00:00Z */
#define MANY 1203                                       /* more than two transactions' */

typedef struct {
  char *dir, *path;
  IvConfig *config;
  IvStore *store;
  GPtrArray *receipts;
} Fixture;

static const char yaml[] =
    "store: {id: demo, time_zone: UTC}\n"
    "sales: {currency: EUR}\n"
    "cameras:\n"
    "  - id: door\n"
    "    number: 1\n"
    "    url: rtsp://127.0.0.1/door\n"
    "    scene:\n"
    "      image: {w: 768, h: 576}\n"
    "      zones: [{id: way, polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]}]\n";

static void set_up(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IvConfigReport) report = iv_config_report_new("test.yaml");
  f->dir = g_dir_make_tmp("inveye-books-XXXXXX", &error);
  g_assert_no_error(error);
  f->config = iv_config_parse(yaml, strlen(yaml), NULL, report);
  g_assert_nonnull(f->config);
  f->path = g_build_filename(f->dir, "inveye.db", NULL);
  f->store = iv_store_open(f->path, &error);
  g_assert_no_error(error);
  iv_catalog_import(f->store, f->config, NOW, NULL, &error);
  g_assert_no_error(error);
  f->receipts = iv_receipts_new();
}

static void tear_down(Fixture *f, gconstpointer data) {
  static const char *const suffixes[] = {"", "-wal", "-shm"};
  (void)data;
  g_ptr_array_unref(f->receipts);
  iv_store_close(f->store);
  iv_config_free(f->config);
  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *name = g_strconcat(f->path, suffixes[i], NULL);
    g_unlink(name);
  }
  g_assert_cmpint(g_rmdir(f->dir), ==, 0);
  g_free(f->path);
  g_free(f->dir);
}

static IvPosReceipt *add(Fixture *f, guint number, gint64 amount) {
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_strlcpy(receipt->terminal, "POS-01", sizeof receipt->terminal);
  g_snprintf(receipt->number, sizeof receipt->number, "%u", number);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = NOW - IV_HOUR + number * IV_SECOND;
  receipt->amount = amount;
  iv_pos_receipt_settle(receipt);
  g_ptr_array_add(f->receipts, receipt);
  return receipt;
}

static IvSimLoss put(Fixture *f) {
  g_autoptr(GError) error = NULL;
  IvSimLoss loss = {99, "not told"};
  iv_sim_books_put_receipts(f->store, "demo", f->receipts, NOW, &loss, &error);
  g_assert_no_error(error);
  return loss;
}

static gint64 ask(const Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(f->store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(read.sql, text);
  g_assert_true(iv_step_row(st, &error));
  gint64 value = iv_column_int(st, 0);
  iv_statement_reset(st);
  return value;
}

static gboolean run_script(IvSql *sql, gpointer text, GError **error) {
  return iv_sql_script(sql, text, error);
}

static void change(Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  iv_store_write(f->store, run_script, (gpointer)text, &error);
  g_assert_no_error(error);
}

/* The answer was lost, or a stretch is acted out again: all of it is there, and no loss. */
static void test_again(Fixture *f, gconstpointer data) {
  (void)data;
  for (guint i = 0; i < MANY; i++)
    add(f, i, 100 + i);
  g_assert_cmpuint(put(f).refused, ==, 0);
  g_assert_cmpuint(put(f).refused, ==, 0);
  g_assert_cmpint(ask(f, "SELECT count(*) FROM transactions"), ==, MANY);
}

/* An error in the middle: what was stored is found again, what was not is stored, and what was
 * refused before the error is told after it, once. */
static void test_error(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(GError) error = NULL;
  IvSimLoss loss = {0, NULL};
  for (guint i = 0; i < MANY; i++)
    add(f, i, 100);
  g_strlcpy(add(f, MANY, 100)->currency, "USD", sizeof(((IvPosReceipt *)0)->currency));
  change(f, "CREATE TRIGGER broken BEFORE INSERT ON transactions WHEN NEW.receipt = '700' "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  g_assert_false(iv_sim_books_put_receipts(f->store, "demo", f->receipts, NOW, &loss, &error));
  g_assert_nonnull(error);
  g_assert_cmpuint(loss.refused, ==, 0);
  g_assert_cmpint(ask(f, "SELECT count(*) FROM transactions"), <, MANY);
  change(f, "DROP TRIGGER broken");
  loss = put(f);
  g_assert_cmpuint(loss.refused, ==, 1);
  g_assert_nonnull(strstr(loss.reason, "currency"));
  g_assert_cmpint(ask(f, "SELECT count(*) FROM transactions"), ==, MANY);
  g_assert_cmpint(ask(f, "SELECT sum(transactions) FROM kpi_5min_sales"), ==, MANY);
}

/* Each loss is counted, and keeps nothing else out. */
static void test_refused(Fixture *f, gconstpointer data) {
  (void)data;
  add(f, 1, 100);
  g_assert_cmpuint(put(f).refused, ==, 0);
  add(f, 1, 250);                        /* says something else than the first */
  add(f, 2, 100)->ts = NOW + 2 * IV_DAY; /* not yet */
  add(f, 3, 100)->number[0] = '\0';
  add(f, 4, 100);
  IvSimLoss loss = put(f);
  g_assert_cmpuint(loss.refused, ==, 3);
  g_assert_nonnull(loss.reason);
  g_assert_cmpint(ask(f, "SELECT count(*) FROM transactions"), ==, 2);
  g_assert_cmpint(ask(f, "SELECT sum(amount) FROM transactions"), ==, 200);
}

static IvEvent make_visit(IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_VISIT, ts);
  iv_slug_set(&event.store_id, "demo");
  iv_slug_set(&event.edge_id, "sim");
  iv_slug_set(&event.camera_id, "door");
  iv_slug_set(&event.zone_id, "way");
  event.scene_version = 1;
  event.end_ts = ts + IV_MINUTE;
  iv_event_set_number(&event, IV_ATTR_DWELL_S, 60);
  iv_event_set_id(&event, "camera");
  return event;
}

/* The first is older than what is kept. */
static void test_events(Fixture *f, gconstpointer data) {
  (void)data;
  g_autofree char *floor = g_strdup_printf("UPDATE stores SET events_from = %" G_GINT64_FORMAT,
                                           NOW - IV_HOUR + IV_SECOND);
  g_autoptr(GError) error = NULL;
  IvKpiLimits limits = iv_kpi_limits_default();
  IvLedgerBook *book = iv_ledger_book_new(f->store, &limits);
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint i = 0; i < 3; i++) {
    IvEvent event = make_visit(NOW - IV_HOUR + i * IV_MINUTE);
    g_array_append_val(events, event);
  }
  change(f, floor);
  for (int round = 0; round < 2; round++) {
    IvSimLoss loss = {0, NULL};
    iv_sim_books_put_events(book, events, NOW, &loss, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(loss.refused, ==, 1);
    g_assert_nonnull(loss.reason);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM events"), ==, 2);
  }
  iv_ledger_book_free(book);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/sim-books/" name, Fixture, NULL, set_up, test, tear_down)
  ADD("again", test_again);
  ADD("error", test_error);
  ADD("refused", test_refused);
  ADD("events", test_events);
  return g_test_run();
}
