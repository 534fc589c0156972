/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/box_level.h"
#include "sim/box_look.h"
#include "sim/box_shade.h"

/* What a camera's detector keeps of one person, or of one false source, from frame to frame:
 * whether it is missing them, how far each edge is off, how sure it is, how they look to it.
 * Private to the box level. */

/* How things go on from one analysed frame of a camera to the next. */
typedef struct {
  double fps;
  IvChain misses;
  IvDrift edge, score;
} IvBoxPace;
IvBoxPace iv_box_pace(const IvBoxNoise *noise, double fps);

typedef struct {
  IvDraws draws;
  gint64 frame;     /* of the camera, to which it has gone on; -1 not begun */
  gint64 boxed;     /* of its last box */
  guint32 tracklet; /* 1, 2, ...: a stretch without 5 s between two boxes; 0 none yet */
  gboolean missed;
  float edges[4];     /* x0, y0, x1, y1: standard normal */
  float score, found; /* likewise */
  float look[IV_APPEARANCE_BINS];
  gboolean stood; /* `shade` is that of `spot`, where they stood last */
  IvSpot spot;
  IvShadeCell shade;
} IvBoxSight;

void iv_box_sight_init(IvBoxSight *sight, IvDraws draws);

/* Goes on to the camera's frame. */
void iv_box_sight_step(IvBoxSight *sight, const IvBoxNoise *noise, const IvBoxPace *pace,
                       const IvNormals *normals, gint64 frame);

/* A box comes of it: whether that begins a tracklet, so that its look must be made. */
gboolean iv_box_sight_take(IvBoxSight *sight, const IvBoxPace *pace);
