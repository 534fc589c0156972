/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/jpeg.h"

/* The one way by which a picture of people gets onto the disk. Whatever must not be seen (a mask, a
 * face) is to be covered in here, before the first of the three files is made: then no picture that
 * is stored is without it. Thread-safe (no state); about 15 ms for 1080p. */

/* A line, or an outline of a piece of floor. */
typedef struct {
  const IvPoint *points; /* shares of the picture; borrowed */
  guint n;               /* 2 or more */
  gboolean closed;
  guint32 rgb;
} IvStillPath;

/* What is drawn on the marked picture. */
typedef struct {
  const IvJpegBox *boxes;
  guint n_boxes;
  const IvStillPath *paths;
  guint n_paths;
} IvStillMarks;

typedef struct {
  GBytes *clean, *marked, *thumbnail; /* JPEG; owned */
  IvSize size;                        /* of the first two */
} IvStill;

#define IV_STILL_THUMBNAIL_WIDTH 240 /* or up to twice as much */

void iv_still_clear(IvStill *still);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvStill, iv_still_clear)

/* FALSE only when the frame is larger than JPEG allows. */
gboolean iv_still_make(const IvFrame *frame, const IvStillMarks *marks, IvStill *ret_still);

/* A JPEG of ours as a frame, for what was kept as one. NULL when it is none of ours. */
IvFrame *iv_still_decode(GBytes *jpeg);
