/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups: whatever comes late, twice or in another order, they are what the rows of 5 minutes say,
 * and no figure is another one for being read from them. */
#include <string.h>

#include "figures_dump.h"
#include "ledger_fixture.h"
#include "store/migrations.h"
#include "store/products.h"
#include "store/receipts.h"
#include "store/retention.h"
#include "store/rollup.h"
#include "store/terminals.h"

#define DAYS 3

/* Where the clocks change, by an hour or half of one, or stand between the hours of UTC. */
static const struct {
  const char *zone, *start; /* a midnight there; the clocks change on the second day */
} places[] = {
    {"Europe/Berlin", "2026-10-23T22:00:00Z"},
    {"America/New_York", "2026-03-07T05:00:00Z"},
    {"Australia/Lord_Howe", "2026-04-03T13:00:00Z"},
    {"Asia/Kathmandu", "2026-05-30T18:15:00Z"},
};

/* ---- filling ---- */

static void apply_in_batches(Fixture *fixture, const GArray *events, guint n) {
  for (guint i = 0; i < events->len; i += n)
    apply(fixture, &g_array_index(events, IvEvent, i), MIN(n, events->len - i));
}

static GArray *make_days(IvTime start) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (guint day = 0; day < DAYS; day++) {
    g_autoptr(GArray) events = make_day(start + day * IV_DAY, 11 + day);
    g_array_append_vals(all, events->data, events->len);
  }
  return all;
}

static int by_time(gconstpointer a, gconstpointer b) {
  const IvEvent *x = a, *y = b;
  IvTime of_x = MAX(x->ts, x->end_ts), of_y = MAX(y->ts, y->end_ts);
  return (of_x > of_y) - (of_x < of_y);
}

static IvPosReceipt *make_receipt(IvTime start, guint i) {
  static const char *const skus[] = {"milk", "bread", "eggs", "jam", "tea", "salt", "rice"};
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  g_snprintf(receipt->terminal, sizeof receipt->terminal, "%u", i % 3 + 1);
  g_snprintf(receipt->number, sizeof receipt->number, "%u", i);
  g_strlcpy(receipt->currency, "EUR", sizeof receipt->currency);
  receipt->ts = start + i * 13 * IV_MINUTE + i * 77777;
  receipt->kind = i % 17 == 5 ? IV_POS_RECEIPT_REFUND : IV_POS_RECEIPT_SALE;
  for (guint k = 0; k < i % 6; k++) {
    IvPosReceiptItem *item = iv_pos_receipt_add_item(receipt);
    g_strlcpy(item->sku, skus[(i * (k + 1) + k * k) % G_N_ELEMENTS(skus)], sizeof item->sku);
    item->quantity_milli = i % 23 == 4 && k == 1 ? -1000 : 1000 * (1 + (int)k % 2);
    item->unit_price = 100 + 7 * (i % 50);
  }
  receipt->amount = 100 + i;
  if (receipt->items->len > 0)
    iv_pos_receipt_settle(receipt);
  return receipt;
}

#define RECEIPTS (DAYS * 24 * 60 / 13)
#define RECEIPTS_BATCH 25

/* Those of every `step`th number from `first` on, the newest first when `back`. */
static void put_receipts(Fixture *fixture, IvTime start, guint first, guint step, gboolean back) {
  g_autoptr(GError) error = NULL;
  guint last = first + (RECEIPTS - 1 - first) / step * step;
  for (guint i = first; i < RECEIPTS;) {
    IvPosReceipt *receipts[RECEIPTS_BATCH];
    IvPosReceiptResult results[RECEIPTS_BATCH];
    IvPosReceiptBatch batch = {.store_id = "demo",
                               .source = "api",
                               .receipts = receipts,
                               .now = start + DAYS * IV_DAY,
                               .results = results};
    for (; i < RECEIPTS && batch.n < RECEIPTS_BATCH; i += step)
      receipts[batch.n++] = make_receipt(start, back ? first + last - i : i);
    iv_receipts_put(fixture->store, &batch, &error);
    g_assert_no_error(error);
    for (guint k = 0; k < batch.n; k++)
      iv_pos_receipt_free(receipts[k]);
  }
}

/* ---- looking ---- */

static gboolean run_script(IvSql *sql, gpointer text, GError **error) {
  return iv_sql_script(sql, text, error);
}

static void change(Fixture *fixture, const char *text) {
  g_autoptr(GError) error = NULL;
  iv_store_write(fixture->store, run_script, (gpointer)text, &error);
  g_assert_no_error(error);
}

static void catch_up(const Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(fixture->path, IV_SQL_WRITE, &error);
  g_assert_no_error(error);
  iv_rollups_catch_up(sql, NULL, NULL, &error);
  g_assert_no_error(error);
}

static gboolean forget_job(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_rollups_forget(sql, 1, error);
}

static void forget(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  iv_store_write(fixture->store, forget_job, NULL, &error);
  g_assert_no_error(error);
}

/* All columns of a table as one text. */
static char *select_all(IvSql *sql, const char *table) {
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new("SELECT ''");
  g_autofree char *ask = g_strdup_printf("SELECT name FROM pragma_table_info('%s')", table);
  IvStatement *st = iv_sql_statement(sql, g_intern_string(ask));
  while (iv_step_row(st, &error))
    g_string_append_printf(text, " || quote(%s) || '|'", iv_column_text(st, 0));
  g_assert_no_error(error);
  g_string_append_printf(text, " FROM %s ORDER BY 1", table);
  return g_string_free(text, FALSE);
}

/* Packed baskets name products by numbers of this database's own. */
static char *dump_tables_of(const Fixture *fixture, gboolean packs) {
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  g_auto(IvStoreRead) read = iv_store_read_begin(fixture->store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  for (int i = 0; i < IV_ROLLUPS; i++)
    for (int level = IV_ROLLUP_HOUR; level < IV_ROLLUP_LEVELS; level++) {
      const char *table = iv_rollup_table((IvRollup)i, (IvRollupLevel)level);
      if (!table || (i == IV_ROLLUP_BASKETS && !packs))
        continue;
      g_autofree char *ask = select_all(read.sql, table);
      IvStatement *st = iv_sql_statement(read.sql, g_intern_string(ask));
      while (iv_step_row(st, &error))
        g_string_append_printf(text, "%s %s\n", table, iv_column_text(st, 0));
      g_assert_no_error(error);
    }
  return g_string_free(text, FALSE);
}

static char *dump_rollups(const Fixture *fixture) {
  return dump_tables_of(fixture, TRUE);
}

static void compare_range(Fixture *fixture, IvTime from, IvTime to, IvTime now) {
  static const char *const cameras[] = {"floor-plan", "door", NULL};
  g_autofree char *hours = g_strdup_printf(
      "UPDATE stores SET hours_until = %" G_GINT64_FORMAT ", days_until = %" G_GINT64_FORMAT,
      ask_int(fixture->store, "SELECT hours_until FROM stores"),
      ask_int(fixture->store, "SELECT days_until FROM stores"));
  g_autofree char *with = dump_figures(fixture->store, "demo", cameras, from, to, now);
  change(fixture, "UPDATE stores SET hours_until = 0, days_until = 0");
  g_autofree char *without = dump_figures(fixture->store, "demo", cameras, from, to, now);
  change(fixture, hours);
  assert_same_dump(without, with);
}

/* The figures of whole days, of weeks, of parts of hours and days; now and later. */
static void compare_figures(Fixture *fixture, IvTime start) {
  IvTime end = start + DAYS * IV_DAY;
  compare_range(fixture, start, end, end);
  compare_range(fixture, start - 30 * IV_DAY, end + IV_HOUR, end + IV_MINUTE);
  compare_range(fixture, start + 7 * IV_HOUR + 35 * IV_MINUTE, end - 100 * IV_MINUTE, end);
  compare_range(fixture, start + 23 * IV_HOUR, start + 29 * IV_HOUR + 5 * IV_MINUTE, end + IV_DAY);
}

/* They are what is made of the rows of 5 minutes from nothing. */
static void compare_rows(Fixture *fixture) {
  g_assert_cmpint(ask_int(fixture->store, "SELECT hours_until FROM stores"), >, 0);
  catch_up(fixture);
  g_autofree char *grown = dump_rollups(fixture);
  forget(fixture);
  catch_up(fixture);
  g_autofree char *made = dump_rollups(fixture);
  g_assert_cmpuint(strlen(made), >, 10000);
  assert_same_dump(made, grown);
}

/* ---- tests ---- */

static void test_places(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    Fixture fixture;
    IvTime start = at(places[i].start);
    g_autoptr(GArray) events = make_days(start);
    fixture_set_up(&fixture, places[i].zone);
    g_array_sort(events, by_time);
    apply_in_batches(&fixture, events, 97);
    put_receipts(&fixture, start, 0, 1, FALSE);
    g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_day_zone"), >, 0);
    compare_figures(&fixture, start);
    compare_rows(&fixture);
    fixture_tear_down(&fixture);
  }
}

/* A day that was offline, then all of it again in another order, between days that came in time. */
static void test_late(void) {
  Fixture fixture;
  IvTime start = at(places[0].start);
  g_autoptr(GRand) dice = g_rand_new_with_seed(5);
  g_autoptr(GArray) events = make_days(start), late = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  g_autoptr(GArray) soon = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  fixture_set_up(&fixture, places[0].zone);
  g_array_sort(events, by_time);
  for (guint i = 0; i < events->len; i++) {
    IvEvent event = g_array_index(events, IvEvent, i);
    gboolean offline = event.ts >= start + IV_DAY && event.ts < start + 2 * IV_DAY;
    g_array_append_val(offline || i % 31 == 0 ? late : soon, event);
  }
  apply_in_batches(&fixture, soon, 61);
  put_receipts(&fixture, start, 0, 2, FALSE);
  g_autofree char *before = dump_rollups(&fixture);
  shuffle(late, dice);
  apply_in_batches(&fixture, late, 37);
  put_receipts(&fixture, start, 1, 2, TRUE);
  g_autofree char *after = dump_rollups(&fixture);
  g_assert_cmpstr(before, !=, after);
  compare_figures(&fixture, start);
  compare_rows(&fixture);
  g_autofree char *once = dump_rollups(&fixture);
  shuffle(events, dice);
  apply_in_batches(&fixture, events, 211);
  put_receipts(&fixture, start, 0, 1, TRUE);
  g_autofree char *twice = dump_rollups(&fixture);
  assert_same_dump(once, twice);
  fixture_tear_down(&fixture);
}

/* Any order ends in the same figures. */
static void test_order(void) {
  static const char *const cameras[] = {"floor-plan", "door", NULL};
  g_autofree char *first = NULL;
  IvTime start = at(places[2].start);
  g_autoptr(GRand) dice = g_rand_new_with_seed(9);
  g_autoptr(GArray) events = make_days(start);
  for (int round = 0; round < 2; round++) {
    Fixture fixture;
    fixture_set_up(&fixture, places[2].zone);
    apply_in_batches(&fixture, events, round ? 29 : 1000);
    put_receipts(&fixture, start, 0, 1, round == 0);
    compare_rows(&fixture);
    g_autofree char *figures = dump_figures(fixture.store, "demo", cameras, start,
                                            start + DAYS * IV_DAY, start + DAYS * IV_DAY);
    if (first)
      assert_same_dump(first, figures);
    else
      first = g_steal_pointer(&figures);
    shuffle(events, dice);
    fixture_tear_down(&fixture);
  }
}

static void fill(Fixture *fixture, gsize place) {
  IvTime start = at(places[place].start);
  g_autoptr(GArray) events = make_days(start);
  fixture_set_up(fixture, places[place].zone);
  apply_in_batches(fixture, events, 500);
  put_receipts(fixture, start, 0, 1, FALSE);
  catch_up(fixture);
}

/* A database of the version before gets them when it is opened. */
static void test_migration(void) {
  Fixture fixture;
  fill(&fixture, 1);
#define FORGET_GROUPS(table)                                                                       \
  "UPDATE " table " SET groups = 0, grouped = 0, groups_2 = 0, groups_3 = 0, groups_4 = 0;"
  change(&fixture, /* nobody told of groups then */
         FORGET_GROUPS("kpi_5min_store") FORGET_GROUPS("kpi_hour_store")
             FORGET_GROUPS("kpi_day_store"));
  g_autofree char *before = dump_tables_of(&fixture, FALSE);
  for (int i = 0; i < IV_ROLLUPS; i++)
    for (int level = IV_ROLLUP_HOUR; level < IV_ROLLUP_LEVELS; level++) {
      const char *table = iv_rollup_table((IvRollup)i, (IvRollupLevel)level);
      g_autofree char *drop = g_strdup_printf("DROP TABLE %s", table ? table : "");
      if (table)
        change(&fixture, drop);
    }
  change(&fixture, "ALTER TABLE scene_zones DROP COLUMN innermost;"
                   "DROP INDEX lane_services_by_visitor;"
                   "ALTER TABLE lane_services DROP COLUMN visitor;"
                   "DROP TABLE visitor_stays; DROP TABLE journey_paths;"
                   "DROP TABLE customer_visits; DROP TABLE kpi_hour_journeys;"
                   "DROP TABLE kpi_day_steps; DROP TABLE kpi_day_paths;"
                   "DROP TABLE paths; DROP TABLE replays; DROP TABLE count_audit_marks;"
                   "DROP TABLE count_audit_intervals; DROP TABLE count_audits;"
                   "DROP TABLE archives; DROP TABLE archive_files;"
                   "DROP TABLE exports; DROP TABLE evidence;"
                   "DROP TABLE snapshot_holds;"
                   "DROP TABLE snapshots;"
                   "DROP TABLE segment_holds;"
                   "DROP TABLE segments;"
                   "DROP TABLE recording_folders;"
                   "DROP TABLE basket_items;"
                   "DROP INDEX kpi_day_people_numbers;"
                   "ALTER TABLE stores DROP COLUMN hours_until;"
                   "ALTER TABLE stores DROP COLUMN days_until;"
                   "ALTER TABLE stores DROP COLUMN groups_from;"
                   "ALTER TABLE scene_zones DROP COLUMN capacity;"
                   "ALTER TABLE kpi_5min_store DROP COLUMN groups;"
                   "ALTER TABLE kpi_5min_store DROP COLUMN grouped;"
                   "ALTER TABLE kpi_5min_store DROP COLUMN groups_2;"
                   "ALTER TABLE kpi_5min_store DROP COLUMN groups_3;"
                   "ALTER TABLE kpi_5min_store DROP COLUMN groups_4;"
                   "ALTER TABLE kpi_5min_zone DROP COLUMN over_capacity_ms;"
                   "DROP TABLE plan_sights; DROP TABLE camera_setups;"
                   "DELETE FROM migrations WHERE number >= 9");
  fixture_close(&fixture);
  fixture_reopen(&fixture);
  g_autofree char *after = dump_tables_of(&fixture, FALSE);
  assert_same_dump(before, after);
  compare_figures(&fixture, at(places[1].start));
  fixture_tear_down(&fixture);
}

static void test_recount(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  IvTime start = at(places[0].start), end = start + (DAYS + 1) * IV_DAY;
  fill(&fixture, 0);
  g_autofree char *before = dump_rollups(&fixture);
  change(&fixture,
         "UPDATE kpi_5min_zone SET visitors = 99, peak = 99, dwell_sketch = NULL, visitor_set = "
         "NULL; DELETE FROM kpi_5min_line; DELETE FROM kpi_5min_camera; UPDATE kpi_5min_sales SET "
         "revenue_minor = 7; DELETE FROM kpi_5min_category");
  iv_ledger_recount(fixture.book, "demo", start - IV_DAY, end, &error);
  g_assert_no_error(error);
  iv_receipts_recount(fixture.store, "demo", start - IV_DAY, end, &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_rollups(&fixture);
  assert_same_dump(before, after);
  compare_figures(&fixture, start);
  fixture_tear_down(&fixture);
}

/* Rows are deleted from the middle of an hour on; receipts from another one. */
static void test_retention(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  IvTime start = at(places[0].start), end = start + DAYS * IV_DAY;
  IvRetentionConfig keep = {.events = IV_HOUR,
                            .samples = IV_HOUR,
                            .kpis = IV_DAY + 40 * IV_MINUTE,
                            .sales = 2 * IV_DAY + 25 * IV_MINUTE};
  fill(&fixture, 0);
  gint64 n = ask_int(fixture.store, "SELECT count(*) FROM kpi_hour_zone");
  iv_retention_run(fixture.store, &keep, end, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM kpi_hour_zone"), <, n);
  compare_figures(&fixture, start);
  fixture_tear_down(&fixture);
}

/* Days and hours of another time zone are others: also those of the past. */
static void test_zone_change(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fill(&fixture, 0);
  g_autoptr(IvConfig) config = fixture_config("Asia/Kathmandu");
  iv_catalog_import(fixture.store, config, at("2027-01-01T00:00:00Z"), NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT hours_until FROM stores"), ==, 0);
  compare_figures(&fixture, at(places[0].start));
  catch_up(&fixture);
  g_assert_cmpint(ask_int(fixture.store, "SELECT min(bucket % 3600000000) FROM kpi_hour_zone"), ==,
                  15 * IV_MINUTE);
  compare_figures(&fixture, at(places[0].start));
  fixture_tear_down(&fixture);
}

static gboolean put_terminal(IvSql *sql, gpointer terminal, GError **error) {
  return iv_terminals_put_in(sql, "demo", terminal, 1, error);
}

/* A terminal's receipts go over to its lane when that becomes known, those of old too. */
static void test_lane_of_terminal(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  IvTerminal terminal = {.id = "1", .name = "Till one"};
  iv_slug_set(&terminal.lane, "one");
  fill(&fixture, 0);
  iv_store_write(fixture.store, put_terminal, &terminal, &error);
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT sum(linked) FROM kpi_5min_sales"), >, 0);
  compare_figures(&fixture, at(places[0].start));
  compare_rows(&fixture);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rollups/places", test_places);
  g_test_add_func("/rollups/late", test_late);
  g_test_add_func("/rollups/order", test_order);
  g_test_add_func("/rollups/migration", test_migration);
  g_test_add_func("/rollups/recount", test_recount);
  g_test_add_func("/rollups/retention", test_retention);
  g_test_add_func("/rollups/zone-change", test_zone_change);
  g_test_add_func("/rollups/lane-of-terminal", test_lane_of_terminal);
  return g_test_run();
}
