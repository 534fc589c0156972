/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sql/sql.h"

/* Steps that bring a database up to date, forward only, each in one transaction. To add one: a new
 * file m<number>_<name>.c, a line in the table of migrations.c with the next free number. Never
 * change one that has landed: databases have been made with it. */
typedef struct {
  int number; /* 1, 2, ... without gaps */
  const char *name;
  const char *script;
} IvMigration;

extern const IvMigration *const iv_migrations[]; /* NULL ends it */
int iv_migrations_newest(void);

/* Number of the newest migration in the database, 0 for an empty one. */
gboolean iv_migrations_current(IvSql *sql, int *ret_number, GError **error);

/* Runs those that are missing, up to and including `target` (0 = all). IV_STORE_ERROR_NEWER when
 * the database has more than this program knows. */
gboolean iv_migrations_run(IvSql *sql, int target, GError **error);
