/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "eval/mot_pair.h"

/* How well a tracker did; shares are 0..1. Definitions and order of operations follow TrackEval
 * (github.com/JonathonLuiten/TrackEval, MotChallenge2DBox with its defaults), so that figures can
 * be compared. All three are pure. Shares without anything to judge are 0. */

/* HOTA (Luiten et al., IJCV 2021): means over the IoU thresholds 0.05, 0.10, ... 0.95. Memory: two
 * n_gt_ids x n_result_ids tables of doubles. */
typedef struct {
  double hota, deta, assa;
} IvHota;
IvHota iv_mot_hota(const IvMotPair *pair);

/* CLEAR MOT (Bernardin and Stiefelhagen, 2008) at IoU 0.5; a pair of the last frame is kept where
 * it still fits. MOTA may be negative. */
typedef struct {
  double mota;
  guint idsw;
  guint tp, fp, fn;
} IvClear;
IvClear iv_mot_clear(const IvMotPair *pair);

/* IDF1 (Ristani et al., 2016) at IoU 0.5. */
typedef struct {
  double idf1;
  guint idtp, idfp, idfn;
} IvIdentityScore;
IvIdentityScore iv_mot_identity(const IvMotPair *pair);
