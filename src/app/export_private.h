/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "app/export_desk.h"
#include "app/steady_clock.h"

/* What the files of the desk share. */
struct IvExportDesk {
  IvExportDeskOptions options; /* its texts are owned */
  char *folder;
  GThread *thread;
  gint stop;           /* atomic */
  IvSteadyClock clock; /* the thread's, as the next ones */
  gboolean recovered;  /* what an earlier process has left is in order */
  IvTime held_at;      /* monotonic: when those that wait took hold last */
  IvTime tidy_at;      /* likewise: next look at those that are done */
  GMutex mutex;
  GCond changed;
  gboolean woken;            /* under the mutex, as what follows */
  gint64 making;             /* 0 = none */
  double progress;           /* of it */
  GCancellable *cancellable; /* of it */
  IvExportStats stats;
};

/* app/export_files.c */
char *iv_export_path(const IvExportDesk *desk, gint64 no); /* the caller frees */
/* Deletes what belongs to no clip. FALSE: not now, try again. */
gboolean iv_export_clean(IvExportDesk *desk);
/* Of all that are there. */
guint64 iv_export_folder_bytes(const IvExportDesk *desk);

#define IV_EXPORT_ERROR g_quark_from_static_string("iv-export-error-quark")
typedef enum {
  IV_EXPORT_ERROR_NO_ROOM,
  IV_EXPORT_ERROR_NOTHING,
} IvExportError;

/* Makes sure that `bytes` can be written beside the disk's reserve; recordings give way for it
 * within bounds. Waits for that, up to a minute and a half. FALSE with IV_EXPORT_ERROR_NO_ROOM, or
 * when it is cancelled (IV_CLIP_ERROR_CANCELLED). Then iv_recordings_want_room(…, 0) is due. */
gboolean iv_export_make_room(IvExportDesk *desk, guint64 bytes, GCancellable *cancellable,
                             GError **error);
/* So much of the reserve is used up that something else must be filling the disk. */
gboolean iv_export_is_disk_full(const IvExportDesk *desk);

/* app/export_cut.c: cuts the clip and fills in what is known of it: start, end, bytes, sha256,
 * gaps, reason. `ret_rest`: what follows does not fit into the same file and begins there;
 * IV_TIME_NONE = nothing does. FALSE with an error whose message is for people. */
gboolean iv_export_cut(IvExportDesk *desk, IvExport *export, GCancellable *cancellable,
                       IvTime *ret_rest, GError **error);

/* "2026-03-29 12:00:05" in the store's time; the caller frees. */
char *iv_export_local(const IvExportDesk *desk, IvTime time);
