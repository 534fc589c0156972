/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations.h"

#include "base/clock.h"
#include "store/migrations_list.h"
#include "store/store.h"

const IvMigration *const iv_migrations[] = {
    &iv_migration_0001_ledger,
    &iv_migration_0002_accounts,
    &iv_migration_0003_lanes,
    &iv_migration_0004_sales,
    &iv_migration_0005_visits,
    &iv_migration_0006_heat,
    &iv_migration_0007_links,
    &iv_migration_0008_simulations,
    &iv_migration_0009_rollups,
    &iv_migration_0010_groups,
    &iv_migration_0011_capacity,
    &iv_migration_0012_plan_sights,
    &iv_migration_0013_camera_setups,
    &iv_migration_0014_segments,
    &iv_migration_0015_snapshots,
    &iv_migration_0016_evidence,
    &iv_migration_0017_archive,
    &iv_migration_0018_exports,
    &iv_migration_0019_archive_all,
    &iv_migration_0020_journeys,
    &iv_migration_0021_paths,
    &iv_migration_0022_count_audits,
    NULL, /* one a line, so that two branches that add one meet here */
};

int iv_migrations_newest(void) {
  int n = 0;
  for (; iv_migrations[n]; n++)
    g_assert(iv_migrations[n]->number == n + 1);
  return n;
}

static gboolean ask_number(IvSql *sql, const char *text, gint64 *ret_number, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(sql, text);
  if (iv_step_row(st, &wrong)) {
    *ret_number = iv_column_int(st, 0);
    iv_statement_reset(st);
    return TRUE;
  }
  if (wrong)
    g_propagate_error(error, g_steal_pointer(&wrong));
  else
    g_set_error_literal(error, IV_SQL_ERROR, IV_SQL_ERROR_FAILED, "no answer");
  return FALSE;
}

gboolean iv_migrations_current(IvSql *sql, int *ret_number, GError **error) {
  gint64 there, number = 0;
  if (!ask_number(sql, "SELECT count(*) FROM sqlite_schema WHERE name = 'migrations'", &there,
                  error))
    return FALSE;
  if (there && !ask_number(sql, "SELECT coalesce(max(number), 0) FROM migrations", &number, error))
    return FALSE;
  *ret_number = (int)number;
  return TRUE;
}

static gboolean enter(IvSql *sql, const IvMigration *migration, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)");
  iv_bind_int(st, migration->number);
  iv_bind_text(st, migration->name);
  iv_bind_time(st, iv_clock_now());
  return iv_step_done(st, error);
}

static gboolean run_one(IvSql *sql, const IvMigration *migration, GError **error) {
  int current;
  if (!iv_sql_script(sql, "BEGIN IMMEDIATE", error))
    return FALSE;
  /* Another process may have been faster since we looked. */
  if (iv_migrations_current(sql, &current, error) &&
      (current >= migration->number ||
       (iv_sql_script(sql,
                      "CREATE TABLE IF NOT EXISTS migrations ("
                      " number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                      " applied_at BIGINT NOT NULL)",
                      error) &&
        iv_sql_script(sql, migration->script, error) && enter(sql, migration, error))) &&
      iv_sql_script(sql, "COMMIT", error))
    return TRUE;
  if (iv_sql_in_transaction(sql))
    iv_sql_script(sql, "ROLLBACK", NULL);
  g_prefix_error(error, "migration %d (%s): ", migration->number, migration->name);
  return FALSE;
}

gboolean iv_migrations_run(IvSql *sql, int target, GError **error) {
  int current, newest = iv_migrations_newest();
  if (!iv_migrations_current(sql, &current, error))
    return FALSE;
  if (current > newest) {
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NEWER,
                "the database is at step %d, this program knows %d: it was used by a newer InvEye; "
                "start that one, or restore a backup",
                current, newest);
    return FALSE;
  }
  for (int i = current; i < (target ? target : newest); i++)
    if (!run_one(sql, iv_migrations[i], error))
      return FALSE;
  return TRUE;
}
