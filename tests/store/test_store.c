/* SPDX-License-Identifier: Apache-2.0 */
/* The database itself: statements, migrations, the writer and the readers. */
#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "ledger_fixture.h"
#include "store/migrations.h"

static gboolean run_script(IvSql *sql, gpointer arg, GError **error) {
  return iv_sql_script(sql, arg, error);
}

static gboolean write_script(Fixture *fixture, const char *script, GError **error) {
  return iv_store_write(fixture->store, run_script, (gpointer)script, error);
}

static void test_statements(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  gsize n;
  fixture_set_up(&fixture, "UTC");
  g_autofree char *path = g_build_filename(fixture.dir, "plain.db", NULL);
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_WRITE, &error);
  g_assert_no_error(error);
  g_assert_true(iv_sql_script(
      sql, "CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB, e BIGINT UNIQUE)", &error));
  IvStatement *st = iv_sql_statement(sql, "INSERT INTO t VALUES ($1, $2, $3, $4, $5)");
  iv_bind_int(st, G_MININT64);
  iv_bind_real(st, 0.25);
  iv_bind_text(st, "grün");
  iv_bind_blob(st, "\0x", 2);
  iv_bind_time(st, at("2026-01-01T00:00:00Z"));
  g_assert_true(iv_step_done(st, &error));
  st = iv_sql_statement(sql, "INSERT INTO t VALUES ($1, $2, $3, $4, $5)");
  iv_bind_null(st);
  iv_bind_real(st, (double)NAN);
  iv_bind_text(st, NULL);
  iv_bind_null(st);
  iv_bind_time(st, IV_TIME_NONE);
  g_assert_true(iv_step_done(st, &error));
  st = iv_sql_statement(sql, "SELECT * FROM t ORDER BY a IS NULL");
  g_assert_true(iv_step_row(st, &error));
  g_assert_cmpint(iv_column_int(st, 0), ==, G_MININT64);
  g_assert_cmpfloat(iv_column_real(st, 1), ==, 0.25);
  g_assert_cmpstr(iv_column_text(st, 2), ==, "grün");
  g_assert_cmpint(((const char *)iv_column_blob(st, 3, &n))[1], ==, 'x');
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpint(iv_column_time(st, 4), ==, at("2026-01-01T00:00:00Z"));
  g_assert_true(iv_step_row(st, &error));
  g_assert_true(iv_column_is_null(st, 0));
  g_assert_true(isnan(iv_column_real(st, 1)));
  g_assert_cmpstr(iv_column_text(st, 2), ==, "");
  g_assert_cmpint(iv_column_time(st, 4), ==, IV_TIME_NONE);
  g_assert_false(iv_step_row(st, &error));
  g_assert_no_error(error);
  /* mistakes are told by the step */
  g_assert_false(iv_step_done(iv_sql_statement(sql, "SELECT nothing FROM nowhere"), &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_FAILED);
  g_clear_error(&error);
  g_assert_false(iv_step_done(iv_sql_statement(sql, "SELECT $2, $1"), &error));
  g_assert_nonnull(strstr(error->message, "out of order"));
  g_clear_error(&error);
  g_assert_false(
      iv_sql_script(sql, "INSERT INTO t (e) VALUES (1); INSERT INTO t (e) VALUES (1)", &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_CONSTRAINT);
  fixture_tear_down(&fixture);
}

static void test_open_errors(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  struct stat st;
  fixture_set_up(&fixture, "UTC");
  g_assert_cmpint(g_stat(fixture.path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  g_assert_null(iv_store_open("/nonexistent/inveye.db", &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_OPEN);
  g_assert_nonnull(strstr(error->message, "/nonexistent/inveye.db"));
  g_clear_error(&error);
  g_autofree char *text = g_build_filename(fixture.dir, "text.db", NULL);
  g_file_set_contents(text, "This is a letter, and quite a long one at that, not a database.", -1,
                      &error);
  g_assert_no_error(error);
  g_assert_null(iv_store_open(text, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT);
  fixture_tear_down(&fixture);
}

/* ---- migrations ---- */

static char *schema_of(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_READ, &error);
  g_assert_no_error(error);
  GString *text = g_string_new(NULL);
  IvStatement *st = iv_sql_statement(
      sql, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 2");
  while (iv_step_row(st, &error))
    g_string_append_printf(text, "%s %s %s\n", iv_column_text(st, 0), iv_column_text(st, 1),
                           iv_column_text(st, 2));
  g_assert_no_error(error);
  st = iv_sql_statement(sql, "SELECT number, name FROM migrations ORDER BY number");
  while (iv_step_row(st, &error))
    g_string_append_printf(text, "%s %s\n", iv_column_text(st, 0), iv_column_text(st, 1));
  return g_string_free(text, FALSE);
}

/* From every older database one comes to the same schema, and its rows are still there. */
static void test_migrations(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  fixture_close(&fixture);
  g_autofree char *fresh = schema_of(fixture.path);
  for (int from = 0; from <= iv_migrations_newest(); from++) {
    g_autofree char *name = g_strdup_printf("old-%d.db", from);
    g_autofree char *path = g_build_filename(fixture.dir, name, NULL);
    g_autoptr(IvSql) sql = iv_sql_open(path, IV_SQL_WRITE, &error);
    g_assert_no_error(error);
    if (from > 0)
      g_assert_true(iv_migrations_run(sql, from, &error));
    if (from > 0)
      g_assert_true(iv_sql_script(sql,
                                  "INSERT INTO stores (id, name, time_zone, imported_hash) VALUES "
                                  "('old', 'Old', 'UTC', '')",
                                  &error));
    g_clear_pointer(&sql, iv_sql_close);
    g_autoptr(IvStore) store = iv_store_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_int(store, "SELECT count(*) FROM stores"), ==, from > 0);
    IvStoreStats stats;
    iv_store_stats(store, &stats);
    g_assert_cmpint(stats.schema, ==, iv_migrations_newest());
    g_autofree char *schema = schema_of(path);
    g_assert_cmpstr(schema, ==, fresh);
  }
  fixture_reopen(&fixture);
  fixture_tear_down(&fixture);
}

static void test_newer_database(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_assert_true(
      write_script(&fixture, "INSERT INTO migrations VALUES (9999, 'tomorrow', 0)", &error));
  fixture_close(&fixture);
  g_assert_null(iv_store_open(fixture.path, &error));
  g_assert_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NEWER);
  g_assert_nonnull(strstr(error->message, "newer InvEye"));
  g_assert_true(g_str_has_prefix(error->message, fixture.path));
  fixture_tear_down(&fixture);
}

/* ---- the writer ---- */

static void test_failed_job(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_assert_false(write_script(
      &fixture, "CREATE TABLE half (a); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES(1)",
      &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
  g_assert_cmpint(ask_int(fixture.store, "SELECT count(*) FROM sqlite_schema WHERE name='half'"),
                  ==, 0);
  g_assert_true(write_script(&fixture, "CREATE TABLE half (a)", &error));
  g_assert_no_error(error);
  fixture_tear_down(&fixture);
}

#define WRITERS 6
#define WRITES 60

typedef struct {
  Fixture *fixture;
  guint number;
  gint *stop;
} Worker;

/* Each job moves one from the left to the right; every third one fails half-way. */
static gboolean move_one(IvSql *sql, gpointer arg, GError **error) {
  gboolean fails = GPOINTER_TO_UINT(arg) % 3 == 0;
  return iv_sql_script(sql, "UPDATE scale SET l = l - 1", error) &&
         (!fails || iv_sql_script(sql, "INSERT INTO nowhere VALUES (1)", error)) &&
         iv_sql_script(sql, "UPDATE scale SET r = r + 1", error);
}

static gpointer write_much(gpointer user_data) {
  const Worker *worker = user_data;
  for (guint i = 0; i < WRITES; i++) {
    g_autoptr(GError) error = NULL;
    gboolean ok = iv_store_write(worker->fixture->store, move_one, GUINT_TO_POINTER(i + 1), &error);
    g_assert_cmpint(ok, ==, (i + 1) % 3 != 0);
    g_assert_cmpint(ok, ==, error == NULL);
  }
  return NULL;
}

/* A reader always sees whole jobs, and the same ones until it gives the connection back. */
static gpointer read_much(gpointer user_data) {
  const Worker *worker = user_data;
  guint64 reads = 0;
  while (!g_atomic_int_get(worker->stop) || reads == 0) {
    g_autoptr(GError) error = NULL;
    g_auto(IvStoreRead) read = iv_store_read_begin(worker->fixture->store, IV_TIME_NONE, &error);
    g_assert_no_error(error);
    gint64 left[2];
    for (guint i = 0; i < 2; i++) {
      IvStatement *st = iv_sql_statement(read.sql, "SELECT l, r FROM scale");
      g_assert_true(iv_step_row(st, &error));
      left[i] = iv_column_int(st, 0);
      g_assert_cmpint(left[i] + iv_column_int(st, 1), ==, 0);
      iv_statement_reset(st);
    }
    g_assert_cmpint(left[0], ==, left[1]);
    reads++;
  }
  return NULL;
}

static void test_many_at_once(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  gint stop = FALSE;
  GThread *writers[WRITERS], *readers[WRITERS];
  fixture_set_up(&fixture, "UTC");
  g_assert_true(write_script(
      &fixture, "CREATE TABLE scale (l INTEGER, r INTEGER); INSERT INTO scale VALUES (0, 0)",
      &error));
  Worker worker = {&fixture, 0, &stop};
  for (guint i = 0; i < WRITERS; i++) {
    writers[i] = g_thread_new("writes", write_much, &worker);
    readers[i] = g_thread_new("reads", read_much, &worker);
  }
  for (guint i = 0; i < WRITERS; i++)
    g_thread_join(writers[i]);
  g_atomic_int_set(&stop, TRUE);
  for (guint i = 0; i < WRITERS; i++)
    g_thread_join(readers[i]);
  g_assert_cmpint(ask_int(fixture.store, "SELECT r FROM scale"), ==, WRITERS * WRITES * 2 / 3);
  IvStoreStats stats;
  iv_store_stats(fixture.store, &stats);
  g_assert_cmpuint(stats.failed_jobs, ==, WRITERS * WRITES / 3);
  /* jobs that waited together shared commits */
  g_assert_cmpuint(stats.commits, <, stats.jobs);
  fixture_tear_down(&fixture);
}

static void test_readers_only_read(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  fixture_set_up(&fixture, "UTC");
  g_auto(IvStoreRead) read = iv_store_read_begin(fixture.store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  g_assert_false(iv_sql_script(read.sql, "DELETE FROM stores", &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_OPEN);
  iv_store_read_clear(&read);
  fixture_tear_down(&fixture);
}

/* When all connections are lent, one waits no longer than one said. */
static void test_reader_deadline(void) {
  g_autoptr(GError) error = NULL;
  Fixture fixture;
  IvSql *lent[IV_STORE_READERS_MAX];
  fixture_set_up(&fixture, "UTC");
  for (guint i = 0; i < IV_STORE_READERS_MAX; i++) {
    lent[i] = iv_store_read(fixture.store, IV_TIME_NONE, &error);
    g_assert_no_error(error);
  }
  g_assert_null(iv_store_read(fixture.store, iv_clock_monotonic() + 20 * IV_MS, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_DEADLINE);
  g_clear_error(&error);
  iv_store_read_end(fixture.store, lent[0]);
  lent[0] = iv_store_read(fixture.store, iv_clock_monotonic() + IV_MINUTE, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < IV_STORE_READERS_MAX; i++)
    iv_store_read_end(fixture.store, lent[i]);
  /* a statement that takes too long is ended */
  IvSql *sql = iv_store_read(fixture.store, iv_clock_monotonic() + 20 * IV_MS, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(sql, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
                                          " FROM n) SELECT count(*) FROM n");
  g_assert_false(iv_step_done(st, &error));
  g_assert_error(error, IV_SQL_ERROR, IV_SQL_ERROR_DEADLINE);
  iv_store_read_end(fixture.store, sql);
  fixture_tear_down(&fixture);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/statements", test_statements);
  g_test_add_func("/store/open_errors", test_open_errors);
  g_test_add_func("/store/migrations", test_migrations);
  g_test_add_func("/store/newer_database", test_newer_database);
  g_test_add_func("/store/failed_job", test_failed_job);
  g_test_add_func("/store/many_at_once", test_many_at_once);
  g_test_add_func("/store/readers_only_read", test_readers_only_read);
  g_test_add_func("/store/reader_deadline", test_reader_deadline);
  return g_test_run();
}
