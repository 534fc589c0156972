/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How well a detector did, against a ground truth: average precision at IoU 0.5. Detections are
 * matched one to one within each frame, best score first, each to the free person that it overlaps
 * most, if by half or more. Area under the precision-recall curve of all frames together, with
 * precision made falling (all-point interpolation, Everingham et al., PASCAL VOC 2010). Pure. */

#define IV_AP_IOU 0.5

typedef struct {
  double ap50;
  double recall, precision; /* of the detections that score `threshold` or more; 0 without any */
  guint n_gt, n_detections;
} IvDetectionScores;

/* Arrays from iv_mot_parse; the ground truth's rows marked 0 are left out. Judged are the frames
 * whose numbers (from 1, rising) are in `frames`: those that the detector saw. */
IvDetectionScores iv_detection_scores(const GArray *gt_rows, const GArray *det_rows,
                                      double threshold, const int *frames, guint n_frames);
