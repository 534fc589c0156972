/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* One connection to an SQLite database, and prepared statements without ceremony:
 *
 *   IvStatement *st = iv_sql_statement(sql, "SELECT name FROM stores WHERE id = $1");
 *   iv_bind_text(st, "demo");
 *   while (iv_step_row(st, error))
 *     use(iv_column_text(st, 0));
 *
 * Parameters are written $1, $2, ... in the order of their first appearance (SQLite and PostgreSQL
 * read that alike) and bound in that order. A mistake in preparing or binding is kept and told by
 * the next step, so that only steps are checked. One thread at a time per connection. */
typedef struct IvSql IvSql;
typedef struct IvStatement IvStatement;

#define IV_SQL_ERROR (iv_sql_error_quark())
GQuark iv_sql_error_quark(void);
typedef enum {
  IV_SQL_ERROR_OPEN,     /* no such folder, no right, not a database */
  IV_SQL_ERROR_DISK,     /* disk full, or reading or writing failed: try again when there is room */
  IV_SQL_ERROR_BUSY,     /* another process holds the database for too long */
  IV_SQL_ERROR_DEADLINE, /* iv_sql_set_deadline has passed */
  IV_SQL_ERROR_CONSTRAINT, /* a row was refused: there is one like it, or it refers to nothing */
  IV_SQL_ERROR_CORRUPT,    /* the file is damaged */
  IV_SQL_ERROR_FAILED,     /* anything else: a mistake in the program */
} IvSqlError;

typedef enum {
  IV_SQL_READ,  /* must exist; refuses writes */
  IV_SQL_WRITE, /* made if absent (mode 0600, auto_vacuum incremental); WAL, synchronous FULL */
} IvSqlMode;

#define IV_SQL_BUSY_MS 10000 /* how long to wait for another process */

/* Opens with foreign keys on. NULL with an error that names the file and what to do. */
IvSql *iv_sql_open(const char *path, IvSqlMode mode, GError **error);
void iv_sql_close(IvSql *sql);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSql, iv_sql_close)

/* Runs statements separated by ';' that return nothing (migrations, pragmas). */
gboolean iv_sql_script(IvSql *sql, const char *script, GError **error);

/* From now on steps fail with IV_SQL_ERROR_DEADLINE once `monotonic` (iv_clock_monotonic) has
 * passed; IV_TIME_NONE = no deadline. */
void iv_sql_set_deadline(IvSql *sql, IvTime monotonic);

/* Rows changed, inserted or deleted by the last finished statement. */
int iv_sql_changes(IvSql *sql);
gint64 iv_sql_last_row(IvSql *sql); /* number of the row inserted last */
gboolean iv_sql_in_transaction(IvSql *sql);

/* The prepared statement for this text, reset and without bindings; prepared once per connection.
 * `text` must be a literal or live as long as the connection. Borrowed. A statement must be
 * finished (stepped to its end, or iv_statement_reset) before the same text is asked for again. */
IvStatement *iv_sql_statement(IvSql *sql, const char *text);

/* Binds the next parameter. Text and blob are copied; NULL text is SQL NULL. */
void iv_bind_int(IvStatement *st, gint64 value);
void iv_bind_real(IvStatement *st, double value); /* NAN is SQL NULL */
void iv_bind_text(IvStatement *st, const char *value);
void iv_bind_blob(IvStatement *st, const void *value, gsize n);
void iv_bind_time(IvStatement *st, IvTime value); /* µs; IV_TIME_NONE is SQL NULL */
void iv_bind_null(IvStatement *st);

/* Next row: TRUE; FALSE at the end, and with `error` set on failure. Resets itself at either. */
gboolean iv_step_row(IvStatement *st, GError **error);

/* Runs a statement whose rows nobody wants, to its end. */
gboolean iv_step_done(IvStatement *st, GError **error);

/* Columns of the current row, from 0. Text and blob are valid until the next step. */
gint64 iv_column_int(IvStatement *st, int column);
double iv_column_real(IvStatement *st, int column);      /* NAN for NULL */
const char *iv_column_text(IvStatement *st, int column); /* "" for NULL */
const void *iv_column_blob(IvStatement *st, int column, gsize *ret_n);
IvTime iv_column_time(IvStatement *st, int column); /* IV_TIME_NONE for NULL */
gboolean iv_column_is_null(IvStatement *st, int column);

/* Ends a statement before its last row. */
void iv_statement_reset(IvStatement *st);
