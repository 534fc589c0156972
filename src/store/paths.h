/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* What the cameras' tracks did: a row for some seconds of a camera, whose bytes are a piece
 * (track/path_piece.h). This room does not look into them. */

#define IV_PATHS_SPAN_MAX IV_HOUR /* of one row */

typedef struct {
  IvSlug camera_id;
  IvTime from, to; /* first and last frame */
  guint64 track_us;
  guint8 *bytes; /* owned */
  gsize n;
} IvPathRow;

void iv_path_row_clear(IvPathRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvPathRow, iv_path_row_clear)

/* Inside a job of the writer. A row of that camera and beginning takes the place of the one before.
 * IV_STORE_ERROR_NOT_FOUND when there is no such camera. */
gboolean iv_paths_put(IvSql *sql, const char *store_id, const IvPathRow *row, GError **error);

/* Rows of the camera that touch [from, to), in order of time, at most `limit` (GPtrArray of
 * IvPathRow). To go on, ask again from the last row's `from` + 1: the row is not given again. */
GPtrArray *iv_paths_read(IvStore *store, const char *store_id, const char *camera_id, IvTime from,
                         IvTime to, gboolean touching, guint limit, GError **error);

typedef struct {
  IvSlug camera_id;
  guint64 rows, bytes, track_us;
  IvTime from, to; /* of the first and the last */
} IvPathSum;

/* What is there of [from, to), by camera, in order of their ids (GArray of IvPathSum); cameras
 * without any are left out. */
GArray *iv_paths_sums(IvStore *store, const char *store_id, IvTime from, IvTime to, GError **error);
