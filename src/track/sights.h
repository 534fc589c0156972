/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "track/tuning.h"

/* The detections of one frame that the tracker takes up, in pixels. */
typedef struct {
  IvBox box;
  float score;
  float covered;            /* largest share of it that lies behind one stronger, nearer sight */
  const IvAppearance *look; /* NULL = unknown; borrowed for the update */
  gboolean taken;           /* a track has it */
} IvSight;

/* Fills `ret_sights` (room for IV_DETECTIONS_MAX) in the order of `detections` and returns how
 * many; what is left out is said at iv_tracker_update. */
guint iv_sights_from(const IvTrackerConfig *config, IvSize image_px, const IvDetection *detections,
                     const IvAppearance *looks, guint n, IvSight *ret_sights);
