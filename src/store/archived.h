/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/segments.h"

/* The index of the archive: one row each recording, picture of an event and bundle of evidence that
 * is stored there, and for each recording and picture whether it belongs there. What waits to be
 * archived is found from the rows alone. */

/* Whether it belongs into the archive (segments.archive, snapshots.archive). */
typedef enum {
  IV_ARCHIVE_STATE_OPEN, /* not looked at yet */
  IV_ARCHIVE_STATE_WAITS,
  IV_ARCHIVE_STATE_STORED,
  IV_ARCHIVE_STATE_NOT,
} IvArchiveState;

typedef enum {
  IV_ARCHIVED_RECORDING, /* its source is a segment */
  IV_ARCHIVED_SNAPSHOT,  /* three files; its key is what parts their names follow */
  IV_ARCHIVED_EVIDENCE,  /* the bundle of a case, until that is released */
  IV_ARCHIVED_KINDS,
} IvArchivedKind;
const char *iv_archived_kind_name(IvArchivedKind kind); /* "recording", "snapshot", "evidence" */

#define IV_ARCHIVED_SHA256_HEX 64

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvArchivedKind kind;
  gint64 source_no;
  char *key;                               /* owned */
  guint64 bytes;                           /* of all its files */
  char sha256[IV_ARCHIVED_SHA256_HEX + 1]; /* of its first file; "" = not known */
  IvTime end;                              /* of what it holds */
  IvTime archived;                         /* when it was stored */
} IvArchivedFile;

void iv_archived_file_clear(IvArchivedFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvArchivedFile, iv_archived_file_clear)

/* ---- inside a job of the writer ---- */

/* The archive's mark; made of `fresh` where the store has none yet. The caller frees. */
gboolean iv_archived_mark(IvSql *sql, const char *store_id, const char *fresh, char **ret_mark,
                          GError **error);

/* From here on the archive of this mark is the store's. */
gboolean iv_archived_take_mark(IvSql *sql, const char *store_id, const char *mark, GError **error);

/* It is stored there, verified; its source says so too. A bundle whose case was released meanwhile
 * is to be deleted there. */
gboolean iv_archived_add(IvSql *sql, const char *store_id, const IvArchivedFile *file,
                         GError **error);

/* Marks it as being deleted there, if nobody holds it; what is on no disk besides can't be seen or
 * held any more from then on. */
gboolean iv_archived_doom(IvSql *sql, const IvArchivedFile *file, gboolean *ret_doomed,
                          GError **error);

/* It is not there any more: its row goes, and that of a source that has no other file. */
gboolean iv_archived_remove(IvSql *sql, const IvArchivedFile *file, GError **error);

/* Says of a recording or picture whether it waits to be archived. */
gboolean iv_archived_decide(IvSql *sql, IvArchivedKind kind, gint64 source_no, gboolean wanted,
                            GError **error);

/* What was decided of a kind (not of bundles), and is not stored, is looked at again: `all` of it,
 * as after a change of the configuration; else what is held and had not been wanted. */
gboolean iv_archived_reconsider(IvSql *sql, const char *store_id, IvArchivedKind kind, gboolean all,
                                GError **error);

/* The local file of a recording is gone: the row of what is stored in the archive stays, another
 * one goes, with its holds. */
gboolean iv_archived_forget_local(IvSql *sql, gint64 segment_no, GError **error);

/* What was found in the archive while its list was made again. A recording: gets a row where none
 * has its path; `holder` (may be NULL) holds it then. FALSE in `ret_fresh`: it was known (and is of
 * another length where its row says so: then it is left as it is). */
gboolean iv_archived_adopt(IvSql *sql, const char *store_id, const IvSegment *segment,
                           IvArchivedFile *file, const char *holder, gboolean *ret_fresh,
                           GError **error);

/* ---- reading, any thread ---- */

typedef struct {
  gint64 no;
  IvSlug camera_id;
  IvTime end;
  gboolean held, happened; /* an event of this camera is in it, samples aside */
} IvArchiveCandidate;

/* Recordings or pictures that end before `before` and were not looked at, the oldest first. */
GArray *iv_archived_candidates(IvStore *store, const char *store_id, IvArchivedKind kind,
                               IvTime before, guint limit, GError **error);

/* Recorded files (IvSegment) that wait and end before `before`, the oldest first. Of pictures
 * iv_snapshots_oldest knows, of bundles iv_evidence_unarchived. */
GArray *iv_archived_waiting(IvStore *store, const char *store_id, IvTime before, guint limit,
                            GError **error);

/* Stored recordings (IvSegment) that are on the local disk too and not held: the oldest first. */
GArray *iv_archived_doubles(IvStore *store, const char *store_id, guint limit, GError **error);

/* What (IvArchivedFile) ended before `before` and nobody holds, bundles aside; `doomed`: instead
 * what is being deleted, bundles of released cases too. */
GArray *iv_archived_old(IvStore *store, const char *store_id, IvTime before, gboolean doomed,
                        guint limit, GError **error);

/* Where it is stored; FALSE without an error = nowhere. The caller clears it. */
gboolean iv_archived_find(IvStore *store, const char *store_id, IvArchivedKind kind,
                          gint64 source_no, IvTime deadline, IvArchivedFile *ret_file,
                          GError **error);

typedef struct {
  guint64 waiting, waiting_bytes; /* what is not looked at yet included */
  guint64 stored, stored_bytes;
} IvArchivedCount;

/* Whether something is known to be stored under this key, and whether a recording has the path. */
gboolean iv_archived_is_known(IvStore *store, const char *store_id, const char *key,
                              const char *path, gboolean *ret_stored, gboolean *ret_recorded,
                              GError **error);

typedef struct {
  IvArchivedCount kinds[IV_ARCHIVED_KINDS];
  IvArchivedCount all;
  IvTime oldest_waiting; /* its end, of a bundle when it was made; IV_TIME_NONE = nothing waits */
  guint64 only_there;    /* recordings and pictures that are on no local disk */
} IvArchivedTotals;

/* Whether anything is stored: at once, which totals are not after a year. */
gboolean iv_archived_any(IvStore *store, const char *store_id, gboolean *ret_any, GError **error);

/* `evidence`: bundles are to be archived, else none of them waits. */
gboolean iv_archived_totals(IvStore *store, const char *store_id, IvTime before, gboolean evidence,
                            IvArchivedTotals *ret_totals, GError **error);
