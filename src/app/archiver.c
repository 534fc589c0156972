/* SPDX-License-Identifier: Apache-2.0 */
#include "app/archiver.h"

#include <string.h>

#include "app/archiver_private.h"
#include "base/clock.h"
#include "base/url.h"
#include "store/snapshots.h"

#define BATCH 100
#define RETRY (30 * IV_SECOND) /* after something failed; doubled up to the most */
#define RETRY_MAX (10 * IV_MINUTE)
#define LOOK_SPAN (10 * IV_SECOND) /* between two looks at what there is */
#define TIDY_SPAN IV_DAY           /* between two looks for uploads that never ended */
#define TIDY_AGE (7 * IV_DAY)
#define MANY_FILES 100000 /* so many are counted once in a while only */
#define COUNT_SPAN (30 * IV_SECOND)
#define SKIP_SPAN IV_HOUR /* so long a file that cannot be read is left alone */

const char *iv_archiver_state_name(IvArchiverState state) {
  static const char *const names[] = {"idle", "sending", "closed", "failed"};
  return names[state];
}

/* ---- what is told ---- */

static void fail(IvArchiver *a, const IvArchiverMoment *moment, const GError *error) {
  if (g_error_matches(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED))
    return;
  g_autofree char *masked = iv_url_mask(error->message);
  IvTime pause = MIN(RETRY << MIN(a->failures, 8), RETRY_MAX);
  a->failures++;
  a->retry_at = iv_clock_monotonic() + pause;
  g_mutex_lock(&a->mutex);
  gboolean is_new =
      strcmp(a->stats.last_error, masked) != 0 || a->stats.state != IV_ARCHIVER_FAILED;
  a->stats.state = IV_ARCHIVER_FAILED;
  a->stats.errors++;
  g_strlcpy(a->stats.last_error, masked, sizeof a->stats.last_error);
  if (a->stats.failing_since == IV_TIME_NONE)
    a->stats.failing_since = moment->now;
  g_mutex_unlock(&a->mutex);
  if (is_new)
    g_warning("archive: %s", masked);
}

static void succeed(IvArchiver *a) {
  a->failures = 0;
  g_mutex_lock(&a->mutex);
  gboolean was_failing = a->stats.failing_since != IV_TIME_NONE;
  a->stats.failing_since = IV_TIME_NONE;
  a->stats.last_error[0] = '\0';
  g_mutex_unlock(&a->mutex);
  if (was_failing)
    g_message("archive: works again");
}

/* ---- jobs of the writer ---- */

typedef struct {
  const IvArchiver *archiver;
  const char *fresh;
  char *mark;
  const GArray *rows;
  gboolean *marked;
} Job;

static gboolean ask_mark(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  g_clear_pointer(&job->mark, g_free);
  return iv_archived_mark(sql, job->archiver->store_id, job->fresh, &job->mark, error);
}

static gboolean doom(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->rows->len; i++)
    if (!iv_archived_doom(sql, &g_array_index(job->rows, IvArchivedFile, i), &job->marked[i],
                          error))
      return FALSE;
  return TRUE;
}

static gboolean drop_rows(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->rows->len; i++)
    if (job->marked[i] &&
        !iv_archived_remove(sql, &g_array_index(job->rows, IvArchivedFile, i), error))
      return FALSE;
  return TRUE;
}

/* ---- the archive itself ---- */

/* Finds it, or marks it as the store's at the first time. Any thread. */
static gboolean open_archive(IvArchiver *a, GError **error) {
  gboolean any = FALSE;
  g_autofree char *fresh = g_uuid_string_random();
  Job job = {.archiver = a, .fresh = fresh};
  gboolean done = iv_store_write(a->store, ask_mark, &job, error) &&
                  iv_archived_any(a->store, a->store_id, &any, error) &&
                  iv_archive_open(a->archive, job.mark, any, error);
  g_free(job.mark);
  return done;
}

/* ---- what there is ---- */

/* They are counted, which takes a second where a year is stored: then not after each file. */
static void look_at_totals(IvArchiver *a, const IvArchiverMoment *moment) {
  IvArchivedTotals totals;
  g_autoptr(GError) error = NULL;
  IvTime due = iv_archiver_settled(a, IV_ARCHIVED_RECORDING, moment->now);
  if (moment->monotonic < a->count_at)
    return;
  if (!iv_archived_totals(a->store, a->store_id, due, a->config->evidence, &totals, &error)) {
    g_warning("archive: %s", error->message);
    return;
  }
  a->count_at = totals.all.stored < MANY_FILES ? 0 : moment->monotonic + COUNT_SPAN;
  g_mutex_lock(&a->mutex);
  a->stats.totals = totals;
  g_mutex_unlock(&a->mutex);
}

/* ---- deleting there ---- */

/* All its files. */
static gboolean remove_file(IvArchiver *a, const IvArchivedFile *file, GError **error) {
  if (file->kind != IV_ARCHIVED_SNAPSHOT)
    return iv_archive_remove(a->archive, file->key, error);
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    g_autofree char *key = iv_snapshot_file(file->key, (IvSnapshotFile)i);
    if (!iv_archive_remove(a->archive, key, error))
      return FALSE;
  }
  return TRUE;
}

/* In three steps that a crash may part, as of local files. How many. */
static guint delete_files(IvArchiver *a, const GArray *files, GError **error) {
  guint done = 0;
  g_autofree gboolean *marked = g_new0(gboolean, MAX(files->len, 1));
  Job job = {.archiver = a, .rows = files, .marked = marked};
  if (files->len == 0 || !iv_store_write(a->store, doom, &job, error))
    return 0;
  for (guint i = 0; i < files->len; i++) {
    marked[i] = marked[i] && (!error || !*error) &&
                remove_file(a, &g_array_index(files, IvArchivedFile, i), error);
    done += marked[i];
  }
  GError **also = error && *error ? NULL : error;
  if (!iv_store_write(a->store, drop_rows, &job, also))
    return 0;
  g_mutex_lock(&a->mutex);
  a->stats.deleted += done;
  g_mutex_unlock(&a->mutex);
  return done;
}

/* What is older than it is to be kept, or was begun to be deleted. */
static gboolean delete_old(IvArchiver *a, const IvArchiverMoment *moment, gboolean *ret_more,
                           GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_more = FALSE;
  for (int doomed = 1; doomed >= 0 && !wrong; doomed--) {
    IvTime before = doomed ? G_MAXINT64 : moment->now - a->config->keep;
    if (!doomed && (a->config->keep == 0 || !moment->now_is_right))
      continue;
    g_autoptr(GArray) files = iv_archived_old(a->store, a->store_id, before, doomed, BATCH, &wrong);
    if (files && delete_files(a, files, &wrong) == BATCH)
      *ret_more = TRUE;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void tidy(IvArchiver *a, const IvArchiverMoment *moment) {
  guint n = 0;
  g_autoptr(GError) error = NULL;
  if (moment->monotonic < a->tidy_at)
    return;
  a->tidy_at = moment->monotonic + TIDY_SPAN;
  if (!iv_archive_tidy(a->archive, moment->now - TIDY_AGE, &n, &error))
    g_warning("archive: uploads that never ended stay: %s", error->message);
  else if (n > 0)
    g_message("archive: %u uploads that never ended were given up", n);
}

/* ---- working ---- */

static gboolean work(IvArchiver *a, const IvArchiverMoment *moment, gboolean *ret_more,
                     GError **error) {
  gboolean more_files, more_sent, more_old = FALSE;
  if (!iv_archiver_decide(a, moment->now, &more_files, error))
    return FALSE;
  /* A disk may be unmounted at any time, and nothing may be written where it should be. */
  gboolean may_go = a->config->target == IV_ARCHIVE_FOLDER;
  if ((!a->is_open || may_go) && !open_archive(a, error))
    return FALSE;
  if (!a->is_open)
    g_message("archive: %s is there", iv_archive_place(a->archive));
  a->is_open = TRUE;
  if (!iv_archiver_send(a, moment->now, &more_sent, error))
    return FALSE;
  if (moment->monotonic >= a->look_at) {
    if (!delete_old(a, moment, &more_old, error))
      return FALSE;
    tidy(a, moment);
    a->look_at = more_old ? 0 : moment->monotonic + LOOK_SPAN;
  }
  *ret_more = more_files || more_sent || more_old;
  return TRUE;
}

gboolean iv_archiver_work(IvArchiver *a, const IvArchiverMoment *moment) {
  gboolean more = FALSE;
  g_autoptr(GError) error = NULL;
  if (moment->monotonic >= a->unskip_at) {
    for (int kind = 0; kind < IV_ARCHIVED_KINDS; kind++)
      g_hash_table_remove_all(a->skipped[kind]);
    a->unskip_at = moment->monotonic + SKIP_SPAN;
  }
  if (moment->monotonic >= a->retry_at) {
    if (work(a, moment, &more, &error)) {
      succeed(a);
    } else {
      a->is_open = FALSE; /* the disk may have gone: it is looked at anew */
      fail(a, moment, error);
      more = FALSE;
    }
  }
  look_at_totals(a, moment);
  return more;
}

/* ---- for others ---- */

void iv_archiver_stats(IvArchiver *a, IvArchiverStats *ret_stats) {
  g_mutex_lock(&a->mutex);
  *ret_stats = a->stats;
  g_mutex_unlock(&a->mutex);
}

const char *iv_archiver_place(const IvArchiver *a) {
  return iv_archive_place(a->archive);
}

GBytes *iv_archiver_read(IvArchiver *a, const char *key, guint64 offset, gsize n, GError **error) {
  return iv_archive_get(a->archive, key, offset, n, error);
}

static json_t *step_json(const char *name, const char *state, double took_s, const char *fault) {
  g_autofree char *masked = fault ? iv_url_mask(fault) : NULL;
  return json_pack("{ss ss sf ss?}", "name", name, "state", state, "took_s", took_s, "fault",
                   masked);
}

json_t *iv_archiver_try(IvArchiver *a) {
  IvArchiveStep steps[IV_ARCHIVE_STEPS] = {
      {.name = "write"}, {.name = "read"}, {.name = "list"}, {.name = "delete"}};
  g_autoptr(GError) error = NULL;
  IvTime start = iv_clock_monotonic();
  json_t *list = json_array();
  gboolean found = open_archive(a, &error);
  double took = (double)(iv_clock_monotonic() - start) / IV_SECOND;
  json_array_append_new(
      list, step_json("find", found ? "done" : "failed", took, error ? error->message : NULL));
  gboolean works = found && iv_archive_try(a->archive, steps);
  for (guint i = 0; i < IV_ARCHIVE_STEPS; i++)
    json_array_append_new(list, step_json(steps[i].name,
                                          steps[i].done    ? "done"
                                          : steps[i].fault ? "failed"
                                                           : "skipped",
                                          steps[i].took_s, steps[i].fault));
  iv_archive_steps_clear(steps);
  return json_pack("{sb ss so}", "works", works, "place", iv_archive_place(a->archive), "steps",
                   list);
}

/* ---- life ---- */

IvArchiver *iv_archiver_new(const IvArchiverOptions *options) {
  IvArchiver *a = g_new0(IvArchiver, 1);
  a->config = options->config;
  iv_hours_read(options->config->hours, &a->hours);
  a->store_id = g_strdup(options->store_id);
  a->data_dir = g_strdup(options->data_dir);
  a->zone = g_time_zone_new_identifier(options->time_zone);
  if (!a->zone)
    a->zone = g_time_zone_new_utc();
  a->store = options->store;
  a->recordings = options->recordings;
  a->archive = iv_archive_new(options->config, options->limits);
  for (int kind = 0; kind < IV_ARCHIVED_KINDS; kind++)
    a->skipped[kind] = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_mutex_init(&a->mutex);
  a->stats.failing_since = a->stats.last_stored = IV_TIME_NONE;
  a->stats.totals.oldest_waiting = IV_TIME_NONE;
  return a;
}

void iv_archiver_stop(IvArchiver *a) {
  iv_archive_stop(a->archive);
}

void iv_archiver_free(IvArchiver *a) {
  if (!a)
    return;
  iv_archive_free(a->archive);
  for (int kind = 0; kind < IV_ARCHIVED_KINDS; kind++)
    g_hash_table_unref(a->skipped[kind]);
  g_time_zone_unref(a->zone);
  g_mutex_clear(&a->mutex);
  g_free(a->store_id);
  g_free(a->data_dir);
  g_free(a);
}
