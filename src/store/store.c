/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/queue.h"
#include "store/journeys.h"
#include "store/migrations.h"
#include "store/rollup.h"

#define GROUP_MAX 64 /* jobs in one commit */

typedef struct {
  IvStoreJob run;
  gpointer arg;
  GError *error; /* set = failed */
  gboolean done; /* guarded by IvStore.mutex */
} Job;

struct IvStore {
  char *path;
  IvSql *writer; /* the writer thread's */
  IvQueue *jobs;
  GThread *thread;
  int schema;
  GMutex mutex; /* the only one; guards everything below and Job.done. No disk access under it */
  GCond finished, reader_back;
  GPtrArray *idle_readers; /* of IvSql */
  guint n_readers;         /* idle and lent */
  IvStoreStats stats;
};

G_DEFINE_QUARK(iv - store - error - quark, iv_store_error)

/* ---- the writer ---- */

static gboolean run_job(IvSql *sql, Job *job) {
  if (!iv_sql_script(sql, "SAVEPOINT job", &job->error))
    return FALSE;
  if (job->run(sql, job->arg, &job->error) && iv_sql_script(sql, "RELEASE job", &job->error))
    return TRUE;
  if (!job->error)
    g_set_error_literal(&job->error, IV_SQL_ERROR, IV_SQL_ERROR_FAILED, "the job failed");
  /* A full disk can end the whole transaction. */
  return iv_sql_in_transaction(sql) && iv_sql_script(sql, "ROLLBACK TO job; RELEASE job", NULL);
}

/* Runs `first` and what else is waiting until the span is over. FALSE: the transaction is lost. */
static gboolean run_group(IvStore *store, Job *first, GPtrArray *group) {
  IvTime until = iv_clock_monotonic() + IV_STORE_COMMIT_SPAN;
  for (Job *job = first; job; job = iv_queue_pop(store->jobs, 0)) {
    g_ptr_array_add(group, job);
    if (!run_job(store->writer, job))
      return FALSE;
    if (group->len == GROUP_MAX || iv_clock_monotonic() >= until)
      return TRUE;
  }
  return TRUE;
}

static void fail_all(GPtrArray *group, const GError *why) {
  for (guint i = 0; i < group->len; i++) {
    Job *job = g_ptr_array_index(group, i);
    if (!job->error)
      job->error = g_error_copy(why);
  }
}

static void finish(IvStore *store, GPtrArray *group, IvTime took) {
  g_mutex_lock(&store->mutex);
  store->stats.commits++;
  store->stats.jobs += group->len;
  store->stats.longest_commit = MAX(store->stats.longest_commit, took);
  for (guint i = 0; i < group->len; i++) {
    Job *job = g_ptr_array_index(group, i);
    store->stats.failed_jobs += job->error != NULL;
    job->done = TRUE; /* from here on the job is its caller's again */
  }
  g_cond_broadcast(&store->finished);
  g_mutex_unlock(&store->mutex);
}

static void commit_group(IvStore *store, Job *first) {
  g_autoptr(GPtrArray) group = g_ptr_array_new();
  g_autoptr(GError) why = NULL;
  IvTime begun = iv_clock_monotonic();
  gboolean open = iv_sql_script(store->writer, "BEGIN IMMEDIATE", &why);
  if (!open)
    g_ptr_array_add(group, first);
  else if (!run_group(store, first, group))
    g_set_error_literal(&why, IV_SQL_ERROR, IV_SQL_ERROR_DISK,
                        "the transaction was lost; try again when the disk has room");
  else
    iv_sql_script(store->writer, "COMMIT", &why);
  if (why)
    fail_all(group, why);
  if (iv_sql_in_transaction(store->writer))
    iv_sql_script(store->writer, "ROLLBACK", NULL);
  finish(store, group, iv_clock_monotonic() - begun);
}

static gpointer write_jobs(gpointer user_data) {
  IvStore *store = user_data;
  Job *job;
  while ((job = iv_queue_pop(store->jobs, -1)))
    commit_group(store, job);
  return NULL;
}

gboolean iv_store_write(IvStore *store, IvStoreJob run, gpointer arg, GError **error) {
  Job job = {.run = run, .arg = arg};
  if (!iv_queue_push_wait(store->jobs, &job)) {
    g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_CLOSED,
                        "the database is being closed; start again");
    return FALSE;
  }
  g_mutex_lock(&store->mutex);
  while (!job.done)
    g_cond_wait(&store->finished, &store->mutex);
  g_mutex_unlock(&store->mutex);
  if (!job.error)
    return TRUE;
  g_propagate_error(error, job.error);
  return FALSE;
}

/* ---- readers ---- */

/* TRUE when the caller may open a connection of its own; `ret_sql` is set when an idle one was
 * there; neither = the deadline has passed. */
static gboolean wait_for_reader(IvStore *store, IvTime deadline, IvSql **ret_sql) {
  gboolean may_open = FALSE;
  g_mutex_lock(&store->mutex);
  while (store->idle_readers->len == 0 && store->n_readers >= IV_STORE_READERS_MAX) {
    if (deadline == IV_TIME_NONE)
      g_cond_wait(&store->reader_back, &store->mutex);
    else if (!g_cond_wait_until(&store->reader_back, &store->mutex, deadline))
      break;
  }
  if (store->idle_readers->len > 0) {
    *ret_sql = g_ptr_array_steal_index_fast(store->idle_readers, store->idle_readers->len - 1);
  } else if (store->n_readers < IV_STORE_READERS_MAX) {
    store->n_readers++;
    may_open = TRUE;
  }
  g_mutex_unlock(&store->mutex);
  return may_open;
}

static void give_reader_back(IvStore *store, IvSql *sql) {
  g_mutex_lock(&store->mutex);
  if (sql)
    g_ptr_array_add(store->idle_readers, sql);
  else
    store->n_readers--;
  g_cond_signal(&store->reader_back);
  g_mutex_unlock(&store->mutex);
}

IvSql *iv_store_read(IvStore *store, IvTime deadline, GError **error) {
  IvSql *sql = NULL;
  if (wait_for_reader(store, deadline, &sql)) {
    sql = iv_sql_open(store->path, IV_SQL_READ, error);
    if (!sql)
      give_reader_back(store, NULL);
  } else if (!sql) {
    g_set_error_literal(error, IV_SQL_ERROR, IV_SQL_ERROR_DEADLINE,
                        "too many questions at once; try again in a moment");
  }
  if (!sql)
    return NULL;
  iv_sql_set_deadline(sql, deadline);
  if (iv_sql_script(sql, "BEGIN", error))
    return sql;
  iv_store_read_end(store, sql);
  return NULL;
}

void iv_store_read_end(IvStore *store, IvSql *sql) {
  iv_sql_set_deadline(sql, IV_TIME_NONE);
  if (iv_sql_in_transaction(sql) && !iv_sql_script(sql, "COMMIT", NULL))
    g_clear_pointer(&sql, iv_sql_close);
  give_reader_back(store, sql);
}

IvStoreRead iv_store_read_begin(IvStore *store, IvTime deadline, GError **error) {
  return (IvStoreRead){store, iv_store_read(store, deadline, error)};
}

void iv_store_read_clear(IvStoreRead *read) {
  if (read->sql)
    iv_store_read_end(read->store, read->sql);
  read->sql = NULL;
}

/* ---- life ---- */

static void close_reader(gpointer sql) {
  iv_sql_close(sql);
}

/* A database that has much to catch up keeps the program from starting: say so now and then. */
typedef struct {
  IvTime begun, told; /* monotonic */
} Patience;
#define PATIENCE (3 * IV_SECOND)

static void tell_progress(gpointer self, const char *store_id, IvTime at, IvTime until) {
  Patience *patience = self;
  IvTime now = iv_clock_monotonic();
  if (now - MAX(patience->begun, patience->told) < PATIENCE)
    return;
  patience->told = now;
  g_message("store %s: putting earlier hours and days together, %" G_GINT64_FORMAT " days to go",
            store_id, MAX(0, until - at) / IV_DAY);
}

IvStore *iv_store_open(const char *path, GError **error) {
  g_autoptr(IvSql) writer = iv_sql_open(path, IV_SQL_WRITE, error);
  if (!writer)
    return NULL;
  g_autoptr(GError) wrong = NULL;
  Patience patience = {iv_clock_monotonic(), 0};
  if (!iv_migrations_run(writer, 0, &wrong) ||
      !iv_rollups_catch_up(writer, tell_progress, &patience, &wrong) ||
      !iv_journeys_catch_up(writer, &wrong)) {
    if (g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NEWER))
      g_prefix_error(&wrong, "%s: ", path);
    g_propagate_error(error, g_steal_pointer(&wrong));
    return NULL;
  }
  IvStore *store = g_new0(IvStore, 1);
  store->path = g_strdup(path);
  store->writer = g_steal_pointer(&writer);
  store->schema = iv_migrations_newest();
  store->jobs = iv_queue_new(IV_STORE_JOBS_MAX, NULL);
  store->idle_readers = g_ptr_array_new_with_free_func(close_reader);
  g_mutex_init(&store->mutex);
  g_cond_init(&store->finished);
  g_cond_init(&store->reader_back);
  store->thread = g_thread_new("iv-store", write_jobs, store);
  return store;
}

void iv_store_close(IvStore *store) {
  if (!store)
    return;
  iv_queue_close(store->jobs);
  g_thread_join(store->thread);
  g_ptr_array_unref(store->idle_readers);
  iv_sql_close(store->writer); /* last, so that it tidies the log away */
  iv_queue_free(store->jobs);
  g_cond_clear(&store->reader_back);
  g_cond_clear(&store->finished);
  g_mutex_clear(&store->mutex);
  g_free(store->path);
  g_free(store);
}

static guint64 file_bytes(const char *path, const char *suffix) {
  g_autofree char *name = g_strconcat(path, suffix, NULL);
  struct stat st;
  return stat(name, &st) == 0 ? (guint64)st.st_size : 0;
}

void iv_store_stats(IvStore *store, IvStoreStats *ret_stats) {
  g_mutex_lock(&store->mutex);
  *ret_stats = store->stats;
  g_mutex_unlock(&store->mutex);
  ret_stats->queued = iv_queue_length(store->jobs);
  ret_stats->bytes = file_bytes(store->path, "") + file_bytes(store->path, "-wal");
  ret_stats->schema = store->schema;
}

const char *iv_store_path(const IvStore *store) {
  return store->path;
}
