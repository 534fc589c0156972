/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* What can be set about tracking. One set serves every camera and rate; docs/tracking.md tells how
 * the defaults were found. */
typedef struct {
  float high_score;  /* 0..1; detections from here on are matched first and may begin tracks */
  float low_score;   /* 0..1; between low and high: may only continue a track */
  IvTime lost_after; /* unseen for longer: the track is lost (but may be found again) */
  IvTime keep_lost;  /* unseen for longer: the track ends; more than lost_after */
  guint64 ids_after; /* the first track's id is the next one; 0 = it is 1 */
} IvTrackerConfig;

/* 0.45, 0.25, 1 s, 4 s. Detectors should pass on everything from `low_score` up. */
IvTrackerConfig iv_tracker_config_default(void);
