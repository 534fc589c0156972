/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "app/recordings.h"
#include "archive/archive.h"
#include "store/archived.h"

/* What goes into the archive, and when; and what is deleted there. The queue is the rows of the
 * database, so a restart loses nothing and sends nothing twice. */
typedef struct IvArchiver IvArchiver;

typedef struct {
  const IvArchiveConfig *config;    /* its target is not off; outlives it */
  const IvArchiveLimits *limits;    /* NULL = the usual ones */
  const char *store_id, *time_zone; /* copied */
  const char *data_dir;             /* copied; of pictures and bundles */
  IvStore *store;                   /* outlives it */
  const IvRecordings *recordings;   /* likewise */
} IvArchiverOptions;

/* Touches neither disk nor network. */
IvArchiver *iv_archiver_new(const IvArchiverOptions *options);
void iv_archiver_free(IvArchiver *archiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvArchiver, iv_archiver_free)

/* What is in progress ends soon, for good. Any thread. */
void iv_archiver_stop(IvArchiver *archiver);

typedef struct {
  IvTime now, monotonic;
  gboolean now_is_right; /* else nothing is deleted there */
} IvArchiverMoment;

/* Does what is due: looks at new files, sends some, deletes some. TRUE = there is more to do at
 * once. Blocks for as long as a file takes. One thread. */
gboolean iv_archiver_work(IvArchiver *archiver, const IvArchiverMoment *moment);

typedef enum {
  IV_ARCHIVER_IDLE, /* everything that is due is stored */
  IV_ARCHIVER_SENDING,
  IV_ARCHIVER_CLOSED, /* something waits for the hours of the configuration */
  IV_ARCHIVER_FAILED, /* see last_error; it is tried again */
} IvArchiverState;

const char *iv_archiver_state_name(IvArchiverState state); /* "idle", "sending", ... */

typedef struct {
  IvArchiverState state;
  IvArchivedTotals totals;                         /* at the last look */
  guint64 sent_files, sent_bytes, deleted, errors; /* since the start */
  guint64 skipped;                                 /* files that could not be read here */
  guint64 now_done, now_total;                     /* bytes of the file that is being sent */
  IvTime failing_since;                            /* IV_TIME_NONE = it is not */
  IvTime last_stored;                              /* IV_TIME_NONE = none since the start */
  char last_error[300];                            /* "" = none; no secret */
} IvArchiverStats;

/* Any thread. */
void iv_archiver_stats(IvArchiver *archiver, IvArchiverStats *ret_stats);
const char *iv_archiver_place(const IvArchiver *archiver);

/* Makes sure that it is the store's archive, then writes, reads, lists and deletes a small file
 * there: {"works": ..., "place": ..., "steps": [{"name", "state": "done"|"failed"|"skipped",
 * "took_s", "fault"}]}. New reference. Any thread; up to half a minute. */
json_t *iv_archiver_try(IvArchiver *archiver);

/* A part of an archived file; IV_ARCHIVE_ERROR. Any thread. */
GBytes *iv_archiver_read(IvArchiver *archiver, const char *key, guint64 offset, gsize n,
                         GError **error);
