/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export_desk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "app/export_private.h"
#include "base/clock.h"
#include "media/clip.h"

#define LOOK_SPAN (2 * IV_SECOND) /* between two looks at those that wait */
#define IDLE_SPAN (30 * IV_SECOND)
#define HOLD_SPAN IV_MINUTE /* what came meanwhile of spans that are not over is held */

/* ---- any thread ---- */

void iv_export_desk_wake(IvExportDesk *desk) {
  g_mutex_lock(&desk->mutex);
  desk->woken = TRUE;
  g_cond_broadcast(&desk->changed);
  g_mutex_unlock(&desk->mutex);
}

void iv_export_desk_drop(IvExportDesk *desk, gint64 no) {
  g_autofree char *path = iv_export_path(desk, no);
  g_mutex_lock(&desk->mutex);
  if (desk->making == no) {
    g_cancellable_cancel(desk->cancellable);
    desk->stats.dropped++;
  }
  desk->woken = TRUE;
  g_cond_broadcast(&desk->changed);
  g_mutex_unlock(&desk->mutex);
  g_unlink(path);
}

double iv_export_desk_progress(IvExportDesk *desk, gint64 no) {
  g_mutex_lock(&desk->mutex);
  double progress = desk->making == no ? desk->progress : -1;
  g_mutex_unlock(&desk->mutex);
  return progress;
}

int iv_export_desk_open(const IvExportDesk *desk, gint64 no) {
  g_autofree char *path = iv_export_path(desk, no);
  return g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

void iv_export_desk_stats(IvExportDesk *desk, IvExportStats *ret_stats) {
  g_mutex_lock(&desk->mutex);
  *ret_stats = desk->stats;
  g_mutex_unlock(&desk->mutex);
}

/* ---- jobs of the writer ---- */

typedef struct {
  IvExportDesk *desk;
  IvExport *export;
  IvExport *rest; /* NULL = nothing follows */
  GArray *waiting;
  IvExportState state;
  const char *reason;
  gboolean fits;
} Job;

static gboolean recover(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_exports_recover(sql, job->desk->options.store_id, error);
}

static gboolean begin(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_begin(sql, job->desk->options.store_id, job->export, &job->fits, error);
}

static gboolean hold_waiting(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->waiting->len; i++)
    if (!iv_exports_hold(sql, job->desk->options.store_id,
                         &g_array_index(job->waiting, IvExport, i), error))
      return FALSE;
  return TRUE;
}

static gboolean close_row(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_exports_close(sql, job->export->no, job->state, job->reason, error);
}

static void tell_rest(const IvExportDesk *desk, IvExport *export, const IvExport *rest) {
  g_autofree char *when = iv_export_local(desk, rest->from);
  char *told = g_strdup_printf("%s%sFrom %s on the camera sent other pictures (size, codec or "
                               "encoding), which one file cannot hold: they are in clip "
                               "%" G_GINT64_FORMAT ".",
                               export->reason ? export->reason : "", export->reason ? " " : "",
                               when, rest->no);
  g_free(export->reason);
  export->reason = told;
}

/* With the clip of what did not fit into this one. */
static gboolean settle(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  const char *store_id = job->desk->options.store_id;
  gboolean removed;
  if (job->rest) {
    if (!iv_exports_add(sql, store_id, job->rest, error))
      return FALSE;
    tell_rest(job->desk, job->export, job->rest);
  }
  if (!iv_exports_settle(sql, job->export, &job->fits, error))
    return FALSE;
  return job->fits || !job->rest ||
         iv_exports_remove(sql, store_id, job->rest->no, &removed, error);
}

/* ---- one clip ---- */

static gboolean set_making(IvExportDesk *desk, gint64 no, GCancellable *cancellable) {
  g_mutex_lock(&desk->mutex);
  desk->making = no;
  desk->progress = 0;
  desk->cancellable = cancellable;
  gboolean go_on = !g_atomic_int_get(&desk->stop);
  g_mutex_unlock(&desk->mutex);
  return go_on;
}

static IvExport *make_rest(IvExport *export, IvTime from) {
  if (from == IV_TIME_NONE || from >= export->to)
    return NULL;
  IvExport *rest = g_new0(IvExport, 1);
  *rest = (IvExport){.camera_id = export->camera_id,
                     .from = from,
                     .to = export->to,
                     .asked = export->asked,
                     .asked_by = g_strdup(export->asked_by),
                     .part = export->part + 1};
  return rest;
}

static void count(IvExportDesk *desk, const IvExport *export) {
  g_mutex_lock(&desk->mutex);
  if (export->state == IV_EXPORT_DONE) {
    desk->stats.done++;
    desk->stats.done_bytes += export->bytes;
    desk->stats.bytes += export->bytes;
  } else {
    desk->stats.failed++;
  }
  g_mutex_unlock(&desk->mutex);
}

static void finish(IvExportDesk *desk, IvExport *export, IvTime from) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = iv_export_path(desk, export->no);
  IvExport *rest = NULL;
  if (export->part < IV_EXPORT_PARTS_MAX)
    rest = make_rest(export, from);
  Job job = {.desk = desk, .export = export, .rest = rest};
  if (!iv_store_write(desk->options.store, settle, &job, &error)) {
    g_warning("export %" G_GINT64_FORMAT ": %s", export->no, error->message);
    g_unlink(path);
    desk->recovered =
        FALSE; /* its row says that it is being cut: that is put right, and it waits */
  } else if (!job.fits) {
    g_unlink(path); /* it was removed meanwhile */
  } else {
    count(desk, export);
  }
  if (rest) {
    iv_export_clear(rest);
    iv_export_desk_wake(desk); /* it is the next */
  }
  g_free(rest);
}

static void cut(IvExportDesk *desk, IvExport *export, GCancellable *cancellable) {
  g_autoptr(GError) error = NULL;
  IvTime rest = IV_TIME_NONE;
  g_clear_pointer(&export->reason, g_free);
  g_clear_pointer(&export->sha256, g_free);
  g_clear_pointer(&export->gaps, g_array_unref);
  export->state = IV_EXPORT_DONE;
  if (!iv_export_cut(desk, export, cancellable, &rest, &error)) {
    if (g_error_matches(error, IV_CLIP_ERROR, IV_CLIP_ERROR_CANCELLED))
      return; /* its row is gone, or it begins again at the next start */
    g_warning("export %" G_GINT64_FORMAT ": %s", export->no, error->message);
    export->state = IV_EXPORT_FAILED;
    export->reason = g_strdup(error->message);
  } else if (rest != IV_TIME_NONE && export->part >= IV_EXPORT_PARTS_MAX) {
    g_autofree char *when = iv_export_local(desk, rest);
    char *told =
        g_strdup_printf("%s%sWhat follows %s is missing: the camera's pictures changed "
                        "too often; save the rest from there on.",
                        export->reason ? export->reason : "", export->reason ? " " : "", when);
    g_free(export->reason);
    export->reason = told;
  }
  if (export->state == IV_EXPORT_DONE && desk->options.keep > 0)
    export->expires = iv_clock_now() + desk->options.keep;
  finish(desk, export, rest);
}

static void make(IvExportDesk *desk, IvExport *export) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  Job job = {.desk = desk, .export = export};
  /* Before it begins: whoever removes it from here on stops it. */
  if (set_making(desk, export->no, cancellable)) {
    if (!iv_store_write(desk->options.store, begin, &job, &error))
      g_warning("export %" G_GINT64_FORMAT ": %s", export->no, error->message);
    else if (job.fits)
      cut(desk, export, cancellable);
  }
  set_making(desk, 0, NULL);
}

/* ---- those that are done ---- */

/* NULL = nothing is to be done; else its new state. */
static const char *judge(IvExportDesk *desk, const IvExport *export, IvTime now,
                         gboolean now_is_right, IvExportState *ret_state) {
  GStatBuf file;
  g_autofree char *path = iv_export_path(desk, export->no);
  *ret_state = IV_EXPORT_EXPIRED;
  if (now_is_right && export->expires != IV_TIME_NONE && export->expires <= now) {
    if (g_unlink(path) == 0 || errno == ENOENT)
      return "";
    g_warning("exports: cannot delete %s: %s", path, g_strerror(errno));
    return NULL;
  }
  *ret_state = IV_EXPORT_FAILED;
  return g_lstat(path, &file) != 0 && errno == ENOENT ? "its file is not on the disk any more"
                                                      : NULL;
}

static void tidy_one(IvExportDesk *desk, IvExport *export, IvTime now, gboolean now_is_right) {
  g_autoptr(GError) error = NULL;
  Job job = {.desk = desk, .export = export};
  job.reason = judge(desk, export, now, now_is_right, &job.state);
  if (job.reason && !iv_store_write(desk->options.store, close_row, &job, &error))
    g_warning("export %" G_GINT64_FORMAT ": %s", export->no, error->message);
}

void iv_export_desk_tidy(IvExportDesk *desk, IvTime now, gboolean now_is_right) {
  gint64 after = 0;
  for (guint n = IV_EXPORTS_LIMIT_MAX; n == IV_EXPORTS_LIMIT_MAX;) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) done =
        iv_exports_list(desk->options.store, desk->options.store_id, IV_EXPORTS_DONE, after,
                        IV_EXPORTS_LIMIT_MAX, IV_TIME_NONE, &error);
    if (!done) {
      g_warning("exports: %s", error->message);
      return;
    }
    n = done->len;
    for (guint i = 0; i < n; i++)
      tidy_one(desk, &g_array_index(done, IvExport, i), now, now_is_right);
    if (n > 0)
      after = g_array_index(done, IvExport, n - 1).no;
  }
  guint64 bytes = iv_export_folder_bytes(desk);
  g_mutex_lock(&desk->mutex);
  desk->stats.bytes = bytes;
  g_mutex_unlock(&desk->mutex);
}

/* ---- the thread ---- */

/* What an earlier process has left. FALSE: not now. */
static gboolean put_in_order(IvExportDesk *desk) {
  g_autoptr(GError) error = NULL;
  Job job = {.desk = desk};
  if (desk->recovered)
    return TRUE;
  if (!iv_store_write(desk->options.store, recover, &job, &error)) {
    g_warning("exports: %s", error->message);
    return FALSE;
  }
  desk->recovered = iv_export_clean(desk);
  return desk->recovered;
}

static void hold_again(IvExportDesk *desk, GArray *waiting) {
  g_autoptr(GError) error = NULL;
  Job job = {.desk = desk, .waiting = waiting};
  IvTime now = iv_clock_monotonic();
  if (waiting->len == 0 || now < desk->held_at + HOLD_SPAN)
    return;
  desk->held_at = now;
  if (!iv_store_write(desk->options.store, hold_waiting, &job, &error))
    g_warning("exports: %s", error->message);
}

/* TRUE: some wait still. */
static gboolean cut_waiting(IvExportDesk *desk) {
  g_autoptr(GError) error = NULL;
  gboolean waits = FALSE;
  g_autoptr(GArray) waiting =
      iv_exports_list(desk->options.store, desk->options.store_id, IV_EXPORTS_WAITING, 0,
                      IV_EXPORTS_LIMIT_MAX, IV_TIME_NONE, &error);
  if (!waiting) {
    g_warning("exports: %s", error->message);
    return TRUE;
  }
  g_mutex_lock(&desk->mutex);
  desk->stats.waiting = waiting->len;
  g_mutex_unlock(&desk->mutex);
  hold_again(desk, waiting);
  for (guint i = 0; i < waiting->len && !g_atomic_int_get(&desk->stop); i++) {
    IvExport *export = &g_array_index(waiting, IvExport, i);
    if (iv_clock_now() < export->to + IV_EXPORT_SETTLE)
      waits = TRUE;
    else
      make(desk, export);
  }
  return waits;
}

/* How long until the next look. */
static IvTime look(IvExportDesk *desk) {
  IvTime now = iv_clock_now();
  gboolean right = iv_steady_clock_look(&desk->clock, now, iv_clock_monotonic());
  if (!iv_recordings_are_there(desk->options.recordings) || !put_in_order(desk))
    return LOOK_SPAN;
  if (iv_clock_monotonic() >= desk->tidy_at) {
    iv_export_desk_tidy(desk, now, right);
    desk->tidy_at = iv_clock_monotonic() + IDLE_SPAN;
  }
  return cut_waiting(desk) ? LOOK_SPAN : IDLE_SPAN;
}

static gpointer run(gpointer user_data) {
  IvExportDesk *desk = user_data;
  while (!g_atomic_int_get(&desk->stop)) {
    IvTime until = look(desk) + iv_clock_monotonic();
    g_mutex_lock(&desk->mutex);
    while (!desk->woken && !g_atomic_int_get(&desk->stop) &&
           g_cond_wait_until(&desk->changed, &desk->mutex, until))
      ;
    desk->woken = FALSE;
    g_mutex_unlock(&desk->mutex);
  }
  return NULL;
}

/* ---- life ---- */

IvExportDesk *iv_export_desk_new(const IvExportDeskOptions *options) {
  IvExportDesk *desk = g_new0(IvExportDesk, 1);
  g_mutex_init(&desk->mutex);
  g_cond_init(&desk->changed);
  desk->options = *options;
  desk->options.store_id = g_strdup(options->store_id);
  desk->options.time_zone = g_strdup(options->time_zone ? options->time_zone : "UTC");
  desk->folder =
      g_build_filename(iv_recordings_folder(options->recordings), IV_EXPORT_FOLDER, NULL);
  return desk;
}

void iv_export_desk_start(IvExportDesk *desk) {
  desk->thread = g_thread_new("exports", run, desk);
}

void iv_export_desk_free(IvExportDesk *desk) {
  if (!desk)
    return;
  g_atomic_int_set(&desk->stop, 1);
  g_mutex_lock(&desk->mutex);
  if (desk->cancellable)
    g_cancellable_cancel(desk->cancellable);
  g_cond_broadcast(&desk->changed);
  g_mutex_unlock(&desk->mutex);
  if (desk->thread)
    g_thread_join(desk->thread);
  g_free((gpointer)desk->options.store_id);
  g_free((gpointer)desk->options.time_zone);
  g_free(desk->folder);
  g_mutex_clear(&desk->mutex);
  g_cond_clear(&desk->changed);
  g_free(desk);
}
