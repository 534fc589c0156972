/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit.h"

/* When pictures are decoded, where a camera tells only when they are shown (RTP tells no more, and
 * pictures with B-frames are sent in another order than they are shown in). */

#define IV_REORDER_MAX 16 /* ITU-T H.264 A.3.1: no stream holds back more */

/* How many pictures at most are sent before one that is shown earlier: as the parameter sets of a
 * keyframe say, 0 for streams that cannot have B-frames. Where they do not say, 2: what encoders of
 * cameras need at most. */
guint iv_reorder_depth(const IvEncodedUnit *keyframe);

typedef struct {
  IvStreamTime waiting[IV_REORDER_MAX + 1]; /* rising */
  guint n;
  IvStreamTime last; /* decode time that was given last */
} IvDecodeTimes;

/* For a stream whose first picture is shown at `first`, ns. */
void iv_decode_times_init(IvDecodeTimes *times, guint depth, IvStreamTime first);

/* When the next picture is decoded, in the order in which they are sent; ns. Always after the one
 * before. Not after it is shown, unless it comes later than `depth` allows: then it is to be shown
 * at that time. */
IvStreamTime iv_decode_times_next(IvDecodeTimes *times, IvStreamTime shown);
