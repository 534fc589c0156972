/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"

/* What a decoder found, before doubles are removed. Boxes are in pixels of the network's input. */
typedef struct IvCandidates IvCandidates;

#define IV_CANDIDATES_MAX 65536     /* more are not taken from one picture */
#define IV_SUPPRESS_MAX 4096        /* best scored ones that suppression looks at */
#define IV_CANDIDATE_PIXEL_MAX 1e5f /* magnitude of a corner; far beyond any network's input */

/* A candidate that lends its box to a better one may be this much weaker than what is wanted. */
#define IV_VOTER_SCORE 0.5f
#define IV_VOTER_IOU 0.6f /* and must overlap it by more than this */

IvCandidates *iv_candidates_new(void);
void iv_candidates_free(IvCandidates *self);

/* Forgets all and sets what is wanted from now on: scores >= min_score (0..1) and one class
 * (-1 = all). */
void iv_candidates_start(IvCandidates *self, float min_score, int only_class);

/* The lowest score that add takes: IV_VOTER_SCORE of what is wanted. */
float iv_candidates_floor(const IvCandidates *self);
/* Takes one if it is strong enough, of the wanted class and sane: a score that is not finite, a
 * corner beyond IV_CANDIDATE_PIXEL_MAX or a box without area is left out; a score above 1 counts
 * as 1. */
void iv_candidates_add(IvCandidates *self, const IvBox *box, float score, gint64 class_id);

/* The class with the best score among n_classes >= 1 scores that lie `step` apart, or just the
 * wanted one; its score in ret_score. -1 when the wanted class is not among them. */
int iv_candidates_best_class(const IvCandidates *self, const float *scores, gsize step,
                             gint64 n_classes, float *ret_score);

/* The wanted ones, best first (ties keep their order), at most IV_DETECTIONS_MAX; valid until the
 * next start. With `iou` < 1 every one that overlaps a better one of its class by more than `iou`
 * is dropped, and each box left becomes the mean of those that overlap it by more than
 * IV_VOTER_IOU, weighted with score and overlap (box voting: Gidaris and Komodakis, ICCV 2015).
 * That makes boxes steadier from picture to picture. With `iou` = 1 nothing is dropped or moved. */
const IvDetection *iv_candidates_finish(IvCandidates *self, float iou, guint *ret_n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvCandidates, iv_candidates_free)
