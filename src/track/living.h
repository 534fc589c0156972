/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/track.h"
#include "track/motion.h"
#include "track/sights.h"

#define IV_LIVING_SIGHTS_MAX 16 /* a tentative track with so many is confirmed in any case */

/* One track that has not ended. */
typedef struct {
  guint64 id;
  IvTrackState state; /* never ENDED */
  IvMotion motion;    /* at the present frame */
  IvTime first, last; /* sights */
  guint sights;
  double doubt;      /* product of (1 − score) over its sights: chance that all are false */
  gboolean seen;     /* in the present frame */
  gboolean gone;     /* to be taken out at the end of the frame */
  IvBox box;         /* pixels; as given out at the last sight */
  float score;       /* of the last sight */
  IvAppearance look; /* average; all zero = unknown */
  guint n_early;     /* points before confirmation */
  IvTrackPoint early[IV_LIVING_SIGHTS_MAX];
} IvLivingTrack;

/* Begins a tentative track with its first sight. */
void iv_living_begin(IvLivingTrack *track, const IvTrackTuning *tuning, guint64 id,
                     const IvSight *sight, IvTime ts);

/* A further sight; `factor` on its noise. */
void iv_living_see(IvLivingTrack *track, const IvTrackTuning *tuning, const IvSight *sight,
                   IvTime ts, double factor);

/* `lost` is the same person as the newly confirmed `found`: takes over its motion and looks. */
void iv_living_take_over(IvLivingTrack *lost, const IvLivingTrack *found);

/* `box` in pixels becomes a point in shares. */
IvTrackPoint iv_living_point(const IvLivingTrack *track, IvTrackState state, IvTime ts,
                             const IvBox *box, float score, IvSize image_px);
