/* SPDX-License-Identifier: Apache-2.0 */
/* What is deleted when. A file is deleted in three steps that a crash may part: its row is marked
 * (unless somebody holds it), the file goes, the row goes. */
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>

#include "app/recording_folder.h"
#include "app/recordings_private.h"
#include "store/archived.h"

#define GB 1e9
#define BATCH 100                /* files that are deleted between two looks at the disk */
#define DAY_SETTLED (2 * IV_DAY) /* nobody makes files in the folder of such a day any more */

/* ---- what is too much ---- */

typedef struct {
  double reserve, limit; /* bytes that are too many: for the disk's reserve, and of keep_gb */
  double wanted_room;    /* of the reserve: for a file that is to be written */
  gboolean disk_known;
  IvTime before; /* what ended earlier is too old; IV_TIME_NONE = nothing is */
  IvTime wanted; /* what ended later was to be kept; IV_TIME_NONE = as long as there is room */
  IvTime
      archive_before; /* what waits to be archived and ended earlier would be too old there too */
} Excess;

static void look_at_disk(IvRecordings *r, Excess *e) {
  struct statvfs disk;
  g_mutex_lock(&r->mutex);
  e->wanted_room = (double)r->wanted;
  g_mutex_unlock(&r->mutex);
  e->disk_known = statvfs(r->folder, &disk) == 0;
  if (e->disk_known)
    e->reserve =
        r->config.reserve_gb * GB + e->wanted_room - (double)disk.f_bavail * (double)disk.f_frsize;
  else
    g_warning("recordings: the disk of %s does not say how much is free: %s", r->folder,
              g_strerror(errno));
}

static gboolean measure(IvRecordings *r, IvTime now, gboolean now_is_right, Excess *ret_excess) {
  g_autoptr(GError) error = NULL;
  IvSegmentTotals totals = {0};
  Excess e = {.before = IV_TIME_NONE, .wanted = IV_TIME_NONE, .archive_before = IV_TIME_NONE};
  if (!iv_segments_totals(r->store, r->store_id, &totals, &error)) {
    iv_recordings_count_error(r, "totals", error);
    return FALSE;
  }
  g_mutex_lock(&r->mutex);
  r->stats.bytes = totals.bytes;
  r->stats.segments = totals.n;
  r->stats.oldest = totals.oldest;
  g_mutex_unlock(&r->mutex);
  look_at_disk(r, &e);
  if (r->config.keep_gb > 0)
    e.limit = (double)totals.bytes - r->config.keep_gb * GB;
  if (r->config.keep > 0)
    e.wanted = now - r->config.keep;
  if (now_is_right)
    e.before = e.wanted;
  if (now_is_right && r->archive && r->config.keep > 0 && r->archive->keep > 0)
    e.archive_before = now - MAX(r->config.keep, r->archive->keep);
  *ret_excess = e;
  return TRUE;
}

/* How many of the oldest have to go. `ret_shortened`: so many of them were to be kept, and only the
 * disk's reserve asks for them. */
static guint choose(const GArray *oldest, Excess e, guint *ret_shortened) {
  guint i = 0;
  *ret_shortened = 0;
  for (; i < oldest->len; i++) {
    const IvSegment *segment = &g_array_index(oldest, IvSegment, i);
    gboolean is_old = e.before != IV_TIME_NONE && segment->end < e.before;
    gboolean is_wanted = e.wanted != IV_TIME_NONE && segment->end >= e.wanted;
    if (!is_old && e.reserve <= 0 && e.limit <= 0)
      break;
    *ret_shortened += is_wanted && e.reserve > 0 && e.limit <= 0;
    e.reserve -= (double)segment->bytes;
    e.limit -= (double)segment->bytes;
  }
  return i;
}

/* ---- deleting ---- */

typedef struct {
  const GArray *segments;
  guint n;
  gboolean *marked; /* each: may be deleted; then: is deleted */
} Job;

static gboolean mark_rows(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->n; i++)
    if (!iv_segments_doom(sql, g_array_index(job->segments, IvSegment, i).no, &job->marked[i],
                          error))
      return FALSE;
  return TRUE;
}

static gboolean remove_rows(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->n; i++)
    if (job->marked[i] &&
        !iv_archived_forget_local(sql, g_array_index(job->segments, IvSegment, i).no, error))
      return FALSE;
  return TRUE;
}

/* TRUE when it is not there any more. */
static gboolean delete_file(IvRecordings *r, const IvSegment *segment, IvTime now) {
  g_autofree char *full = g_build_filename(r->folder, segment->path, NULL);
  if (g_unlink(full) != 0 && errno != ENOENT) {
    g_autoptr(GError) error =
        g_error_new_literal(G_FILE_ERROR, (gint)g_file_error_from_errno(errno), g_strerror(errno));
    iv_recordings_count_error(r, full, error);
    return FALSE;
  }
  g_autofree char *day = g_path_get_dirname(full);
  if (segment->end < now - DAY_SETTLED)
    g_rmdir(day); /* when it was the last */
  return TRUE;
}

static void count(IvRecordings *r, const Job *job) {
  g_mutex_lock(&r->mutex);
  for (guint i = 0; i < job->n; i++) {
    if (!job->marked[i])
      continue;
    r->stats.deleted++;
    r->stats.deleted_bytes += g_array_index(job->segments, IvSegment, i).bytes;
  }
  g_mutex_unlock(&r->mutex);
}

/* The first `n`. How many are deleted. */
static guint delete_batch(IvRecordings *r, const GArray *segments, guint n, IvTime now,
                          const gint *stop) {
  g_autoptr(GError) error = NULL;
  g_autofree gboolean *marked = g_new0(gboolean, MAX(n, 1));
  Job job = {segments, n, marked};
  guint done = 0;
  if (n == 0)
    return 0;
  if (!iv_store_write(r->store, mark_rows, &job, &error)) {
    iv_recordings_count_error(r, "retention", error);
    return 0;
  }
  for (guint i = 0; i < n; i++) {
    marked[i] = marked[i] && !g_atomic_int_get(stop) &&
                delete_file(r, &g_array_index(segments, IvSegment, i), now);
    done += marked[i];
  }
  if (!iv_store_write(r->store, remove_rows, &job, &error)) /* they are tried again */
    iv_recordings_count_error(r, "retention", error);
  count(r, &job);
  return done;
}

static GArray *oldest(IvRecordings *r, IvSegmentPick pick) {
  g_autoptr(GError) error = NULL;
  GArray *segments = iv_segments_oldest(r->store, r->store_id, pick, BATCH, &error);
  if (!segments)
    iv_recordings_count_error(r, "retention", error);
  return segments;
}

/* What an earlier try, or a process that was killed, has left. */
static void finish_begun(IvRecordings *r, IvTime now, const gint *stop) {
  g_autoptr(GArray) begun = oldest(r, IV_SEGMENTS_BEGUN);
  if (begun)
    delete_batch(r, begun, begun->len, now, stop);
}

/* What is stored in the archive and is to be there alone. */
static void delete_doubles(IvRecordings *r, IvTime now, const gint *stop) {
  for (guint done = BATCH; done == BATCH && !g_atomic_int_get(stop);) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) doubles = iv_archived_doubles(r->store, r->store_id, BATCH, &error);
    if (!doubles)
      iv_recordings_count_error(r, "retention", error);
    done = doubles ? delete_batch(r, doubles, doubles->len, now, stop) : 0;
  }
}

static IvRoom room(const Excess *e, gboolean shortened) {
  if (!e->disk_known)
    return IV_ROOM_UNKNOWN;
  if (e->reserve > e->wanted_room)
    return IV_ROOM_NONE;
  return shortened ? IV_ROOM_MADE : IV_ROOM_ENOUGH;
}

/* One batch of those. FALSE when nothing more of them is to go, or can. */
static gboolean shrink(IvRecordings *r, IvSegmentPick pick, Excess e, IvTime now, const gint *stop,
                       gboolean *shortened) {
  guint n_shortened;
  g_autoptr(GArray) segments = oldest(r, pick);
  if (!segments)
    return FALSE;
  if (pick == IV_SEGMENTS_WAITING)
    e.before = e.archive_before;
  guint n = choose(segments, e, &n_shortened);
  guint done = n > 0 && !g_atomic_int_get(stop) ? delete_batch(r, segments, n, now, stop) : 0;
  if (done == 0)
    return FALSE;
  g_mutex_lock(&r->mutex);
  r->stats.shortened += n_shortened;
  r->stats.unarchived += pick == IV_SEGMENTS_WAITING ? done : 0;
  g_mutex_unlock(&r->mutex);
  *shortened = *shortened || n_shortened > 0;
  return TRUE;
}

/* With an archive, what is stored there goes first, and what waits only if that is not enough. */
IvRoom iv_recordings_retain(IvRecordings *r, IvTime now, gboolean now_is_right, const gint *stop) {
  gboolean shortened = FALSE;
  if (!r->mark || !iv_recording_folder_is(r->folder, r->mark))
    return IV_ROOM_UNKNOWN; /* what is not there must not be taken for deleted */
  finish_begun(r, now, stop);
  if (r->archive && !r->archive->keep_local)
    delete_doubles(r, now, stop);
  for (;;) {
    Excess e;
    if (!measure(r, now, now_is_right, &e))
      return IV_ROOM_UNKNOWN;
    if (!shrink(r, r->archive ? IV_SEGMENTS_SPARE : IV_SEGMENTS_ANY, e, now, stop, &shortened) &&
        !(r->archive && shrink(r, IV_SEGMENTS_WAITING, e, now, stop, &shortened)))
      return room(&e, shortened);
  }
}
