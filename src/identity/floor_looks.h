/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"

/* What looks say about whether tracks are of one person. Looks are taken as drawn from normal
 * distributions of two levels: people differ from each other, and tracks of one person differ from
 * him (light, side, what hides him); that is the two-covariance model (Brümmer and de Villiers, The
 * speaker partitioning problem, Odyssey 2010) with one variance for all directions. How large
 * either is, in how many directions looks differ, and what all looks of a camera share, is learned
 * from the tracks themselves. Private to this room. */

/* Sum of the looks of a track; since when it is one person's as far as is known. */
typedef struct {
  double sum[IV_APPEARANCE_BINS];
  guint n;
} IvFloorLook;

void iv_floor_look_add(IvFloorLook *look, const IvAppearance *seen);

/* What is known of somebody's looks: of so many tracks, by their certainty. Sums of independent
 * ones are what both together say. */
typedef struct {
  double sum[IV_APPEARANCE_BINS];
  double weight; /* 0 = nothing */
} IvFloorEvidence;

void iv_floor_evidence_add(IvFloorEvidence *evidence, const IvFloorEvidence *more);

typedef struct IvFloorLooks IvFloorLooks;

IvFloorLooks *iv_floor_looks_new(guint n_cameras);
void iv_floor_looks_free(IvFloorLooks *looks);

#define IV_FLOOR_LOOKS_MIN 15 /* looks of a track that is learned from */

/* A track that just has so many; `beside` is another one of the same camera at the same time, thus
 * somebody else; NULL = none. */
void iv_floor_looks_learn(IvFloorLooks *looks, guint camera, const IvFloorLook *track,
                          const IvFloorLook *beside);

/* Two tracks of two cameras that were of one person by their places alone. */
void iv_floor_looks_learn_same(IvFloorLooks *looks, guint camera_a, const IvFloorLook *a,
                               guint camera_b, const IvFloorLook *b);

/* What a track's looks are worth; nothing while the camera is not known well enough. */
void iv_floor_looks_evidence(const IvFloorLooks *looks, guint camera, const IvFloorLook *track,
                             IvFloorEvidence *ret_evidence);

/* Log of how much likelier both are of one person than of two; 0 when one is nothing. */
double iv_floor_looks_gain(const IvFloorLooks *looks, const IvFloorEvidence *a,
                           const IvFloorEvidence *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFloorLooks, iv_floor_looks_free)
