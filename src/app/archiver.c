/* SPDX-License-Identifier: Apache-2.0 */
#include "app/archiver.h"

#include <string.h>

#include "base/clock.h"
#include "base/url.h"
#include "config/archive_config.h"
#include "config/hours.h"

#define BATCH 100
#define SETTLE (2 * IV_MINUTE) /* so late an event of a file may still come */
#define RETRY (30 * IV_SECOND) /* after something failed; doubled up to the most */
#define RETRY_MAX (10 * IV_MINUTE)
#define LOOK_SPAN (10 * IV_SECOND) /* between two looks at what there is */
#define TIDY_SPAN IV_DAY           /* between two looks for uploads that never ended */
#define TIDY_AGE (7 * IV_DAY)
#define SKIP_SPAN IV_HOUR /* so long a file that cannot be read is left alone */

struct IvArchiver {
  const IvArchiveConfig *config;
  IvHours hours;
  char *store_id;
  GTimeZone *zone;
  IvStore *store;
  const IvRecordings *recordings;
  IvArchive *archive;
  /* Of the thread that works. */
  gboolean is_open, is_reconsidered;
  guint failures;                               /* in a row */
  IvTime retry_at, look_at, tidy_at, unskip_at; /* monotonic */
  GHashTable *skipped;                          /* numbers of segments, as gint64 */
  GMutex mutex;                                 /* guards what follows; innermost */
  IvArchiverStats stats;
};

const char *iv_archiver_state_name(IvArchiverState state) {
  static const char *const names[] = {"idle", "sending", "closed", "failed"};
  return names[state];
}

/* ---- what is told ---- */

static void set_state(IvArchiver *a, IvArchiverState state) {
  g_mutex_lock(&a->mutex);
  a->stats.state = state;
  g_mutex_unlock(&a->mutex);
}

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

static void on_progress(guint64 done, guint64 total, gpointer archiver) {
  IvArchiver *a = archiver;
  g_mutex_lock(&a->mutex);
  a->stats.now_done = done;
  a->stats.now_total = total;
  g_mutex_unlock(&a->mutex);
}

/* ---- jobs of the writer ---- */

typedef struct {
  const IvArchiver *archiver;
  const char *fresh;
  char *mark;
  gboolean all;
  const GArray *rows;
  const gboolean *flags;
  gboolean *marked;
  const IvArchivedFile *file;
  gint64 no;
} Job;

static gboolean ask_mark(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  g_clear_pointer(&job->mark, g_free);
  return iv_archived_mark(sql, job->archiver->store_id, job->fresh, &job->mark, error);
}

static gboolean reconsider(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_archived_reconsider(sql, job->archiver->store_id, job->all, error);
}

static gboolean decide(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->rows->len; i++)
    if (!iv_archived_decide(sql, g_array_index(job->rows, IvArchiveCandidate, i).no, job->flags[i],
                            error))
      return FALSE;
  return TRUE;
}

static gboolean add(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_archived_add(sql, job->archiver->store_id, job->file, error);
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
  IvArchivedTotals totals = {0};
  g_autofree char *fresh = g_uuid_string_random();
  Job job = {.archiver = a, .fresh = fresh};
  gboolean done = iv_store_write(a->store, ask_mark, &job, error) &&
                  iv_archived_totals(a->store, a->store_id, 0, &totals, error) &&
                  iv_archive_open(a->archive, job.mark, totals.stored > 0, error);
  g_free(job.mark);
  return done;
}

/* ---- what belongs there ---- */

static gboolean is_wanted(const IvArchiver *a, const IvArchiveCandidate *row, IvTime now) {
  const IvArchiveConfig *config = a->config;
  if (config->recordings == IV_ARCHIVE_RECORDINGS_OFF ||
      (config->keep > 0 && row->end < now - config->keep && !row->held))
    return FALSE;
  if (row->held)
    return TRUE;
  return iv_archive_config_has_camera(config, row->camera_id.text) &&
         (config->recordings == IV_ARCHIVE_RECORDINGS_ALL ||
          (config->recordings == IV_ARCHIVE_RECORDINGS_EVENTS && row->happened));
}

static IvTime settled_before(const IvArchiver *a, IvTime now) {
  gboolean waits_for_events = a->config->recordings == IV_ARCHIVE_RECORDINGS_EVENTS;
  return now - MAX(a->config->after, waits_for_events ? SETTLE : 0);
}

/* A batch of files that were not looked at. `ret_more`: there may be more. */
static gboolean look_at_files(IvArchiver *a, IvTime now, gboolean *ret_more, GError **error) {
  Job job = {.archiver = a, .all = !a->is_reconsidered};
  if (!iv_store_write(a->store, reconsider, &job, error))
    return FALSE;
  a->is_reconsidered = TRUE;
  g_autoptr(GArray) rows =
      iv_archived_candidates(a->store, a->store_id, settled_before(a, now), BATCH, error);
  if (!rows)
    return FALSE;
  g_autofree gboolean *flags = g_new0(gboolean, MAX(rows->len, 1));
  for (guint i = 0; i < rows->len; i++)
    flags[i] = is_wanted(a, &g_array_index(rows, IvArchiveCandidate, i), now);
  job.rows = rows;
  job.flags = flags;
  *ret_more = rows->len == BATCH;
  return rows->len == 0 || iv_store_write(a->store, decide, &job, error);
}

static void look_at_totals(IvArchiver *a, IvTime now) {
  IvArchivedTotals totals;
  g_autoptr(GError) error = NULL;
  if (!iv_archived_totals(a->store, a->store_id, settled_before(a, now), &totals, &error)) {
    g_warning("archive: %s", error->message);
    return;
  }
  g_mutex_lock(&a->mutex);
  a->stats.totals = totals;
  g_mutex_unlock(&a->mutex);
}

/* ---- sending ---- */

static gboolean is_open_hour(const IvArchiver *a, IvTime now) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / IV_SECOND);
  g_autoptr(GDateTime) there = g_date_time_to_timezone(utc, a->zone);
  return iv_hours_have(&a->hours, g_date_time_get_hour(there) * 60 + g_date_time_get_minute(there));
}

/* The oldest that waits and was not found unreadable lately. FALSE without an error: none. */
static gboolean next_file(IvArchiver *a, IvTime now, IvSegment *ret_segment, GError **error) {
  guint limit = g_hash_table_size(a->skipped) + 1;
  g_autoptr(GArray) rows =
      iv_archived_waiting(a->store, a->store_id, settled_before(a, now), limit, error);
  for (guint i = 0; rows && i < rows->len; i++) {
    IvSegment *row = &g_array_index(rows, IvSegment, i);
    if (g_hash_table_contains(a->skipped, &row->no))
      continue;
    *ret_segment = *row;
    *row = (IvSegment){0};
    return TRUE;
  }
  return FALSE;
}

static void skip(IvArchiver *a, const IvSegment *segment, const GError *error) {
  g_hash_table_add(a->skipped, g_memdup2(&segment->no, sizeof segment->no));
  g_mutex_lock(&a->mutex);
  a->stats.skipped++;
  g_mutex_unlock(&a->mutex);
  g_warning("archive: %s is left out for now: %s", segment->path, error->message);
}

static gboolean note(IvArchiver *a, const IvSegment *segment, const IvArchivePut *put,
                     const IvArchiveInfo *info, IvTime now, GError **error) {
  g_auto(IvArchivedFile) file = {.kind = IV_ARCHIVED_RECORDING,
                                 .source_no = segment->no,
                                 .key = g_strdup(put->key),
                                 .bytes = info->bytes,
                                 .end = segment->end,
                                 .archived = now};
  g_strlcpy(file.sha256, info->sha256, sizeof file.sha256);
  Job job = {.archiver = a, .file = &file};
  if (!iv_store_write(a->store, add, &job, error))
    return FALSE;
  g_mutex_lock(&a->mutex);
  a->stats.sent_files++;
  a->stats.sent_bytes += info->bytes;
  a->stats.last_stored = now;
  g_mutex_unlock(&a->mutex);
  return TRUE;
}

static gboolean send_file(IvArchiver *a, const IvSegment *segment, IvTime now, GError **error) {
  IvArchiveInfo info;
  g_autofree char *path =
      g_build_filename(iv_recordings_folder(a->recordings), segment->path, NULL);
  g_autofree char *key = g_strdup_printf("%s/recordings/%s", a->store_id, segment->path);
  IvArchivePut put = {path, key, "video/mp4", on_progress, a};
  set_state(a, IV_ARCHIVER_SENDING);
  on_progress(0, segment->bytes, a);
  gboolean done =
      iv_archive_put(a->archive, &put, &info, error) && note(a, segment, &put, &info, now, error);
  on_progress(0, 0, a);
  return done;
}

/* Of what waits, one. `ret_more`: it was sent, so another may wait. */
static gboolean send_one(IvArchiver *a, IvTime now, gboolean *ret_more, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvSegment) segment = {0};
  *ret_more = FALSE;
  if (!next_file(a, now, &segment, &wrong)) {
    if (wrong)
      g_propagate_error(error, g_steal_pointer(&wrong));
    else
      set_state(a, IV_ARCHIVER_IDLE);
    return wrong == NULL;
  }
  if (!is_open_hour(a, now)) {
    set_state(a, IV_ARCHIVER_CLOSED);
    return TRUE;
  }
  *ret_more = send_file(a, &segment, now, &wrong);
  if (*ret_more)
    return TRUE;
  if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE)) {
    skip(a, &segment, wrong);
    *ret_more = TRUE;
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- deleting there ---- */

/* In three steps that a crash may part, as of local files. How many. */
static guint delete_files(IvArchiver *a, const GArray *files, GError **error) {
  guint done = 0;
  g_autofree gboolean *marked = g_new0(gboolean, MAX(files->len, 1));
  Job job = {.archiver = a, .rows = files, .marked = marked};
  if (files->len == 0 || !iv_store_write(a->store, doom, &job, error))
    return 0;
  for (guint i = 0; i < files->len; i++) {
    marked[i] = marked[i] && (!error || !*error) &&
                iv_archive_remove(a->archive, g_array_index(files, IvArchivedFile, i).key, error);
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
  if (!look_at_files(a, moment->now, &more_files, error))
    return FALSE;
  /* A disk may be unmounted at any time, and nothing may be written where it should be. */
  gboolean may_go = a->config->target == IV_ARCHIVE_FOLDER;
  if ((!a->is_open || may_go) && !open_archive(a, error))
    return FALSE;
  if (!a->is_open)
    g_message("archive: %s is there", iv_archive_place(a->archive));
  a->is_open = TRUE;
  if (!send_one(a, moment->now, &more_sent, error))
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
    g_hash_table_remove_all(a->skipped);
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
  look_at_totals(a, moment->now);
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
  a->zone = g_time_zone_new_identifier(options->time_zone);
  if (!a->zone)
    a->zone = g_time_zone_new_utc();
  a->store = options->store;
  a->recordings = options->recordings;
  a->archive = iv_archive_new(options->config, options->limits);
  a->skipped = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
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
  g_hash_table_unref(a->skipped);
  g_time_zone_unref(a->zone);
  g_mutex_clear(&a->mutex);
  g_free(a->store_id);
  g_free(a);
}
