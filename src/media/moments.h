/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"
#include "model/track.h"

/* What one camera showed lately, so that an event gets the picture of its own moment and not the
 * newest one. Events are told up to half a minute late: the last analysed pictures are kept as they
 * are, older ones as one JPEG a second while somebody is seen. Any thread; one mutex inside that is
 * held for copies only.
 *
 * Memory: IV_MOMENTS_NEAR pictures or IV_MOMENTS_NEAR_BYTES, whichever is less (but two), one more,
 * and IV_MOMENTS_FAR JPEGs: of 1080p about 30 MB. */
typedef struct IvMoments IvMoments;

#define IV_MOMENTS_NEAR 6
#define IV_MOMENTS_NEAR_BYTES (20 * 1024 * 1024)
#define IV_MOMENTS_FAR 45
#define IV_MOMENTS_FAR_STEP IV_SECOND
#define IV_MOMENTS_TRACKS_MAX 128 /* a picture with more shows the first ones */

/* A picture and who was tracked in it. */
typedef struct {
  IvTime ts;
  IvFrame *frame;       /* owned; or */
  GBytes *jpeg;         /* of the whole picture, owned */
  guint n_tracks;       /* 0 also where the picture was not analysed */
  IvTrackPoint *tracks; /* owned */
} IvMoment;
void iv_moment_clear(IvMoment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvMoment, iv_moment_clear)

/* `far`: old ones are kept too. */
IvMoments *iv_moments_new(gboolean far);
void iv_moments_free(IvMoments *moments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvMoments, iv_moments_free)

/* Nothing is known of it any more: another camera, or other settings. */
void iv_moments_forget(IvMoments *moments);

/* A picture that was decoded, analysed or not: only the last is kept. */
void iv_moments_come(IvMoments *moments, IvFrame *frame);

/* An analysed picture. TRUE: it is one to be kept for long, by iv_moments_keep. */
gboolean iv_moments_see(IvMoments *moments, IvFrame *frame, const IvTrackPoint *tracks, guint n);

/* Encodes it (some ms) and keeps it. Not the analyst's thread. */
void iv_moments_keep(IvMoments *moments, IvFrame *frame, const IvTrackPoint *tracks, guint n);

/* The picture nearest to `ts`; FALSE when none is within `within`. */
gboolean iv_moments_find(IvMoments *moments, IvTime ts, IvTime within, IvMoment *ret_moment);

/* Of the last picture; IV_TIME_NONE before the first. */
IvTime iv_moments_last(IvMoments *moments);
