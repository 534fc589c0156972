/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye migrate` as a user runs it; the program's path is in INVEYE_BINARY. */
#include <glib/gstdio.h>
#include <string.h>

#include "sql/sql.h"
#include "store/migrations.h"

typedef struct {
  char *dir, *path;
  char *out, *err;
  int status;
} Fixture;

static void run(Fixture *f, const char *option) {
  g_autoptr(GError) error = NULL;
  const char *argv[] = {g_getenv("INVEYE_BINARY"), "migrate", "--data-dir", f->dir, option, NULL};
  g_clear_pointer(&f->out, g_free);
  g_clear_pointer(&f->err, g_free);
  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &f->out, &f->err, &f->status,
               &error);
  g_assert_no_error(error);
}

static void assert_said(const char *text, const char *part) {
  if (!strstr(text, part))
    g_error("\"%s\" is not in \"%s\"", part, text);
}

static void set_up(Fixture *f) {
  g_autoptr(GError) error = NULL;
  *f = (Fixture){.dir = g_dir_make_tmp("inveye-migrate-XXXXXX", &error)};
  g_assert_no_error(error);
  f->path = g_build_filename(f->dir, "inveye.db", NULL);
}

static void tear_down(Fixture *f) {
  static const char *const suffixes[] = {"", "-wal", "-shm"};
  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *name = g_strconcat(f->path, suffixes[i], NULL);
    g_unlink(name);
  }
  g_rmdir(f->dir);
  g_free(f->dir);
  g_free(f->path);
  g_free(f->out);
  g_free(f->err);
}

static void script(const Fixture *f, int step, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSql) sql = iv_sql_open(f->path, IV_SQL_WRITE, &error);
  g_assert_no_error(error);
  g_assert_true(iv_migrations_run(sql, step, &error));
  if (text)
    g_assert_true(iv_sql_script(sql, text, &error));
  g_assert_no_error(error);
}

static void test_migrate(void) {
  Fixture f;
  set_up(&f);
  run(&f, NULL);
  g_assert_false(g_spawn_check_wait_status(f.status, NULL));
  assert_said(f.err, "is not there");
  g_assert_false(g_file_test(f.path, G_FILE_TEST_EXISTS));
  script(&f, 1, NULL);
  run(&f, "--check");
  g_assert_false(g_spawn_check_wait_status(f.status, NULL));
  assert_said(f.out, "is missing");
  run(&f, NULL);
  g_assert_true(g_spawn_check_wait_status(f.status, NULL));
  assert_said(f.out, "was at step 1");
  run(&f, "--check");
  g_assert_true(g_spawn_check_wait_status(f.status, NULL));
  assert_said(f.out, "is up to date");
  script(&f, 0, "INSERT INTO migrations VALUES (9999, 'tomorrow', 0)");
  run(&f, "--check");
  g_assert_false(g_spawn_check_wait_status(f.status, NULL));
  assert_said(f.err, "newer InvEye");
  tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/migrate/verb", test_migrate);
  return g_test_run();
}
