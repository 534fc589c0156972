/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* The index of the archive: one row a file that is stored there, and for each recorded file whether
 * it belongs there. What waits to be archived is found from the rows alone. */

/* Whether a recorded file belongs into the archive (segments.archive). */
typedef enum {
  IV_SEGMENT_ARCHIVE_OPEN, /* not looked at yet */
  IV_SEGMENT_ARCHIVE_WAITS,
  IV_SEGMENT_ARCHIVE_STORED,
  IV_SEGMENT_ARCHIVE_NOT,
} IvSegmentArchive;

#define IV_ARCHIVED_SHA256_HEX 64
#define IV_ARCHIVED_RECORDING "recording" /* kind of a file whose source is a segment */

typedef struct {
  gint64 no; /* 0 = not stored yet */
  char kind[16];
  gint64 source_no;
  char *key; /* owned */
  guint64 bytes;
  char sha256[IV_ARCHIVED_SHA256_HEX + 1];
  IvTime end;      /* of what it holds */
  IvTime archived; /* when it was stored */
} IvArchivedFile;

void iv_archived_file_clear(IvArchivedFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvArchivedFile, iv_archived_file_clear)

/* ---- inside a job of the writer ---- */

/* The archive's mark; made of `fresh` where the store has none yet. The caller frees. */
gboolean iv_archived_mark(IvSql *sql, const char *store_id, const char *fresh, char **ret_mark,
                          GError **error);

/* It is stored there, verified; of a recording, its segment says so too. */
gboolean iv_archived_add(IvSql *sql, const char *store_id, const IvArchivedFile *file,
                         GError **error);

/* Marks it as being deleted there, if nobody holds it; a recording whose only file it is can't be
 * seen or held any more from then on. */
gboolean iv_archived_doom(IvSql *sql, const IvArchivedFile *file, gboolean *ret_doomed,
                          GError **error);

/* It is not there any more: its row goes, and that of a recording that has no other file. */
gboolean iv_archived_remove(IvSql *sql, const IvArchivedFile *file, GError **error);

/* Says of a recorded file whether it waits to be archived. */
gboolean iv_archived_decide(IvSql *sql, gint64 segment_no, gboolean wanted, GError **error);

/* What was decided, and is not stored, is looked at again: `all` of it, as after a change of the
 * configuration; else what is held and had not been wanted. */
gboolean iv_archived_reconsider(IvSql *sql, const char *store_id, gboolean all, GError **error);

/* Its local file is gone: the row of what is stored in the archive stays, another one goes, with
 * its holds. */
gboolean iv_archived_forget_local(IvSql *sql, gint64 segment_no, GError **error);

/* ---- reading, any thread ---- */

typedef struct {
  gint64 no;
  IvSlug camera_id;
  IvTime end;
  gboolean held, happened; /* an event of this camera is in it, samples aside */
} IvArchiveCandidate;

/* Recorded files that end before `before` and were not looked at, the oldest first. */
GArray *iv_archived_candidates(IvStore *store, const char *store_id, IvTime before, guint limit,
                               GError **error);

/* Recorded files (IvSegment) that wait and end before `before`, the oldest first. */
GArray *iv_archived_waiting(IvStore *store, const char *store_id, IvTime before, guint limit,
                            GError **error);

/* Stored recordings (IvSegment) that are on the local disk too and not held: the oldest first. */
GArray *iv_archived_doubles(IvStore *store, const char *store_id, guint limit, GError **error);

/* Files (IvArchivedFile) that ended before `before` and that nobody holds; `doomed`: instead those
 * whose deletion was begun. */
GArray *iv_archived_old(IvStore *store, const char *store_id, IvTime before, gboolean doomed,
                        guint limit, GError **error);

/* Where the file of a recording is stored; NULL without an error = nowhere. The caller frees. */
char *iv_archived_key(IvStore *store, const char *store_id, gint64 segment_no, IvTime deadline,
                      GError **error);

typedef struct {
  guint64 waiting, waiting_bytes; /* what is not looked at yet included */
  IvTime oldest_waiting;          /* end; IV_TIME_NONE = nothing waits */
  guint64 stored, stored_bytes;
  guint64 only_there; /* of those, how many are on no local disk */
} IvArchivedTotals;
gboolean iv_archived_totals(IvStore *store, const char *store_id, IvTime before,
                            IvArchivedTotals *ret_totals, GError **error);
