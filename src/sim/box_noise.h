/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/scenario.h"

/* What a detector gets wrong, read from an `inveye-noise` file (docs/simulator.md "Box level").
 * Keypoints, hand signals and `metres` are left unread: nothing of the box level depends on them.
 * A value, copied freely. */

#define IV_BOX_CURVE_MAX 16
#define IV_BOX_LOOK_MAX 80 /* numbers of an appearance: IV_APPEARANCE_BINS */

/* A two-state chain in time: the share of frames in the state, and how long it lasts. */
typedef struct {
  double share;        /* 0..1, in the long run */
  double mean_seconds; /* of one stay in it, over 0 */
} IvBurst;

/* Beta distribution (a, b >= 1), or always `value` when a is 0. */
typedef struct {
  double a, b, value;
} IvScoreShape;

typedef enum {
  IV_SCORE_TRUE,
  IV_SCORE_OCCLUDED,
  IV_SCORE_FALSE_RANDOM,
  IV_SCORE_FALSE_PERSISTENT,
  IV_SCORES
} IvScoreKind;

typedef struct {
  gboolean outages; /* cameras fail as the scenario says: when misses.share is over 0 */
  IvBurst misses;   /* per camera and person */
  /* Means of boxes per frame and camera; `random_alone` where a camera has no false_sources. */
  IvBurst persistent, random;
  double random_alone;
  double jitter_px, jitter_tau; /* of each edge, px in a picture `width_px` wide; seconds */
  double width_px;
  gboolean walls, fixtures, persons; /* that hide people */
  gboolean box_full;                 /* the box is the full one, whatever is hidden */
  struct {
    double share, probability;
  } detect[IV_BOX_CURVE_MAX]; /* by visible share, rising from 0 to 1, straight in between */
  guint n_detect;
  double occluded_below; /* visible share */
  double score_floor, score_tau;
  IvScoreShape scores[IV_SCORES];
  struct {
    guint dimension; /* 1..IV_BOX_LOOK_MAX */
    double identity, camera, person_camera, tracklet, frame;
    double staff_shared; /* share of `identity` that all staff have in common */
    double occluded_frame;
  } look;
  double drop_share, drop_mean_frames;
  double offset_max_s, drift_ppm, stamp_jitter_s;
  double min_person_px; /* height of a 1.70 m person, in a picture `width_px` wide */
} IvBoxNoise;

/* Nothing is missed, added, moved or hidden but by walls; score 0.95; appearance is identity alone:
 * what noise-none.yaml says. */
IvBoxNoise iv_box_noise_ideal(void);

/* FALSE with IV_SCENARIO_ERROR and the path of the first mistake; `ret_noise` untouched then. */
gboolean iv_box_noise_parse(const char *text, gsize length, IvBoxNoise *ret_noise, GError **error);
