/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "model/detection.h"

/* Life of a track: tentative until seen often enough, confirmed while seen, lost while it is only
 * foretold, ended when given up. Only confirmed tracks count. */
typedef enum {
  IV_TRACK_TENTATIVE,
  IV_TRACK_CONFIRMED,
  IV_TRACK_LOST,
  IV_TRACK_ENDED,
} IvTrackState;

/* A track at one frame. */
typedef struct {
  guint64 tracklet_id; /* unique per camera and process; from 1 */
  guint64 visitor;     /* model/visitor.h: who it is, where that is known; 0 = not known */
  IvTrackState state;
  IvTime ts;      /* of the frame */
  IvBox box;      /* shares of the picture; the detection's box, smoothed by the filter */
  IvPoint ground; /* ground point, shares of the picture */
  float score;    /* of the detection; 0 when not seen in this frame */
  float doubt;    /* on a floor plan: standard deviation of the place, metres; 0 = not told */
} IvTrackPoint;
