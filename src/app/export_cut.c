/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting one clip: its files, the room it needs, what it holds and what it lacks. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/export_private.h"
#include "base/clock.h"
#include "kpi/calendar.h"
#include "media/clip.h"
#include "store/segments.h"

#define SYNC_BYTES (16u * 1024 * 1024)
#define LOOK_SPAN IV_SECOND     /* between two looks at the disk while it is written */
#define HEADROOM (1024u * 1024) /* of the estimate */
#define HEADROOM_SHARE 0.02
#define FILES_MAX 20000 /* of one span: 25 h in files of 5 s */
#define FETCH_SHARE 0.6 /* of the progress, where something has to be fetched */

char *iv_export_local(const IvExportDesk *desk, IvTime time) {
  g_autoptr(GTimeZone) zone = iv_calendar_zone(desk->options.time_zone);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / IV_SECOND);
  g_autoptr(GDateTime) local = zone && utc ? g_date_time_to_timezone(utc, zone) : NULL;
  return g_date_time_format(local ? local : utc, "%Y-%m-%d %H:%M:%S");
}

/* ---- its files ---- */

/* The recordings a clip is cut from. */
typedef struct {
  IvExportDesk *desk;
  GCancellable *cancellable;
  GArray *segments;   /* IvSegment, by start; owned */
  IvFetched *fetched; /* NULL = all are read from this disk; owned */
  double done;        /* share of the progress that fetching took */
  guint archived;     /* of those that are missing: they are in the archive alone */
  guint lost;         /* likewise: they are not on the disk */
  char *reason;       /* why the archive does not give them; owned */
} Files;

static void files_clear(Files *files) {
  g_clear_pointer(&files->segments, g_array_unref);
  g_clear_pointer(&files->fetched, iv_fetched_free);
  g_clear_pointer(&files->reason, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static void clear_segment(gpointer segment) {
  iv_segment_clear(segment);
}

static gboolean list_files(Files *files, const IvExport *export, GError **error) {
  const IvExportDeskOptions *options = &files->desk->options;
  IvSegmentQuery query = {.camera_id = export->camera_id.text,
                          .from = export->from,
                          .to = export->to,
                          .after = IV_TIME_NONE,
                          .limit = IV_SEGMENTS_LIMIT_MAX};
  files->segments = g_array_new(FALSE, TRUE, sizeof(IvSegment));
  g_array_set_clear_func(files->segments, clear_segment);
  for (guint n = query.limit; n == query.limit && files->segments->len < FILES_MAX;) {
    g_autoptr(GArray) page =
        iv_segments_list(options->store, options->store_id, &query, IV_TIME_NONE, error);
    if (!page)
      return FALSE;
    n = page->len;
    if (n == 0)
      break;
    query.after = g_array_index(page, IvSegment, n - 1).start;
    query.after_no = g_array_index(page, IvSegment, n - 1).no;
    g_array_append_vals(files->segments, page->data, n);
    memset(page->data, 0, n * sizeof(IvSegment)); /* they are ours now */
  }
  return TRUE;
}

static int open_file(const Files *files, const IvSegment *segment) {
  return files->fetched ? iv_fetched_open(files->fetched, segment)
                        : iv_recordings_open_file(files->desk->options.recordings, segment->path);
}

static gboolean told_fetched(double share, gpointer user_data) {
  Files *files = user_data;
  files->done = FETCH_SHARE;
  g_mutex_lock(&files->desk->mutex);
  files->desk->progress = share * FETCH_SHARE;
  g_mutex_unlock(&files->desk->mutex);
  return !g_cancellable_is_cancelled(files->cancellable);
}

static void note_lost(const IvSegment *segment, const char *reason, gpointer user_data) {
  Files *files = user_data;
  files->archived += segment->archived;
  files->lost += !segment->archived;
  if (segment->archived && !files->reason)
    files->reason = g_strdup(reason);
}

/* What can't be had is taken out; the clip has a gap there, and says so. FALSE: it was cancelled.
 */
static gboolean get_files(Files *files, GError **error) {
  IvFetchListener listener = {told_fetched, note_lost, files};
  if (files->desk->options.fetcher) {
    files->fetched =
        iv_fetcher_fetch(files->desk->options.fetcher, files->segments, &listener, NULL);
    if (!files->fetched)
      g_set_error_literal(error, IV_CLIP_ERROR, IV_CLIP_ERROR_CANCELLED, "given up");
    return files->fetched != NULL;
  }
  for (guint i = files->segments->len; i > 0; i--) {
    const IvSegment *segment = &g_array_index(files->segments, IvSegment, i - 1);
    int fd = open_file(files, segment);
    if (fd >= 0) {
      close(fd);
      continue;
    }
    note_lost(segment, "it is only in an archive", files);
    g_array_remove_index(files->segments, i - 1);
  }
  return TRUE;
}

/* About, and rather more: shares of files by time. */
static guint64 estimate(const Files *files, const IvExport *export) {
  double sum = 0;
  for (guint i = 0; i < files->segments->len; i++) {
    const IvSegment *segment = &g_array_index(files->segments, IvSegment, i);
    IvTime from = MAX(segment->start, export->from), to = MIN(segment->end, export->to);
    double share = (double)(to - from) / (double)MAX(segment->end - segment->start, 1);
    sum += (double)segment->bytes * CLAMP(share, 0, 1);
  }
  return (guint64)(sum * (1 + HEADROOM_SHARE)) + HEADROOM;
}

/* ---- cutting ---- */

typedef struct {
  IvExportDesk *desk;
  const Files *files;
  GCancellable *cancellable;
  GChecksum *sum;
  guint64 needed;
  IvTime look_at; /* monotonic */
  gboolean full;  /* it was cancelled for want of room */
} Cutting;

static int open_source(guint i, gpointer user_data) {
  const Cutting *c = user_data;
  return open_file(c->files, &g_array_index(c->files->segments, IvSegment, i));
}

static void on_bytes(const guint8 *bytes, gsize n, gpointer user_data) {
  Cutting *c = user_data;
  g_checksum_update(c->sum, bytes, (gssize)n);
}

static void on_progress(double done, gpointer user_data) {
  Cutting *c = user_data;
  IvTime now = iv_clock_monotonic();
  g_mutex_lock(&c->desk->mutex);
  c->desk->progress = c->files->done + (1 - c->files->done) * done;
  g_mutex_unlock(&c->desk->mutex);
  if (now < c->look_at)
    return;
  c->look_at = now + LOOK_SPAN;
  iv_recordings_want_room(c->desk->options.recordings,
                          (guint64)((double)c->needed * CLAMP(1 - done, 0, 1)));
  c->full = iv_export_is_disk_full(c->desk);
  if (c->full)
    g_cancellable_cancel(c->cancellable);
}

static gboolean make_folder(const IvExportDesk *desk, GError **error) {
  if (g_mkdir(desk->folder, 0700) == 0 || errno == EEXIST)
    return TRUE;
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot make %s: %s",
              desk->folder, g_strerror(errno));
  return FALSE;
}

static gboolean cut(Cutting *c, const IvExport *export, IvClipInfo *ret_info, GError **error) {
  guint n = c->files->segments->len;
  g_autofree IvClipSource *sources = g_new0(IvClipSource, MAX(n, 1));
  g_autofree char *path = iv_export_path(c->desk, export->no);
  for (guint i = 0; i < n; i++) {
    const IvSegment *segment = &g_array_index(c->files->segments, IvSegment, i);
    sources[i] = (IvClipSource){segment->bytes, segment->start};
  }
  IvClipRequest request = {.sources = sources,
                           .n_sources = n,
                           .open_source = open_source,
                           .from = export->from,
                           .to = export->to,
                           .on_progress = on_progress,
                           .on_bytes = on_bytes,
                           .user_data = c,
                           .sync_bytes = SYNC_BYTES,
                           .cancellable = c->cancellable};
  return iv_clip_save(&request, path, ret_info, error);
}

/* ---- what it lacks ---- */

static void tell(IvExport *export, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* One more sentence. */
static void tell(IvExport *export, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  char *all = export->reason && export->reason[0] ? g_strconcat(export->reason, " ", text, NULL)
                                                  : g_strdup(text);
  g_free(export->reason);
  export->reason = all;
}

static void add_gap(IvExport *export, IvTime start, IvTime end) {
  IvExportGap gap = {start, end};
  if (end - start > IV_CLIP_GAP)
    g_array_append_val(export->gaps, gap);
}

/* `until`: what follows is in another clip. */
static void fill_gaps(const IvExportDesk *desk, IvExport *export, const IvClipInfo *info,
                      IvTime until) {
  export->gaps = g_array_new(FALSE, FALSE, sizeof(IvExportGap));
  add_gap(export, export->from, info->start);
  for (guint i = 0; i < info->gaps->len; i++) {
    const IvClipGap *gap = &g_array_index(info->gaps, IvClipGap, i);
    g_autofree char *when = gap->to < gap->from ? iv_export_local(desk, gap->from) : NULL;
    if (when)
      tell(export, "At %s the camera's clock was set back: some times come twice.", when);
    else
      add_gap(export, gap->from, gap->to);
  }
  add_gap(export, info->end, until);
}

static void tell_missing(const Files *files, IvExport *export) {
  if (files->archived > 0)
    tell(export, "Of the files of this time %u %s missing: %s.", files->archived,
         files->archived == 1 ? "is" : "are", files->reason);
  if (files->lost > 0)
    tell(export, "Of the files of this time %u %s not on the disk any more.", files->lost,
         files->lost == 1 ? "is" : "are");
}

/* FALSE, with the reason for people. */
static gboolean nothing_there(const Files *files, GError **error) {
  if (files->archived > 0)
    g_set_error(error, IV_EXPORT_ERROR, IV_EXPORT_ERROR_NOTHING,
                "what was recorded in this time can't be had now: %s", files->reason);
  else
    g_set_error_literal(error, IV_EXPORT_ERROR, IV_EXPORT_ERROR_NOTHING,
                        files->lost > 0
                            ? "what was recorded in this time is not on the disk any more"
                            : "nothing was recorded of this camera in this time");
  return FALSE;
}

static void describe(Cutting *c, IvExport *export, const IvClipInfo *info) {
  export->start = info->start;
  export->end = info->end;
  export->bytes = info->bytes;
  export->sha256 = g_strdup(g_checksum_get_string(c->sum));
  fill_gaps(c->desk, export, info, info->rest == IV_TIME_NONE ? export->to : info->rest);
  tell_missing(c->files, export);
}

static gboolean failed(const Cutting *c, GError *wrong, GError **error) {
  if (c->full) {
    g_error_free(wrong);
    g_set_error_literal(error, IV_EXPORT_ERROR, IV_EXPORT_ERROR_NO_ROOM,
                        "the disk filled up while the clip was written: free some room, and save "
                        "it again");
    return FALSE;
  }
  if (g_error_matches(wrong, IV_CLIP_ERROR, IV_CLIP_ERROR_NOTHING)) {
    g_error_free(wrong);
    return nothing_there(c->files, error);
  }
  g_propagate_error(error, wrong);
  return FALSE;
}

gboolean iv_export_cut(IvExportDesk *desk, IvExport *export, GCancellable *cancellable,
                       IvTime *ret_rest, GError **error) {
  g_auto(Files) files = {.desk = desk, .cancellable = cancellable};
  g_auto(IvClipInfo) info = {.gaps = NULL};
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  GError *wrong = NULL;
  if (!list_files(&files, export, error) || !make_folder(desk, error) || !get_files(&files, error))
    return FALSE;
  if (files.segments->len == 0)
    return nothing_there(&files, error);
  Cutting c = {desk, &files, cancellable, sum, estimate(&files, export), 0, FALSE};
  if (!iv_export_make_room(desk, c.needed, cancellable, error))
    return FALSE;
  gboolean fine = cut(&c, export, &info, &wrong);
  iv_recordings_want_room(desk->options.recordings, 0);
  if (!fine)
    return failed(&c, wrong, error);
  describe(&c, export, &info);
  *ret_rest = info.rest > export->from ? info.rest : IV_TIME_NONE;
  return TRUE;
}
