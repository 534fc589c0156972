/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "live/codec_box.h"

/* Units of a stream as fragmented MP4 for Media Source Extensions, a fragment a picture, so that
 * nothing waits for what comes after it. Nothing is decoded or encoded. Pure.
 *
 * Media time is capture time less `origin`, in µs. B-frames are decoded in another order than they
 * are shown: decode times are the sorted capture times, moved back by IV_LIVE_MP4_DEPTH pictures,
 * or by more where the stream turns out to reorder more. Nothing waits for a decode time; they only
 * have to rise evenly and not be later than the picture. */

#define IV_LIVE_MP4_LEAD (10 * IV_SECOND) /* media time of the first picture: none is below 0 */
/* A fragment says that its picture is shown for so long, at least; the next one ends it earlier.
 * Browsers wait for a keyframe when a picture comes later than twice that. */
#define IV_LIVE_MP4_SHOWN (500 * IV_MS)
#define IV_LIVE_MP4_DEPTH 4                 /* cameras reorder 1 to 3 */
#define IV_LIVE_MP4_FIRST_STEP (40 * IV_MS) /* between decode times before the first picture's */
#define IV_LIVE_MP4_REORDER 16              /* pictures, which no stream exceeds */

typedef struct {
  IvTime origin; /* capture time at media time 0; set by the first keyframe */
  gboolean begun;
  GByteArray *config; /* content of avcC or hvcC in force; owned */
  char codec[IV_CODEC_NAME_MAX];
  IvSize size;
  guint32 number;                        /* of the last fragment */
  IvTime last;                           /* decode time of the last picture, media time */
  guint deeper;                          /* than IV_LIVE_MP4_DEPTH, as it turned out */
  guint n;                               /* of `times` */
  IvTime times[IV_LIVE_MP4_REORDER + 1]; /* capture times lately, sorted, media time */
} IvLiveMp4;                             /* zeroed at first */

void iv_live_mp4_clear(IvLiveMp4 *mp4);

/* What is to be sent before this keyframe: the beginning of the file, when there was none yet or
 * the stream's form changed; else NULL. FALSE when its parameter sets can't be used. */
gboolean iv_live_mp4_begin(IvLiveMp4 *mp4, const IvEncodedUnit *keyframe, GBytes **ret_header);

/* The unit as a fragment, after `room` bytes that are left for the caller. */
GByteArray *iv_live_mp4_fragment(IvLiveMp4 *mp4, const IvEncodedUnit *unit, guint room);
