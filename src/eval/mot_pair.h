/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "eval/mot_file.h"

/* A ground truth and a tracker's result laid side by side, ready for the measures. */

typedef struct {
  guint n_gt, n_result;
  const guint *gt, *result; /* numbers of the identities, from 0 without gaps */
  const double *similarity; /* n_gt x n_result, intersection over union */
} IvMotFrame;

typedef struct {
  guint n_frames, n_gt_ids, n_result_ids;
  guint n_gt, n_result; /* boxes over all frames */
  IvMotFrame *frames;
  guint *ids;
  double *similarities;
} IvMotPair;

#define IV_MOT_CELLS_MAX 4000000 /* identities of one side times those of the other */

/* Takes arrays from iv_mot_parse. As TrackEval's MotChallenge2DBox does it: ground truth rows
 * marked 0 or not of class 1 are left out; where the ground truth has classes, results that fit
 * (one to one, IoU >= 0.5) people on vehicles, sitting people, distractors or reflections are left
 * out too. NULL with IV_MOT_ERROR_LIMIT if the tables of identities would get larger than
 * IV_MOT_CELLS_MAX. */
IvMotPair *iv_mot_pair_new(const GArray *gt_rows, const GArray *result_rows, GError **error);
void iv_mot_pair_free(IvMotPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvMotPair, iv_mot_pair_free)
