/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/archiver.h"
#include "config/hours.h"

/* What the files of the archiver share. */
struct IvArchiver {
  const IvArchiveConfig *config;
  IvHours hours;
  char *store_id, *data_dir;
  GTimeZone *zone;
  IvStore *store;
  const IvRecordings *recordings;
  IvArchive *archive;
  /* Of the thread that works. */
  gboolean is_open, is_reconsidered;
  guint failures;                                         /* in a row */
  IvTime retry_at, look_at, tidy_at, unskip_at, count_at; /* monotonic */
  GHashTable *skipped[IV_ARCHIVED_KINDS]; /* numbers of what can't be read, as gint64 */
  GMutex mutex;                           /* guards what follows; innermost */
  IvArchiverStats stats;
};

/* app/archiver_send.c: what belongs there, and sending it. The thread that works. */

/* What ended before is due. */
IvTime iv_archiver_settled(const IvArchiver *archiver, IvArchivedKind kind, IvTime now);

/* Decides of a batch of what was not looked at. `ret_more`: there may be more. */
gboolean iv_archiver_decide(IvArchiver *archiver, IvTime now, gboolean *ret_more, GError **error);

/* Sends some of what waits: bundles, then pictures, then a recording. `ret_more`: some was sent, so
 * more may wait. */
gboolean iv_archiver_send(IvArchiver *archiver, IvTime now, gboolean *ret_more, GError **error);
