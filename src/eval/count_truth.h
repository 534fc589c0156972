/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/geometry.h"

/* What there was to count, by a ground truth whose people keep their ids: the yardstick of line and
 * zone counts. Written apart from the product's rules on purpose, so that the two check each other.
 * Rows from iv_mot_parse, those marked 0 left out; everything in pixels; a person is at the middle
 * of the box's lower edge. Pure. */

typedef struct {
  guint in, out;
} IvTruthCrossings;

/* From one side of a→b to the other, between its ends, until more than `half_band` beyond it. A
 * person first seen within the band is on the side where it is seen. `in` is from where
 * (x2−x1)(py−y1) − (y2−y1)(px−x1) is negative to where it is positive. a and b differ. */
IvTruthCrossings iv_truth_crossings(const GArray *gt_rows, IvPoint a, IvPoint b, double half_band);

typedef struct {
  guint entries; /* times that somebody was inside who was not the time before */
  guint people;  /* distinct ids */
  guint peak;    /* most at once */
  guint64 person_frames;
} IvTruthZone;

IvTruthZone iv_truth_zone(const GArray *gt_rows, const IvPoint *polygon, gsize n_corners);
