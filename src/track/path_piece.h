/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/track.h"

/* What one camera's tracks did, kept in a few bytes a second so that the rules can be run again
 * over it under another drawing (what-if). A piece holds some seconds of one camera: the times of
 * its frames and, of each track told in them, its ground point and height as piecewise linear ways.
 *
 * What a reader gets differs from what the rules got live by at most
 *  - IV_PATH_ERROR of the picture's height in the ground point, across and down;
 *  - IV_PATH_HEIGHT_ERROR of the picture's height + IV_PATH_HEIGHT_SHARE of itself in the height;
 *  - IV_PATH_CLOCK_ERROR in the time of a frame;
 * and not at all in which frames a track was seen, and in which it was confirmed, lost, found again
 * and ended. Boxes have no width: the rules look at none. Visitors and looks are not kept.
 *
 * That is less than half of what a trajectory may be off (0.5 %, 0.1 s): with it, few counts change
 * at all. docs/replay.md. */

#define IV_PATH_ERROR 0.002f
#define IV_PATH_HEIGHT_ERROR 0.005f
#define IV_PATH_HEIGHT_SHARE 0.02f
#define IV_PATH_CLOCK_ERROR (20 * IV_MS)

#define IV_PATH_SPAN (10 * IV_SECOND)       /* of a piece in which somebody is tracked */
#define IV_PATH_SPAN_QUIET (60 * IV_SECOND) /* and of one in which nobody is */
#define IV_PATH_FRAMES_MAX 4096             /* of a piece, those of before included */
#define IV_PATH_BYTES_MAX (1024 * 1024)     /* of a piece */

typedef struct {
  IvTime from, to; /* first and last frame */
  guint frames;
  guint lost;       /* points that did not fit, or had no frame of their own */
  guint64 track_us; /* µs of sight of all tracks together */
  guint8 *bytes;    /* owned by whoever has the piece */
  gsize n;
} IvPathPiece;

void iv_path_piece_clear(IvPathPiece *piece);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvPathPiece, iv_path_piece_clear)

/* ---- writing ---- */

/* One camera's. Pure; one thread at a time. */
typedef struct IvPathWriter IvPathWriter;

IvPathWriter *iv_path_writer_new(void);
void iv_path_writer_free(IvPathWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPathWriter, iv_path_writer_free)

/* What the rules were given in the frame of `ts` (iv_tracker_points), before their tick. A time
 * that passed without a frame is a frame with no points. A `ts` that doesn't rise by a
 * millisecond takes the place of empty frames after it, or is told with the last one; where that is
 * in the piece before, a millisecond after it. What has no frame then is lost and counted. */
void iv_path_writer_frame(IvPathWriter *writer, IvTime ts, IvSize image, const IvTrackPoint *points,
                          guint n);

/* A seam: tracks end outside of any frame. The piece ends here and must be taken now. */
void iv_path_writer_seam(IvPathWriter *writer, const IvTrackPoint *points, guint n);

/* It is long enough to be taken. */
gboolean iv_path_writer_is_due(const IvPathWriter *writer);

/* Takes what there is since the piece before; FALSE when there is nothing. The caller clears. */
gboolean iv_path_writer_cut(IvPathWriter *writer, IvPathPiece *ret_piece);

/* ---- reading ---- */

typedef struct IvPathReader IvPathReader;

/* NULL when the bytes are not those of a piece; they may come from anywhere. The bytes are not
 * needed afterwards. Memory: at most some 40 times the bytes. */
IvPathReader *iv_path_reader_new(const guint8 *bytes, gsize n);
void iv_path_reader_free(IvPathReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPathReader, iv_path_reader_free)

/* The piece before, if any, is of another run of the program: who was tracked there is not here. */
gboolean iv_path_reader_begins(const IvPathReader *reader);

/* It ends with a seam: the last step is no frame, and after it nothing is known to come. */
gboolean iv_path_reader_is_seam(const IvPathReader *reader);

typedef struct {
  IvTime ts;
  gboolean is_frame; /* else only tracks end */
  const IvTrackPoint *points;
  guint n; /* in order of id; borrowed until the next call */
} IvPathStep;

/* The frames in order; FALSE after the last. */
gboolean iv_path_reader_next(IvPathReader *reader, IvPathStep *ret_step);
