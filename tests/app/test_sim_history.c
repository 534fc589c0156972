/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated store's past in a data folder: complete, the same after a break, apart from real
 * counts. */
#include "app/sim_history.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/data_lock.h"
#include "store/catalog.h"
#include "store/kpis.h"

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"
#define FROM "2026-03-02T23:00:00.000Z" /* midnight in the kiosk's zone */
#define UNTIL "2026-03-04T14:30:00.000Z"

typedef struct {
  char *dir;
  IvSimStore *sim;
  IvSimHistory history;
  gint stop;
} Fixture;

static IvTime at(const char *text) {
  IvTime t = 0;
  g_assert_true(iv_time_from_text(text, &t));
  return t;
}

static void set_up(Fixture *f, gint64 seed) {
  g_autoptr(GError) error = NULL;
  *f = (Fixture){.dir = g_dir_make_tmp("inveye-history-XXXXXX", &error)};
  g_assert_no_error(error);
  f->sim = iv_sim_store_new(KIOSK, seed, &error);
  g_assert_no_error(error);
  f->history = (IvSimHistory){
      .store = f->sim, .data_dir = f->dir, .from = at(FROM), .until = at(UNTIL), .stop = &f->stop};
}

static void remove_folder(const char *dir) {
  g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name(entries));) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void tear_down(Fixture *f) {
  iv_sim_store_free(f->sim);
  remove_folder(f->dir);
  g_free(f->dir);
}

static IvStore *open_database(const Fixture *f) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(f->dir, "inveye.db", NULL);
  IvStore *store = iv_store_open(path, &error);
  g_assert_no_error(error);
  return store;
}

/* Every figure row, and what the ledger has, as text. */
static char *dump(const Fixture *f) {
  static const char *const texts[] = {
      "SELECT bucket, traffic_in, traffic_out, turn_backs, pass_bys FROM kpi_5min_store ORDER BY 1",
      "SELECT bucket, zone_no, visits, dwell_ms, peak, hex(dwell_sketch) FROM kpi_5min_zone "
      "ORDER BY 1, 2",
      "SELECT bucket, lane_no, joined, served, service_ms, open_ms FROM kpi_5min_lane ORDER BY 1, "
      "2",
      "SELECT bucket, camera_no, alive_ms, span_ms, 0, 0 FROM kpi_5min_camera ORDER BY 1, 2",
      "SELECT bucket, terminal_no, transactions, revenue_minor, refunds, 0 FROM kpi_hour_sales "
      "ORDER BY 1, 2",
      "SELECT count(*), count(DISTINCT id), min(ts), max(ts), 0, 0 FROM events",
      "SELECT count(*), sum(amount), min(ts), max(ts), 0, 0 FROM transactions"};
  static const int columns[] = {5, 6, 6, 4, 5, 4, 4};
  g_autoptr(GError) error = NULL;
  g_autoptr(IvStore) store = open_database(f);
  GString *text = g_string_new(NULL);
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, &error);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvStatement *st = iv_sql_statement(read.sql, texts[i]);
    while (iv_step_row(st, &error)) {
      for (int c = 0; c < columns[i]; c++)
        g_string_append_printf(text, "%s|", iv_column_text(st, c));
      g_string_append_c(text, '\n');
    }
    g_assert_no_error(error);
  }
  iv_store_read_clear(&read);
  return g_string_free(text, FALSE);
}

static IvSimProgress fill(Fixture *f) {
  g_autoptr(GError) error = NULL;
  IvSimProgress progress;
  gboolean fine = iv_sim_history_fill(&f->history, &progress, &error);
  g_assert_no_error(error);
  g_assert_true(fine);
  return progress;
}

/* Zones and lanes are called what the scenario calls them. */
static void assert_names(IvStore *store, const IvKpiQuery *query) {
  g_autoptr(GError) error = NULL;
  g_auto(IvZoneAnswer) zones = {0};
  g_auto(IvQueueAnswer) queues = {0};
  guint found = 0;
  g_assert_true(iv_kpis_zones(store, query, &zones, &error));
  g_assert_true(iv_kpis_queues(store, query, &queues, &error));
  for (guint i = 0; i < zones.zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(zones.zones, IvZoneFigures, i);
    if (strcmp(zone->zone_id.text, "till-staff") == 0)
      found += strcmp(zone->name, "Behind the till") == 0;
  }
  g_assert_cmpuint(found, ==, 1);
  g_assert_cmpuint(queues.rows->len, ==, 1);
  g_assert_cmpstr(g_array_index(queues.rows, IvQueueRow, 0).name, ==, "Till");
}

/* The figures are there, the store is marked, and once more changes nothing. */
static void test_figures(void) {
  Fixture f;
  g_autoptr(GError) error = NULL;
  set_up(&f, 3);
  IvSimProgress progress = fill(&f);
  g_assert_cmpint(progress.now, ==, at(UNTIL));
  g_assert_cmpuint(progress.visits, >, 100);
  g_assert_cmpuint(progress.receipts, >, 50);
  g_autofree char *before = dump(&f);
  IvSimProgress again = fill(&f);
  g_assert_cmpuint(again.events, ==, 0);
  g_assert_cmpuint(again.receipts, ==, 0);
  g_autofree char *after = dump(&f);
  g_assert_cmpstr(before, ==, after);

  g_autoptr(IvStore) store = open_database(&f);
  IvStoreRow row;
  g_assert_true(iv_catalog_store(store, iv_sim_store_id(f.sim), IV_TIME_NONE, &row, &error));
  g_assert_true(row.simulated);
  IvKpiQuery query = {.store_id = iv_sim_store_id(f.sim),
                      .from = at(FROM),
                      .to = at(FROM) + IV_DAY,
                      .step = IV_STEP_DAY,
                      .now = at(UNTIL),
                      .deadline = IV_TIME_NONE};
  g_auto(IvTrafficAnswer) traffic = {0};
  g_assert_true(iv_kpis_traffic(store, &query, &traffic, &error));
  g_assert_cmpfloat(traffic.total.in, >, 50);
  g_assert_cmpfloat(traffic.total.in, ==, traffic.total.out); /* the day is over: nobody is left */
  g_assert_cmpfloat(traffic.total.coverage, >, 0.999);
  assert_names(store, &query);
  g_clear_pointer(&store, iv_store_close);
  tear_down(&f);
}

/* At night nobody is left, nobody waits, and the till is closed: also as it is told live, by what
 * the ledger knows last. */
static void test_shut(void) {
  Fixture f;
  g_autoptr(GError) error = NULL;
  set_up(&f, 7);
  f.history.until = at(FROM) + 27 * IV_HOUR; /* three in the morning */
  fill(&f);
  g_autoptr(IvStore) store = open_database(&f);
  IvKpiQuery query = {.store_id = iv_sim_store_id(f.sim),
                      .from = at(FROM),
                      .to = f.history.until,
                      .step = IV_STEP_HOUR,
                      .now = f.history.until,
                      .deadline = IV_TIME_NONE};
  g_auto(IvTrafficAnswer) traffic = {0};
  g_auto(IvZoneAnswer) zones = {0};
  g_auto(IvQueueAnswer) queues = {0};
  g_assert_true(iv_kpis_traffic(store, &query, &traffic, &error));
  g_assert_true(iv_kpis_zones(store, &query, &zones, &error));
  g_assert_true(iv_kpis_queues(store, &query, &queues, &error));
  g_assert_cmpfloat(traffic.total.in, >, 50);
  g_assert_cmpuint(traffic.total.visits.open, ==, 0);
  for (guint i = 0; i < zones.zones->len; i++)
    g_assert_cmpuint(g_array_index(zones.zones, IvZoneFigures, i).open_visits, ==, 0);
  const IvQueueRow *till = &g_array_index(queues.rows, IvQueueRow, 0);
  g_assert_cmpuint(till->total.open_waits, ==, 0);
  for (guint i = 0; i < till->periods->len; i++) {
    const IvQueuePeriod *hour = &g_array_index(till->periods, IvQueuePeriod, i);
    if (i < 7 || i > 19) /* its hours are within 8 and 18 */
      g_assert_cmpfloat(hour->figures.lanes_open, ==, 0);
    if (i == 12)
      g_assert_cmpfloat(hour->figures.lanes_open, >, 0.9);
  }
  IvStoreRead read = iv_store_read_begin(store, IV_TIME_NONE, &error);
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT e.attrs FROM events e WHERE e.kind_no = (SELECT kind_no FROM event_kinds "
                "WHERE name = 'lane.state') ORDER BY ts DESC LIMIT 1");
  g_assert_true(iv_step_row(st, &error));
  g_assert_nonnull(strstr(iv_column_text(st, 0), "closed"));
  iv_statement_reset(st);
  iv_store_read_clear(&read);
  g_clear_pointer(&store, iv_store_close);
  tear_down(&f);
}

static void stop_soon(const IvSimProgress *progress, gpointer user_data) {
  Fixture *f = user_data;
  g_assert_cmpint(progress->now, <=, at(UNTIL));
  g_atomic_int_set(&f->stop, 1);
}

/* Stopped in the middle of a day, then gone on with: as in one piece. */
static void test_interrupted(void) {
  Fixture whole, broken;
  set_up(&whole, 4);
  fill(&whole);
  set_up(&broken, 4);
  broken.history.until = at("2026-03-03T09:40:00.000Z");
  fill(&broken);
  broken.history.until = at(UNTIL);
  broken.history.on_progress = stop_soon;
  broken.history.user_data = &broken;
  IvSimProgress stopped = fill(&broken);
  g_assert_cmpint(stopped.now, <, at(UNTIL));
  broken.stop = 0;
  broken.history.on_progress = NULL;
  fill(&broken);
  g_autofree char *a = dump(&whole), *b = dump(&broken);
  g_assert_cmpstr(a, ==, b);
  tear_down(&whole);
  tear_down(&broken);
}

static void assert_refused(Fixture *f, const char *why) {
  g_autoptr(GError) error = NULL;
  IvSimProgress progress;
  g_assert_false(iv_sim_history_fill(&f->history, &progress, &error));
  g_assert_nonnull(strstr(error->message, why));
  g_assert_null(strchr(error->message, '\n'));
}

static void test_never_mixed(void) {
  Fixture f, other;
  g_autoptr(GError) error = NULL;
  set_up(&f, 5);
  f.history.from = at(FROM) + IV_DAY;
  fill(&f);
  set_up(&other, 6);
  other.history.data_dir = f.dir;
  assert_refused(&other, "another seed");
  f.history.from = at(FROM);
  assert_refused(&f, "begins later");

  g_autoptr(IvStore) store = open_database(&f);
  g_assert_false(iv_simulations_check(store, NULL, &error)); /* as `run` with real cameras asks */
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT);
  g_clear_error(&error);
  g_clear_pointer(&store, iv_store_close);

  g_autoptr(IvDataLock) lock = iv_data_lock_take(f.dir, &error);
  g_assert_nonnull(lock);
  g_assert_no_error(error);
  assert_refused(&f, "in use");
  tear_down(&other);
  tear_down(&f);
}

/* A folder in which real cameras have counted. */
static gboolean make_real(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_sql_script(sql, "DELETE FROM simulations", error);
}

static void test_real_folder(void) {
  Fixture f;
  g_autoptr(GError) error = NULL;
  set_up(&f, 7);
  f.history.from = at(FROM) + IV_DAY;
  fill(&f);
  g_autoptr(IvStore) store = open_database(&f);
  g_assert_true(iv_store_write(store, make_real, NULL, &error));
  g_assert_true(iv_simulations_check(store, NULL, &error));
  g_clear_pointer(&store, iv_store_close);
  assert_refused(&f, "holds real counts");
  tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim-history/figures", test_figures);
  g_test_add_func("/sim-history/interrupted", test_interrupted);
  g_test_add_func("/sim-history/never-mixed", test_never_mixed);
  g_test_add_func("/sim-history/real-folder", test_real_folder);
  g_test_add_func("/sim-history/shut", test_shut);
  return g_test_run();
}
