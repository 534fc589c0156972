/* SPDX-License-Identifier: Apache-2.0 */
/* The drop folder with real files and a real database. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/sales_folder.h"
#include "config/load.h"
#include "store/catalog.h"

#define NOW (G_GINT64_CONSTANT(1795600800) * IV_SECOND) /* 2026-11-25T10:00:00Z */

typedef struct {
  char *dir, *drop;
  IvConfig *config;
  IvStore *store;
  IvSalesFolder *folder;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(GError) error = NULL;
  f->dir = g_dir_make_tmp("inveye-sales-XXXXXX", &error);
  g_assert_no_error(error);
  f->drop = g_build_filename(f->dir, "drop", NULL);
  g_assert_cmpint(g_mkdir(f->drop, 0700), ==, 0);
  g_autofree char *text = g_strdup_printf("store: {id: demo, time_zone: UTC}\n"
                                          "sales: {csv_folder: %s, currency: EUR,"
                                          " csv_map: 'Bon=receipt, Kasse=terminal'}\n",
                                          f->drop);
  g_autoptr(IvConfigReport) report = iv_config_report_new("test.yaml");
  f->config = iv_config_parse(text, strlen(text), NULL, report);
  g_assert_nonnull(f->config);
  g_autofree char *path = g_build_filename(f->dir, "inveye.db", NULL);
  f->store = iv_store_open(path, &error);
  g_assert_no_error(error);
  iv_catalog_import(f->store, f->config, NOW, NULL, &error);
  g_assert_no_error(error);
  f->folder = iv_sales_folder_new(f->config, f->store);
}

static void remove_all(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
      remove_all(inner);
    else
      g_unlink(inner);
  }
  g_rmdir(path);
}

static void tear_down(Fixture *f, gconstpointer data) {
  (void)data;
  iv_sales_folder_free(f->folder);
  iv_store_close(f->store);
  iv_config_free(f->config);
  remove_all(f->dir);
  g_free(f->dir);
  g_free(f->drop);
}

static void drop(Fixture *f, const char *name, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(f->drop, name, NULL);
  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
}

static gboolean is_there(Fixture *f, const char *name) {
  g_autofree char *path = g_build_filename(f->drop, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gint64 count_receipts(Fixture *f) {
  g_autoptr(GError) error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(f->store, IV_TIME_NONE, &error);
  IvStatement *st = iv_sql_statement(read.sql, "SELECT count(*) FROM transactions");
  g_assert_true(iv_step_row(st, &error));
  gint64 n = iv_column_int(st, 0);
  iv_statement_reset(st);
  return n;
}

#define HEAD "Kasse,Bon,ts,amount\n"

static void test_done(Fixture *f, gconstpointer data) {
  (void)data;
  drop(f, "a.CSV", HEAD "1,1,2026-11-24 09:00,1.50\n1,2,2026-11-24 09:01,2\n");
  drop(f, "notes.txt", "not one of ours");
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 0); /* it may still be written */
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 1);
  g_assert_true(is_there(f, "done/a.CSV") && !is_there(f, "a.CSV") && is_there(f, "notes.txt"));
  g_assert_cmpint(count_receipts(f), ==, 2);
  drop(f, "a.CSV", HEAD "1,1,2026-11-24 09:00,1.50\n1,3,2026-11-24 09:02,2\n");
  iv_sales_folder_look(f->folder, NOW);
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 1);
  g_assert_true(is_there(f, "done/a.CSV.1"));
  g_assert_cmpint(count_receipts(f), ==, 3);
}

static void test_still_written(Fixture *f, gconstpointer data) {
  (void)data;
  drop(f, "a.csv", HEAD "1,1,2026-11-24 09:00,1\n");
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 0);
  drop(f, "a.csv", HEAD "1,1,2026-11-24 09:00,1\n1,2,2026-11-24 09:00,1\n");
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 0);
  g_assert_cmpint(count_receipts(f), ==, 0);
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 1);
  g_assert_cmpint(count_receipts(f), ==, 2);
}

/* The good rows count; the file and what is wrong with it lie together. */
static void test_failed(Fixture *f, gconstpointer data) {
  (void)data;
  g_autofree char *problems = NULL, *path = g_build_filename(f->drop, "failed/a.csv.txt", NULL);
  drop(f, "a.csv", HEAD "1,1,2026-11-24 09:00,1\n1,2,never,1\n1,3,2026-11-24 09:00,x\n");
  iv_sales_folder_look(f->folder, NOW);
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 1);
  g_assert_true(is_there(f, "failed/a.csv") && !is_there(f, "a.csv"));
  g_assert_cmpint(count_receipts(f), ==, 1);
  g_assert_true(g_file_get_contents(path, &problems, NULL, NULL));
  g_assert_cmpstr(problems, ==,
                  "line 3: ts: \"never\" is no time such as 2026-11-24 09:00:00\n"
                  "line 4: amount: \"x\" is no amount with that many decimals\n");
}

static void test_no_csv(Fixture *f, gconstpointer data) {
  (void)data;
  g_autofree char *link = g_build_filename(f->drop, "link.csv", NULL);
  g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
  drop(f, "a.csv", "what is this\n");
  iv_sales_folder_look(f->folder, NOW);
  g_test_expect_message("app", G_LOG_LEVEL_WARNING, "sales: a.csv: *no column \"Bon\"*");
  g_assert_cmpuint(iv_sales_folder_look(f->folder, NOW), ==, 1);
  g_test_assert_expected_messages();
  g_assert_true(is_there(f, "failed/a.csv") && is_there(f, "failed/a.csv.txt"));
  g_assert_true(is_there(f, "link.csv")); /* links are not followed */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/sales-folder/done", Fixture, NULL, set_up, test_done, tear_down);
  g_test_add("/sales-folder/still-written", Fixture, NULL, set_up, test_still_written, tear_down);
  g_test_add("/sales-folder/failed", Fixture, NULL, set_up, test_failed, tear_down);
  g_test_add("/sales-folder/no-csv", Fixture, NULL, set_up, test_no_csv, tear_down);
  return g_test_run();
}
