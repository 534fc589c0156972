/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/ids.h"
#include "store/store.h"

/* The index of the pictures of events: one row an event, of three files (clean, with boxes, small).
 * Events are never changed, so it is the row that names its event. */

typedef enum {
  IV_SNAPSHOT_CLEAN,
  IV_SNAPSHOT_MARKED, /* with the boxes of people and what the event is about */
  IV_SNAPSHOT_THUMBNAIL,
  IV_SNAPSHOT_FILES,
} IvSnapshotFile;

#define IV_SHA256_BYTES 32

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvSlug camera_id;
  IvUuid event_id;
  char kind[IV_SLUG_MAX + 1];
  IvTime moment; /* of the event: when it was, of what lasts its end */
  IvTime frame_ts;
  char *path;  /* below the folder; owned. iv_snapshot_file makes it that of a file */
  IvSize size; /* of the clean picture, pixels */
  guint boxes; /* people framed in the marked one */
  guint64 bytes[IV_SNAPSHOT_FILES];
  guint8 sha256[IV_SNAPSHOT_FILES][IV_SHA256_BYTES];
  gboolean held;
  gboolean local;    /* its files are on this disk */
  gboolean archived; /* they are in the archive (store/archived.h) */
} IvSnapshot;

void iv_snapshot_clear(IvSnapshot *snapshot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSnapshot, iv_snapshot_clear)

guint64 iv_snapshot_bytes(const IvSnapshot *snapshot); /* of its files together */

/* "DAY/NAME.jpg", "DAY/NAME.boxes.jpg", "DAY/NAME.small.jpg"; the caller frees. */
char *iv_snapshot_file(const char *path, IvSnapshotFile file);

#define IV_SNAPSHOTS_LIMIT_MAX 500

/* ---- inside a job of the writer ---- */

/* A second picture of the same event is refused: `ret_fresh` is FALSE then. */
gboolean iv_snapshots_add(IvSql *sql, const char *store_id, const IvSnapshot *snapshot,
                          gboolean *ret_fresh, GError **error);

/* Its local files are to go, if nobody holds it: the row of what is in the archive stays. */
gboolean iv_snapshots_remove(IvSql *sql, gint64 no, gboolean *ret_removed, GError **error);

/* What has its moment in [from, to), and what is of `event` (may be NULL), may not be deleted
 * before `holder` lets go. `ret_n` (may be NULL): how many. */
gboolean iv_snapshots_hold(IvSql *sql, const char *store_id, const char *camera_id, IvTime from,
                           IvTime to, const IvUuid *event, const char *holder, guint *ret_n,
                           GError **error);
gboolean iv_snapshots_let_go(IvSql *sql, const char *holder, GError **error);

/* ---- reading, any thread ---- */

typedef struct {
  const char *camera_id; /* NULL = all */
  const char *kind;      /* NULL = all */
  const IvUuid *event;   /* NULL = of any */
  IvTime from, to;       /* of the moment; IV_TIME_NONE = open, `to` excluded */
  IvTime before;         /* cursor: only those earlier, or with a number below `before_no` at the */
  gint64 before_no;      /* same moment; IV_TIME_NONE = from the newest */
  guint limit;           /* 1..IV_SNAPSHOTS_LIMIT_MAX */
} IvSnapshotQuery;

/* Newest first (GArray of IvSnapshot, with a clear function). NULL with an error. */
GArray *iv_snapshots_list(IvStore *store, const char *store_id, const IvSnapshotQuery *query,
                          IvTime deadline, GError **error);

/* FALSE without an error = there is none. */
gboolean iv_snapshots_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                          IvSnapshot *ret_snapshot, GError **error);

typedef enum { /* all of the local disk, and not held but for the last */
               IV_SNAPSHOTS_ANY,
               IV_SNAPSHOTS_SPARE,   /* stored in the archive too, or do not belong there */
               IV_SNAPSHOTS_WAITING, /* to be archived, or to be looked at for that */
               IV_SNAPSHOTS_STORED,  /* in the archive too */
               IV_SNAPSHOTS_TO_SEND, /* there, held or not */
} IvSnapshotPick;

/* The oldest of those whose moment is before `before`, at most `limit`. */
GArray *iv_snapshots_oldest(IvStore *store, const char *store_id, IvSnapshotPick pick,
                            IvTime before, guint limit, GError **error);

/* Every path (char *) of the local disk, as a set that owns them, for a comparison with it. */
GHashTable *iv_snapshots_paths(IvStore *store, const char *store_id, GError **error);

typedef struct {
  guint64 n, bytes; /* on the local disk */
} IvSnapshotTotals;
gboolean iv_snapshots_totals(IvStore *store, const char *store_id, IvSnapshotTotals *ret_totals,
                             GError **error);
