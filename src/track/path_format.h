/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/path_code.h"
#include "track/path_piece.h"

/* The numbers of a piece, coded by path_code.h; inside this room.
 *
 *   version flags width height time lead frames
 *   more (Δframe Δms more)...          the clock, over lead + frames frames; those of `lead` were
 *                                      told in the piece before, points of just confirmed tracks
 *                                      may lie in them
 *   more (Δid runs more)...            the tracks
 *   run: head Δstart [told] [x y h more (Δframe Δx Δy Δh more)...] [end]
 *
 * Frames are counted from the first of `lead`. `Δstart` counts from the frame of the run before,
 * Δx, Δy and Δh from the corner before. Units of place and height are 1/800 of the picture's
 * height, of time a millisecond. */

#define IV_PATH_VERSION 1
#define IV_PATH_UNITS 800
#define IV_PATH_PLACE_MAX (16 * IV_PATH_UNITS) /* pictures' heights out of it */

enum { IV_PATH_BEGINS = 1, IV_PATH_SEAM = 2, IV_PATH_FLAGS = 3 };

/* Head of a run: how it ends, whether another follows, and whether it has sights. */
typedef enum {
  IV_PATH_GOES_ON, /* in a later frame, or in the next piece */
  IV_PATH_LOST,    /* told of in a later frame */
  IV_PATH_ENDED,
  IV_PATH_ENDS
} IvPathEnd;
enum {
  IV_PATH_END_BITS = 3,
  IV_PATH_MORE = 4,
  IV_PATH_LATE = 8,
  IV_PATH_SIGHTS = 16,
  IV_PATH_HEAD = 31
};

/* A corner of a way. */
typedef struct {
  guint32 frame;
  gint32 x, y, h; /* units */
} IvPathKnot;

/* Times in ms, as both sides reckon them: that of `frame` between two corners of the clock. */
static inline double iv_path_between(double a, double b, guint32 from, guint32 to, guint32 frame) {
  return to == from ? a : a + (b - a) * (double)(frame - from) / (double)(to - from);
}
