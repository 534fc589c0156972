/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "track/tracker.h"

/* Figures inside the tracker that nobody has to set. Lengths are shares of the person's height, so
 * they hold for any lens and distance; times are seconds. Found by search over seven sets of
 * detections at several rates at once (docs/tracking.md). */

/* How one step of the matching prices a track with a sight. A pair's cost is
 *   (1 − IoU of both boxes grown by `grow`) + distance·m + height·|ln of the heights' ratio|
 *   + age·unseen seconds − look·gain·(correlation − even),
 * gain and even as the camera has shown what looks tell (look_scale.h),
 * m = squared Mahalanobis distance of the boxes' centres. Pairs are made below `limit`. */
typedef struct {
  double grow;
  double distance, height, age, look;
  double limit;
  double distance_max; /* of m */
  double reach_max;    /* of the distance of the centres, heights */
  int touch;           /* the grown boxes must overlap */
} IvMatchTuning;

typedef struct {
  /* motion */
  double acceleration;   /* of the box's centre, heights / s^1.5 */
  double swelling;       /* of width and height, likewise */
  double swelling_fades; /* s; a change of size does not go on for long */
  double place_noise;    /* of a sight's centre */
  double size_noise;     /* of its width and height */
  double doubt;          /* noise grows by the factor 1 + doubt·(1 − score) */
  double low_noise;      /* and by this factor for weak sights */
  double first_speed;    /* spread of the speed of somebody new, heights / s */
  double first_noise;    /* factor on the noise of the first sight */
  double smoothing;      /* share of the filter in the box given out; the rest is the sight */
  /* matching, in this order */
  IvMatchTuning seen;      /* confirmed tracks with strong sights */
  IvMatchTuning weak;      /* those left over with weak sights */
  IvMatchTuning back;      /* those still left over and lost ones with strong sights */
  IvMatchTuning tentative; /* tentative tracks with strong sights */
  double height_ratio_max; /* a pair's heights differ by at most this factor */
  /* appearance */
  double
      look_even;   /* correlation that speaks neither for nor against, until the camera has shown */
  double look_gap; /* likewise: between the mean correlation with oneself and with others, */
  double look_sd;  /* and the spread of both (look_scale.h) */
  double look_most;  /* looks change a price by no more than this */
  double look_share; /* how fast a track's average look follows */
  double look_clear; /* sights covered more than this teach nothing */
  /* life */
  double start_score;    /* a weaker sight begins no track */
  double start_overlap;  /* nor does one that overlaps a matched one this much (IoU) */
  double false_chance;   /* confirmed when the product of (1 − score) is under this */
  double tentative_keep; /* s unseen; then a tentative track is dropped */
  double foretell;       /* s unseen; so long the live picture shows the foretold box */
  int foretell_sights;   /* of tracks seen at least so often */
  /* linking a newly confirmed track to a lost one */
  double link_limit; /* of distance² + age·seconds − look·(correlation − look_even) */
  double link_age, link_look;
  double link_reach;            /* heights */
  double link_height_ratio_max; /* factor */
} IvTrackTuning;

extern const IvTrackTuning iv_track_tuning;

/* A tracker with other figures than iv_track_tuning: for tests and the search. `tuning` is copied.
 */
IvTracker *iv_tracker_new_tuned(const IvTrackerConfig *config, IvSize image_px,
                                const IvTrackTuning *tuning);
