/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sql/sql.h"

/* The database inveye.db: opened and brought up to date by its migrations; one writer thread, a
 * small pool of connections that only read. Tables are described in docs/storage.md. */
typedef struct IvStore IvStore;

#define IV_STORE_ERROR (iv_store_error_quark())
GQuark iv_store_error_quark(void);
typedef enum {
  IV_STORE_ERROR_NOT_FOUND, /* no such store, camera, version, ... */
  IV_STORE_ERROR_CONFLICT,  /* somebody else changed it meanwhile, or it exists already */
  IV_STORE_ERROR_INVALID,   /* an argument or a cursor that can't be right */
  IV_STORE_ERROR_LIMIT,     /* more than a named limit */
  IV_STORE_ERROR_NEWER,     /* the database was made by a newer program */
  IV_STORE_ERROR_CLOSED,    /* the store is being closed */
} IvStoreError;

#define IV_STORE_JOBS_MAX 256  /* waiting for the writer; iv_store_write then waits for room */
#define IV_STORE_READERS_MAX 4 /* connections; iv_store_read then waits for one */
#define IV_STORE_COMMIT_SPAN (50 * IV_MS) /* jobs that wait are committed together for so long */

/* Opens or makes the file (its folder must exist), migrates, starts the writer. After a crash
 * SQLite's log brings back the last commit. NULL with IV_STORE_ERROR_NEWER or IV_SQL_ERROR. */
IvStore *iv_store_open(const char *path, GError **error);

/* Runs what is queued, then stops. Nobody else may use the store any more. */
void iv_store_close(IvStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvStore, iv_store_close)

/* A job of the writer thread. It runs inside a transaction; when it returns FALSE (with `error`)
 * what it did is undone. It may run again only if a caller asks again. No job may wait for another.
 */
typedef gboolean (*IvStoreJob)(IvSql *sql, gpointer arg, GError **error);

/* Runs `job` on the writer and returns after its commit is on disk: TRUE = it is durable. Jobs that
 * wait at the same time share one commit. Any thread but the writer. */
gboolean iv_store_write(IvStore *store, IvStoreJob job, gpointer arg, GError **error);

/* Borrows a connection with a snapshot of the database that stays the same until iv_store_read_end;
 * keep it for moments. `deadline` (iv_clock_monotonic time, IV_TIME_NONE = none) bounds both the
 * wait and every statement. NULL with an error. Any thread. */
IvSql *iv_store_read(IvStore *store, IvTime deadline, GError **error);
void iv_store_read_end(IvStore *store, IvSql *sql);

/* As iv_store_read, but ends by itself: g_auto(IvStoreRead) read = ...; use read.sql. */
typedef struct {
  IvStore *store;
  IvSql *sql; /* NULL = failed */
} IvStoreRead;
IvStoreRead iv_store_read_begin(IvStore *store, IvTime deadline, GError **error);
void iv_store_read_clear(IvStoreRead *read);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvStoreRead, iv_store_read_clear)

typedef struct {
  guint64 commits, jobs, failed_jobs; /* since start */
  guint queued;                       /* jobs waiting */
  IvTime longest_commit;              /* µs, since start */
  guint64 bytes;                      /* of the database file and its log */
  int schema;                         /* number of the newest migration */
} IvStoreStats;
void iv_store_stats(IvStore *store, IvStoreStats *ret_stats);

const char *iv_store_path(const IvStore *store);
