/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

struct IvStatement {
  IvSql *sql;
  sqlite3_stmt *stmt; /* NULL when preparing failed */
  int next_parameter;
  int fault;   /* first SQLite code that is not OK since the statement was asked for */
  char *wrong; /* what preparing said; NULL = fine */
};

struct IvSql {
  sqlite3 *db;
  char *path;
  GHashTable *statements; /* text's address → IvStatement, owned */
  IvTime deadline;
};

/* Virtual machine steps between two looks at the clock: some 50 µs. */
#define STEPS_PER_CHECK 2000

G_DEFINE_QUARK(iv - sql - error - quark, iv_sql_error)

typedef struct {
  int code; /* of SQLite, primary */
  IvSqlError error;
  const char *what;
} Fault;

static const Fault faults[] = {
    {SQLITE_FULL, IV_SQL_ERROR_DISK, "the disk is full; make room"},
    {SQLITE_IOERR, IV_SQL_ERROR_DISK, "reading or writing failed; check the disk and its room"},
    {SQLITE_BUSY, IV_SQL_ERROR_BUSY, "another process holds it; stop that one"},
    {SQLITE_LOCKED, IV_SQL_ERROR_BUSY, "another process holds it; stop that one"},
    {SQLITE_INTERRUPT, IV_SQL_ERROR_DEADLINE, "the question took too long; ask for less"},
    {SQLITE_CONSTRAINT, IV_SQL_ERROR_CONSTRAINT, "a row was refused"},
    {SQLITE_CORRUPT, IV_SQL_ERROR_CORRUPT, "the file is damaged; restore it from a backup"},
    {SQLITE_NOTADB, IV_SQL_ERROR_CORRUPT, "the file is no database; move it away"},
    {SQLITE_CANTOPEN, IV_SQL_ERROR_OPEN, "cannot be opened; check that its folder is there"},
    {SQLITE_PERM, IV_SQL_ERROR_OPEN, "no right to open it; check its owner"},
    {SQLITE_AUTH, IV_SQL_ERROR_OPEN, "no right to open it; check its owner"},
    {SQLITE_READONLY, IV_SQL_ERROR_OPEN, "no right to write it; check its owner"},
};

static gboolean fail_with(const IvSql *sql, int code, const char *detail, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
    if (faults[i].code != (code & 0xff))
      continue;
    g_set_error(error, IV_SQL_ERROR, (gint)faults[i].error, "%s: %s (%s)", sql->path,
                faults[i].what, detail);
    return FALSE;
  }
  g_set_error(error, IV_SQL_ERROR, IV_SQL_ERROR_FAILED, "%s: %s", sql->path, detail);
  return FALSE;
}

static gboolean fail(const IvSql *sql, int code, GError **error) {
  gboolean of_db = sql->db && sqlite3_extended_errcode(sql->db) == code;
  return fail_with(sql, code, of_db ? sqlite3_errmsg(sql->db) : sqlite3_errstr(code), error);
}

static void statement_free(gpointer pointer) {
  IvStatement *st = pointer;
  sqlite3_finalize(st->stmt);
  g_free(st->wrong);
  g_free(st);
}

static int look_at_clock(void *user_data) {
  const IvSql *sql = user_data;
  return sql->deadline != IV_TIME_NONE && iv_clock_monotonic() >= sql->deadline;
}

/* SQLite would make it readable for everybody; its log and index inherit the mode. */
static gboolean create_private(const char *path, GError **error) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close(fd);
    return TRUE;
  }
  int problem = errno;
  g_set_error(error, IV_SQL_ERROR,
              problem == ENOSPC ? (gint)IV_SQL_ERROR_DISK : (gint)IV_SQL_ERROR_OPEN,
              "%s: cannot be opened for writing: %s; check that its folder is there and yours",
              path, g_strerror(problem));
  return FALSE;
}

static gboolean set_up(IvSql *sql, IvSqlMode mode, GError **error) {
  sqlite3_busy_timeout(sql->db, IV_SQL_BUSY_MS);
  sqlite3_progress_handler(sql->db, STEPS_PER_CHECK, look_at_clock, sql);
  /* auto_vacuum must come before anything writes the first page. */
  return iv_sql_script(sql,
                       mode == IV_SQL_WRITE ? "PRAGMA auto_vacuum = INCREMENTAL;"
                                              "PRAGMA journal_mode = WAL;"
                                              "PRAGMA synchronous = FULL;"
                                              "PRAGMA journal_size_limit = 67108864;"
                                              "PRAGMA temp_store = MEMORY;"
                                              "PRAGMA cache_size = -16384;" /* KiB */
                                              "PRAGMA foreign_keys = ON;"
                                            : "PRAGMA temp_store = MEMORY;"
                                              "PRAGMA cache_size = -8192;", /* KiB */
                       error);
}

IvSql *iv_sql_open(const char *path, IvSqlMode mode, GError **error) {
  if (mode == IV_SQL_WRITE && !create_private(path, error))
    return NULL;
  g_autoptr(IvSql) sql = g_new0(IvSql, 1);
  sql->path = g_strdup(path);
  sql->deadline = IV_TIME_NONE;
  sql->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
              (mode == IV_SQL_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  int code = sqlite3_open_v2(path, &sql->db, flags, NULL);
  if (code != SQLITE_OK) {
    fail(sql, code, error);
    return NULL;
  }
  return set_up(sql, mode, error) ? g_steal_pointer(&sql) : NULL;
}

void iv_sql_close(IvSql *sql) {
  if (!sql)
    return;
  g_hash_table_unref(sql->statements);
  sqlite3_close(sql->db);
  g_free(sql->path);
  g_free(sql);
}

gboolean iv_sql_script(IvSql *sql, const char *script, GError **error) {
  int code = sqlite3_exec(sql->db, script, NULL, NULL, NULL);
  return code == SQLITE_OK ? TRUE : fail(sql, code, error);
}

void iv_sql_set_deadline(IvSql *sql, IvTime monotonic) {
  sql->deadline = monotonic;
}

int iv_sql_changes(IvSql *sql) {
  return sqlite3_changes(sql->db);
}

gint64 iv_sql_last_row(IvSql *sql) {
  return sqlite3_last_insert_rowid(sql->db);
}

gboolean iv_sql_in_transaction(IvSql *sql) {
  return !sqlite3_get_autocommit(sql->db);
}

/* Else the same text would mean something else to PostgreSQL. */
static gboolean is_numbered_in_order(sqlite3_stmt *stmt) {
  for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
    char expected[16];
    g_snprintf(expected, sizeof expected, "$%d", i);
    if (g_strcmp0(sqlite3_bind_parameter_name(stmt, i), expected) != 0)
      return FALSE;
  }
  return TRUE;
}

static IvStatement *prepare(IvSql *sql, const char *text) {
  IvStatement *st = g_new0(IvStatement, 1);
  st->sql = sql;
  st->fault = sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &st->stmt, NULL);
  if (st->fault != SQLITE_OK)
    st->wrong = g_strdup_printf("%s, in: %.60s", sqlite3_errmsg(sql->db), text);
  else if (!is_numbered_in_order(st->stmt))
    st->wrong = g_strdup_printf("parameters out of order, in: %.60s", text);
  return st;
}

IvStatement *iv_sql_statement(IvSql *sql, const char *text) {
  IvStatement *st = g_hash_table_lookup(sql->statements, text);
  if (st && !st->stmt) { /* what failed may work now: the schema or the lock has changed */
    g_hash_table_remove(sql->statements, text);
    st = NULL;
  }
  if (!st) {
    st = prepare(sql, text);
    if (look_at_clock(sql))
      st->fault = SQLITE_INTERRUPT;
    g_hash_table_insert(sql->statements, (gpointer)text, st);
    return st;
  }
  sqlite3_reset(st->stmt);
  sqlite3_clear_bindings(st->stmt);
  st->next_parameter = 0;
  st->fault = look_at_clock(sql) ? SQLITE_INTERRUPT : SQLITE_OK;
  return st;
}

static void note(IvStatement *st, int code) {
  if (st->fault == SQLITE_OK)
    st->fault = code;
}

void iv_bind_int(IvStatement *st, gint64 value) {
  if (st->stmt)
    note(st, sqlite3_bind_int64(st->stmt, ++st->next_parameter, value));
}

void iv_bind_real(IvStatement *st, double value) {
  if (isnan(value))
    iv_bind_null(st);
  else if (st->stmt)
    note(st, sqlite3_bind_double(st->stmt, ++st->next_parameter, value));
}

void iv_bind_text(IvStatement *st, const char *value) {
  if (st->stmt)
    note(st, sqlite3_bind_text(st->stmt, ++st->next_parameter, value, -1, SQLITE_TRANSIENT));
}

void iv_bind_blob(IvStatement *st, const void *value, gsize n) {
  if (st->stmt)
    note(st, sqlite3_bind_blob64(st->stmt, ++st->next_parameter, value, n, SQLITE_TRANSIENT));
}

void iv_bind_time(IvStatement *st, IvTime value) {
  if (value == IV_TIME_NONE)
    iv_bind_null(st);
  else
    iv_bind_int(st, value);
}

void iv_bind_null(IvStatement *st) {
  if (st->stmt)
    note(st, sqlite3_bind_null(st->stmt, ++st->next_parameter));
}

gboolean iv_step_row(IvStatement *st, GError **error) {
  if (st->wrong)
    return fail_with(st->sql, st->fault, st->wrong, error);
  if (st->fault != SQLITE_OK)
    return fail(st->sql, st->fault, error);
  int code = sqlite3_step(st->stmt);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    fail(st->sql, code, error);
  sqlite3_reset(st->stmt);
  return FALSE;
}

gboolean iv_step_done(IvStatement *st, GError **error) {
  g_autoptr(GError) wrong = NULL;
  while (iv_step_row(st, &wrong))
    ;
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gint64 iv_column_int(IvStatement *st, int column) {
  return sqlite3_column_int64(st->stmt, column);
}

double iv_column_real(IvStatement *st, int column) {
  return iv_column_is_null(st, column) ? (double)NAN : sqlite3_column_double(st->stmt, column);
}

const char *iv_column_text(IvStatement *st, int column) {
  const char *text = (const char *)sqlite3_column_text(st->stmt, column);
  return text ? text : "";
}

const void *iv_column_blob(IvStatement *st, int column, gsize *ret_n) {
  const void *blob = sqlite3_column_blob(st->stmt, column);
  *ret_n = (gsize)sqlite3_column_bytes(st->stmt, column);
  return blob;
}

IvTime iv_column_time(IvStatement *st, int column) {
  return iv_column_is_null(st, column) ? IV_TIME_NONE : iv_column_int(st, column);
}

gboolean iv_column_is_null(IvStatement *st, int column) {
  return sqlite3_column_type(st->stmt, column) == SQLITE_NULL;
}

void iv_statement_reset(IvStatement *st) {
  if (st->stmt)
    sqlite3_reset(st->stmt);
}
