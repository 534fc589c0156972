/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/ids.h"
#include "store/store.h"

/* The index of recorded files: one row a file, with the places where playing can begin
 * (model/pieces.h). Files are the truth; whoever writes them keeps the rows true. */

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvSlug camera_id;
  char *path;        /* below the folder of recordings; owned */
  IvTime start, end; /* capture time of the first picture, and of the end of the last */
  IvTime length;     /* as its player counts: from the first to the end of the last */
  char codec[8];     /* "H.264", "H.265" */
  IvSize size;       /* pixels; 0x0 = not known */
  guint64 bytes;     /* up to the end of what plays */
  guint64 init_bytes;
  gboolean closed; /* nothing is written to it any more */
  gboolean doomed; /* is being deleted: not to be shown */
  gboolean held;
  gboolean local;    /* its file is in the folder of recordings */
  gboolean archived; /* it is in the archive (store/archived.h) */
  GBytes *pieces;    /* where asked for, else NULL; owned */
} IvSegment;

void iv_segment_clear(IvSegment *segment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvSegment, iv_segment_clear)

#define IV_SEGMENTS_LIMIT_MAX 5000
#define IV_SEGMENT_LENGTH_MAX IV_DAY /* a file that is longer is not found by its later part */

/* ---- inside a job of the writer ---- */

/* Puts the row of this path, or brings it up to date. IV_STORE_ERROR_NOT_FOUND for an unknown
 * camera. */
gboolean iv_segments_put(IvSql *sql, const char *store_id, const IvSegment *segment,
                         GError **error);

/* With its holds. */
gboolean iv_segments_remove(IvSql *sql, gint64 no, GError **error);

/* Marks it as being deleted, if nobody holds it; from then on nobody can. */
gboolean iv_segments_doom(IvSql *sql, gint64 no, gboolean *ret_doomed, GError **error);

/* What has something in [from, to) may not be deleted before `holder` lets go. A file that is being
 * deleted, or that comes later, is not held. `ret_n` (may be NULL): how many. */
gboolean iv_segments_hold(IvSql *sql, const char *store_id, const char *camera_id, IvTime from,
                          IvTime to, const char *holder, guint *ret_n, GError **error);
gboolean iv_segments_let_go(IvSql *sql, const char *holder, GError **error);
/* All whose name begins so ("export:"), as of a process that is gone. */
gboolean iv_segments_let_go_all(IvSql *sql, const char *prefix, GError **error);

/* The folder's mark; made of `fresh` where the store has none yet, or `replace`. The caller frees.
 */
gboolean iv_segments_mark(IvSql *sql, const char *store_id, const char *fresh, gboolean replace,
                          char **ret_mark, GError **error);

/* ---- reading, any thread ---- */

typedef struct {
  const char *camera_id;
  IvTime from, to; /* those that have something in [from, to) */
  IvTime after;    /* cursor: only those that start later, or with `after_no` at the same */
  gint64 after_no; /* time; IV_TIME_NONE = from the first one */
  gboolean with_pieces;
  guint limit; /* 1..IV_SEGMENTS_LIMIT_MAX */
} IvSegmentQuery;

/* By start (GArray of IvSegment, with a clear function). NULL with an error. */
GArray *iv_segments_list(IvStore *store, const char *store_id, const IvSegmentQuery *query,
                         IvTime deadline, GError **error);

/* The row of a number, of this store and camera, without pieces; FALSE without an error = there is
 * none. */
gboolean iv_segments_get(IvStore *store, const char *store_id, const char *camera_id, gint64 no,
                         IvTime deadline, IvSegment *ret_segment, GError **error);

typedef enum {
  IV_SEGMENTS_ANY,
  IV_SEGMENTS_SPARE,   /* stored in the archive too, or do not belong there */
  IV_SEGMENTS_WAITING, /* to be archived, or to be looked at for that */
  IV_SEGMENTS_BEGUN,   /* whose deletion was begun */
} IvSegmentPick;

/* Those of the local disk that may be deleted first: closed, not held, the oldest by their end, at
 * most `limit`. */
GArray *iv_segments_oldest(IvStore *store, const char *store_id, IvSegmentPick pick, guint limit,
                           GError **error);

/* Every row, without pieces, for a comparison with what is on the disk. */
GArray *iv_segments_all(IvStore *store, const char *store_id, GError **error);

typedef struct {
  guint64 bytes, n; /* of those on the local disk that are not being deleted */
  IvTime oldest;    /* start; IV_TIME_NONE = none */
} IvSegmentTotals;

gboolean iv_segments_totals(IvStore *store, const char *store_id, IvSegmentTotals *ret_totals,
                            GError **error);
