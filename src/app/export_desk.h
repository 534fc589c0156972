/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/fetcher.h"
#include "store/exports.h"

/* Where clips are cut that somebody wants to take away (store/exports.h): a thread that takes those
 * whose span is over, one at a time and the oldest first. Their files lie in a folder of their own
 * in that of the recordings until they expire. What was not done when the program ended begins
 * again at the next start. */
typedef struct IvExportDesk IvExportDesk;

#define IV_EXPORT_FOLDER ".exports"       /* below the folder of recordings */
#define IV_EXPORT_SETTLE (15 * IV_SECOND) /* after its span: the index is told so late */
/* When recordings have to go for them, all clips together take so much of the disk at most. */
#define IV_EXPORT_DISK_SHARE 0.1

typedef struct {
  IvStore *store; /* these outlive it */
  IvRecordings *recordings;
  IvFetcher *fetcher;               /* where its files come from; NULL = from this disk alone */
  const char *store_id, *time_zone; /* copied */
  IvTime keep;                      /* a clip; 0 = for ever */
  double reserve_gb;                /* of the disk: stays free */
} IvExportDeskOptions;

/* Touches no disk. */
IvExportDesk *iv_export_desk_new(const IvExportDeskOptions *options);
void iv_export_desk_start(IvExportDesk *desk);
/* Gives up the clip that is being cut. */
void iv_export_desk_free(IvExportDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvExportDesk, iv_export_desk_free)

/* Any thread: */

/* There is a new one. */
void iv_export_desk_wake(IvExportDesk *desk);

/* Its row was removed: it is cut no further, and its file goes. Returns at once. */
void iv_export_desk_drop(IvExportDesk *desk, gint64 no);

/* 0..1 of the clip that is being cut; -1 = it is not this one. */
double iv_export_desk_progress(IvExportDesk *desk, gint64 no);

/* Its file, for reading; -1 with errno. */
int iv_export_desk_open(const IvExportDesk *desk, gint64 no);

typedef struct {
  guint64 done, failed, dropped; /* since the start; dropped: while they were cut */
  guint64 done_bytes;
  guint waiting; /* at the last look */
  guint64 bytes; /* of the files that are kept, at the last look */
} IvExportStats;
void iv_export_desk_stats(IvExportDesk *desk, IvExportStats *ret_stats);

/* Deletes the files of those that have expired, when `now` is known to be right, and says of those
 * whose file is gone that it is. The desk's thread does it; public for tests. */
void iv_export_desk_tidy(IvExportDesk *desk, IvTime now, gboolean now_is_right);
